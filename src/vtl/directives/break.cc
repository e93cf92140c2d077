#include "vtl/compiler.h"
#include "vtl/directives/rows.h"

namespace hyd::vtl {

void compile_break(Compiler& compiler, const Node& node) {
  if (node.kids.size() > 1) {
    compiler.fail(node.offset, "#break takes one scope at most");
    return;
  }
  if (!node.kids.empty()) compiler.value(node.kids[0]);
  compiler.emit(OpCode::break_, node.offset, 0, 0, node.kids.empty() ? 0 : 1);
}

}  // namespace hyd::vtl

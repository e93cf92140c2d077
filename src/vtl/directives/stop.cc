#include "vtl/compiler.h"
#include "vtl/directives/rows.h"

namespace hyd::vtl {

void compile_stop(Compiler& compiler, const Node& node) {
  if (node.kids.size() > 1) {
    compiler.fail(node.offset, "#stop takes one message at most");
    return;
  }
  if (!node.kids.empty()) {
    compiler.value(node.kids[0]);
    compiler.emit(OpCode::discard, node.offset);
  }
  compiler.emit(OpCode::stop, node.offset);
}

}  // namespace hyd::vtl

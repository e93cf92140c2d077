#include "vtl/compiler.h"
#include "vtl/directives/rows.h"

namespace hyd::vtl {

void compile_evaluate(Compiler& compiler, const Node& node) {
  if (node.kids.size() != 1) {
    compiler.fail(node.offset, "#evaluate needs one argument");
    return;
  }
  const NodeKind kind = compiler.at(node.kids[0]).kind;
  if (kind != NodeKind::string && kind != NodeKind::interpolation && kind != NodeKind::reference) {
    compiler.fail(node.offset, "#evaluate needs a quoted text or a reference");
    return;
  }
  compiler.value(node.kids[0]);
  compiler.emit(OpCode::evaluate, node.offset);
}

}  // namespace hyd::vtl

#include "vtl/compiler.h"
#include "vtl/directives/rows.h"

namespace hyd::vtl {

void compile_define(Compiler& compiler, const Node& node) {
  if (node.kids.size() != 2) {
    compiler.fail(node.offset, "#define needs one variable");
    return;
  }
  const Node& target = compiler.at(node.kids[0]);
  // What is no reference names a variable that none can read.
  const std::string name = target.kind == NodeKind::reference ? target.text : "#" + target.text;
  const std::uint32_t define = compiler.emit(OpCode::define, node.offset, compiler.variable(name));
  compiler.here();
  compiler.block(node.kids[1]);
  compiler.emit(OpCode::block_end, node.offset);
  compiler.patch_b(define, compiler.here());
}

}  // namespace hyd::vtl

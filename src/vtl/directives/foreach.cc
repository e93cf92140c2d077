#include "vtl/compiler.h"
#include "vtl/directives/rows.h"

namespace hyd::vtl {

// Velocity takes its arguments by their place: the variable, any word, what to walk over, and the
// node behind that as the body. A fourth argument is thus a body, and with two the block is walked
// over, which has no value.
void compile_foreach(Compiler& compiler, const Node& node) {
  if (node.kids.size() < 3) {
    compiler.check(node.kids.back());
    compiler.emit(OpCode::fail, node.offset,
                  compiler.text_id("#foreach needs a variable, 'in' and something to walk over"));
    return;
  }
  const Node& target = compiler.at(node.kids[0]);
  // What is no reference names a variable that none can read.
  const bool is_reference = target.kind == NodeKind::reference;
  const std::string name = is_reference ? target.reference.root : "#" + target.text;
  const std::uint32_t slot = compiler.variable(name);
  compiler.value(node.kids[2]);
  const std::uint32_t begin = compiler.emit(OpCode::foreach_begin, node.offset, slot);
  const std::uint32_t next = compiler.emit(OpCode::foreach_next, node.offset);
  compiler.here();
  if (node.kids.size() > 3) compiler.statement(node.kids[3]);
  compiler.emit(OpCode::jump, node.offset, next);
  const std::uint32_t end = compiler.here();
  compiler.patch_b(begin, end);
  compiler.patch_b(next, end);
  if (node.kids.size() != 4) compiler.check(node.kids.back());
}

}  // namespace hyd::vtl

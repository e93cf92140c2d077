#include "vtl/compiler.h"
#include "vtl/directives/rows.h"

namespace hyd::vtl {

void compile_literal(Compiler& compiler, const Node& node) {
  compiler.check(node.kids.back());
  compiler.print_text(node.literal);
}

}  // namespace hyd::vtl

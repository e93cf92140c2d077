#include "vtl/compiler.h"
#include "vtl/directives/rows.h"

namespace hyd::vtl {

// The definition is read and checked, and thrown away.
void compile_macro(Compiler& compiler, const Node& node) { compiler.check(node.kids.back()); }

}  // namespace hyd::vtl

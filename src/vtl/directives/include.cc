#include "vtl/compiler.h"
#include "vtl/directives/rows.h"

#include <fmt/core.h>

namespace hyd::vtl {

// #parse and #include find nothing, whatever they are told; #include without a name does nothing.
void compile_include(Compiler& compiler, const Node& node) {
  if (node.text == "include" && node.kids.empty()) return;
  const std::string what = fmt::format("#{} finds no template: there are no others", node.text);
  compiler.emit(OpCode::fail, node.offset, compiler.text_id(what));
}

}  // namespace hyd::vtl

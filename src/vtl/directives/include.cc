#include "vtl/compiler.h"
#include "vtl/directives/rows.h"

#include <fmt/core.h>

namespace hyd::vtl {
namespace {

void compile_classic(Compiler& compiler, const Node& node) {
  if (node.text == "parse") {
    if (node.kids.empty()) {
      compiler.emit(OpCode::fail, node.offset, compiler.text_id("#parse needs the name of a file"));
      return;
    }
    compiler.value(node.kids[0]);
    compiler.emit(OpCode::parse_file, node.offset);
    return;
  }
  for (std::size_t i = 0; i < node.kids.size(); ++i) {
    const NodeKind kind = compiler.at(node.kids[i]).kind;
    if (kind != NodeKind::string && kind != NodeKind::interpolation &&
        kind != NodeKind::reference) {
      const std::uint32_t what = compiler.text_id("#include needs quoted texts and references");
      compiler.emit(OpCode::fail, node.offset, what);
      return;
    }
    compiler.value(node.kids[i]);
    compiler.emit(OpCode::include_file, node.offset, static_cast<std::uint32_t>(i));
  }
}

}  // namespace

// On API Gateway both find nothing, whatever they are told; #include without a name does nothing.
void compile_include(Compiler& compiler, const Node& node) {
  if (compiler.is_classic()) return compile_classic(compiler, node);
  if (node.text == "include" && node.kids.empty()) return;
  const std::string what = fmt::format("#{} finds no template: there are no others", node.text);
  compiler.emit(OpCode::fail, node.offset, compiler.text_id(what));
}

}  // namespace hyd::vtl

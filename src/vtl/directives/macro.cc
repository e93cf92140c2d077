#include "vtl/compiler.h"
#include "vtl/directives/rows.h"

namespace hyd::vtl {

// The definition is read and checked. API Gateway then throws it away.
void compile_macro(Compiler& compiler, const Node& node) {
  if (!compiler.is_classic()) return compiler.check(node.kids.back());
  MacroBody body;
  for (std::size_t i = 1; i + 1 < node.kids.size(); ++i) {
    const Node& parameter = compiler.at(node.kids[i]);
    // What is no reference names a variable that none can read.
    const bool named = parameter.kind == NodeKind::reference;
    body.parameters.push_back(compiler.variable(named ? parameter.text : "#" + parameter.text));
  }
  body.code = compiler.code_block(node.kids.back());
  compiler.define_macro(compiler.at(node.kids[0]).text, std::move(body));
}

}  // namespace hyd::vtl

#include "vtl/program.h"

#include "vtl/compiler.h"
#include "vtl/parser.h"
#include "vtl/text.h"

#include <fmt/core.h>

namespace hyd::vtl {

std::expected<std::unique_ptr<const Program>, Diagnostic> parse(std::string_view text) {
  if (text.size() > kTemplateBytesMax) {
    return std::unexpected(Diagnostic{
        {},
        fmt::format("the template has {} bytes, {} are allowed", text.size(), kTemplateBytesMax)});
  }
  // Everything behind here relies on well-formed UTF-8.
  std::string replaced;
  if (!is_well_formed(text)) {
    replaced = replace_malformed(text);
    text = replaced;
  }
  std::expected<Syntax, Diagnostic> syntax = parse_syntax(text);
  if (!syntax) return std::unexpected(std::move(syntax).error());
  Compiler compiler(text, *syntax);
  std::unique_ptr<const Program> program = compiler.run();
  if (program == nullptr) return std::unexpected(compiler.error());
  return program;
}

}  // namespace hyd::vtl

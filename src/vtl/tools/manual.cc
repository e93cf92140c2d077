#include "vtl/tools/manual.h"

#include "vtl/directives/table.h"
#include "vtl/functions/table.h"
#include "vtl/tools/rules/table.h"

#include <fmt/core.h>

#include <string_view>

namespace hyd::vtl {
namespace {

// In a cell of a table, where a bar ends the cell and a line end the table.
std::string cell(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '|') out += '\\';
    out += c == '\n' ? ' ' : c;
  }
  return out;
}

std::string code(std::string_view text) {
  if (text.empty()) return {};
  // A text that holds backquotes or line ends is no code span.
  std::string shown;
  for (const char c : cell(text)) shown += c == '`' ? '\'' : c;
  const bool blank = shown.front() == ' ' || shown.back() == ' ';
  return blank ? fmt::format("` {} `", shown) : fmt::format("`{}`", shown);
}

std::string example(std::string_view row) {
  constexpr std::string_view kArrow = " -> ";
  const std::size_t at = row.find(kArrow);
  if (at == std::string_view::npos) return {};
  const std::string_view printed = row.substr(at + kArrow.size());
  return fmt::format("{} prints {}", code(row.substr(0, at)),
                     printed.empty() ? "nothing" : code(printed));
}

std::string arguments(const FunctionRow& row) {
  if (row.arguments_max == row.arguments_min) return fmt::format("{}", row.arguments_min);
  constexpr std::uint8_t kMany = 15;
  if (row.arguments_max >= kMany) return fmt::format("{} or more", row.arguments_min);
  return fmt::format("{} or {}", row.arguments_min, row.arguments_max);
}

}  // namespace

std::string manual() {
  std::string out =
      "# Every directive, function and method\n\n"
      "Printed by `hydrant vtl functions` from the tables that the engine reads; each example is "
      "run by a test.\nThe language is in [docs/vtl.md](vtl.md).\n\n"
      "## Directives\n\n| directive | what it does | example |\n|---|---|---|\n";
  for (const DirectiveRow& row : directives()) {
    out += fmt::format("| `#{}` | {} | {} |\n", row.name, cell(row.doc), example(row.example));
  }
  const FunctionRow* before = nullptr;
  for (const FunctionRow& row : functions()) {
    if (before == nullptr || before->receiver != row.receiver) {
      out += fmt::format(
          "\n## Of {}\n\n| name | arguments | what it does | example |\n|---|---|---|---|\n",
          name(row.receiver));
    }
    before = &row;
    out += fmt::format("| `{}` | {} | {} | {} |\n", row.name, arguments(row), cell(row.doc),
                       example(row.example));
  }
  out +=
      "\n## Rules of the linter\n\n| rule | how it bites | finds it | does not |\n"
      "|---|---|---|---|\n";
  for (const RuleRow& row : rules()) {
    out += fmt::format("| `{}` | {} | {} | {} |\n", row.name, cell(row.why), code(row.example),
                       code(row.mended));
  }
  return out;
}

}  // namespace hyd::vtl

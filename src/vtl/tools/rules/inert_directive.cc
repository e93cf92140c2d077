#include "vtl/tools/rules/rows.h"

#include <fmt/core.h>

namespace hyd::vtl::rule {
namespace {

struct Inert {
  std::string_view word;
  std::string_view what;
  std::string_view mended;
};
constexpr Inert kInert[] = {
    {"macro", "#macro defines nothing here, and calls of it print as they stand",
     "#define($name) … #end, printed by $name"},
    {"evaluate", "#evaluate prints as it stands", "#define($name) … #end, printed by $name"},
    {"parse", "#parse fails when it is reached: there are no other templates", "the text itself"},
    {"include", "#include fails when it is reached: there are no files", "the text itself"},
    {"return", "#return prints as it stands", "#stop"},
};

}  // namespace

void inert_directive(const Subject& subject, Findings& findings) {
  for (NodeId id = 0; id < subject.nodes(); ++id) {
    const Node& node = subject.at(id);
    if (node.kind != NodeKind::directive) continue;
    for (const Inert& row : kInert) {
      if (node.text == row.word) {
        findings.add(subject.range_of(node), std::string(row.what), std::string(row.mended));
      }
    }
  }
}

}  // namespace hyd::vtl::rule

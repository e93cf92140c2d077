#include "app/template_lint.h"

#include "stacks/secrets.h"
#include "stacks/template.h"
#include "vtl/tools/lint.h"

#include <cstddef>
#include <string>

namespace hyd::app {
namespace {

constexpr std::size_t kLinesMax = 50;  // what a start says before its other lines

}  // namespace

std::vector<std::string> lint_stack(const StackText& stack) {
  std::vector<std::string> out;
  const auto methods = stack_templates(stack);
  if (!methods) return out;
  // A finding quotes its template, into which a parameter may have been put.
  stacks::Secrets secrets;
  secrets.add(stacks::parse_template(stack.text).value, stack.parameters);
  std::size_t more = 0;
  const auto say = [&](const auto& text) {
    if (out.size() < kLinesMax) {
      out.push_back(secrets.masked(text()));
    } else {
      ++more;
    }
  };
  for (const vtl::MethodTemplates& method : *methods) {
    for (const vtl::MethodFinding& finding : vtl::lint_method(method)) {
      say([&] { return vtl::to_text(finding, stack.file, method, false); });
    }
    for (const vtl::MethodTemplate& one : method.templates) {
      for (const vtl::Finding& finding : vtl::lint(one.text, vtl::stream_of(method, one))) {
        if (finding.rule == vtl::kSyntaxRule) continue;
        say([&] { return vtl::to_text(finding, one.origin, one.text, false); });
      }
    }
  }
  if (more != 0) out.push_back("and " + std::to_string(more) + " more warnings");
  if (!out.empty()) {
    out.push_back("`hydrant vtl lint " + std::string(stack.file) +
                  "` shows these places, how they bite and what to write instead");
  }
  return out;
}

}  // namespace hyd::app

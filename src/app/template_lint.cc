#include "app/template_lint.h"

#include "vtl/tools/lint.h"

#include <cstddef>

namespace hyd::app {
namespace {

constexpr std::size_t kLinesMax = 50;  // what a start says before its other lines

}  // namespace

std::vector<std::string> lint_stack(const StackText& stack) {
  std::vector<std::string> out;
  const auto methods = stack_templates(stack);
  if (!methods) return out;
  for (const vtl::MethodTemplates& method : *methods) {
    for (const vtl::MethodFinding& finding : vtl::lint_method(method)) {
      out.push_back(vtl::to_text(finding, stack.file, method, false));
    }
    for (const vtl::MethodTemplate& one : method.templates) {
      for (const vtl::Finding& finding : vtl::lint(one.text, vtl::stream_of(method, one))) {
        if (finding.rule == vtl::kSyntaxRule) continue;
        out.push_back(vtl::to_text(finding, one.origin, one.text, false));
      }
    }
  }
  if (out.size() > kLinesMax) {
    const std::size_t more = out.size() - kLinesMax;
    out.resize(kLinesMax);
    out.push_back("and " + std::to_string(more) + " more warnings");
  }
  if (!out.empty()) {
    out.push_back("`hydrant vtl lint " + std::string(stack.file) +
                  "` shows these places, how they bite and what to write instead");
  }
  return out;
}

}  // namespace hyd::app

#include "cli/lint.h"

#include "cli/template_source.h"
#include "sys/output.h"
#include "vtl/tools/lint.h"

#include <fmt/format.h>

#include <cstddef>
#include <string>
#include <string_view>

namespace hyd::cli {
namespace {

int fail(std::string_view what) {
  sys::print_error_line(fmt::format("hydrant: {}", what));
  return kExitFailed;
}

// One blank line between findings.
class Printer {
 public:
  void print(const std::string& text) {
    if (found_++ > 0) sys::print_line("");
    sys::print_line(text);
  }
  int end(std::size_t templates) const {
    sys::print_line(fmt::format("{}{} warning{} in {} template{}", found_ == 0 ? "" : "\n", found_,
                                found_ == 1 ? "" : "s", templates, templates == 1 ? "" : "s"));
    return found_ == 0 ? kExitOk : kExitFailed;
  }

 private:
  std::size_t found_ = 0;
};

}  // namespace

int lint(const TemplateOptions& which, const Actions& actions) {
  Printer printer;
  if (!means_stack(which)) {
    const auto source = find_template(which, actions);
    if (!source) return fail(source.error().what);
    for (const vtl::Finding& finding : vtl::lint(source->text)) {
      printer.print(vtl::to_text(finding, source->origin, source->text, true));
    }
    return printer.end(1);
  }
  const auto methods = find_methods(which, actions);
  if (!methods) return fail(methods.error().what);
  std::size_t templates = 0;
  for (const vtl::MethodTemplates& method : *methods) {
    for (const vtl::MethodFinding& finding : vtl::lint_method(method)) {
      printer.print(vtl::to_text(finding, which.file, method, true));
    }
    for (const vtl::MethodTemplate& one : method.templates) {
      ++templates;
      for (const vtl::Finding& finding : vtl::lint(one.text, vtl::stream_of(method, one))) {
        printer.print(vtl::to_text(finding, one.origin, one.text, true));
      }
    }
  }
  return printer.end(templates);
}

}  // namespace hyd::cli

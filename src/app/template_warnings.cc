#include "app/template_warnings.h"

#include "app/stack_templates.h"
#include "stacks/secrets.h"
#include "stacks/template.h"
#include "vtl/program.h"
#include "vtl/tools/excerpt.h"

#include <fmt/format.h>

#include <utility>

namespace hyd::app {

std::vector<TemplateWarning> template_warnings(const stacks::Stack& stack,
                                               const WhereStacksAre& where) {
  std::vector<TemplateWarning> out;
  const auto methods = stack_templates({.file = stack.file,
                                        .text = stack.text,
                                        .parameters = stack.parameters,
                                        .account = where.account,
                                        .region = where.region});
  if (!methods) return out;
  stacks::Secrets secrets;
  secrets.add(stacks::parse_template(stack.text).value, stack.parameters);
  for (const vtl::MethodTemplates& method : *methods) {
    for (const vtl::MethodTemplate& one : method.templates) {
      const auto program = vtl::parse(one.text);
      if (program) continue;
      const vtl::Diagnostic& found = program.error();
      gateway::StageWarning same{
          .where = method.verb + " " + method.resource,
          .what = fmt::format(
              "the {} of {}: {}",
              one.status.empty() ? "request template" : "response template " + one.status,
              one.content_type, vtl::to_text(found))};
      const std::string place =
          vtl::place_text(one.origin, one.text, vtl::offset_of(one.text, found.place));
      std::string text =
          fmt::format("{}: {}: {}", place, same.where, secrets.masked(std::string(same.what)));
      out.push_back({.same = std::move(same), .text = std::move(text)});
    }
  }
  return out;
}

}  // namespace hyd::app

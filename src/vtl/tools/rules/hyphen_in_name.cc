#include "vtl/tools/rules/rows.h"

#include <fmt/core.h>

#include <algorithm>

namespace hyd::vtl::rule {
namespace {

bool is_number(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

// What looks like a subtraction: a known variable before the hyphen, or a number behind it.
std::size_t minus_in(const Subject& subject, std::string_view name, bool variable) {
  const std::size_t at = name.find('-');
  if (at == std::string_view::npos || at == 0 || (variable && subject.is_known(name))) {
    return std::string_view::npos;
  }
  const bool meant = is_number(name.substr(name.rfind('-') + 1)) ||
                     (variable && subject.is_known(name.substr(0, at)));
  return meant ? at : std::string_view::npos;
}

}  // namespace

void hyphen_in_name(const Subject& subject, Findings& findings) {
  subject.each_reference([&](const Node& node) {
    const Reference& reference = node.reference;
    const std::size_t at = minus_in(subject, reference.root, true);
    if (at != std::string_view::npos) {
      const std::string_view before = std::string_view(reference.root).substr(0, at);
      const std::string_view behind = std::string_view(reference.root).substr(at + 1);
      findings.add(
          subject.range_of(node),
          fmt::format("${0} is one variable called \"{0}\", which is never set", reference.root),
          fmt::format("${} - {} in an expression, ${{{}}}-{} in text", before, behind, before,
                      behind));
    }
    for (const Step& step : reference.steps) {
      if (step.kind != Step::Kind::property) continue;
      const std::size_t minus = minus_in(subject, step.name, false);
      if (minus == std::string_view::npos) continue;
      findings.add(subject.range_of(step),
                   fmt::format("\"{}\" is the name of one member", step.name),
                   fmt::format("{} - {}", step.name.substr(0, minus), step.name.substr(minus + 1)));
    }
  });
}

}  // namespace hyd::vtl::rule

#include "vtl/tools/rules/rows.h"

#include <fmt/core.h>

#include <set>

namespace hyd::vtl::rule {
namespace {

// "requestOverride.header.x"; empty when the target is no override or its name is not known.
std::string override_of(const Subject& subject, const Reference& target) {
  if (target.root != "context" || target.steps.size() < 2) return {};
  std::string out;
  for (const Step& step : target.steps) {
    if (!out.empty()) out += '.';
    if (step.kind == Step::Kind::property) {
      out += step.name;
      continue;
    }
    const auto key = step.kind == Step::Kind::index && !step.arguments.empty()
                         ? subject.constant(step.arguments[0])
                         : std::nullopt;
    if (!key) return {};
    out += *key;
  }
  const bool known = out.starts_with("requestOverride.") || out.starts_with("responseOverride.");
  return known ? out : std::string();
}

}  // namespace

// In one block, where both are always set.
void override_twice(const Subject& subject, Findings& findings) {
  for (NodeId id = 0; id < subject.nodes(); ++id) {
    if (subject.at(id).kind != NodeKind::block) continue;
    std::set<std::string> seen;
    for (const NodeId kid : subject.at(id).kids) {
      const Node& node = subject.at(kid);
      if (node.kind != NodeKind::set || node.kids.size() != 2) continue;
      const Node& target = subject.at(node.kids[0]);
      const std::string name = override_of(subject, target.reference);
      if (name.empty() || seen.insert(name).second) continue;
      findings.add(subject.range_of(target), fmt::format("$context.{} is set a second time", name),
                   "one #set, with the value chosen before it");
    }
  }
}

}  // namespace hyd::vtl::rule

#include "base/parse_int.h"
#include "vtl/render.h"
#include "vtl/tools/rules/rows.h"

#include <fmt/core.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <set>
#include <string>

namespace hyd::vtl::rule {
namespace {

// Variables of which the template asks how many there are.
std::set<std::string, std::less<>> counted_in(const Subject& subject) {
  std::set<std::string, std::less<>> out;
  subject.each_call("size", [&](const Node& node, std::size_t at) {
    if (at == 0) out.insert(node.reference.root);
  });
  return out;
}

std::optional<std::int64_t> whole(const Node& node) {
  if (node.kind != NodeKind::integer) return std::nullopt;
  const auto number = base::parse_int<std::int64_t>(node.text);
  if (!number) return std::nullopt;
  return *number;
}

}  // namespace

void long_loop(const Subject& subject, Findings& findings) {
  const std::set<std::string, std::less<>> counted = counted_in(subject);
  for (NodeId id = 0; id < subject.nodes(); ++id) {
    const Node& node = subject.at(id);
    if (node.kind != NodeKind::directive || node.text != "foreach" || node.kids.size() < 3) {
      continue;
    }
    const NodeId over = node.kids[2];
    const Node& walked = subject.at(over);
    if (walked.kind == NodeKind::range) {
      const auto from = whole(subject.at(walked.kids[0]));
      const auto to = whole(subject.at(walked.kids[1]));
      if (!from || !to || std::abs(*to - *from) < std::int64_t{kLoopRoundsMax}) continue;
      findings.add(subject.range_of(walked),
                   fmt::format("{} rounds are asked for", std::abs(*to - *from) + 1),
                   fmt::format("several loops of at most {} rounds", kLoopRoundsMax));
      continue;
    }
    if (!subject.is_unbounded(over) || walked.kind != NodeKind::reference) continue;
    if (walked.reference.steps.empty() && counted.contains(walked.reference.root)) continue;
    const std::string source(subject.source_of(walked));
    const bool named = walked.reference.steps.empty();
    findings.add(
        subject.range_of(walked), fmt::format("{} is as long as its sender likes", source),
        fmt::format("{}#if({}.size() > {}) #set($context.responseOverride.status = 413) #stop #end "
                    "before the loop",
                    named ? "" : fmt::format("#set($items = {}) ", source),
                    named ? source : "$items", kLoopRoundsMax));
  }
}

}  // namespace hyd::vtl::rule

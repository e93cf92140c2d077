#include "gateway/request/routes.h"

#include "codec/percent.h"

#include <algorithm>
#include <string>

namespace hyd::gateway {
namespace {

constexpr std::string_view kVerbNames[] = {"DELETE", "GET",  "HEAD", "OPTIONS",
                                           "PATCH",  "POST", "PUT"};

}  // namespace

struct Routes::Search {
  std::size_t verb;
  std::vector<PathValue>& values;
  Target found = kNone;
};

std::size_t Routes::verb_index(std::string_view verb) {
  static_assert(std::size(kVerbNames) == kVerbs);
  const auto* const at = std::ranges::find(kVerbNames, verb);
  return static_cast<std::size_t>(at - std::begin(kVerbNames));
}

void Routes::add(std::string_view path, std::string_view verb, Target target) {
  std::uint32_t at = 0;
  if (path.starts_with('/')) path.remove_prefix(1);
  while (!path.empty()) {
    const std::size_t slash = path.find('/');
    at = child(at, path.substr(0, slash));
    path.remove_prefix(slash == std::string_view::npos ? path.size() : slash + 1);
  }
  if (verb == "ANY") {
    nodes_[at].any = target;
  } else if (const std::size_t index = verb_index(verb); index < kVerbs) {
    nodes_[at].targets[index] = target;
  }
}

std::uint32_t Routes::child(std::uint32_t parent, std::string_view part) {
  if (part.starts_with('{') && part.ends_with("+}")) {
    return variable_child(parent, part.substr(1, part.size() - 3), true);
  }
  if (part.starts_with('{') && part.ends_with('}')) {
    return variable_child(parent, part.substr(1, part.size() - 2), false);
  }
  if (const std::uint32_t known = literal_child(nodes_[parent], part); known != 0) return known;
  const auto fresh = static_cast<std::uint32_t>(nodes_.size());
  auto& literals = nodes_[parent].literals;
  literals.emplace(
      std::ranges::lower_bound(literals, part, {}, [](const auto& l) { return l.first; }), part,
      fresh);
  nodes_.emplace_back();
  return fresh;
}

std::uint32_t Routes::variable_child(std::uint32_t parent, std::string_view name, bool is_greedy) {
  const auto& siblings = is_greedy ? nodes_[parent].greedy : nodes_[parent].parameters;
  for (const std::uint32_t sibling : siblings) {
    if (nodes_[sibling].variable == name) return sibling;
  }
  const auto fresh = static_cast<std::uint32_t>(nodes_.size());
  (is_greedy ? nodes_[parent].greedy : nodes_[parent].parameters).push_back(fresh);
  nodes_.emplace_back().variable = name;
  return fresh;
}

// 0, the root, is nobody's child.
std::uint32_t Routes::literal_child(const Node& node, std::string_view segment) const {
  const auto at = std::ranges::lower_bound(node.literals, segment, {},
                                           [](const auto& literal) { return literal.first; });
  return at != node.literals.end() && at->first == segment ? at->second : 0;
}

Routes::Target Routes::target(const Node& node, std::size_t verb) const {
  if (verb >= kVerbs) return kNone;
  return node.targets[verb] != kNone ? node.targets[verb] : node.any;
}

std::optional<Routes::Target> Routes::find(std::string_view verb, std::string_view path,
                                           std::vector<PathValue>& values) const {
  while (path.starts_with('/')) path.remove_prefix(1);
  if (path.ends_with('/')) path.remove_suffix(1);
  Search search{.verb = verb_index(verb), .values = values};
  if (!walk(search, 0, path, path.empty())) return std::nullopt;
  return search.found;
}

// Goes down the most specific way first; as deep as the deepest resource at most.
bool Routes::walk(Search& search, std::uint32_t at, std::string_view rest, bool ended) const {
  const Node& node = nodes_[at];
  if (ended) {
    search.found = target(node, search.verb);
    return search.found != kNone;
  }
  const std::size_t slash = rest.find('/');
  const std::string_view segment = rest.substr(0, slash);
  const bool last = slash == std::string_view::npos;
  const std::string_view next = last ? std::string_view() : rest.substr(slash + 1);

  const std::uint32_t literal = segment.contains('%')
                                    ? literal_child(node, codec::percent_decode_loose(segment))
                                    : literal_child(node, segment);
  if (literal != 0 && walk(search, literal, next, last)) return true;
  if (!segment.empty()) {
    for (const std::uint32_t parameter : node.parameters) {
      search.values.push_back({.name = nodes_[parameter].variable, .raw = segment});
      if (walk(search, parameter, next, last)) return true;
      search.values.pop_back();
    }
  }
  if (rest.empty()) return false;
  for (const std::uint32_t greedy : node.greedy) {
    const Target reached = target(nodes_[greedy], search.verb);
    if (reached == kNone) continue;
    search.values.push_back({.name = nodes_[greedy].variable, .raw = rest});
    search.found = reached;
    return true;
  }
  return false;
}

}  // namespace hyd::gateway

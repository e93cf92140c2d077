#include "gateway/tree_rules.h"

#include "gateway/faults.h"

#include <fmt/core.h>

#include <algorithm>

namespace hyd::gateway {
namespace {

bool is_variable(std::string_view part) { return part.starts_with('{'); }
bool is_greedy(std::string_view part) { return part.ends_with("+}"); }

// Letters, digits and `_ - . , :`, or one variable that fills the whole part.
bool is_part(std::string_view part) {
  if (is_variable(part)) {
    if (!part.ends_with('}')) return false;
    part = part.substr(1, part.size() - 2);
    if (part.ends_with('+')) part.remove_suffix(1);
  }
  return !part.empty() && std::ranges::all_of(part, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("_-.,:").contains(c);
  });
}

}  // namespace

aws::Outcome<void> check_child(const Definition& definition, const Resource& parent,
                               std::string_view part) {
  if (!is_part(part)) {
    return bad_request(
        "Resource's path part only allow a-zA-Z0-9._-: or a valid greedy path variable and curly "
        "braces at the beginning and the end.");
  }
  if (is_greedy(parent.path_part)) {
    return bad_request(fmt::format(
        "Cannot create a child of a resource with a greedy path variable: {}", parent.path_part));
  }
  for (const auto& [id, sibling] : definition.resources) {
    if (sibling.parent_id != parent.id) continue;
    if (sibling.path_part == part) {
      return conflict(
          fmt::format("Another resource with the same parent already has this name: {}", part));
    }
    if (is_variable(sibling.path_part) && is_variable(part)) {
      return bad_request(
          fmt::format("A sibling ({}) of this resource already has a variable path part -- only "
                      "one is allowed",
                      sibling.path_part));
    }
  }
  return {};
}

std::vector<std::string> subtree(const Definition& definition, std::string_view id) {
  std::vector<std::string> below{std::string(id)};
  for (std::size_t i = 0; i < below.size(); ++i) {
    const std::string parent = below[i];
    for (const auto& [child, resource] : definition.resources) {
      if (resource.parent_id == parent) below.push_back(child);
    }
  }
  return below;
}

Resource* find_resource(Definition& definition, std::string_view id) {
  const auto found = definition.resources.find(id);
  return found == definition.resources.end() ? nullptr : &found->second;
}

Method* find_method(Definition& definition, std::string_view id, std::string_view verb) {
  Resource* const resource = find_resource(definition, id);
  if (resource == nullptr) return nullptr;
  const auto found = resource->methods.find(verb);
  return found == resource->methods.end() ? nullptr : &found->second;
}

}  // namespace hyd::gateway

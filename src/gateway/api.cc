#include "gateway/api.h"

#include "base/check.h"
#include "codec/hash.h"
#include "gateway/definition_json.h"

#include <algorithm>
#include <vector>

namespace hyd::gateway {

const Resource& Api::root() const {
  const auto found = std::ranges::find_if(
      definition.resources, [](const auto& entry) { return entry.second.parent_id.empty(); });
  HYD_CHECK(found != definition.resources.end());
  return found->second;
}

std::string Api::path_of(const Resource& resource) const {
  std::string path;
  const Resource* at = &resource;
  while (!at->parent_id.empty()) {
    path.insert(0, "/" + at->path_part);
    const auto parent = definition.resources.find(at->parent_id);
    HYD_CHECK(parent != definition.resources.end());
    at = &parent->second;
  }
  return path.empty() ? "/" : path;
}

std::string Api::freeze() {
  std::string snapshot = codec::sha256(definition_text(definition)).hex();
  if (!frozen.contains(snapshot)) {
    frozen.emplace(snapshot, std::make_shared<const Definition>(definition));
  }
  return snapshot;
}

}  // namespace hyd::gateway

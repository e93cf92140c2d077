#include "gateway/served.h"

#include <algorithm>
#include <tuple>

namespace hyd::gateway {
namespace {

std::string lower(std::string_view id) {
  std::string out(id);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return out;
}

using Key = std::pair<std::string_view, std::string_view>;

Key key_of(const ServedStage& served) { return {served.what.api_id, served.what.stage}; }

}  // namespace

const ServedStage* Served::find(std::string_view api_id, std::string_view stage) const {
  const std::string id = lower(api_id);
  const Key wanted{id, stage};
  const auto found = std::ranges::lower_bound(stages, wanted, {}, key_of);
  return found == stages.end() || key_of(*found) != wanted ? nullptr : &*found;
}

const ServedStage* Served::find_by_name(std::string_view stage) const {
  const ServedStage* found = nullptr;
  for (const ServedStage& one : stages) {
    if (one.what.stage != stage) continue;
    if (found != nullptr) return nullptr;
    found = &one;
  }
  return found;
}

bool Served::has_api(std::string_view api_id) const {
  const std::string id = lower(api_id);
  const auto found = std::ranges::lower_bound(stages, Key{id, ""}, {}, key_of);
  return found != stages.end() && found->what.api_id == id;
}

}  // namespace hyd::gateway

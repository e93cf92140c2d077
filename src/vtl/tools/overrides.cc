#include "vtl/tools/overrides.h"

#include <algorithm>

namespace hyd::vtl {
namespace {

// They are two objects deep at most.
bool holds_anything(const codec::Json& value) {
  if (value.is_null()) return false;
  if (value.if_object() == nullptr) return true;
  return std::ranges::any_of(*value.if_object(), [](const codec::Json::Member& member) {
    const codec::Json::Object* const inner = member.second.if_object();
    return inner == nullptr || !inner->empty();
  });
}

}  // namespace

std::vector<NamedOverride> overrides_of(const Rendered& rendered) {
  std::vector<NamedOverride> out;
  if (!rendered.overrides) return out;
  if (holds_anything(rendered.overrides->request)) {
    out.push_back({.name = "requestOverride", .value = &rendered.overrides->request});
  }
  if (holds_anything(rendered.overrides->response)) {
    out.push_back({.name = "responseOverride", .value = &rendered.overrides->response});
  }
  return out;
}

}  // namespace hyd::vtl

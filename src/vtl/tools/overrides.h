// What a template has changed in the request to the backend and in the response, for people.
#pragma once

#include "codec/json.h"
#include "vtl/render.h"

#include <string_view>
#include <vector>

namespace hyd::vtl {

struct NamedOverride {
  std::string_view name;               // requestOverride, responseOverride
  const codec::Json* value = nullptr;  // of the render's result, which outlives it
};

// Those that hold anything: a template that looks at $context leaves empty objects in both.
std::vector<NamedOverride> overrides_of(const Rendered& rendered);

}  // namespace hyd::vtl

#include "gateway/stage_rules.h"

#include "gateway/faults.h"

#include <fmt/core.h>

#include <algorithm>

namespace hyd::gateway {
namespace {

// AWS documentation, "Use stage variables for a REST API" and "Quotas".
constexpr std::size_t kStageNameMax = 128;
constexpr std::size_t kVariableNameMax = 64;
constexpr std::size_t kVariableValueMax = 512;
constexpr std::size_t kVariablesMax = 100;

bool is_of(std::string_view text, std::string_view more) {
  return std::ranges::all_of(text, [more](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           more.contains(c);
  });
}

}  // namespace

aws::Outcome<void> check_stage_name(std::string_view name) {
  if (!name.empty() && name.size() <= kStageNameMax && is_of(name, "_-")) return {};
  return bad_request("Stage name only allows a-zA-Z0-9_-, at most 128 characters");
}

aws::Outcome<void> check_variables(const TextMap& variables) {
  if (variables.size() > kVariablesMax) {
    return bad_request("A stage may have at most 100 variables");
  }
  for (const auto& [name, value] : variables) {
    if (name.empty() || name.size() > kVariableNameMax || !is_of(name, "_")) {
      return bad_request(fmt::format(
          "Invalid stage variable name: {}: only a-zA-Z0-9_, at most 64 characters", name));
    }
    if (value.size() > kVariableValueMax || !is_of(value, "-._~:/?#&=,")) {
      return bad_request(
          fmt::format("Invalid value of the stage variable {}: only a-zA-Z0-9-._~:/?#&=, and at "
                      "most 512 characters",
                      name));
    }
  }
  return {};
}

aws::Outcome<void> check_deployable(const Definition& definition) {
  bool any = false;
  for (const auto& [id, resource] : definition.resources) {
    for (const auto& [verb, method] : resource.methods) {
      if (!method.integration) return bad_request("No integration defined for method");
      any = true;
    }
  }
  if (!any) return bad_request("The REST API doesn't contain any methods");
  return {};
}

}  // namespace hyd::gateway

// The types of gateway responses: what a client gets when no integration answered (AWS
// documentation, "Gateway response types for API Gateway").
#pragma once

#include <algorithm>
#include <array>
#include <iterator>
#include <string_view>

namespace hyd::gateway {

struct ResponseType {
  std::string_view name;  // "THROTTLED"
  int status = 0;         // 0: the two fallbacks have none of their own
};

// In the order in which AWS prints them.
inline constexpr ResponseType kResponseTypes[] = {
    {.name = "REQUEST_TOO_LARGE", .status = 413},
    {.name = "RESOURCE_NOT_FOUND", .status = 404},
    {.name = "AUTHORIZER_CONFIGURATION_ERROR", .status = 500},
    {.name = "MISSING_AUTHENTICATION_TOKEN", .status = 403},
    {.name = "BAD_REQUEST_BODY", .status = 400},
    {.name = "INVALID_SIGNATURE", .status = 403},
    {.name = "INVALID_API_KEY", .status = 403},
    {.name = "BAD_REQUEST_PARAMETERS", .status = 400},
    {.name = "AUTHORIZER_FAILURE", .status = 500},
    {.name = "UNAUTHORIZED", .status = 401},
    {.name = "INTEGRATION_TIMEOUT", .status = 504},
    {.name = "ACCESS_DENIED", .status = 403},
    {.name = "DEFAULT_4XX", .status = 0},
    {.name = "DEFAULT_5XX", .status = 0},
    {.name = "WAF_FILTERED", .status = 403},
    {.name = "QUOTA_EXCEEDED", .status = 429},
    {.name = "THROTTLED", .status = 429},
    {.name = "API_CONFIGURATION_ERROR", .status = 500},
    {.name = "UNSUPPORTED_MEDIA_TYPE", .status = 415},
    {.name = "INTEGRATION_FAILURE", .status = 504},
    {.name = "EXPIRED_TOKEN", .status = 403},
};

inline constexpr auto kResponseTypeNames = [] {
  std::array<std::string_view, std::size(kResponseTypes)> names;
  std::ranges::transform(kResponseTypes, names.begin(), &ResponseType::name);
  return names;
}();

// Null when there is none of that name.
constexpr const ResponseType* find_response_type(std::string_view name) {
  const auto* const found = std::ranges::find(kResponseTypes, name, &ResponseType::name);
  return found == std::end(kResponseTypes) ? nullptr : found;
}

// What every type answers with under application/json unless it is told otherwise.
inline constexpr std::string_view kDefaultResponseTemplate =
    R"({"message":$context.error.messageString})";

}  // namespace hyd::gateway

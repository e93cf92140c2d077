#include "gateway/request/gateway_failure.h"

#include <iterator>
#include <utility>

namespace hyd::gateway {
namespace {

using enum GatewayFailure;

// By the enumeration. Bodies of what fails before the request is validated have no blank behind the
// colon, later ones have one (observed: 42, 23 and 36 bytes of the three that everyone knows).
constexpr GatewayFailureRow kRows[] = {
    {access_denied, "ACCESS_DENIED", 403, "AccessDeniedException",
     "User is not authorized to access this resource",
     R"({"Message":"User is not authorized to access this resource"})"},
    {api_configuration_error, "API_CONFIGURATION_ERROR", 500, "InternalServerErrorException",
     "Internal server error", R"({"message": "Internal server error"})"},
    {bad_request, "", 400, "BadRequestException", "Invalid JSON in request body",
     R"({"message": "Invalid JSON in request body"})"},
    {forbidden, "", 403, "ForbiddenException", "Forbidden", R"({"message":"Forbidden"})", false},
    // 500, not AWS's 504 of a network that broke: nothing lies between the gateway and its streams,
    // so this is always a failure of our own.
    {integration_failure, "INTEGRATION_FAILURE", 500, "InternalServerErrorException",
     "Internal server error", R"({"message": "Internal server error"})"},
    {integration_timeout, "INTEGRATION_TIMEOUT", 504, "InternalServerErrorException",
     "Endpoint request timed out", R"({"message": "Endpoint request timed out"})"},
    {invalid_api_key, "INVALID_API_KEY", 403, "ForbiddenException", "Forbidden",
     R"({"message":"Forbidden"})"},
    {missing_authentication_token, "MISSING_AUTHENTICATION_TOKEN", 403,
     "MissingAuthenticationTokenException", "Missing Authentication Token",
     R"({"message":"Missing Authentication Token"})"},
    {request_too_large, "REQUEST_TOO_LARGE", 413, "RequestTooLargeException", "Request Too Long",
     R"({"message":"Request Too Long"})", false},
    {unauthorized, "UNAUTHORIZED", 401, "UnauthorizedException", "Unauthorized",
     R"({"message":"Unauthorized"})"},
    {unsupported_media_type, "UNSUPPORTED_MEDIA_TYPE", 415, "BadRequestException",
     "Unsupported Media Type", R"({"message": "Unsupported Media Type"})"},
};
static_assert(std::size(kRows) == kGatewayFailures);

}  // namespace

const GatewayFailureRow& row_of(GatewayFailure failure) {
  return kRows[std::to_underlying(failure)];
}

}  // namespace hyd::gateway

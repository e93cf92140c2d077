// What a client gets when no integration response answers it: API Gateway's table of gateway
// responses (AWS documentation, "Gateway response types for API Gateway"; observed for the names in
// x-amzn-ErrorType and the bytes of the bodies).
#pragma once

#include <cstdint>
#include <string_view>

namespace hyd::gateway {

enum class GatewayFailure : std::uint8_t {
  access_denied,
  api_configuration_error,
  bad_request,
  forbidden,  // no stage there: nothing of an API can change this one
  integration_failure,
  integration_timeout,
  invalid_api_key,
  missing_authentication_token,
  request_too_large,
  unauthorized,
  unsupported_media_type,
};
inline constexpr std::size_t kGatewayFailures = 11;

struct GatewayFailureRow {
  GatewayFailure failure;
  std::string_view type;  // as PutGatewayResponse names it; empty: only DEFAULT_4XX applies
  std::uint16_t status;
  std::string_view error_type;  // x-amzn-ErrorType
  std::string_view message;
  std::string_view body;  // where nothing was configured
  bool customisable = true;
};

const GatewayFailureRow& row_of(GatewayFailure failure);

}  // namespace hyd::gateway

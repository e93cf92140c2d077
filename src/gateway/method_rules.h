// What may stand in a method, its integration and their responses, asked when they are put. Texts
// as observed; a check that only the request path can make (a template's syntax) is made there.
#pragma once

#include "aws/fault.h"
#include "gateway/definition.h"
#include "gateway/objects.h"

#include <string_view>

namespace hyd::gateway {

// "GET" … "ANY".
aws::Outcome<void> check_verb(std::string_view verb);
aws::Outcome<void> check_status(std::string_view status);

// Without its responses and integration.
aws::Outcome<void> check_method(const Method& method);
aws::Outcome<void> check_method_response(const MethodResponse& response);
// Without its responses; `object` is what the caller gave.
aws::Outcome<void> check_integration(const IntegrationObject& object);
// `declared`: the method's response of the same status; null when there is none.
aws::Outcome<void> check_integration_response(const IntegrationResponse& response,
                                              const MethodResponse* declared);
aws::Outcome<void> check_gateway_response(const GatewayResponse& response);

// An integration as it is kept: with its defaults. A MOCK keeps no address.
Integration integration_from(const IntegrationObject& object, std::string_view resource_id);

}  // namespace hyd::gateway

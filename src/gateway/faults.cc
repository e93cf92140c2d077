#include "gateway/faults.h"

#include <fmt/core.h>

#include <utility>

namespace hyd::gateway {
namespace {

aws::Fault fault(std::string_view name, int status, std::string message) {
  return {.name = std::string(name), .status = status, .message = std::move(message)};
}

aws::Fault mapping_fault(std::string_view what, std::string_view which) {
  return bad_request(
      fmt::format("Invalid mapping expression specified: Validation Result: warnings : [], errors "
                  ": [Invalid mapping expression {}specified: {}]",
                  what, which));
}

}  // namespace

aws::Fault bad_request(std::string message) {
  return fault("BadRequestException", 400, std::move(message));
}
aws::Fault not_found(std::string message) {
  return fault("NotFoundException", 404, std::move(message));
}
aws::Fault conflict(std::string message) {
  return fault("ConflictException", 409, std::move(message));
}

aws::Fault no_such_api(const ApiName& name) {
  return not_found(fmt::format("Invalid API identifier specified {}:{}", name.account, name.id));
}
aws::Fault no_such_resource() { return not_found("Invalid Resource identifier specified"); }
aws::Fault no_such_method() { return not_found("Invalid Method identifier specified"); }
aws::Fault no_such_integration() { return not_found("Invalid Integration identifier specified"); }
aws::Fault no_such_status() { return not_found("Invalid Response status code specified"); }
aws::Fault no_such_stage() { return not_found("Invalid stage identifier specified"); }
aws::Fault no_such_deployment() { return not_found("Invalid Deployment identifier specified"); }
aws::Fault deployment_does_not_exist() { return bad_request("Deployment id does not exist"); }
aws::Fault deployment_in_use() {
  return bad_request("Active stages pointing to this deployment must be moved or deleted");
}
aws::Fault stage_exists() { return conflict("Stage already exists"); }
aws::Fault method_exists() { return conflict("Method already exists for this resource"); }
aws::Fault response_exists() { return conflict("Response already exists for this resource"); }
aws::Fault no_such_gateway_response() {
  return not_found("Gateway response type not defined on api");
}

aws::Fault malformed_id(std::string_view id) {
  return bad_request(fmt::format(
      "Invalid id: {}: lower-case letters and digits, 10 for an API and its root, else 6", id));
}
aws::Fault id_taken(std::string_view id) {
  return conflict(fmt::format("Another object already has the id {}", id));
}

aws::Fault invalid_content_type(std::string_view type) {
  return bad_request(fmt::format(
      "Validation Result: warnings : [], errors : [Invalid content type specified: {}]", type));
}
aws::Fault invalid_mapping(std::string_view expression) { return mapping_fault("", expression); }
aws::Fault invalid_mapping_parameter(std::string_view parameter) {
  return mapping_fault("parameter ", parameter);
}

aws::Fault outside_of_set(const OutsideOfSet& what) {
  return aws::validation(
      fmt::format("1 validation error detected: Value '{}' at '{}' failed to satisfy constraint: "
                  "Member must satisfy enum value set: [{}]",
                  what.value, what.at, what.set));
}

aws::Fault not_supported(std::string_view what) {
  return bad_request(fmt::format("{} is not supported by Hydrant yet", what));
}

}  // namespace hyd::gateway

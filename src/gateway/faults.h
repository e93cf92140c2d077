// API Gateway's refusals. Names and statuses are the service model's, texts those that have been
// observed; where none has, the text is ours and says what to do.
#pragma once

#include "aws/fault.h"

#include <string>
#include <string_view>

namespace hyd::gateway {

aws::Fault bad_request(std::string message);  // 400 BadRequestException
aws::Fault not_found(std::string message);    // 404 NotFoundException
aws::Fault conflict(std::string message);     // 409 ConflictException

struct ApiName {
  std::string_view account;
  std::string_view id;
};
aws::Fault no_such_api(const ApiName& name);
aws::Fault no_such_resource();  // also for an unknown API, below its resources
aws::Fault no_such_method();
aws::Fault no_such_integration();
aws::Fault no_such_status();
aws::Fault no_such_stage();
aws::Fault no_such_deployment();
aws::Fault deployment_does_not_exist();  // one that a stage is to use
aws::Fault deployment_in_use();
aws::Fault stage_exists();
aws::Fault method_exists();
aws::Fault response_exists();
aws::Fault no_such_gateway_response();

// A chosen id that is not of its form, or that another object has.
aws::Fault malformed_id(std::string_view id);
aws::Fault id_taken(std::string_view id);

aws::Fault invalid_content_type(std::string_view type);
aws::Fault invalid_mapping(std::string_view expression);
aws::Fault invalid_mapping_parameter(std::string_view parameter);

// A member outside of its value set, with the member's path as AWS prints it for this service
// ("putIntegrationInput.type").
struct OutsideOfSet {
  std::string_view value;
  std::string_view at;
  std::string_view set;  // "A, B"
};
aws::Fault outside_of_set(const OutsideOfSet& what);

// What is part of the service and is not here yet, so that nobody counts on it in silence.
aws::Fault not_supported(std::string_view what);

}  // namespace hyd::gateway

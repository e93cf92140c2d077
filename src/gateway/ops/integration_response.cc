// PutIntegrationResponse and DeleteIntegrationResponse.
#include "gateway/faults.h"
#include "gateway/method_rules.h"
#include "gateway/ops/edit_method.h"
#include "gateway/ops/operations.h"

#include <utility>

namespace hyd::gateway {

// Replaces a response of that status that is there.
void put_integration_response(Apis& apis, const aws::Call& call,
                              const PutIntegrationResponseInput& input,
                              aws::Done<IntegrationResponseObject> done) {
  if (aws::Outcome<void> good = check_status(input.status_code); !good) {
    return done(std::unexpected(std::move(good).error()));
  }
  const IntegrationResponse response{.selection_pattern = input.selection_pattern.value_or(""),
                                     .has_pattern = input.selection_pattern.has_value(),
                                     .parameters = text_map_of(input.response_parameters),
                                     .templates = text_map_of(input.response_templates),
                                     .content_handling = input.content_handling.value_or("")};
  const auto show = [answer = object_of(input.status_code, response)](const Api&) {
    return answer;
  };
  edit_method(
      apis, call,
      {.api_id = input.rest_api_id, .resource_id = input.resource_id, .verb = input.http_method},
      [status = input.status_code, response](Method& method) -> aws::Outcome<void> {
        if (!method.integration) return no_such_integration();
        const auto declared = method.responses.find(status);
        if (aws::Outcome<void> good = check_integration_response(
                response, declared == method.responses.end() ? nullptr : &declared->second);
            !good) {
          return good;
        }
        method.integration->responses.insert_or_assign(status, response);
        return {};
      },
      shown<IntegrationResponseObject>(show, std::move(done)));
}

void delete_integration_response(Apis& apis, const aws::Call& call, const ResponseInput& input,
                                 aws::Done<aws::Nothing> done) {
  edit_method(
      apis, call,
      {.api_id = input.rest_api_id, .resource_id = input.resource_id, .verb = input.http_method},
      [status = input.status_code](Method& method) -> aws::Outcome<void> {
        if (!method.integration) return no_such_integration();
        if (method.integration->responses.erase(status) == 0) return no_such_status();
        return {};
      },
      unshown(std::move(done)));
}

}  // namespace hyd::gateway

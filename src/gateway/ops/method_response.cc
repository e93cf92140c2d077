// PutMethodResponse and DeleteMethodResponse.
#include "gateway/faults.h"
#include "gateway/method_rules.h"
#include "gateway/ops/edit_method.h"
#include "gateway/ops/operations.h"

#include <utility>

namespace hyd::gateway {

void put_method_response(Apis& apis, const aws::Call& call, const PutMethodResponseInput& input,
                         aws::Done<MethodResponseObject> done) {
  const MethodResponse response =
      value_of(MethodResponseObject{.status_code = input.status_code,
                                    .response_parameters = input.response_parameters,
                                    .response_models = input.response_models});
  aws::Outcome<void> good = check_status(input.status_code);
  if (good) good = check_method_response(response);
  if (!good) return done(std::unexpected(std::move(good).error()));
  const auto show = [answer = object_of(input.status_code, response)](const Api&) {
    return answer;
  };
  edit_method(
      apis, call,
      {.api_id = input.rest_api_id, .resource_id = input.resource_id, .verb = input.http_method},
      [status = input.status_code, overwrite = input.overwrite.value_or(false),
       response](Method& method) -> aws::Outcome<void> {
        if (method.responses.contains(status) && !overwrite) return response_exists();
        method.responses.insert_or_assign(status, response);
        return {};
      },
      shown<MethodResponseObject>(show, std::move(done)));
}

void delete_method_response(Apis& apis, const aws::Call& call, const ResponseInput& input,
                            aws::Done<aws::Nothing> done) {
  edit_method(
      apis, call,
      {.api_id = input.rest_api_id, .resource_id = input.resource_id, .verb = input.http_method},
      [status = input.status_code](Method& method) -> aws::Outcome<void> {
        if (method.responses.erase(status) == 0) return no_such_status();
        return {};
      },
      unshown(std::move(done)));
}

}  // namespace hyd::gateway

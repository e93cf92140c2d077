// PutGatewayResponse and DeleteGatewayResponse.
#include "gateway/faults.h"
#include "gateway/method_rules.h"
#include "gateway/ops/edit.h"
#include "gateway/ops/operations.h"
#include "gateway/response_types.h"

#include <utility>

namespace hyd::gateway {

// What is left out gets the type's own default, never that of DEFAULT_4XX or DEFAULT_5XX.
void put_gateway_response(Apis& apis, const aws::Call& call, const PutGatewayResponseInput& input,
                          aws::Done<GatewayResponseObject> done) {
  GatewayResponse response{.status_code = input.status_code.value_or(""),
                           .parameters = text_map_of(input.response_parameters),
                           .templates = text_map_of(input.response_templates)};
  if (!input.response_templates) {
    response.templates.emplace("application/json", kDefaultResponseTemplate);
  }
  if (aws::Outcome<void> good = check_gateway_response(response); !good) {
    return done(std::unexpected(std::move(good).error()));
  }
  GatewayResponseObject answer = object_of(input.response_type, response);
  const ResponseType* const type = find_response_type(input.response_type);
  if (!answer.status_code && type != nullptr && type->status != 0) {
    answer.status_code = std::to_string(type->status);
  }
  answer.default_response = false;
  edit_api(
      apis, call, {.api_id = input.rest_api_id, .missing = no_such_api(call, input.rest_api_id)},
      [name = input.response_type, response](Api& api) -> aws::Outcome<void> {
        api.definition.gateway_responses.insert_or_assign(name, response);
        return {};
      },
      shown<GatewayResponseObject>([answer](const Api&) { return answer; }, std::move(done)));
}

void delete_gateway_response(Apis& apis, const aws::Call& call, const GatewayResponseInput& input,
                             aws::Done<aws::Nothing> done) {
  edit_api(
      apis, call, {.api_id = input.rest_api_id, .missing = no_such_api(call, input.rest_api_id)},
      [name = input.response_type](Api& api) -> aws::Outcome<void> {
        if (api.definition.gateway_responses.erase(name) == 0) return no_such_gateway_response();
        return {};
      },
      unshown(std::move(done)));
}

}  // namespace hyd::gateway

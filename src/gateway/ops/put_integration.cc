#include "gateway/method_rules.h"
#include "gateway/ops/edit_method.h"
#include "gateway/ops/operations.h"

#include <utility>

namespace hyd::gateway {
namespace {

IntegrationObject object_from(const PutIntegrationInput& input) {
  IntegrationObject object{.type = input.type,
                           .http_method = input.integration_http_method,
                           .uri = input.uri,
                           .connection_type = input.connection_type,
                           .credentials = input.credentials,
                           .request_parameters = input.request_parameters,
                           .request_templates = std::nullopt,
                           .passthrough_behavior = input.passthrough_behavior,
                           .content_handling = input.content_handling,
                           .timeout_ms = input.timeout_ms,
                           .cache_namespace = input.cache_namespace,
                           .cache_key_parameters = input.cache_key_parameters,
                           .integration_responses = std::nullopt};
  if (input.request_templates) {
    object.request_templates.emplace(input.request_templates->begin(),
                                     input.request_templates->end());
  }
  return object;
}

}  // namespace

// Replaces an integration that is there, with its responses.
void put_integration(Apis& apis, const aws::Call& call, const PutIntegrationInput& input,
                     aws::Done<IntegrationObject> done) {
  const IntegrationObject object = object_from(input);
  if (aws::Outcome<void> good = check_integration(object); !good) {
    return done(std::unexpected(std::move(good).error()));
  }
  const Integration integration = integration_from(object, input.resource_id);
  const auto show = [answer = object_of(integration)](const Api&) { return answer; };
  edit_method(
      apis, call,
      {.api_id = input.rest_api_id, .resource_id = input.resource_id, .verb = input.http_method},
      [integration](Method& method) -> aws::Outcome<void> {
        method.integration = integration;
        return {};
      },
      shown<IntegrationObject>(show, std::move(done)));
}

}  // namespace hyd::gateway

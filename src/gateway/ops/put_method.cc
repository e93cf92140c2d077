#include "gateway/faults.h"
#include "gateway/method_rules.h"
#include "gateway/ops/edit.h"
#include "gateway/ops/operations.h"
#include "gateway/tree_rules.h"

#include <utility>

namespace hyd::gateway {
namespace {

using aws::Outcome;

Outcome<void> add_integration(const PutMethodInput& input, Method& method) {
  const IntegrationObject& object = *input.method_integration;
  if (Outcome<void> good = check_integration(object); !good) return good;
  method.integration = integration_from(object, input.resource_id);
  for (const auto& [status, response] : method.integration->responses) {
    if (Outcome<void> good = check_status(status); !good) return good;
    const auto declared = method.responses.find(status);
    const MethodResponse* const of_status =
        declared == method.responses.end() ? nullptr : &declared->second;
    if (Outcome<void> good = check_integration_response(response, of_status); !good) return good;
  }
  return {};
}

Outcome<Method> method_from(const PutMethodInput& input) {
  Method method = value_of(MethodObject{
      .http_method = input.http_method,
      .authorization_type = input.authorization_type,
      .api_key_required = input.api_key_required.value_or(false),
      .request_validator_id = input.request_validator_id,
      .operation_name = input.operation_name,
      .request_parameters = input.request_parameters,
      .request_models = input.request_models,
      .method_responses = input.method_responses,
      .method_integration = std::nullopt,
  });
  if (Outcome<void> good = check_verb(input.http_method); !good) return std::move(good).error();
  if (Outcome<void> good = check_method(method); !good) return std::move(good).error();
  for (const auto& [status, response] : method.responses) {
    if (Outcome<void> good = check_status(status); !good) return std::move(good).error();
    if (Outcome<void> good = check_method_response(response); !good) {
      return std::move(good).error();
    }
  }
  if (input.method_integration) {
    if (Outcome<void> good = add_integration(input, method); !good) return std::move(good).error();
  }
  return method;
}

}  // namespace

// With `overwrite` the method becomes exactly this, whatever it was: one without responses or an
// integration has lost them.
void put_method(Apis& apis, const aws::Call& call, const PutMethodInput& input,
                aws::Done<MethodObject> done) {
  Outcome<Method> method = method_from(input);
  if (!method) return done(std::unexpected(std::move(method).error()));
  MethodObject answer = object_of(input.http_method, *method);
  edit_api(
      apis, call, {.api_id = input.rest_api_id, .missing = no_such_resource()},
      [resource_id = input.resource_id, verb = input.http_method,
       overwrite = input.overwrite.value_or(false),
       method = *std::move(method)](Api& api) -> Outcome<void> {
        Resource* const resource = find_resource(api.definition, resource_id);
        if (resource == nullptr) return no_such_resource();
        if (resource->methods.contains(verb) && !overwrite) return method_exists();
        resource->methods.insert_or_assign(verb, method);
        return {};
      },
      shown<MethodObject>([answer = std::move(answer)](const Api&) { return answer; },
                          std::move(done)));
}

}  // namespace hyd::gateway

#include "gateway/objects.h"

#include <utility>

namespace hyd::gateway {
namespace {

using aws::boolean;
using aws::integer;
using aws::list;
using aws::map;
using aws::member;
using aws::Member;
using aws::Shape;
using aws::Spec;
using aws::string;
using aws::structure;

constexpr Spec kText = string();
constexpr Spec kTruth = boolean();
constexpr Spec kObject = structure();

std::optional<std::string> shown_text(std::string_view text) {
  if (text.empty()) return std::nullopt;
  return std::string(text);
}

TemplateMap templates_of(const TextMap& map, Templates as) {
  TemplateMap out;
  for (const auto& [type, text] : map) {
    if (text.empty() && as == Templates::shown) {
      out.emplace_back(type, std::nullopt);
    } else {
      out.emplace_back(type, text);
    }
  }
  return out;
}

std::optional<TemplateMap> shown_templates(const TextMap& map, Templates as) {
  if (map.empty()) return std::nullopt;
  return templates_of(map, as);
}

std::optional<aws::Map<bool>> shown_map(const std::map<std::string, bool, std::less<>>& map) {
  if (map.empty()) return std::nullopt;
  return aws::Map<bool>(map.begin(), map.end());
}

template <class T>
std::map<std::string, T, std::less<>> map_of(const std::optional<aws::Map<T>>& map) {
  if (!map) return {};
  return {map->begin(), map->end()};
}

}  // namespace

std::optional<aws::Map<std::string>> shown_map(const TextMap& map) {
  if (map.empty()) return std::nullopt;
  return aws::Map<std::string>(map.begin(), map.end());
}

TextMap text_map_of(const std::optional<aws::Map<std::string>>& map) { return map_of(map); }

TextMap template_map_of(const std::optional<TemplateMap>& map) {
  TextMap out;
  if (!map) return out;
  for (const auto& [type, text] : *map) out.insert_or_assign(type, text.value_or(""));
  return out;
}

IntegrationResponseObject object_of(std::string_view status, const IntegrationResponse& response,
                                    Templates templates) {
  IntegrationResponseObject object{
      .status_code = std::string(status),
      .selection_pattern = std::nullopt,
      .response_parameters = shown_map(response.parameters),
      .response_templates = shown_templates(response.templates, templates),
      .content_handling = shown_text(response.content_handling)};
  if (response.has_pattern) object.selection_pattern = response.selection_pattern;
  return object;
}

IntegrationObject object_of(const Integration& integration, Templates templates) {
  IntegrationObject object{.type = integration.type,
                           .http_method = shown_text(integration.http_method),
                           .uri = shown_text(integration.uri),
                           .connection_type = std::nullopt,
                           .credentials = shown_text(integration.credentials),
                           .request_parameters = shown_map(integration.parameters),
                           .request_templates = shown_templates(integration.templates, templates),
                           .passthrough_behavior = integration.passthrough_behavior,
                           .content_handling = shown_text(integration.content_handling),
                           .timeout_ms = integration.timeout_ms,
                           .cache_namespace = integration.cache_namespace,
                           .cache_key_parameters = integration.cache_key_parameters,
                           .integration_responses = std::nullopt};
  if (integration.type.starts_with("HTTP")) object.connection_type = "INTERNET";
  if (!integration.responses.empty()) {
    auto& responses = object.integration_responses.emplace();
    for (const auto& [status, response] : integration.responses) {
      responses.emplace_back(status, object_of(status, response, templates));
    }
  }
  return object;
}

MethodResponseObject object_of(std::string_view status, const MethodResponse& response) {
  return {.status_code = std::string(status),
          .response_parameters = shown_map(response.parameters),
          .response_models = shown_map(response.models)};
}

MethodObject object_of(std::string_view verb, const Method& method, Templates templates) {
  MethodObject object{.http_method = std::string(verb),
                      .authorization_type = method.authorization_type,
                      .api_key_required = method.api_key_required,
                      .request_validator_id = shown_text(method.validator_id),
                      .operation_name = shown_text(method.operation_name),
                      .request_parameters = shown_map(method.parameters),
                      .request_models = shown_map(method.models),
                      .method_responses = std::nullopt,
                      .method_integration = std::nullopt};
  if (!method.responses.empty()) {
    auto& responses = object.method_responses.emplace();
    for (const auto& [status, response] : method.responses) {
      responses.emplace_back(status, object_of(status, response));
    }
  }
  if (method.integration) object.method_integration = object_of(*method.integration, templates);
  return object;
}

GatewayResponseObject object_of(std::string_view type, const GatewayResponse& response,
                                Templates templates) {
  return {.response_type = std::string(type),
          .status_code = shown_text(response.status_code),
          .response_parameters = {response.parameters.begin(), response.parameters.end()},
          .response_templates = templates_of(response.templates, templates),
          .default_response = std::nullopt};
}

IntegrationResponse value_of(const IntegrationResponseObject& object) {
  return {.selection_pattern = object.selection_pattern.value_or(""),
          .has_pattern = object.selection_pattern.has_value(),
          .parameters = text_map_of(object.response_parameters),
          .templates = template_map_of(object.response_templates),
          .content_handling = object.content_handling.value_or("")};
}

Integration value_of(const IntegrationObject& object) {
  Integration integration{
      .type = object.type,
      .http_method = object.http_method.value_or(""),
      .uri = object.uri.value_or(""),
      .credentials = object.credentials.value_or(""),
      .parameters = text_map_of(object.request_parameters),
      .templates = template_map_of(object.request_templates),
      .content_handling = object.content_handling.value_or(""),
      .cache_namespace = object.cache_namespace.value_or(""),
      .cache_key_parameters = object.cache_key_parameters.value_or(std::vector<std::string>()),
      .responses = {}};
  if (object.passthrough_behavior) integration.passthrough_behavior = *object.passthrough_behavior;
  if (object.timeout_ms) integration.timeout_ms = *object.timeout_ms;
  if (object.integration_responses) {
    for (const auto& [status, response] : *object.integration_responses) {
      integration.responses.insert_or_assign(status, value_of(response));
    }
  }
  return integration;
}

MethodResponse value_of(const MethodResponseObject& object) {
  return {.parameters = map_of(object.response_parameters),
          .models = text_map_of(object.response_models)};
}

Method value_of(const MethodObject& object) {
  Method method{.authorization_type = object.authorization_type,
                .api_key_required = object.api_key_required,
                .operation_name = object.operation_name.value_or(""),
                .validator_id = object.request_validator_id.value_or(""),
                .parameters = map_of(object.request_parameters),
                .models = text_map_of(object.request_models),
                .responses = {},
                .integration = std::nullopt};
  if (object.method_responses) {
    for (const auto& [status, response] : *object.method_responses) {
      method.responses.insert_or_assign(status, value_of(response));
    }
  }
  if (object.method_integration) method.integration = value_of(*object.method_integration);
  return method;
}

GatewayResponse value_of(const GatewayResponseObject& object) {
  return {.status_code = object.status_code.value_or(""),
          .parameters = text_map_of(object.response_parameters),
          .templates = template_map_of(object.response_templates)};
}

Shape IntegrationResponseObject::shape() {
  using This = IntegrationResponseObject;
  static constexpr Member kMembers[] = {
      member<&This::status_code>("statusCode", string()),
      member<&This::selection_pattern>("selectionPattern", string()),
      member<&This::response_parameters>("responseParameters", map(kText, kText)),
      member<&This::response_templates>("responseTemplates", map(kText, kText)),
      member<&This::content_handling>("contentHandling", string()),
  };
  return kMembers;
}

Shape IntegrationObject::shape() {
  using This = IntegrationObject;
  static constexpr Member kMembers[] = {
      member<&This::type>("type", string().required()),
      member<&This::http_method>("httpMethod", string()),
      member<&This::uri>("uri", string()),
      member<&This::connection_type>("connectionType", string()),
      member<&This::credentials>("credentials", string()),
      member<&This::request_parameters>("requestParameters", map(kText, kText)),
      member<&This::request_templates>("requestTemplates", map(kText, kText)),
      member<&This::passthrough_behavior>("passthroughBehavior", string()),
      member<&This::content_handling>("contentHandling", string()),
      member<&This::timeout_ms>("timeoutInMillis", integer()),
      member<&This::cache_namespace>("cacheNamespace", string()),
      member<&This::cache_key_parameters>("cacheKeyParameters", list(kText)),
      member<&This::integration_responses>("integrationResponses", map(kText, kObject)),
  };
  return kMembers;
}

Shape MethodResponseObject::shape() {
  using This = MethodResponseObject;
  static constexpr Member kMembers[] = {
      member<&This::status_code>("statusCode", string()),
      member<&This::response_parameters>("responseParameters", map(kText, kTruth)),
      member<&This::response_models>("responseModels", map(kText, kText)),
  };
  return kMembers;
}

Shape MethodObject::shape() {
  using This = MethodObject;
  static constexpr Member kMembers[] = {
      member<&This::http_method>("httpMethod", string()),
      member<&This::authorization_type>("authorizationType", string().required()),
      member<&This::api_key_required>("apiKeyRequired", boolean()),
      member<&This::request_validator_id>("requestValidatorId", string()),
      member<&This::operation_name>("operationName", string()),
      member<&This::request_parameters>("requestParameters", map(kText, kTruth)),
      member<&This::request_models>("requestModels", map(kText, kText)),
      member<&This::method_responses>("methodResponses", map(kText, kObject)),
      member<&This::method_integration>("methodIntegration", structure()),
  };
  return kMembers;
}

Shape GatewayResponseObject::shape() {
  using This = GatewayResponseObject;
  static constexpr Member kMembers[] = {
      member<&This::response_type>("responseType", string()),
      member<&This::status_code>("statusCode", string()),
      member<&This::response_parameters>("responseParameters", map(kText, kText)),
      member<&This::response_templates>("responseTemplates", map(kText, kText)),
      member<&This::default_response>("defaultResponse", boolean()),
  };
  return kMembers;
}

}  // namespace hyd::gateway

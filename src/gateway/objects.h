// The service's objects as documents show them (service model of 2015-07-09), and their way to and
// from the values of definition.h.
#pragma once

#include "aws/shape.h"
#include "gateway/definition.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hyd::gateway {

// A null entry is a template that was given empty.
using TemplateMap = aws::Map<std::optional<std::string>>;

struct IntegrationResponseObject {
  std::string status_code;
  std::optional<std::string> selection_pattern;
  std::optional<aws::Map<std::string>> response_parameters;
  std::optional<TemplateMap> response_templates;
  std::optional<std::string> content_handling;
  static aws::Shape shape();
};

struct IntegrationObject {
  std::string type;
  std::optional<std::string> http_method;
  std::optional<std::string> uri;
  std::optional<std::string> connection_type;
  std::optional<std::string> credentials;
  std::optional<aws::Map<std::string>> request_parameters;
  std::optional<TemplateMap> request_templates;
  std::optional<std::string> passthrough_behavior;
  std::optional<std::string> content_handling;
  std::optional<std::int32_t> timeout_ms;
  std::optional<std::string> cache_namespace;
  std::optional<std::vector<std::string>> cache_key_parameters;
  std::optional<aws::Map<IntegrationResponseObject>> integration_responses;
  static aws::Shape shape();
};

struct MethodResponseObject {
  std::string status_code;
  std::optional<aws::Map<bool>> response_parameters;
  std::optional<aws::Map<std::string>> response_models;
  static aws::Shape shape();
};

struct MethodObject {
  std::string http_method;
  std::string authorization_type;
  bool api_key_required = false;
  std::optional<std::string> request_validator_id;
  std::optional<std::string> operation_name;
  std::optional<aws::Map<bool>> request_parameters;
  std::optional<aws::Map<std::string>> request_models;
  std::optional<aws::Map<MethodResponseObject>> method_responses;
  std::optional<IntegrationObject> method_integration;
  static aws::Shape shape();
};

struct GatewayResponseObject {
  std::string response_type;
  std::optional<std::string> status_code;
  aws::Map<std::string> response_parameters;
  TemplateMap response_templates;
  std::optional<bool> default_response;
  static aws::Shape shape();
};

// Answers show a template that was given empty as null; what is kept shows it as it was given.
enum class Templates : std::uint8_t { shown, kept };

IntegrationResponseObject object_of(std::string_view status, const IntegrationResponse& response,
                                    Templates templates = Templates::shown);
IntegrationObject object_of(const Integration& integration, Templates templates = Templates::shown);
MethodResponseObject object_of(std::string_view status, const MethodResponse& response);
MethodObject object_of(std::string_view verb, const Method& method,
                       Templates templates = Templates::shown);
GatewayResponseObject object_of(std::string_view type, const GatewayResponse& response,
                                Templates templates = Templates::shown);

IntegrationResponse value_of(const IntegrationResponseObject& object);
Integration value_of(const IntegrationObject& object);
MethodResponse value_of(const MethodResponseObject& object);
Method value_of(const MethodObject& object);
GatewayResponse value_of(const GatewayResponseObject& object);

// Null for an empty map: answers leave it out.
std::optional<aws::Map<std::string>> shown_map(const TextMap& map);
TextMap text_map_of(const std::optional<aws::Map<std::string>>& map);
TextMap template_map_of(const std::optional<TemplateMap>& map);

}  // namespace hyd::gateway

#include "gateway/method_rules.h"

#include "gateway/faults.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <set>
#include <span>
#include <string>

namespace hyd::gateway {
namespace {

using aws::Outcome;

constexpr std::string_view kVerbs[] = {"GET",   "PUT",     "POST", "DELETE",
                                       "PATCH", "OPTIONS", "HEAD", "ANY"};
// AWS documentation, "API Gateway quotas and important notes".
constexpr std::size_t kTemplateBytesMax = 300 * 1024;
constexpr std::int32_t kTimeoutMsMin = 50;
constexpr std::int32_t kTimeoutMsMax = 29'000;

bool is_letter_or_digit(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

bool is_name(std::string_view name) {
  return !name.empty() && std::ranges::all_of(name, [](char c) {
    return is_letter_or_digit(c) || std::string_view("._$-").contains(c);
  });
}

// True when `text` is the prefix and a name.
bool names(std::string_view text, std::string_view prefix) {
  return text.starts_with(prefix) && is_name(text.substr(prefix.size()));
}

template <class Prefixes>
bool names_any(std::string_view text, const Prefixes& prefixes) {
  return std::ranges::any_of(prefixes,
                             [&](std::string_view prefix) { return names(text, prefix); });
}

constexpr std::string_view kMethodParameters[] = {
    "method.request.path.", "method.request.querystring.", "method.request.header."};
constexpr std::string_view kRequestTargets[] = {
    "integration.request.path.", "integration.request.querystring.", "integration.request.header."};
constexpr std::string_view kResponseTargets[] = {"method.response.header."};
constexpr std::string_view kGatewayTargets[] = {"gatewayresponse.header."};
constexpr std::string_view kRequestSources[] = {
    "method.request.path.",
    "method.request.querystring.",
    "method.request.header.",
    "method.request.multivaluequerystring.",
    "stageVariables.",
    "method.request.multivalueheader.",
    "context.",
};
constexpr std::string_view kResponseSources[] = {"integration.response.header.",
                                                 "integration.response.multivalueheader.",
                                                 "stageVariables.", "context."};
constexpr std::string_view kRequestBody = "method.request.body";
constexpr std::string_view kResponseBody = "integration.response.body";

bool is_literal(std::string_view source) {
  return source.size() >= 2 && source.starts_with('\'') && source.ends_with('\'');
}
// The body, or what a path finds in it.
bool is_body(std::string_view source, std::string_view body) {
  if (!source.starts_with(body)) return false;
  source.remove_prefix(body.size());
  return source.empty() || source.starts_with('.') || source.starts_with('[');
}

struct Grammar {
  std::span<const std::string_view> targets;
  std::span<const std::string_view> sources;
  std::string_view body;
};
constexpr Grammar kToBackend = {kRequestTargets, kRequestSources, kRequestBody};
constexpr Grammar kToClient = {kResponseTargets, kResponseSources, kResponseBody};
constexpr Grammar kOfGateway = {kGatewayTargets, kRequestSources, kRequestBody};

Outcome<void> check_mappings(const TextMap& parameters, const Grammar& grammar) {
  for (const auto& [target, source] : parameters) {
    if (!names_any(target, grammar.targets)) return invalid_mapping_parameter(target);
    if (!names_any(source, grammar.sources) && !is_literal(source) &&
        !is_body(source, grammar.body)) {
      return invalid_mapping(source);
    }
  }
  return {};
}

bool is_media_type(std::string_view type) {
  const std::size_t slash = type.find('/');
  return type == "$default" ||
         (slash != std::string_view::npos && slash > 0 && slash + 1 < type.size() &&
          std::ranges::all_of(type, [](char c) { return c > ' ' && c <= '~'; }));
}

Outcome<void> check_templates(const TextMap& templates) {
  for (const auto& [type, text] : templates) {
    if (!is_media_type(type)) return invalid_content_type(type);
    if (text.size() > kTemplateBytesMax) {
      return bad_request(fmt::format("The template for {} is longer than 300 KB", type));
    }
  }
  return {};
}

// The two models that every API is born with; others cannot be made yet.
Outcome<void> check_models(const TextMap& models) {
  for (const auto& [type, model] : models) {
    if (!is_media_type(type)) return invalid_content_type(type);
    if (model != "Empty" && model != "Error") {
      return bad_request("Invalid model identifier specified: " + model);
    }
  }
  return {};
}

Outcome<void> check_content_handling(std::string_view handling, std::string_view at) {
  if (handling.empty() || handling == "CONVERT_TO_BINARY" || handling == "CONVERT_TO_TEXT") {
    return {};
  }
  return outside_of_set({.value = handling, .at = at, .set = "CONVERT_TO_BINARY, CONVERT_TO_TEXT"});
}

// "arn:aws:apigateway:{region}:kinesis:action/PutRecord", the region perhaps a stage variable.
bool is_action_uri(std::string_view uri) {
  constexpr std::size_t kParts = 6;
  std::array<std::string_view, kParts> parts;
  for (std::size_t i = 0; i + 1 < kParts; ++i) {
    const std::size_t colon = uri.find(':');
    if (colon == std::string_view::npos) return false;
    parts[i] = uri.substr(0, colon);
    uri.remove_prefix(colon + 1);
  }
  return parts[0] == "arn" && parts[1].starts_with("aws") && parts[2] == "apigateway" &&
         !parts[3].empty() && !parts[4].empty() &&
         (uri.starts_with("action/") || uri.starts_with("path/"));
}

Outcome<void> check_backend(const IntegrationObject& object) {
  const std::string_view verb = object.http_method ? std::string_view(*object.http_method) : "";
  if (verb.empty()) return bad_request("Enumeration value for HttpMethod must be non-empty");
  if (Outcome<void> known = check_verb(verb); !known) return known;
  const std::string_view uri = object.uri ? std::string_view(*object.uri) : "";
  if (object.type.starts_with("AWS")) {
    if (!is_action_uri(uri)) return bad_request("Invalid ARN specified in the request");
  } else if (!uri.starts_with("http://") && !uri.starts_with("https://") &&
             !uri.starts_with("${stageVariables.")) {
    return bad_request("Invalid HTTP endpoint specified for URI");
  }
  return {};
}

}  // namespace

Outcome<void> check_verb(std::string_view verb) {
  if (std::ranges::find(kVerbs, verb) != std::end(kVerbs)) return {};
  return bad_request(
      "Invalid HttpMethod specified. Valid options are GET,PUT,POST,DELETE,PATCH,OPTIONS,HEAD,ANY");
}

Outcome<void> check_status(std::string_view status) {
  if (status.size() == 3 && status[0] >= '1' && status[0] <= '5' &&
      std::ranges::all_of(status, [](char c) { return c >= '0' && c <= '9'; })) {
    return {};
  }
  return aws::validation(
      fmt::format("1 validation error detected: Value '{}' at 'statusCode' failed to satisfy "
                  "constraint: Member must satisfy regular expression pattern: [1-5]\\d\\d",
                  status));
}

Outcome<void> check_method(const Method& method) {
  const std::string_view type = method.authorization_type;
  if (type == "CUSTOM" || type == "COGNITO_USER_POOLS") {
    return bad_request(
        "Invalid authorizer ID specified. Setting the authorization type to CUSTOM or "
        "COGNITO_USER_POOLS requires a valid authorizer.");
  }
  if (type != "NONE" && type != "AWS_IAM") {
    return bad_request(
        "Invalid authorization type specified. Valid options are NONE, AWS_IAM, CUSTOM, "
        "COGNITO_USER_POOLS");
  }
  if (!method.validator_id.empty()) {
    return bad_request("Invalid Request Validator identifier specified");
  }
  std::set<std::string_view> seen;
  for (const auto& [parameter, required] : method.parameters) {
    if (!names_any(parameter, kMethodParameters)) return invalid_mapping_parameter(parameter);
    std::string_view name = parameter;
    for (int dots = 0; dots < 3; ++dots) name.remove_prefix(name.find('.') + 1);
    if (!seen.insert(name).second) {
      return bad_request("Parameter names must be unique across querystring, header and path");
    }
  }
  return check_models(method.models);
}

Outcome<void> check_method_response(const MethodResponse& response) {
  for (const auto& [parameter, required] : response.parameters) {
    if (!names_any(parameter, kResponseTargets)) return invalid_mapping_parameter(parameter);
  }
  return check_models(response.models);
}

Outcome<void> check_integration(const IntegrationObject& object) {
  constexpr std::string_view kTypes[] = {"HTTP", "MOCK", "AWS_PROXY", "HTTP_PROXY", "AWS"};
  if (std::ranges::find(kTypes, object.type) == std::end(kTypes)) {
    return outside_of_set({.value = object.type,
                           .at = "putIntegrationInput.type",
                           .set = "HTTP, MOCK, AWS_PROXY, HTTP_PROXY, AWS"});
  }
  if (object.type != "MOCK") {
    if (Outcome<void> backend = check_backend(object); !backend) return backend;
  }
  if (object.connection_type && *object.connection_type != "INTERNET") {
    return not_supported("The connection type " + *object.connection_type);
  }
  const std::string_view passthrough =
      object.passthrough_behavior ? std::string_view(*object.passthrough_behavior) : "NEVER";
  if (passthrough != "WHEN_NO_MATCH" && passthrough != "WHEN_NO_TEMPLATES" &&
      passthrough != "NEVER") {
    return bad_request(
        "Invalid passthroughBehavior specified. Valid options are "
        "WHEN_NO_MATCH,WHEN_NO_TEMPLATES,NEVER");
  }
  const std::int32_t timeout = object.timeout_ms.value_or(kTimeoutMsMax);
  if (timeout < kTimeoutMsMin || timeout > kTimeoutMsMax) {
    return bad_request("Timeout should be between 50 ms and 29000 ms");
  }
  if (Outcome<void> handling = check_content_handling(object.content_handling.value_or(""),
                                                      "putIntegrationInput.contentHandling");
      !handling) {
    return handling;
  }
  const Outcome<void> mappings = check_mappings(text_map_of(object.request_parameters), kToBackend);
  if (!mappings) return mappings;
  return check_templates(template_map_of(object.request_templates));
}

Outcome<void> check_integration_response(const IntegrationResponse& response,
                                         const MethodResponse* declared) {
  if (Outcome<void> mappings = check_mappings(response.parameters, kToClient); !mappings) {
    return mappings;
  }
  for (const auto& [target, source] : response.parameters) {
    if (declared == nullptr || !declared->parameters.contains(target)) {
      return invalid_mapping_parameter(target);
    }
  }
  if (Outcome<void> handling = check_content_handling(
          response.content_handling, "putIntegrationResponseInput.contentHandling");
      !handling) {
    return handling;
  }
  return check_templates(response.templates);
}

Outcome<void> check_gateway_response(const GatewayResponse& response) {
  if (!response.status_code.empty()) {
    if (Outcome<void> status = check_status(response.status_code); !status) return status;
  }
  if (Outcome<void> mappings = check_mappings(response.parameters, kOfGateway); !mappings) {
    return mappings;
  }
  return check_templates(response.templates);
}

Integration integration_from(const IntegrationObject& object, std::string_view resource_id) {
  Integration integration = value_of(object);
  if (integration.cache_namespace.empty()) integration.cache_namespace = resource_id;
  if (integration.type == "MOCK") integration.uri.clear();
  return integration;
}

}  // namespace hyd::gateway

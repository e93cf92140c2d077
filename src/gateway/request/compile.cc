#include "base/parse_int.h"
#include "gateway/request/compiled_stage.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <span>
#include <utility>

namespace hyd::gateway {
namespace {

using Kind = CompiledIntegration::Kind;
using Side = ParameterSource::Side;

constexpr std::string_view kRemappedEverywhere[] = {"Connection", "Content-Length", "Date",
                                                    "Server"};
constexpr std::string_view kRemappedForServices[] = {
    "Authorization",      "Content-MD5", "Expect",  "Host",       "Max-Forwards",
    "Proxy-Authenticate", "Trailer",     "Upgrade", "User-Agent", "WWW-Authenticate"};
constexpr std::string_view kForbiddenEverywhere[] = {"Content-Length", "Transfer-Encoding",
                                                     "X-Amzn-Trace-Id", "X-Amzn-Apigateway-Api-Id"};
constexpr std::string_view kForbiddenForServices[] = {"Authorization", "Connection", "Expect",
                                                      "Proxy-Authenticate", "TE"};

bool among(std::span<const std::string_view> names, std::string_view name) {
  return std::ranges::any_of(names,
                             [&](std::string_view one) { return equal_ignoring_case(one, name); });
}

bool is_service(Kind kind) { return kind != Kind::mock; }

// 0 for what cannot be the status of an answer; 1xx would leave the client waiting for another one.
std::uint16_t status_of(std::string_view text) {
  const auto status = base::parse_int<std::uint16_t>(text);
  return status && *status >= 200 && *status <= 599 ? *status : std::uint16_t{0};
}

// "${stageVariables.name}" becomes the variable's value, or nothing when there is none.
std::string with_stage_variables(std::string_view text, const TextMap& variables) {
  constexpr std::string_view kOpen = "${stageVariables.";
  std::string out;
  while (true) {
    const std::size_t at = text.find(kOpen);
    const std::size_t end = at == std::string_view::npos ? at : text.find('}', at + kOpen.size());
    if (end == std::string_view::npos) return out.append(text);
    out.append(text.substr(0, at));
    const auto known = variables.find(text.substr(at + kOpen.size(), end - at - kOpen.size()));
    if (known != variables.end()) out.append(known->second);
    text.remove_prefix(end + 1);
  }
}

// Parts between colons; the last takes the rest.
template <std::size_t N>
std::array<std::string_view, N> split(std::string_view text) {
  std::array<std::string_view, N> parts;
  for (std::size_t i = 0; i < N; ++i) {
    const std::size_t colon = i + 1 == N ? text.size() : std::min(text.find(':'), text.size());
    parts[i] = text.substr(0, colon);
    text.remove_prefix(std::min(colon + 1, text.size()));
  }
  return parts;
}

class Compiler {
 public:
  Compiler(CompiledStage& out, const aws::Dispatcher& dispatcher)
      : out_(out), dispatcher_(dispatcher), definition_(*out.what.definition) {}

  void run() {
    std::size_t count = 0;
    for (const auto& [id, resource] : definition_.resources) count += resource.methods.size();
    out_.methods.reserve(count);
    gateway_responses();
    for (const auto& [id, resource] : definition_.resources) {
      for (const auto& [verb, method] : resource.methods) add_method(resource, verb, method);
    }
    for (std::size_t i = 0; i < out_.methods.size(); ++i) {
      const CompiledMethod& method = out_.methods[i];
      out_.routes.add(method.resource_path, method.verb, static_cast<Routes::Target>(i));
    }
  }

 private:
  void warn(std::string what) { out_.warnings.push_back({where_, std::move(what)}); }

  std::string path_of(const Resource& resource) const {
    std::string path;
    const Resource* at = &resource;
    // A definition without a cycle ends sooner.
    for (std::size_t i = 0; i < definition_.resources.size() && !at->parent_id.empty(); ++i) {
      path.insert(0, "/" + at->path_part);
      const auto parent = definition_.resources.find(at->parent_id);
      if (parent == definition_.resources.end()) break;
      at = &parent->second;
    }
    return path.empty() ? "/" : path;
  }

  void add_method(const Resource& resource, const std::string& verb, const Method& method) {
    CompiledMethod& out = out_.methods.emplace_back();
    out.resource_id = resource.id;
    out.resource_path = path_of(resource);
    out.verb = verb;
    where_ = verb + " " + out.resource_path;
    out.open = method.authorization_type.empty() || method.authorization_type == "NONE";
    out.asks_iam = method.authorization_type == "AWS_IAM";
    out.asks_key = method.api_key_required;
    if (!out.open) {
      warn("authorization is not evaluated yet: requests are refused");
    }
    if (out.asks_key) warn("API keys are not evaluated yet: requests are refused");
    if (!method.validator_id.empty()) warn("request validation is not evaluated yet");
    if (!method.integration) {
      out.integration.why = "the method has no integration";
      return warn(out.integration.why);
    }
    integration(*method.integration, out.integration);
    responses(method, *method.integration, out.integration);
    out.looks_back =
        std::ranges::any_of(out_.gateway_responses, [](const auto& one) { return one.customised; });
    for (const CompiledResponse& response : out.integration.responses) {
      out.looks_back |= !response.templates.empty() || !response.content_handling.empty();
      out.looks_back |= std::ranges::any_of(response.headers, [](const MappedHeader& header) {
        return header.source.from() == ParameterSource::From::context;
      });
    }
    out.looks_back |= !definition_.binary_media_types.empty();
  }

  void integration(const Integration& from, CompiledIntegration& out) {
    out.verb = from.http_method;
    out.timeout = std::chrono::milliseconds(from.timeout_ms);
    out.content_handling = from.content_handling;
    if (from.passthrough_behavior == "NEVER") out.passthrough = Passthrough::never;
    if (from.passthrough_behavior == "WHEN_NO_TEMPLATES") {
      out.passthrough = Passthrough::when_no_templates;
    }
    if (from.type == "MOCK") {
      out.kind = Kind::mock;
    } else if (from.type == "AWS") {
      find_action(from, out);
    } else {
      broken(out, "integrations of type " + from.type + " are not written yet");
    }
    templates(from.templates, "request template", out.templates, true);
    if (out.kind == Kind::action && out.passthrough == Passthrough::when_no_match) {
      warn(
          "bodies of a media type without a template go to the service as they are "
          "(passthroughBehavior WHEN_NO_MATCH)");
    }
    constexpr std::string_view kHeader = "integration.request.header.";
    for (const auto& [target, text] : from.parameters) {
      if (target.starts_with(kHeader) &&
          is_forbidden_to_backend(std::string_view(target).substr(kHeader.size()), out.kind)) {
        out.maps_forbidden_header = true;
        warn(target + " may not be mapped: requests fail");
      }
      const auto source = ParameterSource::parse(text, Side::request);
      if (!source) {
        warn(target + ": " + source.error().what);
      } else if (source->reads_body()) {
        out.reads_json_body = true;
      }
    }
  }

  void broken(CompiledIntegration& out, std::string why) {
    out.why = std::move(why);
    warn(out.why);
  }

  // arn:aws:apigateway:REGION:SERVICE:action/NAME
  void find_action(const Integration& from, CompiledIntegration& out) {
    const std::string uri = with_stage_variables(from.uri, out_.what.variables);
    const auto [arn, partition, gateway, region, service, rest] = split<6>(uri);
    constexpr std::string_view kAction = "action/";
    if (arn != "arn" || gateway != "apigateway" || uri.contains('{')) {
      return broken(out, "Invalid endpoint address: " + uri);
    }
    if (!rest.starts_with(kAction)) {
      return broken(out, "only actions of services are written yet, no paths: " + uri);
    }
    const std::string_view name = service.substr(service.rfind('.') + 1);  // behind a subdomain
    out.target = dispatcher_.find(name, rest.substr(kAction.size()));
    out.region = region;
    if (out.target.table == nullptr || out.target.table->protocol != aws::Protocol::json_1_1) {
      return broken(out, fmt::format("there is no service {} here", name));
    }
    // Not the service's own refusal: that would follow the mapping, and a default of 200 hide it.
    if (!out.target) {
      return broken(out, fmt::format("{} has no action {}", name, rest.substr(kAction.size())));
    }
    out.kind = Kind::action;
  }

  void templates(const TextMap& from, std::string_view what, std::vector<CompiledTemplate>& out,
                 bool keep_empty) {
    for (const auto& [media_type, text] : from) {
      if (text.empty() && !keep_empty) continue;
      auto program = vtl::parse(text);
      if (!program) {
        warn(fmt::format("the {} of {}: {}", what, media_type, vtl::to_text(program.error())));
        out.push_back({.media_type = media_type, .program = nullptr});
      } else {
        out.push_back({.media_type = media_type, .program = *std::move(program)});
      }
    }
  }

  void responses(const Method& method, const Integration& from, CompiledIntegration& out) {
    for (const auto& [status, response] : from.responses) {
      CompiledResponse& one = out.responses.emplace_back();
      one.status = status_of(status);
      one.declared = method.responses.contains(status) && one.status != 0;
      if (!one.declared) warn("no method response is declared for status " + status);
      one.content_handling = response.content_handling;
      headers(response.parameters, "method.response.header.", Side::response, out.kind,
              one.headers);
      templates(response.templates, "response template " + status, one.templates, false);
      if (response.selection_pattern.empty()) {
        if (!out.default_response) out.default_response = out.responses.size() - 1;
        continue;
      }
      auto pattern = codec::JavaRegex::compile(response.selection_pattern);
      if (pattern) {
        one.pattern = *std::move(pattern);
      } else {
        one.never = true;
        warn("the selection pattern of " + status + ": " + pattern.error().what);
      }
    }
    if (out.kind != Kind::action) return;
    if (out.responses.size() == 1 && out.default_response) {
      warn("every answer of the service, its refusals too, reaches the client as " +
           std::to_string(out.responses.front().status));
    }
  }

  void headers(const TextMap& parameters, std::string_view prefix, Side side, Kind kind,
               std::vector<MappedHeader>& out) {
    for (const auto& [target, text] : parameters) {
      auto source = ParameterSource::parse(text, side);
      if (!target.starts_with(prefix) || !source) {
        warn(target + ": " + (source ? "no header" : source.error().what));
        continue;
      }
      const std::string_view name = std::string_view(target).substr(prefix.size());
      std::string sent = outgoing_name(name, kind);
      if (!sent.empty()) out.push_back({.name = std::move(sent), .source = *std::move(source)});
    }
  }

  void gateway_responses() {
    for (std::size_t i = 0; i < kGatewayFailures; ++i) {
      const GatewayFailureRow& row = row_of(static_cast<GatewayFailure>(i));
      CompiledGatewayResponse& out = out_.gateway_responses[i];
      out.status = row.status;
      if (!row.customisable) continue;
      const auto& configured = definition_.gateway_responses;
      auto found = row.type.empty() ? configured.end() : configured.find(row.type);
      if (found == configured.end()) {
        found = configured.find(row.status < 500 ? "DEFAULT_4XX" : "DEFAULT_5XX");
      }
      if (found == configured.end()) continue;
      where_ = "gateway response " + found->first;
      out.customised = true;
      if (const std::uint16_t status = status_of(found->second.status_code); status != 0) {
        // A failure of our own is never shown as a success: lost data would pass for safe.
        const bool ours = row.failure == GatewayFailure::integration_failure ||
                          row.failure == GatewayFailure::integration_timeout;
        if (status >= 400 || !ours) out.status = status;
      }
      headers(found->second.parameters, "gatewayresponse.header.", Side::request, Kind::mock,
              out.headers);
      for (const auto& [media_type, text] : found->second.templates) {
        if (!text.empty()) out.templates.push_back({.media_type = media_type, .text = text});
      }
    }
  }

  CompiledStage& out_;
  const aws::Dispatcher& dispatcher_;
  const Definition& definition_;
  std::string where_;
};

}  // namespace

std::string outgoing_name(std::string_view name, Kind kind) {
  if (equal_ignoring_case(name, "Transfer-Encoding")) return {};
  const bool remapped =
      among(kRemappedEverywhere, name) || (is_service(kind) && among(kRemappedForServices, name));
  std::string out(remapped ? "x-amzn-Remapped-" : "");
  return out.append(name);
}

bool is_forbidden_to_backend(std::string_view name, Kind kind) {
  return among(kForbiddenEverywhere, name) ||
         (is_service(kind) && among(kForbiddenForServices, name));
}

std::shared_ptr<const CompiledStage> compile_stage(const DeployedStage& stage,
                                                   const aws::Dispatcher& dispatcher) {
  auto out = std::make_shared<CompiledStage>();
  out->what = stage;
  if (out->what.definition == nullptr) out->what.definition = std::make_shared<Definition>();
  Compiler(*out, dispatcher).run();
  return out;
}

}  // namespace hyd::gateway

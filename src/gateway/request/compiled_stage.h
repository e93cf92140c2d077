// A deployed stage, ready to answer: routes, programs of templates, mappings, targets, each read
// once.
//
// Compiling never fails. What is broken in a definition is kept as broken and answered when a
// request meets it, as AWS does, so that the rest of the API works; `warnings` says it beforehand.
//
// Immutable, shared by all loops and workers. Points into its own copy of the DeployedStage and
// into the dispatcher, which outlives it.
#pragma once

#include "aws/dispatcher.h"
#include "codec/java_regex.h"
#include "gateway/definition.h"
#include "gateway/request/gateway_failure.h"
#include "gateway/request/parameter_source.h"
#include "gateway/request/routes.h"
#include "vtl/program.h"

#include <array>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hyd::gateway {

struct StageWarning {
  std::string where;  // "POST /v1/{stream-name}: the request template of application/json"
  std::string what;
};

// A template and the media type that it is for, as it was stored. One that does not parse has no
// program: whoever meets it gets API_CONFIGURATION_ERROR.
struct CompiledTemplate {
  std::string_view media_type;
  std::unique_ptr<const vtl::Program> program;
};

struct MappedHeader {
  std::string name;  // as it is sent: remapped where AWS does
  ParameterSource source;
};

struct CompiledResponse {
  std::uint16_t status = 0;                 // 0: no status that a method could have
  bool declared = false;                    // the method has a response of that status
  std::optional<codec::JavaRegex> pattern;  // of the backend's whole status; the default has none
  bool never = false;                       // its pattern cannot be read, so nothing matches it
  std::vector<MappedHeader> headers;
  std::vector<CompiledTemplate> templates;  // empty ones left out: they count as none
  std::string_view content_handling;
};

enum class Passthrough : std::uint8_t { when_no_match, when_no_templates, never };

struct CompiledIntegration {
  enum class Kind : std::uint8_t {
    broken,  // `why`
    mock,
    action,  // an operation in this process
  };
  Kind kind = Kind::broken;
  std::string why;
  aws::Dispatcher::Target target;
  std::string region;
  std::string_view verb;  // towards the backend; "ANY" is the client's
  std::chrono::milliseconds timeout{29'000};
  Passthrough passthrough = Passthrough::when_no_match;
  std::string_view content_handling;
  std::vector<CompiledTemplate> templates;
  bool reads_json_body = false;             // a mapping looks into the request's body
  bool maps_forbidden_header = false;       // which AWS answers with 500
  std::vector<CompiledResponse> responses;  // by rising status
  std::optional<std::size_t> default_response;
};

struct CompiledMethod {
  std::string_view resource_id;
  std::string resource_path;
  std::string verb;  // "ANY" too
  bool open = true;  // authorizationType NONE
  bool asks_iam = false;
  bool asks_key = false;
  CompiledIntegration integration;
  // Something behind the integration may look at the request again: its bytes must stay.
  bool looks_back = false;
};

struct CompiledGatewayResponse {
  std::uint16_t status = 0;
  bool customised = false;
  std::vector<MappedHeader> headers;
  struct Template {
    std::string_view media_type;
    std::string_view text;
  };
  std::vector<Template> templates;  // empty: the table's body
};

struct CompiledStage {
  DeployedStage what;
  Routes routes;  // to indexes of `methods`
  std::vector<CompiledMethod> methods;
  std::array<CompiledGatewayResponse, kGatewayFailures> gateway_responses;
  std::vector<StageWarning> warnings;
};

// Any thread that may take its time: a large API has thousands of templates.
std::shared_ptr<const CompiledStage> compile_stage(const DeployedStage& stage,
                                                   const aws::Dispatcher& dispatcher);

// What a response header is called on its way out: "Date" becomes "x-amzn-Remapped-Date" (AWS
// documentation, "Amazon API Gateway important notes"). Empty: it is dropped.
std::string outgoing_name(std::string_view name, CompiledIntegration::Kind kind);

// AWS answers 500 when a mapping or an override sets one of these towards the backend.
bool is_forbidden_to_backend(std::string_view name, CompiledIntegration::Kind kind);

}  // namespace hyd::gateway

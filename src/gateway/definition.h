// What an API is: resources, their methods, integrations and responses, as values.
//
// The control plane edits a definition, a deployment freezes one, and the request path serves what
// a stage's deployment froze. Texts are kept as they were given; nothing is interpreted here.
// Names follow the objects of the service model of 2015-07-09.
#pragma once

#include "base/clock.h"

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace hyd::gateway {

using TextMap = std::map<std::string, std::string, std::less<>>;

struct IntegrationResponse {
  std::string selection_pattern;  // Java regular expression on the backend's status or error
  bool has_pattern = false;       // an empty pattern that was given is not a default's absent one
  TextMap parameters;             // "method.response.header.X" to its source
  // By media type. An empty template that was given reads back as null and passes nothing through.
  TextMap templates;
  std::string content_handling;  // "", "CONVERT_TO_TEXT", "CONVERT_TO_BINARY"
  friend bool operator==(const IntegrationResponse&, const IntegrationResponse&) = default;
};

struct Integration {
  std::string type;         // "AWS", "MOCK"; others are kept and answered with a clear failure
  std::string http_method;  // towards the backend; a MOCK needs none
  std::string uri;
  std::string credentials;
  TextMap parameters;  // "integration.request.header.X" to its source
  TextMap templates;   // by media type
  std::string passthrough_behavior = "WHEN_NO_MATCH";
  std::string content_handling;
  std::string cache_namespace;  // the resource's id unless given
  std::vector<std::string> cache_key_parameters;
  std::int32_t timeout_ms = 29'000;
  std::map<std::string, IntegrationResponse, std::less<>> responses;  // by status code
  friend bool operator==(const Integration&, const Integration&) = default;
};

struct MethodResponse {
  std::map<std::string, bool, std::less<>> parameters;  // declared headers to "required"
  TextMap models;
  friend bool operator==(const MethodResponse&, const MethodResponse&) = default;
};

struct Method {
  std::string authorization_type = "NONE";
  bool api_key_required = false;
  std::string operation_name;
  std::string validator_id;
  std::map<std::string, bool, std::less<>> parameters;  // "method.request.path.x" to "required"
  TextMap models;
  std::map<std::string, MethodResponse, std::less<>> responses;  // by status code
  std::optional<Integration> integration;
  friend bool operator==(const Method&, const Method&) = default;
};

struct Resource {
  std::string id;
  std::string parent_id;  // empty: the root
  std::string path_part;  // empty: the root; "v1", "{stream-name}", "{proxy+}"
  std::map<std::string, Method, std::less<>> methods;  // by verb, "ANY" included
  friend bool operator==(const Resource&, const Resource&) = default;
};

// What a client gets when no integration answered (AWS documentation, "Gateway responses").
struct GatewayResponse {
  std::string status_code;  // empty: the type's own
  TextMap parameters;
  TextMap templates;
  friend bool operator==(const GatewayResponse&, const GatewayResponse&) = default;
};

// Everything that a deployment freezes.
struct Definition {
  std::map<std::string, Resource, std::less<>> resources;  // by id, the root included
  std::map<std::string, GatewayResponse, std::less<>> gateway_responses;  // by type, changed ones
  std::vector<std::string> binary_media_types;
  bool default_endpoint_disabled = false;
  std::string api_key_source = "HEADER";              // or "AUTHORIZER"
  std::optional<std::int32_t> compression_bytes_min;  // kept and shown; answers are not compressed
  friend bool operator==(const Definition&, const Definition&) = default;
};

struct Stage {
  std::string name;
  std::string pin;  // the id its creator in this process gave it, to know its own again; or empty
  std::string deployment_id;
  std::string description;
  TextMap variables;
  TextMap tags;
  base::WallTime created;
  base::WallTime updated;
  friend bool operator==(const Stage&, const Stage&) = default;
};

// One stage as the request path sees it: an immutable picture, published to every loop.
struct DeployedStage {
  std::string api_id;
  std::string api_name;
  std::string stage;
  std::string deployment_id;
  TextMap variables;
  std::shared_ptr<const Definition> definition;
  // Equal when the same object is served: definitions are compared by address.
  friend bool operator==(const DeployedStage&, const DeployedStage&) = default;
};

}  // namespace hyd::gateway

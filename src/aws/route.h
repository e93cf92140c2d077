// Which service a request on the AWS port is for. All of them share the port, so the head alone
// must tell: target header, credential scope, host, path, form.
#pragma once

#include "net/http_parser.h"

#include <cstdint>
#include <string_view>

namespace hyd::aws {

enum class Door : std::uint8_t {
  ping,         // answered at once, unsigned
  metrics,      // /metrics and the status: loopback only, unsigned
  json,         // JSON 1.1 services, and requests that name no service at all
  query,        // IAM, STS, CloudFormation
  api_gateway,  // its control plane
  stage,        // a deployed API's own URLs
  console,      // static pages
  s3,
};

inline constexpr std::string_view kConsolePath = "/_hydrant/";
inline constexpr std::string_view kStatusPath = "/_hydrant/status";

// Views into the head.
struct ScopeHint {
  std::string_view access_key_id;
  std::string_view date;
  std::string_view region;
  std::string_view service;
};
// Of the Authorization header, else of X-Amz-Credential in the query (its slashes escaped or not);
// empty parts when there is none or it has not five parts. Proof of nothing: only a hint for
// routing, until the signature is checked.
ScopeHint scope_hint(const net::RequestHead& head);

// The value of a parameter of the query, not decoded; names compare as they are written.
std::string_view query_value(std::string_view query, std::string_view name);
bool has_query(std::string_view query, std::string_view name);

Door route(const net::RequestHead& head);

// Parts of a host: lower case is not needed, the port is cut off.
std::string_view host_without_port(std::string_view host);
// An IP address or "localhost", or nothing at all (HTTP/1.0): no name that somebody else could make
// point here.
bool is_address(std::string_view host);
// "{id}.execute-api.{region}.…": a stage whatever the path.
bool is_stage_host(std::string_view host);
bool is_stage_path(std::string_view path);

}  // namespace hyd::aws

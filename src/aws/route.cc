#include "aws/route.h"

#include "sys/transport.h"

#include <algorithm>
#include <array>
#include <cstddef>

namespace hyd::aws {
namespace {

constexpr char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool equal_ignoring_case(std::string_view a, std::string_view b) {
  return std::ranges::equal(a, b, [](char x, char y) { return lower(x) == lower(y); });
}

bool contains_ignoring_case(std::string_view text, std::string_view part) {
  return !std::ranges::search(text, part, [](char x, char y) {
            return lower(x) == lower(y);
          }).empty();
}

// The first segment of a path, without slashes.
std::string_view first_segment(std::string_view path) {
  if (!path.empty()) path.remove_prefix(1);
  return path.substr(0, path.find('/'));
}

// What the control plane of API Gateway has at its root.
constexpr std::string_view kControlPaths[] = {
    "restapis", "usageplans",         "apikeys",  "account", "tags", "domainnames",
    "vpclinks", "clientcertificates", "sdktypes",
};

constexpr std::string_view kQueryServices[] = {"iam", "sts", "cloudformation", "monitoring", "sns"};

bool is_get(std::string_view method) { return method == "GET" || method == "HEAD"; }

bool is_form(const net::RequestHead& head) {
  const auto type = head.find("content-type");
  return type && contains_ignoring_case(type->substr(0, type->find(';')),
                                        "application/x-www-form-urlencoded");
}

// A host that is only S3's: "b.s3.localhost", "s3.eu-west-1.amazonaws.com", "b.localhost".
bool is_s3_host(std::string_view host) {
  host = host_without_port(host);
  if (equal_ignoring_case(host.substr(0, 3), "s3.") ||
      equal_ignoring_case(host.substr(0, 3), "s3-")) {
    return true;
  }
  if (contains_ignoring_case(host, ".s3.") || contains_ignoring_case(host, ".s3-")) return true;
  constexpr std::string_view kLocal = ".localhost";
  return host.size() > kLocal.size() &&
         equal_ignoring_case(host.substr(host.size() - kLocal.size()), kLocal);
}

// Cuts at the first `mark`; what is left of it, or everything.
std::string_view cut(std::string_view& text, std::string_view mark) {
  const std::size_t at = text.find(mark);
  const std::string_view left = text.substr(0, at);
  text.remove_prefix(at == std::string_view::npos ? text.size() : at + mark.size());
  return left;
}

ScopeHint split_scope(std::string_view text) {
  // In a query the slashes may be escaped, in either case.
  const std::string_view slash = text.contains('/') ? "/" : text.contains("%2F") ? "%2F" : "%2f";
  ScopeHint scope;
  scope.access_key_id = cut(text, slash);
  scope.date = cut(text, slash);
  scope.region = cut(text, slash);
  scope.service = cut(text, slash);
  return text == "aws4_request" ? scope : ScopeHint{};
}

Door by_service(std::string_view service, const net::RequestHead& head) {
  if (service == "s3") return Door::s3;
  if (service == "apigateway") return Door::api_gateway;
  if (service == "execute-api") return Door::stage;
  if (std::ranges::find(kQueryServices, service) != std::end(kQueryServices)) return Door::query;
  // A form of a service that we do not know gets Query's own answer.
  return is_form(head) && !head.find("x-amz-target") ? Door::query : Door::json;
}

}  // namespace

std::string_view query_value(std::string_view query, std::string_view name) {
  while (!query.empty()) {
    std::string_view pair = cut(query, "&");
    if (cut(pair, "=") == name) return pair;
  }
  return {};
}

bool has_query(std::string_view query, std::string_view name) {
  while (!query.empty()) {
    std::string_view pair = cut(query, "&");
    if (cut(pair, "=") == name) return true;
  }
  return false;
}

ScopeHint scope_hint(const net::RequestHead& head) {
  if (const auto authorization = head.find("authorization")) {
    std::string_view text = *authorization;
    constexpr std::string_view kName = "Credential=";
    const std::size_t at = text.find(kName);
    if (at == std::string_view::npos) return {};
    text.remove_prefix(at + kName.size());
    return split_scope(text.substr(0, text.find_first_of(", ")));
  }
  return split_scope(query_value(head.query, "X-Amz-Credential"));
}

std::string_view host_without_port(std::string_view host) {
  if (host.starts_with('[')) return host.substr(0, host.find(']') + 1);
  return host.substr(0, host.find(':'));
}

bool is_address(std::string_view host) {
  const std::string_view name = host_without_port(host);
  return name.empty() || equal_ignoring_case(name, "localhost") ||
         sys::parse_endpoint(std::string(name) + ":0").has_value();
}

bool is_stage_host(std::string_view host) {
  constexpr std::string_view kMark = ".execute-api.";
  host = host_without_port(host);
  for (std::size_t dot = host.find('.'); dot != std::string_view::npos;
       dot = host.find('.', dot + 1)) {
    if (host.size() - dot < kMark.size()) return false;
    if (equal_ignoring_case(host.substr(dot, kMark.size()), kMark)) return true;
  }
  return false;
}

bool is_stage_path(std::string_view path) {
  if (path.starts_with("/_aws/execute-api/")) return true;
  if (!path.starts_with("/restapis/")) return false;
  // The literal in fourth position decides; an API's resources may have any other name.
  std::string_view rest = path.substr(std::string_view("/restapis/").size());
  cut(rest, "/");
  cut(rest, "/");
  return cut(rest, "/") == "_user_request_";
}

Door route(const net::RequestHead& head) {
  const std::string_view path = head.path;
  if (path == "/ping" && is_get(head.method) && !head.find("authorization")) return Door::ping;
  if (is_stage_path(path) || is_stage_host(head.host)) return Door::stage;
  if (head.find("x-amz-target")) return Door::json;
  if (head.find("x-apigw-api-id")) return Door::stage;

  const ScopeHint scope = scope_hint(head);
  if (!scope.service.empty()) return by_service(scope.service, head);
  // SigV2's two marks are S3's alone.
  if (head.find("authorization").value_or("").starts_with("AWS ") ||
      has_query(head.query, "AWSAccessKeyId")) {
    return Door::s3;
  }
  if ((path == "/metrics" || path == kStatusPath) && is_get(head.method)) return Door::metrics;
  if (path.starts_with(kConsolePath)) return Door::console;
  if (is_s3_host(head.host)) return Door::s3;
  if (path == "/" || path.empty()) {
    const bool asks = (head.method == "POST" && is_form(head)) || has_query(head.query, "Action");
    return asks ? Door::query : Door::json;
  }
  if (std::ranges::find(kControlPaths, first_segment(path)) != std::end(kControlPaths)) {
    return Door::api_gateway;
  }
  // Half a signature must not turn a request into an anonymous one of S3: it is refused by name.
  return Door::s3;
}

}  // namespace hyd::aws

#include "vtl/tools/usual_request.h"

#include <string_view>
#include <utility>

namespace hyd::vtl {
namespace {

using codec::Json;

struct Row {
  std::string_view name;
  std::string_view value;
};

constexpr Row kHeaders[] = {
    {"Accept", "*/*"},
    {"Content-Type", "application/json"},
    {"Host", "example0id.execute-api.us-east-1.amazonaws.com"},
    {"User-Agent", "hydrant"},
    {"X-Forwarded-For", "192.0.2.1"},
    {"X-Forwarded-Port", "443"},
    {"X-Forwarded-Proto", "https"},
    {"X-Amzn-Trace-Id", "Root=1-65e5f000-0123456789abcdef01234567"},
};

// In the order that Java's map has there (observed); an object or a number has no value here.
constexpr Row kContext[] = {
    {"resourceId", "resrc1"},
    {"resourcePath", "/events"},
    {"httpMethod", "POST"},
    {"extendedRequestId", "AbCdEfGhIjKlMnO="},
    {"requestTime", "04/Mar/2024:16:00:00 +0000"},
    {"path", "/prod/events"},
    {"accountId", "123456789012"},
    {"protocol", "HTTP/1.1"},
    {"requestOverride", ""},
    {"stage", "prod"},
    {"domainPrefix", "example0id"},
    {"requestTimeEpoch", ""},
    {"requestId", "01234567-89ab-4cde-8f01-23456789abcd"},
    {"identity", ""},
    {"domainName", "example0id.execute-api.us-east-1.amazonaws.com"},
    {"deploymentId", "deploy"},
    {"responseOverride", ""},
    {"apiId", "example0id"},
};

constexpr Row kIdentity[] = {
    {"cognitoIdentityPoolId", ""},
    {"accountId", ""},
    {"cognitoIdentityId", ""},
    {"caller", ""},
    {"sourceIp", "192.0.2.1"},
    {"principalOrgId", ""},
    {"accessKey", ""},
    {"cognitoAuthenticationType", ""},
    {"cognitoAuthenticationProvider", ""},
    {"userArn", ""},
    {"userAgent", "hydrant"},
    {"user", ""},
};

Json object(std::initializer_list<std::string_view> names) {
  Json out{Json::Object()};
  for (const std::string_view name : names) out.set(name, Json(Json::Object()));
  return out;
}

}  // namespace

Json usual_request() {
  Json headers{Json::Object()};
  for (const Row& row : kHeaders) headers.set(row.name, row.value);
  Json identity{Json::Object()};
  for (const Row& row : kIdentity) {
    identity.set(row.name, row.value.empty() ? Json() : Json(row.value));
  }
  Json context{Json::Object()};
  for (const Row& row : kContext) {
    if (row.name == "requestOverride") {
      context.set(row.name, object({"path", "header", "querystring"}));
    } else if (row.name == "responseOverride") {
      context.set(row.name, object({"header"}));
    } else if (row.name == "identity") {
      context.set(row.name, std::move(identity));
    } else if (row.name == "requestTimeEpoch") {
      context.set(row.name, Json::Number{"1709568000000"});
    } else {
      context.set(row.name, row.value);
    }
  }
  Json params = object({"path", "querystring"});
  params.set("header", std::move(headers));
  Json request{Json::Object()};
  request.set("params", std::move(params));
  request.set("context", std::move(context));
  request.set("stageVariables", Json(Json::Object()));
  return request;
}

}  // namespace hyd::vtl

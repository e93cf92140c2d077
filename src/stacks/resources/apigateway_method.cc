#include "stacks/resources/request.h"
#include "stacks/resources/types.h"

#include <utility>

namespace hyd::stacks {
namespace {

using aws::Outcome;
using codec::Json;

constexpr std::string_view kService = "apigateway";
constexpr std::string_view kReplace[] = {"RestApiId", "ResourceId", "HttpMethod"};

constexpr std::string_view kContent[] = {"CONVERT_TO_TEXT", "CONVERT_TO_BINARY"};
constexpr std::string_view kTypes[] = {"AWS", "MOCK"};
constexpr std::string_view kPassthrough[] = {"WHEN_NO_MATCH", "WHEN_NO_TEMPLATES", "NEVER"};
constexpr std::string_view kAuthorization[] = {"NONE"};

constexpr Property kIntegrationResponse[] = {
    {.name = "StatusCode", .required = true},
    {.name = "SelectionPattern"},
    {.name = "ResponseParameters", .want = Want::map},
    {.name = "ResponseTemplates", .want = Want::map},
    {.name = "ContentHandling", .one_of = kContent},
};
constexpr Property kIntegration[] = {
    {.name = "Type", .required = true, .one_of = kTypes},
    {.name = "IntegrationHttpMethod"},
    {.name = "Uri"},
    {.name = "Credentials"},
    {.name = "PassthroughBehavior", .one_of = kPassthrough},
    {.name = "RequestParameters", .want = Want::map},
    {.name = "RequestTemplates", .want = Want::map},
    {.name = "ContentHandling", .one_of = kContent},
    {.name = "TimeoutInMillis", .want = Want::integer, .min = 50, .max = 29'000},
    {.name = "CacheKeyParameters", .want = Want::list},
    {.name = "CacheNamespace"},
    {.name = "IntegrationResponses",
     .want = Want::list,
     .of = Want::object,
     .members = kIntegrationResponse},
};
constexpr Property kMethodResponse[] = {
    {.name = "StatusCode", .required = true},
    {.name = "ResponseParameters", .want = Want::map, .of = Want::boolean},
    {.name = "ResponseModels", .want = Want::map},
};
constexpr Property kProperties[] = {
    {.name = "RestApiId", .required = true},
    {.name = "ResourceId", .required = true},
    {.name = "HttpMethod", .required = true},
    {.name = "AuthorizationType", .one_of = kAuthorization},
    {.name = "ApiKeyRequired", .want = Want::boolean},
    {.name = "OperationName"},
    {.name = "RequestParameters", .want = Want::map, .of = Want::boolean},
    {.name = "RequestModels", .want = Want::map},
    {.name = "Integration", .want = Want::object, .members = kIntegration},
    {.name = "MethodResponses", .want = Want::list, .of = Want::object, .members = kMethodResponse},
};

void choose(Names& names, const StackPlace& place, Record& record) {
  record.physical_id = names.name({.stack = place.stack_name,
                                   .logical_id = record.logical_id,
                                   .size_max = 255,
                                   .lower_case = false});
}

std::string key(const Record& record) {
  return text_of(record.properties, "RestApiId") + "/" + text_of(record.properties, "ResourceId") +
         "/" + text_of(record.properties, "HttpMethod");
}

// What every request about a method begins with.
Json request_for(const Record& record) {
  Json request;
  carry(request, record.properties,
        {{"restApiId", "RestApiId"}, {"resourceId", "ResourceId"}, {"httpMethod", "HttpMethod"}});
  return request;
}

Outcome<void> remove(const Work& work, const Record& record) {
  return done_unless(work.client.call(kService, "DeleteMethod", request_for(record)),
                     "NotFoundException");
}

// By status code, as the service shows a method's responses.
Json by_status(std::span<const Json> responses, std::initializer_list<Carried> members) {
  Json out{Json::Object()};
  for (const Json& response : responses) {
    Json one;
    carry(one, response, {{"statusCode", "StatusCode"}});
    carry(one, response, members);
    out.set(text_of(response, "StatusCode"), std::move(one));
  }
  return out;
}

Json integration_of(const Json& properties) {
  Json out;
  carry(out, properties,
        {{"type", "Type"},
         {"httpMethod", "IntegrationHttpMethod"},
         {"uri", "Uri"},
         {"credentials", "Credentials"},
         {"requestParameters", "RequestParameters"},
         {"requestTemplates", "RequestTemplates"},
         {"passthroughBehavior", "PassthroughBehavior"},
         {"cacheNamespace", "CacheNamespace"},
         {"cacheKeyParameters", "CacheKeyParameters"},
         {"contentHandling", "ContentHandling"},
         {"timeoutInMillis", "TimeoutInMillis"}});
  out.set("integrationResponses", by_status(items_of(properties, "IntegrationResponses"),
                                            {{"selectionPattern", "SelectionPattern"},
                                             {"responseParameters", "ResponseParameters"},
                                             {"responseTemplates", "ResponseTemplates"},
                                             {"contentHandling", "ContentHandling"}}));
  return out;
}

// The whole method in one call, so that no deployment can freeze half of one. `overwrite` and the
// last two members are for callers in this process alone.
Outcome<void> put(const Work& work, const Record& record, bool overwrite) {
  Json request = request_for(record);
  const std::string authorization = text_of(record.properties, "AuthorizationType");
  request.set("authorizationType", authorization.empty() ? "NONE" : authorization);
  carry(request, record.properties,
        {{"apiKeyRequired", "ApiKeyRequired"},
         {"operationName", "OperationName"},
         {"requestParameters", "RequestParameters"},
         {"requestModels", "RequestModels"}});
  request.set("overwrite", overwrite);
  request.set("methodResponses", by_status(items_of(record.properties, "MethodResponses"),
                                           {{"responseParameters", "ResponseParameters"},
                                            {"responseModels", "ResponseModels"}}));
  if (const Json* const integration = record.properties.find("Integration")) {
    request.set("methodIntegration", integration_of(*integration));
  }
  return done(work.client.call(kService, "PutMethod", std::move(request)));
}

Outcome<void> create(const Work& work, const Record& record) {
  return put(work, record, work.repeat);
}

Outcome<void> update(const Work& work, const Record&, const Record& after) {
  return put(work, after, true);
}

}  // namespace

const ResourceType& apigateway_method() {
  static constexpr ResourceType kType{.name = "AWS::ApiGateway::Method",
                                      .doc = "A verb of a resource: its integration and responses.",
                                      .properties = kProperties,
                                      .replace = kReplace,
                                      .defines_api = true,
                                      .removed_early = true,
                                      .choose = &choose,
                                      .key = &key,
                                      .taken_fault = "ConflictException",
                                      .create = &create,
                                      .update = &update,
                                      .remove = &remove};
  return kType;
}

}  // namespace hyd::stacks

#include "stacks/resources/patch.h"
#include "stacks/resources/request.h"
#include "stacks/resources/types.h"

namespace hyd::stacks {
namespace {

using aws::Outcome;
using codec::Json;

constexpr std::string_view kRootId = "RootResourceId";
constexpr std::string_view kAttributes[] = {"RestApiId", kRootId};
constexpr std::string_view kFixed[] = {"Tags", "EndpointConfiguration", "ApiKeySourceType"};

constexpr Property kEndpoint[] = {
    {.name = "Types", .want = Want::list},
    {.name = "VpcEndpointIds", .ignored = true},
    {.name = "IpAddressType", .ignored = true},
};
constexpr Property kProperties[] = {
    {.name = "Name", .required = true},
    {.name = "Description"},
    {.name = "EndpointConfiguration", .want = Want::object, .members = kEndpoint},
    {.name = "BinaryMediaTypes", .want = Want::list},
    {.name = "DisableExecuteApiEndpoint", .want = Want::boolean},
    kTags,
    {.name = "ApiKeySourceType"},
    {.name = "MinimumCompressionSize", .want = Want::integer, .min = 0, .max = 10'485'760},
    {.name = "FailOnWarnings", .ignored = true},
    {.name = "SecurityPolicy", .ignored = true},
    {.name = "EndpointAccessMode", .ignored = true},
};

void choose(Names& names, const StackPlace&, Record& record) {
  record.physical_id = names.id(10);
  record.chosen.emplace(kRootId, names.id(10));
}

std::string attribute(const StackPlace&, const Record& record, std::string_view name) {
  return name == kRootId ? record.chosen.find(kRootId)->second : record.physical_id;
}

Outcome<void> create(const Work& work, const Record& record) {
  Json request;
  request.set("id", record.physical_id);
  request.set("rootResourceId", record.chosen.find(kRootId)->second);
  carry(request, record.properties,
        {{"name", "Name"},
         {"description", "Description"},
         {"binaryMediaTypes", "BinaryMediaTypes"},
         {"apiKeySource", "ApiKeySourceType"},
         {"minimumCompressionSize", "MinimumCompressionSize"},
         {"disableExecuteApiEndpoint", "DisableExecuteApiEndpoint"}});
  if (const Json* const endpoint = record.properties.find("EndpointConfiguration")) {
    Json configuration{Json::Object()};
    carry(configuration, *endpoint, {{"types", "Types"}});
    request.set("endpointConfiguration", std::move(configuration));
  }
  carry_tags_as_map(request, "tags", record.properties);
  return done(work.client.call("apigateway", "CreateRestApi", std::move(request)));
}

Outcome<void> update(const Work& work, const Record& before, const Record& after) {
  Patch patch;
  patch.scalar("/name", "Name", before.properties, after.properties);
  patch.scalar("/description", "Description", before.properties, after.properties);
  patch.scalar("/disableExecuteApiEndpoint", "DisableExecuteApiEndpoint", before.properties,
               after.properties);
  patch.scalar("/minimumCompressionSize", "MinimumCompressionSize", before.properties,
               after.properties);
  patch.members("/binaryMediaTypes", "BinaryMediaTypes", before.properties, after.properties);
  if (patch.empty()) return {};
  Json request;
  request.set("restApiId", after.physical_id);
  request.set("patchOperations", patch.take());
  return done(work.client.call("apigateway", "UpdateRestApi", std::move(request)));
}

Outcome<void> remove(const Work& work, const Record& record) {
  Json request;
  request.set("restApiId", record.physical_id);
  return done_unless(work.client.call("apigateway", "DeleteRestApi", std::move(request)),
                     "NotFoundException");
}

}  // namespace

const ResourceType& apigateway_rest_api() {
  static constexpr ResourceType kType{.name = "AWS::ApiGateway::RestApi",
                                      .doc = "An API of resources and methods.",
                                      .properties = kProperties,
                                      .fixed = kFixed,
                                      .attributes = kAttributes,
                                      .defines_api = true,
                                      .choose = &choose,
                                      .attribute = &attribute,
                                      .create = &create,
                                      .update = &update,
                                      .remove = &remove};
  return kType;
}

}  // namespace hyd::stacks

#include "stacks/resources/request.h"
#include "stacks/resources/types.h"

namespace hyd::stacks {
namespace {

using aws::Outcome;
using codec::Json;

constexpr std::string_view kAttributes[] = {"Id"};
constexpr std::string_view kReplace[] = {"ResponseType", "RestApiId"};

constexpr Property kProperties[] = {
    {.name = "RestApiId", .required = true},
    {.name = "ResponseType", .required = true},
    {.name = "StatusCode"},
    {.name = "ResponseParameters", .want = Want::map},
    {.name = "ResponseTemplates", .want = Want::map},
};

void choose(Names& names, const StackPlace&, Record& record) { record.physical_id = names.id(10); }

std::string key(const Record& record) {
  return text_of(record.properties, "RestApiId") + "/" + text_of(record.properties, "ResponseType");
}

std::string attribute(const StackPlace&, const Record& record, std::string_view) {
  return record.physical_id;
}

// A put replaces all of the former one.
Outcome<void> create(const Work& work, const Record& record) {
  Json request;
  carry(request, record.properties,
        {{"restApiId", "RestApiId"},
         {"responseType", "ResponseType"},
         {"statusCode", "StatusCode"},
         {"responseParameters", "ResponseParameters"},
         {"responseTemplates", "ResponseTemplates"}});
  return done(work.client.call("apigateway", "PutGatewayResponse", std::move(request)));
}

Outcome<void> update(const Work& work, const Record&, const Record& after) {
  return create(work, after);
}

Outcome<void> remove(const Work& work, const Record& record) {
  Json request;
  carry(request, record.properties, {{"restApiId", "RestApiId"}, {"responseType", "ResponseType"}});
  return done_unless(work.client.call("apigateway", "DeleteGatewayResponse", std::move(request)),
                     "NotFoundException");
}

}  // namespace

const ResourceType& apigateway_gateway_response() {
  static constexpr ResourceType kType{.name = "AWS::ApiGateway::GatewayResponse",
                                      .doc = "What an API answers when no integration did.",
                                      .properties = kProperties,
                                      .replace = kReplace,
                                      .attributes = kAttributes,
                                      .defines_api = true,
                                      .removed_early = true,
                                      .choose = &choose,
                                      .key = &key,
                                      .attribute = &attribute,
                                      .create = &create,
                                      .update = &update,
                                      .remove = &remove};
  return kType;
}

}  // namespace hyd::stacks

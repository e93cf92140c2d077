#include "stacks/resources/request.h"
#include "stacks/resources/types.h"

namespace hyd::stacks {
namespace {

using aws::Outcome;
using codec::Json;

constexpr std::string_view kAttributes[] = {"ResourceId"};
constexpr std::string_view kReplace[] = {"RestApiId", "ParentId", "PathPart"};

constexpr Property kProperties[] = {
    {.name = "RestApiId", .required = true},
    {.name = "ParentId", .required = true},
    {.name = "PathPart", .required = true},
};

void choose(Names& names, const StackPlace&, Record& record) { record.physical_id = names.id(6); }

std::string key(const Record& record) {
  return text_of(record.properties, "RestApiId") + "/" + text_of(record.properties, "ParentId") +
         "/" + text_of(record.properties, "PathPart");
}

std::string attribute(const StackPlace&, const Record& record, std::string_view) {
  return record.physical_id;
}

Outcome<void> create(const Work& work, const Record& record) {
  Json request;
  request.set("id", record.physical_id);
  carry(request, record.properties,
        {{"restApiId", "RestApiId"}, {"parentId", "ParentId"}, {"pathPart", "PathPart"}});
  return done(work.client.call("apigateway", "CreateResource", std::move(request)));
}

Outcome<void> remove(const Work& work, const Record& record) {
  Json request;
  carry(request, record.properties, {{"restApiId", "RestApiId"}});
  request.set("resourceId", record.physical_id);
  return done_unless(work.client.call("apigateway", "DeleteResource", std::move(request)),
                     "NotFoundException");
}

// Every property makes a new one.
Outcome<void> update(const Work&, const Record&, const Record&) { return {}; }

}  // namespace

const ResourceType& apigateway_resource() {
  static constexpr ResourceType kType{.name = "AWS::ApiGateway::Resource",
                                      .doc = "A segment of an API's paths.",
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

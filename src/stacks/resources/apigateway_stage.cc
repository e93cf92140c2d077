#include "stacks/resources/patch.h"
#include "stacks/resources/request.h"
#include "stacks/resources/types.h"

#include <utility>

namespace hyd::stacks {
namespace {

using aws::Outcome;
using codec::Json;

constexpr std::string_view kTaken = "ConflictException";
constexpr std::string_view kPin = "Pin";
constexpr std::string_view kReplace[] = {"RestApiId", "StageName"};
constexpr std::string_view kFixed[] = {"Tags"};

constexpr Property kProperties[] = {
    {.name = "RestApiId", .required = true},
    {.name = "StageName", .required = true},
    {.name = "DeploymentId", .required = true},
    {.name = "Description"},
    {.name = "Variables", .want = Want::map},
    kTags,
    {.name = "MethodSettings", .ignored = true},
    {.name = "AccessLogSetting", .ignored = true},
    {.name = "TracingEnabled", .ignored = true},
    {.name = "CacheClusterEnabled", .ignored = true},
    {.name = "CacheClusterSize", .ignored = true},
    {.name = "ClientCertificateId", .ignored = true},
    {.name = "DocumentationVersion", .ignored = true},
};

// The pin tells a repeated create from a stage that somebody else made.
void choose(Names& names, const StackPlace&, Record& record) {
  record.physical_id = text_of(record.properties, "StageName");
  record.chosen.emplace(kPin, names.id(6));
}

std::string key(const Record& record) {
  return text_of(record.properties, "RestApiId") + "/" + record.physical_id;
}

Json request_for(const Record& record) {
  Json request;
  carry(request, record.properties, {{"restApiId", "RestApiId"}, {"stageName", "StageName"}});
  return request;
}

Outcome<void> create(const Work& work, const Record& record) {
  Json request = request_for(record);
  request.set("id", record.chosen.find(kPin)->second);
  carry(request, record.properties,
        {{"deploymentId", "DeploymentId"},
         {"description", "Description"},
         {"variables", "Variables"}});
  carry_tags_as_map(request, "tags", record.properties);
  return done(work.client.call("apigateway", "CreateStage", std::move(request)));
}

Outcome<void> update(const Work& work, const Record& before, const Record& after) {
  Patch patch;
  patch.scalar("/deploymentId", "DeploymentId", before.properties, after.properties);
  patch.scalar("/description", "Description", before.properties, after.properties);
  patch.entries("/variables", "Variables", before.properties, after.properties);
  if (patch.empty()) return {};
  Json request = request_for(after);
  request.set("patchOperations", patch.take());
  return done(work.client.call("apigateway", "UpdateStage", std::move(request)));
}

Outcome<void> remove(const Work& work, const Record& record) {
  return done_unless(work.client.call("apigateway", "DeleteStage", request_for(record)),
                     "NotFoundException");
}

}  // namespace

const ResourceType& apigateway_stage() {
  static constexpr ResourceType kType{.name = "AWS::ApiGateway::Stage",
                                      .doc = "A deployment under a name, where clients reach it.",
                                      .properties = kProperties,
                                      .replace = kReplace,
                                      .fixed = kFixed,
                                      .choose = &choose,
                                      .key = &key,
                                      .taken_fault = kTaken,
                                      .create = &create,
                                      .update = &update,
                                      .remove = &remove};
  return kType;
}

}  // namespace hyd::stacks

#include "stacks/resources/request.h"
#include "stacks/resources/types.h"

namespace hyd::stacks {
namespace {

using aws::Outcome;
using codec::Json;

constexpr std::string_view kAttributes[] = {"DeploymentId"};
constexpr std::string_view kReplace[] = {"RestApiId", "Description"};

constexpr Property kProperties[] = {
    {.name = "RestApiId", .required = true},
    {.name = "Description"},
};

void choose(Names& names, const StackPlace&, Record& record) { record.physical_id = names.id(6); }

std::string attribute(const StackPlace&, const Record& record, std::string_view) {
  return record.physical_id;
}

Outcome<void> create(const Work& work, const Record& record) {
  Json request;
  request.set("id", record.physical_id);
  carry(request, record.properties, {{"restApiId", "RestApiId"}, {"description", "Description"}});
  return done(work.client.call("apigateway", "CreateDeployment", std::move(request)));
}

// Every change takes a new snapshot.
Outcome<void> update(const Work&, const Record&, const Record&) { return {}; }

Outcome<void> remove(const Work& work, const Record& record) {
  Json request;
  carry(request, record.properties, {{"restApiId", "RestApiId"}});
  request.set("deploymentId", record.physical_id);
  return done_unless(work.client.call("apigateway", "DeleteDeployment", std::move(request)),
                     "NotFoundException");
}

}  // namespace

const ResourceType& apigateway_deployment() {
  static constexpr ResourceType kType{.name = "AWS::ApiGateway::Deployment",
                                      .doc = "What an API is at one moment, for stages to serve.",
                                      .properties = kProperties,
                                      .replace = kReplace,
                                      .attributes = kAttributes,
                                      .freezes_api = true,
                                      .choose = &choose,
                                      .attribute = &attribute,
                                      .create = &create,
                                      .update = &update,
                                      .remove = &remove};
  return kType;
}

}  // namespace hyd::stacks

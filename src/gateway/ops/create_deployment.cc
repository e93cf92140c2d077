#include "gateway/faults.h"
#include "gateway/ids.h"
#include "gateway/ops/edit.h"
#include "gateway/ops/operations.h"
#include "gateway/ops/show.h"
#include "gateway/stage_rules.h"

#include <utility>

namespace hyd::gateway {
namespace {

using aws::Outcome;

Outcome<void> check(const CreateDeploymentInput& input) {
  if (input.id && !is_id(*input.id, kIdLength)) return malformed_id(*input.id);
  if (input.canary_settings) return not_supported("A canary release");
  if (input.stage_name) {
    if (Outcome<void> good = check_stage_name(*input.stage_name); !good) return good;
  }
  return check_variables(text_map_of(input.variables));
}

// Makes the stage, or moves it to the deployment.
void point_stage(const CreateDeploymentInput& input, const std::string& deployment_id,
                 base::WallTime time, Api& api) {
  const auto [entry, made] = api.stages.try_emplace(*input.stage_name);
  Stage& stage = entry->second;
  if (made) {
    stage.name = *input.stage_name;
    stage.created = time;
  }
  stage.deployment_id = deployment_id;
  stage.updated = time;
  if (input.stage_description) stage.description = *input.stage_description;
  if (input.variables) stage.variables = text_map_of(input.variables);
}

struct Asked {
  CreateDeploymentInput input;
  base::WallTime time;
};

// The id of the deployment, new or made by the same call before.
Outcome<std::string> deploy(Apis& apis, const Asked& asked, Api& api) {
  const CreateDeploymentInput& input = asked.input;
  const std::string description = input.description.value_or("");
  std::string id = input.id.value_or("");
  if (const auto there = api.deployments.find(id); there != api.deployments.end()) {
    if (there->second.description != description) return id_taken(id);
    return id;
  }
  if (Outcome<void> good = check_deployable(api.definition); !good) {
    return std::move(good).error();
  }
  while (id.empty() || api.deployments.contains(id)) id = make_id(kIdLength, apis.entropy());
  api.deployments[id] = {
      .id = id, .description = description, .created = asked.time, .snapshot = api.freeze()};
  if (input.stage_name) point_stage(input, id, asked.time, api);
  return id;
}

}  // namespace

// Success means the definition as it stands is frozen and, with `stageName`, served: the next
// request on any connection meets it. Later edits never show in it.
void create_deployment(Apis& apis, const aws::Call& call, const CreateDeploymentInput& input,
                       aws::Done<DeploymentObject> done) {
  if (Outcome<void> good = check(input); !good) {
    return done(std::unexpected(std::move(good).error()));
  }
  // Drawn inside the transaction, where ids that are taken show.
  const auto id = std::make_shared<std::string>();
  edit_api(
      apis, call, {.api_id = input.rest_api_id, .missing = no_such_api(call, input.rest_api_id)},
      [&apis, id, asked = Asked{.input = input, .time = now(call)}](Api& api) -> Outcome<void> {
        Outcome<std::string> deployed = deploy(apis, asked, api);
        if (!deployed) return std::move(deployed).error();
        *id = *std::move(deployed);
        return {};
      },
      shown<DeploymentObject>([id](const Api& api) { return object_of(api.deployments.at(*id)); },
                              std::move(done)));
}

}  // namespace hyd::gateway

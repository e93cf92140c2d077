#include "gateway/faults.h"
#include "gateway/ops/edit.h"
#include "gateway/ops/operations.h"
#include "gateway/ops/patch.h"
#include "gateway/ops/show.h"
#include "gateway/stage_rules.h"

#include <algorithm>
#include <utility>

namespace hyd::gateway {
namespace {

using aws::Outcome;

// Settings that AWS's stages have and ours do not yet: by first step, and by the last two of a
// method's.
bool is_known_setting(const std::vector<std::string>& path) {
  constexpr std::string_view kStage[] = {
      "cacheClusterEnabled", "cacheClusterSize", "clientCertificateId", "tracingEnabled",
      "accessLogSettings",   "canarySettings",   "webAclArn",           "documentationVersion"};
  constexpr std::string_view kMethod[] = {"metrics", "logging", "throttling", "caching"};
  if (path.empty()) return false;
  if (std::ranges::find(kStage, path.front()) != std::end(kStage)) return true;
  return path.size() >= 3 && std::ranges::find(kMethod, path[path.size() - 2]) != std::end(kMethod);
}

Outcome<void> patch_variable(const Patch& patch, Stage& stage) {
  if (patch.op == "remove") {
    stage.variables.erase(patch.path[1]);
  } else if (patch.op == "add" || patch.op == "replace") {
    stage.variables.insert_or_assign(patch.path[1], patch.value);
  } else {
    return bad_request("Invalid patch operation specified. Must be one of: [add, remove, replace]");
  }
  return {};
}

Outcome<void> apply(const Patch& patch, const Api& api, Stage& stage) {
  if (patch.path.size() == 2 && patch.path[0] == "variables") return patch_variable(patch, stage);
  const bool deployment = patch.is("deploymentId");
  if (!deployment && !patch.is("description")) {
    if (is_known_setting(patch.path)) return not_supported("The stage setting " + patch.text);
    return bad_request("Invalid method setting path: " + patch.text +
                       ". Must be one of: [/deploymentId, /description, /variables/{name}]");
  }
  if (Outcome<void> replace = only_replace(patch); !replace) return replace;
  if (deployment) {
    if (!api.deployments.contains(patch.value)) return deployment_does_not_exist();
    stage.deployment_id = patch.value;
  } else {
    stage.description = patch.value;
  }
  return {};
}

}  // namespace

// All of the patches or none. What is served changes with the answer.
void update_stage(Apis& apis, const aws::Call& call, const UpdateStageInput& input,
                  aws::Done<StageObject> done) {
  auto patches = read_patches(input.patch_operations, "updateStageInput");
  if (!patches) return done(std::unexpected(std::move(patches).error()));
  edit_api(
      apis, call, {.api_id = input.rest_api_id, .missing = no_such_api(call, input.rest_api_id)},
      [name = input.stage_name, time = now(call),
       patches = *std::move(patches)](Api& api) -> Outcome<void> {
        const auto found = api.stages.find(name);
        if (found == api.stages.end()) return no_such_stage();
        Stage& stage = found->second;
        for (const Patch& patch : patches) {
          if (Outcome<void> applied = apply(patch, api, stage); !applied) return applied;
        }
        stage.updated = time;
        return check_variables(stage.variables);
      },
      shown<StageObject>(
          [name = input.stage_name](const Api& api) { return object_of(api.stages.at(name)); },
          std::move(done)));
}

}  // namespace hyd::gateway

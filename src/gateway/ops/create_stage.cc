#include "gateway/faults.h"
#include "gateway/ops/edit.h"
#include "gateway/ops/operations.h"
#include "gateway/ops/show.h"
#include "gateway/stage_rules.h"

#include <utility>

namespace hyd::gateway {
namespace {

using aws::Outcome;

Outcome<Stage> stage_from(const CreateStageInput& input, base::WallTime time) {
  Stage stage{.name = input.stage_name,
              .pin = input.id.value_or(""),
              .deployment_id = input.deployment_id,
              .description = input.description.value_or(""),
              .variables = text_map_of(input.variables),
              .tags = text_map_of(input.tags),
              .created = time,
              .updated = time};
  if (input.canary_settings) return not_supported("A canary release");
  if (Outcome<void> good = check_stage_name(stage.name); !good) return std::move(good).error();
  if (Outcome<void> good = check_variables(stage.variables); !good) {
    return std::move(good).error();
  }
  return stage;
}

bool same_creation(const Stage& there, const Stage& wanted) {
  Stage as_then = wanted;
  as_then.created = there.created;
  as_then.updated = there.created;
  return !wanted.pin.empty() && there == as_then;
}

}  // namespace

void create_stage(Apis& apis, const aws::Call& call, const CreateStageInput& input,
                  aws::Done<StageObject> done) {
  Outcome<Stage> stage = stage_from(input, now(call));
  if (!stage) return done(std::unexpected(std::move(stage).error()));
  const std::string name = stage->name;
  edit_api(
      apis, call, {.api_id = input.rest_api_id, .missing = no_such_api(call, input.rest_api_id)},
      [stage = *std::move(stage)](Api& api) -> Outcome<void> {
        if (const auto there = api.stages.find(stage.name); there != api.stages.end()) {
          if (!same_creation(there->second, stage)) return stage_exists();
          return {};
        }
        if (!api.deployments.contains(stage.deployment_id)) return deployment_does_not_exist();
        api.stages.emplace(stage.name, stage);
        return {};
      },
      shown<StageObject>([name](const Api& api) { return object_of(api.stages.at(name)); },
                         std::move(done)));
}

}  // namespace hyd::gateway

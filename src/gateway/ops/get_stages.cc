// GetStage and GetStages.
#include "gateway/faults.h"
#include "gateway/ops/edit.h"
#include "gateway/ops/operations.h"
#include "gateway/ops/show.h"

#include <utility>

namespace hyd::gateway {

void get_stage(Apis& apis, const aws::Call& call, const StageInput& input,
               aws::Done<StageObject> done) {
  const aws::Outcome<ApiPtr> api = find_api(apis, call, input.rest_api_id);
  if (!api) return done(std::unexpected(api.error()));
  const auto found = (*api)->stages.find(input.stage_name);
  if (found == (*api)->stages.end()) return done(std::unexpected(no_such_stage()));
  done(object_of(found->second));
}

void get_stages(Apis& apis, const aws::Call& call, const GetStagesInput& input,
                aws::Done<StagesObject> done) {
  const aws::Outcome<ApiPtr> api = find_api(apis, call, input.rest_api_id);
  if (!api) return done(std::unexpected(api.error()));
  StagesObject stages;
  for (const auto& [name, stage] : (*api)->stages) {
    if (input.deployment_id && stage.deployment_id != *input.deployment_id) continue;
    stages.item.push_back(object_of(stage));
  }
  done(std::move(stages));
}

}  // namespace hyd::gateway

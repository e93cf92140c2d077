#include "gateway/faults.h"
#include "gateway/ops/edit.h"
#include "gateway/ops/operations.h"

#include <utility>

namespace hyd::gateway {

void delete_stage(Apis& apis, const aws::Call& call, const StageInput& input,
                  aws::Done<aws::Nothing> done) {
  edit_api(
      apis, call, {.api_id = input.rest_api_id, .missing = no_such_api(call, input.rest_api_id)},
      [name = input.stage_name](Api& api) -> aws::Outcome<void> {
        if (api.stages.erase(name) == 0) return no_such_stage();
        return {};
      },
      unshown(std::move(done)));
}

}  // namespace hyd::gateway

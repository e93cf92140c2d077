#include "gateway/faults.h"
#include "gateway/ops/edit.h"
#include "gateway/ops/operations.h"

#include <algorithm>
#include <utility>

namespace hyd::gateway {

void delete_deployment(Apis& apis, const aws::Call& call, const DeploymentInput& input,
                       aws::Done<aws::Nothing> done) {
  edit_api(
      apis, call, {.api_id = input.rest_api_id, .missing = no_such_api(call, input.rest_api_id)},
      [id = input.deployment_id](Api& api) -> aws::Outcome<void> {
        const auto found = api.deployments.find(id);
        if (found == api.deployments.end()) return no_such_deployment();
        if (std::ranges::any_of(
                api.stages, [&](const auto& entry) { return entry.second.deployment_id == id; })) {
          return deployment_in_use();
        }
        api.deployments.erase(found);
        return {};
      },
      unshown(std::move(done)));
}

}  // namespace hyd::gateway

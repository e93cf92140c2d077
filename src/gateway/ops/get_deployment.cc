#include "gateway/faults.h"
#include "gateway/ops/edit.h"
#include "gateway/ops/operations.h"
#include "gateway/ops/show.h"

namespace hyd::gateway {

void get_deployment(Apis& apis, const aws::Call& call, const DeploymentInput& input,
                    aws::Done<DeploymentObject> done) {
  const aws::Outcome<ApiPtr> api = find_api(apis, call, input.rest_api_id);
  if (!api) return done(std::unexpected(api.error()));
  const auto found = (*api)->deployments.find(input.deployment_id);
  if (found == (*api)->deployments.end()) return done(std::unexpected(no_such_deployment()));
  done(object_of(found->second));
}

}  // namespace hyd::gateway

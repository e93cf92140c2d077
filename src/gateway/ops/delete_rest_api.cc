#include "gateway/ops/edit.h"
#include "gateway/ops/operations.h"

#include <utility>

namespace hyd::gateway {

// With all its deployments and stages: what was served stops with the answer.
void delete_rest_api(Apis& apis, const aws::Call& call, const RestApiInput& input,
                     aws::Done<aws::Nothing> done) {
  apis.change(
      call, input.rest_api_id,
      [missing =
           no_such_api(call, input.rest_api_id)](std::optional<Api>& api) -> aws::Outcome<void> {
        if (!api) return missing;
        api.reset();
        return {};
      },
      unshown(std::move(done)));
}

}  // namespace hyd::gateway

#include "gateway/faults.h"
#include "gateway/ops/edit_method.h"
#include "gateway/ops/operations.h"

#include <utility>

namespace hyd::gateway {

void delete_integration(Apis& apis, const aws::Call& call, const MethodInput& input,
                        aws::Done<aws::Nothing> done) {
  edit_method(
      apis, call,
      {.api_id = input.rest_api_id, .resource_id = input.resource_id, .verb = input.http_method},
      [](Method& method) -> aws::Outcome<void> {
        if (!method.integration) return no_such_integration();
        method.integration.reset();
        return {};
      },
      unshown(std::move(done)));
}

}  // namespace hyd::gateway

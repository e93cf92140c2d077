#include "gateway/faults.h"
#include "gateway/ops/edit.h"
#include "gateway/ops/operations.h"
#include "gateway/tree_rules.h"

#include <utility>

namespace hyd::gateway {

void delete_method(Apis& apis, const aws::Call& call, const MethodInput& input,
                   aws::Done<aws::Nothing> done) {
  edit_api(
      apis, call, {.api_id = input.rest_api_id, .missing = no_such_resource()},
      [input](Api& api) -> aws::Outcome<void> {
        Resource* const resource = find_resource(api.definition, input.resource_id);
        if (resource == nullptr) return no_such_resource();
        if (resource->methods.erase(input.http_method) == 0) return no_such_method();
        return {};
      },
      unshown(std::move(done)));
}

}  // namespace hyd::gateway

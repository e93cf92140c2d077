#include "gateway/faults.h"
#include "gateway/ops/edit.h"
#include "gateway/ops/operations.h"
#include "gateway/tree_rules.h"

#include <utility>

namespace hyd::gateway {

void delete_resource(Apis& apis, const aws::Call& call, const ResourceInput& input,
                     aws::Done<aws::Nothing> done) {
  edit_api(
      apis, call, {.api_id = input.rest_api_id, .missing = no_such_resource()},
      [id = input.resource_id](Api& api) -> aws::Outcome<void> {
        const Resource* const resource = find_resource(api.definition, id);
        if (resource == nullptr) return no_such_resource();
        if (resource->parent_id.empty()) return bad_request("Root resource cannot be deleted.");
        for (const std::string& one : subtree(api.definition, id)) {
          api.definition.resources.erase(one);
        }
        return {};
      },
      unshown(std::move(done)));
}

}  // namespace hyd::gateway

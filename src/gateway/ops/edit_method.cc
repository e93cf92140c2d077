#include "gateway/ops/edit_method.h"

#include "gateway/faults.h"
#include "gateway/tree_rules.h"

#include <utility>

namespace hyd::gateway {

void edit_method(Apis& apis, const aws::Call& call, const MethodName& name,
                 std::move_only_function<aws::Outcome<void>(Method&)> edit,
                 aws::Done<ApiPtr> done) {
  edit_api(
      apis, call, {.api_id = name.api_id, .missing = no_such_resource()},
      [resource_id = name.resource_id, verb = name.verb,
       edit = std::move(edit)](Api& api) mutable -> aws::Outcome<void> {
        if (find_resource(api.definition, resource_id) == nullptr) return no_such_resource();
        Method* const method = find_method(api.definition, resource_id, verb);
        if (method == nullptr) return no_such_method();
        return edit(*method);
      },
      std::move(done));
}

}  // namespace hyd::gateway

#include "identity/faults.h"
#include "identity/ops/operations.h"
#include "identity/tables.h"

#include <utility>

namespace hyd::identity {

void delete_role_policy(Identity& identity, const aws::Call& call, const RolePolicyInput& input,
                        aws::Done<aws::Nothing> done) {
  const std::string key = role_key(input.role_name);
  identity.change(
      call,
      {.store = [key, input](catalog::Transaction& in) -> base::Result<std::optional<aws::Fault>> {
         ASSIGN_OR_RETURN(const bool there, has_role(in, key));
         if (!there) return no_such_role(input.role_name);
         ASSIGN_OR_RETURN(const bool removed,
                          remove_policy(in, {.role_key = key, .name = input.policy_name}));
         if (!removed) return no_such_policy(input.policy_name);
         return std::nullopt;
       },
       .apply = [key, name = input.policy_name](Roles& roles) { roles[key].policies.erase(name); }},
      std::move(done));
}

}  // namespace hyd::identity

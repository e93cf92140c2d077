#include "identity/faults.h"
#include "identity/ops/operations.h"
#include "identity/tables.h"

#include <utility>

namespace hyd::identity {

void detach_role_policy(Identity& identity, const aws::Call& call, const AttachmentInput& input,
                        aws::Done<aws::Nothing> done) {
  const std::string key = role_key(input.role_name);
  identity.change(
      call,
      {.store = [key, input](catalog::Transaction& in) -> base::Result<std::optional<aws::Fault>> {
         ASSIGN_OR_RETURN(const bool there, has_role(in, key));
         if (!there) return no_such_role(input.role_name);
         ASSIGN_OR_RETURN(const bool removed,
                          detach(in, {.role_key = key, .arn = input.policy_arn}));
         if (!removed) return policy_not_attached(input.policy_arn);
         return std::nullopt;
       },
       .apply = [key, arn = input.policy_arn](Roles& roles) { roles[key].attached.erase(arn); }},
      std::move(done));
}

}  // namespace hyd::identity

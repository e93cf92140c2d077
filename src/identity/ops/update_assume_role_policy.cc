#include "identity/faults.h"
#include "identity/ops/operations.h"
#include "identity/policy_text.h"
#include "identity/tables.h"

#include <utility>

namespace hyd::identity {

void update_assume_role_policy(Identity& identity, const aws::Call& call,
                               const UpdateAssumeRolePolicyInput& input,
                               aws::Done<aws::Nothing> done) {
  if (auto why = policy_fault(input.policy_document)) {
    return done(std::unexpected(malformed_policy(*std::move(why))));
  }
  if (policy_size(input.policy_document) > kTrustBytesMax) {
    return done(std::unexpected(trust_too_large(kTrustBytesMax)));
  }
  const std::string key = role_key(input.role_name);
  identity.change(
      call,
      {.store = [key, input](catalog::Transaction& in) -> base::Result<std::optional<aws::Fault>> {
         ASSIGN_OR_RETURN(const bool there, has_role(in, key));
         if (!there) return no_such_role(input.role_name);
         RETURN_IF_ERROR(put_trust(in, key, input.policy_document));
         return std::nullopt;
       },
       .apply = [key, text = input.policy_document](Roles& roles) { roles[key].trust = text; }},
      std::move(done));
}

}  // namespace hyd::identity

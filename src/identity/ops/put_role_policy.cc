#include "identity/faults.h"
#include "identity/ops/operations.h"
#include "identity/policy_text.h"
#include "identity/tables.h"

#include <utility>

namespace hyd::identity {
namespace {

constexpr std::int64_t kInlineBytesMax = 10'240;  // all of a role's, without white space

}  // namespace

void put_role_policy(Identity& identity, const aws::Call& call, const PutRolePolicyInput& input,
                     aws::Done<aws::Nothing> done) {
  if (auto why = policy_fault(input.policy_document)) {
    return done(std::unexpected(malformed_policy(*std::move(why))));
  }
  const std::string key = role_key(input.role_name);
  identity.change(
      call,
      {.store = [key, input](catalog::Transaction& in) -> base::Result<std::optional<aws::Fault>> {
         ASSIGN_OR_RETURN(const bool there, has_role(in, key));
         if (!there) return no_such_role(input.role_name);
         const RolePolicy policy{.role_key = key, .name = input.policy_name};
         ASSIGN_OR_RETURN(const std::int64_t beside, policy_bytes_beside(in, policy));
         if (beside + policy_size(input.policy_document) > kInlineBytesMax) {
           return policies_too_large({.bytes_max = kInlineBytesMax, .role = input.role_name});
         }
         RETURN_IF_ERROR(put_policy(in, policy, input.policy_document));
         return std::nullopt;
       },
       .apply =
           [key, input](Roles& roles) {
             roles[key].policies.insert_or_assign(input.policy_name, input.policy_document);
           }},
      std::move(done));
}

}  // namespace hyd::identity

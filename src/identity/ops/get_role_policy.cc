#include "codec/percent.h"
#include "identity/faults.h"
#include "identity/ops/operations.h"

namespace hyd::identity {

void get_role_policy(Identity& identity, const aws::Call& call, const RolePolicyInput& input,
                     aws::Done<RolePolicyOutput> done) {
  const Role* const role = identity.find_role(call.loop, input.role_name);
  if (role == nullptr) return done(std::unexpected(no_such_role(input.role_name)));
  const auto policy = role->policies.find(input.policy_name);
  if (policy == role->policies.end()) {
    return done(std::unexpected(no_such_policy(input.policy_name)));
  }
  done(RolePolicyOutput{.role_name = role->name,
                        .policy_name = policy->first,
                        .policy_document = codec::percent_encode(policy->second)});
}

}  // namespace hyd::identity

#include "identity/faults.h"
#include "identity/ops/operations.h"

namespace hyd::identity {

void get_role(Identity& identity, const aws::Call& call, const RoleNameInput& input,
              aws::Done<RoleOutput> done) {
  const Role* const role = identity.find_role(call.loop, input.role_name);
  if (role == nullptr) return done(std::unexpected(no_such_role(input.role_name)));
  done(RoleOutput{.role = role_detail(call, *role)});
}

}  // namespace hyd::identity

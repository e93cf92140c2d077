#include "identity/faults.h"
#include "identity/ops/operations.h"
#include "identity/tables.h"

#include <utility>

namespace hyd::identity {

void delete_role(Identity& identity, const aws::Call& call, const RoleNameInput& input,
                 aws::Done<aws::Nothing> done) {
  const std::string key = role_key(input.role_name);
  identity.change(
      call,
      {.store = [key, name = input.role_name](
                    catalog::Transaction& in) -> base::Result<std::optional<aws::Fault>> {
         ASSIGN_OR_RETURN(const bool there, has_role(in, key));
         if (!there) return no_such_role(name);
         ASSIGN_OR_RETURN(const std::int64_t attached, count_attachments(in, key));
         if (attached > 0) return delete_conflict_attachments();
         ASSIGN_OR_RETURN(const bool policies, has_policies(in, key));
         if (policies) return delete_conflict_policies();
         RETURN_IF_ERROR(remove_role(in, key));
         return std::nullopt;
       },
       .apply = [key](Roles& roles) { roles.erase(key); }},
      std::move(done));
}

}  // namespace hyd::identity

#include "identity/faults.h"
#include "identity/ids.h"
#include "identity/ops/operations.h"
#include "identity/policy_text.h"
#include "identity/tables.h"

#include <chrono>
#include <set>
#include <utility>

namespace hyd::identity {
namespace {

bool repeats_a_key(const std::vector<Tag>& tags) {
  std::set<std::string> keys;
  for (const Tag& tag : tags) {
    if (!keys.insert(role_key(tag.key)).second) return true;  // whatever the case
  }
  return false;
}

Role role_from(Identity& identity, const aws::Call& call, const CreateRoleInput& input) {
  Role role{.name = input.role_name,
            .path = input.path.value_or("/"),
            .id = make_role_id(identity.entropy()),
            .trust = input.assume_role_policy_document,
            .description = input.description.value_or(""),
            .permissions_boundary = input.permissions_boundary.value_or(""),
            .session_seconds_max = input.max_session_duration.value_or(3'600),
            .created = std::chrono::floor<std::chrono::seconds>(call.clock.wall())};
  for (const Tag& tag : input.tags.value_or(std::vector<Tag>())) {
    role.tags.emplace_back(tag.key, tag.value);
  }
  return role;
}

}  // namespace

// Success means the role survives any crash and every loop shows it.
void create_role(Identity& identity, const aws::Call& call, const CreateRoleInput& input,
                 aws::Done<RoleOutput> done) {
  if (auto why = policy_fault(input.assume_role_policy_document)) {
    return done(std::unexpected(malformed_policy(*std::move(why))));
  }
  if (policy_size(input.assume_role_policy_document) > kTrustBytesMax) {
    return done(std::unexpected(trust_too_large(kTrustBytesMax)));
  }
  if (input.tags && repeats_a_key(*input.tags)) return done(std::unexpected(duplicate_tag_keys()));

  Role role = role_from(identity, call, input);
  RoleOutput output{.role = role_detail(call, role)};
  identity.change(
      call,
      {.store = [role](catalog::Transaction& in) -> base::Result<std::optional<aws::Fault>> {
         ASSIGN_OR_RETURN(const bool taken, has_role(in, role_key(role.name)));
         if (taken) return role_exists(role.name);
         RETURN_IF_ERROR(add_role(in, role));
         return std::nullopt;
       },
       .apply = [role](Roles& roles) { roles.insert_or_assign(role_key(role.name), role); }},
      [output = std::move(output), done = std::move(done)](auto outcome) mutable {
        if (!outcome) return done(std::unexpected(std::move(outcome).error()));
        done(std::move(output));
      });
}

}  // namespace hyd::identity

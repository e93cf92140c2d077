// How this room's state is kept in the catalog. Plain functions over a transaction or a reader.
#pragma once

#include "base/result.h"
#include "catalog/schema.h"
#include "catalog/statement.h"
#include "identity/roles.h"

#include <optional>
#include <string>
#include <string_view>

namespace hyd::identity {

// To be passed to Catalog::open with everyone's.
catalog::Schema identity_schema();

// The account whose ARNs the database holds; nothing in a fresh one.
base::Result<std::optional<std::string>> read_account(catalog::Queryable& from);
// Code::conflict: it is another's.
base::Result<void> keep_account(catalog::Transaction& in, std::string_view account);

base::Result<Roles> read_roles(catalog::Queryable& from);

base::Result<bool> has_role(catalog::Queryable& from, std::string_view key);
// With its tags; `policies` and `attached` are rows of their own. The key is new.
base::Result<void> add_role(catalog::Transaction& in, const Role& role);
// With its tags. It has neither policies nor attachments.
base::Result<void> remove_role(catalog::Transaction& in, std::string_view key);
base::Result<void> put_trust(catalog::Transaction& in, std::string_view key,
                             std::string_view trust);

struct RolePolicy {
  std::string_view role_key;
  std::string_view name;
};
base::Result<void> put_policy(catalog::Transaction& in, const RolePolicy& policy,
                              std::string_view text);
// True when it was there.
base::Result<bool> remove_policy(catalog::Transaction& in, const RolePolicy& policy);
// Characters of the role's inline policies, without the one named.
base::Result<std::int64_t> policy_bytes_beside(catalog::Queryable& from, const RolePolicy& policy);
base::Result<bool> has_policies(catalog::Queryable& from, std::string_view key);

struct Attachment {
  std::string_view role_key;
  std::string_view arn;
};
base::Result<void> attach(catalog::Transaction& in, const Attachment& attachment);
// True when it was there.
base::Result<bool> detach(catalog::Transaction& in, const Attachment& attachment);
base::Result<std::int64_t> count_attachments(catalog::Queryable& from, std::string_view key);

}  // namespace hyd::identity

#include "codec/percent.h"
#include "identity/ops/operations.h"

namespace hyd::identity {

RoleDetail role_detail(const aws::Call& call, const Role& role) {
  RoleDetail detail{.path = role.path,
                    .role_name = role.name,
                    .role_id = role.id,
                    .arn = role_arn(call.account, role),
                    .create_date = role.created,
                    .assume_role_policy_document = codec::percent_encode(role.trust),
                    .description = {},
                    .max_session_duration = static_cast<std::int32_t>(role.session_seconds_max),
                    .permissions_boundary = {},
                    .tags = {}};
  if (!role.description.empty()) detail.description = role.description;
  if (!role.permissions_boundary.empty()) {
    detail.permissions_boundary = {.type = "Policy", .arn = role.permissions_boundary};
  }
  for (const auto& [key, value] : role.tags) {
    if (!detail.tags) detail.tags.emplace();
    detail.tags->push_back({.key = key, .value = value});
  }
  return detail;
}

}  // namespace hyd::identity

// IAM's refusals. Names and statuses are the service model's, texts those that tools look for.
#pragma once

#include "aws/fault.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace hyd::identity {

aws::Fault no_such_role(std::string_view name);
aws::Fault no_such_policy(std::string_view name);         // inline
aws::Fault no_such_managed_policy(std::string_view arn);  // to attach
aws::Fault policy_not_attached(std::string_view arn);     // to detach
aws::Fault role_exists(std::string_view name);
aws::Fault delete_conflict_policies();
aws::Fault delete_conflict_attachments();
aws::Fault malformed_policy(std::string why);
aws::Fault trust_too_large(std::int64_t bytes_max);
struct TooLarge {
  std::int64_t bytes_max;
  std::string_view role;
};
aws::Fault policies_too_large(const TooLarge& what);
aws::Fault too_many_attachments(std::int64_t max);
aws::Fault duplicate_tag_keys();

}  // namespace hyd::identity

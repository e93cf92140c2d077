#include "identity/faults.h"

#include <fmt/core.h>

#include <utility>

namespace hyd::identity {
namespace {

aws::Fault fault(std::string_view name, int status, std::string message) {
  return {.name = std::string(name), .status = status, .message = std::move(message)};
}
aws::Fault no_such_entity(std::string message) {
  return fault("NoSuchEntity", 404, std::move(message));
}
aws::Fault limit(std::string message) { return fault("LimitExceeded", 409, std::move(message)); }

}  // namespace

aws::Fault no_such_role(std::string_view name) {
  return no_such_entity(fmt::format("The role with name {} cannot be found.", name));
}
aws::Fault no_such_policy(std::string_view name) {
  return no_such_entity(fmt::format("The role policy with name {} cannot be found.", name));
}
aws::Fault no_such_managed_policy(std::string_view arn) {
  return no_such_entity(fmt::format("Policy {} does not exist or is not attachable.", arn));
}
aws::Fault policy_not_attached(std::string_view arn) {
  return no_such_entity(fmt::format("Policy {} was not found.", arn));
}
aws::Fault role_exists(std::string_view name) {
  return fault("EntityAlreadyExists", 409, fmt::format("Role with name {} already exists.", name));
}
aws::Fault delete_conflict_policies() {
  return fault("DeleteConflict", 409, "Cannot delete entity, must delete policies first.");
}
aws::Fault delete_conflict_attachments() {
  return fault("DeleteConflict", 409, "Cannot delete entity, must detach all policies first.");
}
aws::Fault malformed_policy(std::string why) {
  return fault("MalformedPolicyDocument", 400, std::move(why));
}
aws::Fault trust_too_large(std::int64_t bytes_max) {
  return limit(fmt::format("Cannot exceed quota for ACLSizePerRole: {}", bytes_max));
}
aws::Fault policies_too_large(const TooLarge& what) {
  return limit(fmt::format("Maximum policy size of {} bytes exceeded for role {}", what.bytes_max,
                           what.role));
}
aws::Fault too_many_attachments(std::int64_t max) {
  return limit(fmt::format("Cannot exceed quota for PoliciesPerRole: {}", max));
}
aws::Fault duplicate_tag_keys() {
  return fault("InvalidInput", 400,
               "Duplicate tag keys found. Please note that Tag keys are case insensitive.");
}

}  // namespace hyd::identity

#include "identity/roles.h"

#include "aws/arn.h"
#include "aws/canonical.h"

namespace hyd::identity {

std::string role_key(std::string_view name) {
  std::string key(name);
  for (char& c : key) c = aws::to_lower(c);
  return key;
}

std::string role_arn(std::string_view account, const Role& role) {
  const std::string resource = "role" + role.path + role.name;
  return aws::make_arn({.service = "iam", .region = "", .account = account, .resource = resource});
}

}  // namespace hyd::identity

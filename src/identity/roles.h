// Roles as they are known to every loop: an immutable picture, published again at each change.
#pragma once

#include "base/clock.h"

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hyd::identity {

struct Role {
  std::string name;  // as it was created
  std::string path = "/";
  std::string id;     // "AROA…"
  std::string trust;  // the policy's text, byte for byte
  std::string description = {};
  std::string permissions_boundary = {};  // an ARN, or empty
  std::int64_t session_seconds_max = 3600;
  base::WallTime created = {};
  std::vector<std::pair<std::string, std::string>> tags = {};
  std::map<std::string, std::string> policies = {};  // inline: name to text, byte for byte
  std::set<std::string> attached = {};               // ARNs of managed policies

  friend bool operator==(const Role&, const Role&) = default;
};

// Names are unique whatever their case, so this is by `role_key` of the name.
using Roles = std::map<std::string, Role, std::less<>>;

std::string role_key(std::string_view name);
// "arn:aws:iam::123456789012:role/path/name".
std::string role_arn(std::string_view account, const Role& role);

}  // namespace hyd::identity

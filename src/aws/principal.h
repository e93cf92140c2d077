// Who made a call, once proven. Immutable, shared by the calls of one key: any thread may read it.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

namespace hyd::aws {

struct Principal {
  enum class Type : std::uint8_t {
    anonymous,     // nothing was signed; only public resources answer it
    root,          // the account itself
    user,          // a long-term key of an IAM user
    assumed_role,  // a session of a role
    service,       // a part of this process; no header or token of the network maps to it
  };

  std::string account = {};  // 12 digits
  std::string arn = {};      // "arn:aws:iam::123456789012:root"
  std::string user_id = {};  // "AIDA…", "AROA…:session"; root: the account
  Type type = Type::anonymous;
  // The key whose signature was verified; empty for anonymous and service.
  std::string access_key_id = {};
};

using PrincipalPtr = std::shared_ptr<const Principal>;

}  // namespace hyd::aws

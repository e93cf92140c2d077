// Access keys as the authenticator sees them.
#pragma once

#include "aws/principal.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace hyd::aws {

struct AccessKey {
  std::string id = {};      // "AKIA…"
  std::string secret = {};  // in clear: signatures need it. Never in a log, never in an answer
  bool active = true;
  // Changes whenever the secret of this id does, so that signing keys derived before are not used.
  // Never 0.
  std::uint64_t generation = 1;
  PrincipalPtr principal = {};  // never null
};

// Asked on every loop at once: implementations answer from snapshots, without locks.
class KeyStore {
 public:
  virtual ~KeyStore() = default;
  // Null: no such key. What is returned stays as it is until the caller returns to its loop.
  virtual const AccessKey* find(std::string_view access_key_id) const = 0;
};

}  // namespace hyd::aws

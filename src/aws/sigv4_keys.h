// Signing keys: the secret bound to a day, a region and a service.
#pragma once

#include "codec/hash.h"

#include <cstddef>
#include <cstdint>
#include <list>
#include <string>
#include <string_view>
#include <unordered_map>

namespace hyd::aws {

struct CredentialScope;

// HMAC("AWS4" + secret, date, region, service, "aws4_request"), ready to sign.
codec::HmacKey derive_signing_key(std::string_view secret, const CredentialScope& scope);

// The last keys derived, because deriving costs four times what signing does. Bounded; the one
// unused for longest goes first. One thread: each loop has its own.
class SigningKeys {
 public:
  explicit SigningKeys(std::size_t keys_max) : keys_max_(keys_max) {}

  struct Wanted {
    std::string_view credential;  // the whole scope text, key id included: the name in the cache
    const CredentialScope& scope;
    std::string_view secret;
    std::uint64_t generation;  // of the secret; a key of another generation is derived anew
  };
  // Valid until the next call.
  const codec::HmacKey& get(const Wanted& wanted);
  std::size_t size() const { return newest_first_.size(); }

 private:
  struct Entry {
    std::string credential;
    std::uint64_t generation;
    codec::HmacKey key;
  };

  std::size_t keys_max_;
  std::list<Entry> newest_first_;
  std::unordered_map<std::string_view, std::list<Entry>::iterator> by_credential_;
};

}  // namespace hyd::aws

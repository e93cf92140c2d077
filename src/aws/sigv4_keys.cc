#include "aws/sigv4_keys.h"

#include "aws/sigv4_claim.h"

namespace hyd::aws {

codec::HmacKey derive_signing_key(std::string_view secret, const CredentialScope& scope) {
  std::string start = "AWS4";
  start += secret;
  codec::Sha256Digest key = codec::hmac_sha256(start, scope.date);
  for (const std::string_view part : {scope.region, scope.service, scope.terminator}) {
    key = codec::hmac_sha256(key.view(), part);
  }
  return codec::HmacKey(key.view());
}

const codec::HmacKey& SigningKeys::get(const Wanted& wanted) {
  const auto found = by_credential_.find(wanted.credential);
  if (found != by_credential_.end()) {
    newest_first_.splice(newest_first_.begin(), newest_first_, found->second);
    Entry& entry = newest_first_.front();
    if (entry.generation != wanted.generation) {
      entry.key = derive_signing_key(wanted.secret, wanted.scope);
      entry.generation = wanted.generation;
    }
    return entry.key;
  }
  if (newest_first_.size() == keys_max_) {
    by_credential_.erase(newest_first_.back().credential);
    newest_first_.pop_back();
  }
  newest_first_.push_front({.credential = std::string(wanted.credential),
                            .generation = wanted.generation,
                            .key = derive_signing_key(wanted.secret, wanted.scope)});
  by_credential_.emplace(newest_first_.front().credential, newest_first_.begin());
  return newest_first_.front().key;
}

}  // namespace hyd::aws

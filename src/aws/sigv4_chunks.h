// Signatures inside an aws-chunked body: each is computed over the one before, beginning with the
// request's (AWS documentation, "Signature calculations for the authorization header: transferring
// a payload in multiple chunks").
#pragma once

#include "codec/hash.h"

#include <string>
#include <string_view>

namespace hyd::aws {

struct ChunkSeed {
  std::string_view timestamp;  // "20150830T123600Z"
  std::string_view scope;      // "20150830/us-east-1/s3/aws4_request"
  std::string_view signature;  // of the request, 64 lower-case digits
};

// Checks one body, in order. After a failed check the body is refused and this is of no use.
class ChunkSigner {
 public:
  ChunkSigner(const codec::HmacKey& key, const ChunkSeed& seed);

  // `data_hash` is the SHA-256 of the chunk's data; the last, empty chunk is signed too.
  [[nodiscard]] bool check_chunk(const codec::Sha256Digest& data_hash, std::string_view signature);
  // `trailer` is "name:value\n" for each trailer but the signature's own, names in lower case.
  [[nodiscard]] bool check_trailer(std::string_view trailer, std::string_view signature);

 private:
  bool check(std::string_view algorithm, std::string_view text_behind, std::string_view signature);

  codec::HmacKey key_;
  std::string timestamp_and_scope_;  // with their line ends
  std::string previous_;
};

}  // namespace hyd::aws

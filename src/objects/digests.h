// The sums that are made of an object's bytes while they arrive: MD5 for the ETag, CRC-64/NVME for
// reading them back, and what the client asked for.
#pragma once

#include "codec/hash.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace hyd::objects {

// In the order of the table in digests.cc.
enum class Algorithm : std::uint8_t { crc32, crc32c, crc64nvme, sha1, sha256 };

struct AlgorithmInfo {
  Algorithm algorithm;
  std::string_view name;    // "CRC32"
  std::string_view header;  // "x-amz-checksum-crc32"
  std::size_t bytes;        // of a value
};
const AlgorithmInfo& info(Algorithm algorithm);
std::optional<Algorithm> algorithm_named(std::string_view name);  // whatever the case
std::optional<Algorithm> algorithm_of_header(std::string_view lower_case_header);

class Digests {
 public:
  struct Wanted {
    std::optional<Algorithm> checksum = {};
    bool sha256 = false;  // of the payload, for the signature
  };
  explicit Digests(Wanted wanted) : wanted_(wanted) {}

  void update(std::string_view bytes);
  // At the end, as often as wanted.
  codec::Md5Digest md5();
  codec::Sha256Digest sha256();
  // Big-endian bytes of the checksum that was wanted; without one, the CRC-64. Once.
  std::string checksum();
  Algorithm algorithm() const { return wanted_.checksum.value_or(Algorithm::crc64nvme); }
  std::uint64_t crc64() const { return crc64_; }

 private:
  bool needs_sha256() const { return wanted_.sha256 || wanted_.checksum == Algorithm::sha256; }

  Wanted wanted_;
  codec::Md5 md5_;
  codec::Sha1 sha1_;
  codec::Sha256 sha256_;
  std::optional<codec::Md5Digest> md5_done_;
  std::optional<codec::Sha256Digest> sha256_done_;
  std::uint64_t crc64_ = 0;
  std::uint32_t crc32_ = 0;
  std::uint32_t crc32c_ = 0;
};

}  // namespace hyd::objects

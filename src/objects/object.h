// Buckets and objects as values: what a row of the catalog says.
#pragma once

#include "base/clock.h"
#include "base/uid.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hyd::objects {

// What was stored with an object and is returned with it: lower-case names ("content-type",
// "x-amz-meta-colour"), values as they came. No value holds a line end.
using Headers = std::vector<std::pair<std::string, std::string>>;

std::string_view find_header(const Headers& headers, std::string_view name);

struct Bucket {
  std::int64_t id = 0;  // never reused
  std::string name;
  std::string region;
  base::WallTime created;  // whole seconds
};

// A checksum of all bytes as S3's headers have it.
struct Checksum {
  std::string algorithm = {};  // "CRC64NVME", "SHA256", …; empty: none
  std::string value = {};      // base64

  friend bool operator==(const Checksum&, const Checksum&) = default;
};

struct Object {
  std::string key;
  std::uint64_t size = 0;
  std::string etag;              // without its quotes
  base::WallTime modified = {};  // whole seconds, so that headers, lists and conditions agree
  Headers headers = {};
  Checksum checksum = {};
  std::uint64_t crc64 = 0;  // CRC-64/NVME of the bytes: what a read is checked against
  // Where the bytes are, one of three: in a file, in a row of the catalog, or in the blobs of a
  // list of segments (an upload in parts).
  base::Uid blob = {};
  std::int64_t inline_row = 0;
  std::int64_t segments = 0;
  // Who put it (a delivery's batch), no id when nobody said: putting it again changes nothing.
  base::Uid token = {};
};

}  // namespace hyd::objects

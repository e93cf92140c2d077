// Cyclic checksums: CRC-32C guards every frame of the log, CRC-32 is gzip's, CRC-64/NVME is what
// S3's newer clients send.
//
// All are in the usual form, inverted before and after: `crc32c("123456789")` is e3069283. Text in
// pieces: pass the checksum of what came before as `before`. With the checksums of two parts and
// the length of the second, `combine` gives that of the whole without reading it again, which is
// how S3 checks a multipart object. Values go on the wire big-endian.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace hyd::codec {

std::uint32_t crc32c(std::string_view bytes, std::uint32_t before = 0);
std::uint32_t crc32(std::string_view bytes, std::uint32_t before = 0);
std::uint64_t crc64nvme(std::string_view bytes, std::uint64_t before = 0);

// Parts in order, with the second one's length in bytes.
template <class Crc>
struct CrcParts {
  Crc first;
  Crc second;
  std::uint64_t second_bytes;
};
std::uint32_t combine_crc32c(const CrcParts<std::uint32_t>& parts);
std::uint32_t combine_crc32(const CrcParts<std::uint32_t>& parts);
std::uint64_t combine_crc64nvme(const CrcParts<std::uint64_t>& parts);

}  // namespace hyd::codec

#include "objects/digests.h"

#include "codec/checksum.h"

#include <algorithm>
#include <utility>

namespace hyd::objects {
namespace {

constexpr AlgorithmInfo kAlgorithms[] = {
    {Algorithm::crc32, "CRC32", "x-amz-checksum-crc32", 4},
    {Algorithm::crc32c, "CRC32C", "x-amz-checksum-crc32c", 4},
    {Algorithm::crc64nvme, "CRC64NVME", "x-amz-checksum-crc64nvme", 8},
    {Algorithm::sha1, "SHA1", "x-amz-checksum-sha1", 20},
    {Algorithm::sha256, "SHA256", "x-amz-checksum-sha256", 32},
};

char upper(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; }

template <class T>
std::string big_endian(T value) {
  std::string bytes(sizeof(T), '\0');
  for (std::size_t i = sizeof(T); i-- > 0; value = static_cast<T>(value >> 8)) {
    bytes[i] = static_cast<char>(value & 0xff);
  }
  return bytes;
}

}  // namespace

const AlgorithmInfo& info(Algorithm algorithm) {
  return kAlgorithms[std::to_underlying(algorithm)];
}

std::optional<Algorithm> algorithm_named(std::string_view name) {
  for (const AlgorithmInfo& row : kAlgorithms) {
    if (std::ranges::equal(name, row.name, [](char a, char b) { return upper(a) == b; })) {
      return row.algorithm;
    }
  }
  return std::nullopt;
}

std::optional<Algorithm> algorithm_of_header(std::string_view header) {
  for (const AlgorithmInfo& row : kAlgorithms) {
    if (row.header == header) return row.algorithm;
  }
  return std::nullopt;
}

void Digests::update(std::string_view bytes) {
  md5_.update(bytes);
  crc64_ = codec::crc64nvme(bytes, crc64_);
  if (needs_sha256()) sha256_.update(bytes);
  if (!wanted_.checksum) return;
  switch (*wanted_.checksum) {
    case Algorithm::crc32: crc32_ = codec::crc32(bytes, crc32_); break;
    case Algorithm::crc32c: crc32c_ = codec::crc32c(bytes, crc32c_); break;
    case Algorithm::sha1: sha1_.update(bytes); break;
    case Algorithm::crc64nvme:
    case Algorithm::sha256: break;  // made above
  }
}

codec::Md5Digest Digests::md5() {
  if (!md5_done_) md5_done_ = md5_.finish();
  return *md5_done_;
}

codec::Sha256Digest Digests::sha256() {
  if (!sha256_done_) sha256_done_ = sha256_.finish();
  return *sha256_done_;
}

std::string Digests::checksum() {
  switch (algorithm()) {
    case Algorithm::crc32: return big_endian(crc32_);
    case Algorithm::crc32c: return big_endian(crc32c_);
    case Algorithm::crc64nvme: break;
    case Algorithm::sha1: return std::string(sha1_.finish().view());
    case Algorithm::sha256: return std::string(sha256().view());
  }
  return big_endian(crc64_);
}

}  // namespace hyd::objects

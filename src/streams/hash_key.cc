#include "streams/hash_key.h"

#include "codec/hash.h"
#include "streams/wide.h"

namespace hyd::streams {
namespace {

std::uint64_t big_endian(const char* bytes) {
  std::uint64_t out = 0;
  for (std::size_t i = 0; i < 8; ++i) {
    out = out << 8 | static_cast<std::uint8_t>(bytes[i]);
  }
  return out;
}

// 2^128 / count, rounded down; count is at least 2.
HashKey width(std::uint32_t count) {
  // Long division of 1 followed by four zero words.
  std::uint64_t rest = 1;
  std::array<std::uint32_t, 4> words{};
  for (std::uint32_t& word : words) {
    rest <<= 32;
    word = static_cast<std::uint32_t>(rest / count);
    rest %= count;
  }
  return {.high = std::uint64_t{words[0]} << 32 | words[1],
          .low = std::uint64_t{words[2]} << 32 | words[3]};
}

// Below 2^128.
HashKey times(const HashKey& key, std::uint32_t factor) {
  const std::uint64_t low = (key.low & UINT32_MAX) * factor;
  const std::uint64_t middle = (key.low >> 32) * factor + (low >> 32);
  return {.high = key.high * factor + (middle >> 32), .low = middle << 32 | (low & UINT32_MAX)};
}

}  // namespace

HashKey HashKey::of(std::string_view partition_key) {
  const codec::Md5Digest digest = codec::md5(partition_key);
  return from_bytes(digest.bytes);
}

std::optional<HashKey> HashKey::parse(std::string_view decimal) {
  const auto number = Wide<4>::parse(decimal);
  if (!number) return std::nullopt;
  return HashKey{.high = number->bits(64, 64), .low = number->bits(0, 64)};
}

std::string HashKey::decimal() const {
  Wide<4> number;
  number.put(0, low);
  number.put(64, high);
  return number.decimal();
}

std::array<char, 16> HashKey::bytes() const {
  std::array<char, 16> out;
  for (std::size_t i = 0; i < 8; ++i) {
    out[i] = static_cast<char>(high >> (56 - 8 * i) & 0xff);
    out[8 + i] = static_cast<char>(low >> (56 - 8 * i) & 0xff);
  }
  return out;
}

HashKey HashKey::from_bytes(const std::array<char, 16>& bytes) {
  return {.high = big_endian(bytes.data()), .low = big_endian(bytes.data() + 8)};
}

HashRange tile(Tile which) {
  if (which.count <= 1) return {.first = {}, .last = HashKey::max()};
  const HashKey step = width(which.count);
  const HashKey first = times(step, which.index);
  if (which.index + 1 == which.count) return {.first = first, .last = HashKey::max()};
  HashKey last = times(step, which.index + 1);
  if (last.low-- == 0) --last.high;
  return {.first = first, .last = last};
}

}  // namespace hyd::streams

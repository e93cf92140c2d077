#include "aws/request_id.h"

#include "codec/base64.h"
#include "codec/hex.h"

#include <cstddef>
#include <cstdint>
#include <cstring>

namespace hyd::aws {

RequestId RequestId::random(base::Rng& rng) {
  std::array<char, 16> bytes;
  const std::array<std::uint64_t, 2> words = {rng.next(), rng.next()};
  std::memcpy(bytes.data(), words.data(), bytes.size());
  bytes[6] = static_cast<char>((bytes[6] & 0x0f) | 0x40);  // version 4
  bytes[8] = static_cast<char>((bytes[8] & 0x3f) | 0x80);  // the variant of RFC 9562
  std::array<char, 32> digits;
  codec::hex_to({bytes.data(), bytes.size()}, digits);
  RequestId id;
  constexpr std::array<std::size_t, 5> kGroups = {8, 4, 4, 4, 12};
  const char* from = digits.data();
  char* to = id.text_.data();
  for (const std::size_t group : kGroups) {
    std::memcpy(to, from, group);
    from += group;
    to += group;
    if (group != 12) *to++ = '-';
  }
  return id;
}

std::string RequestId::s3_text() const {
  std::string out;
  for (const char c : text_) {
    if (c == '-') continue;
    out.push_back(c >= 'a' ? static_cast<char>(c - 'a' + 'A') : c);
    if (out.size() == 16) break;
  }
  return out;
}

void write_extended_id(base::Rng& rng, std::array<char, kExtendedIdChars>& out) {
  std::array<std::uint64_t, 9> words;
  for (std::uint64_t& word : words) word = rng.next();
  std::array<char, sizeof words> bytes;
  std::memcpy(bytes.data(), words.data(), bytes.size());
  static_assert(codec::base64_encoded_size(sizeof bytes) == kExtendedIdChars);
  codec::base64_encode_to({bytes.data(), bytes.size()}, out);
}

}  // namespace hyd::aws

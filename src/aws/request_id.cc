#include "aws/request_id.h"

#include <cstdint>

namespace hyd::aws {

RequestId RequestId::random(base::Rng& rng) {
  static constexpr std::string_view kHex = "0123456789abcdef";
  RequestId id;
  std::uint64_t bits = rng.next();
  std::size_t digit = 0;
  for (std::size_t i = 0; i < id.text_.size(); ++i) {
    if (i == 8 || i == 13 || i == 18 || i == 23) {
      id.text_[i] = '-';
      continue;
    }
    if (digit == 16) bits = rng.next();
    std::uint64_t nibble = bits & 0xf;
    bits >>= 4;
    if (i == 14) nibble = 4;                     // version
    if (i == 19) nibble = (nibble & 0x3) | 0x8;  // variant
    id.text_[i] = kHex[nibble];
    ++digit;
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
  static constexpr std::string_view kAlphabet =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::uint64_t bits = 0;
  for (std::size_t i = 0; i < out.size(); ++i) {
    if (i % 10 == 0) bits = rng.next();
    out[i] = kAlphabet[bits & 0x3f];
    bits >>= 6;
  }
}

}  // namespace hyd::aws

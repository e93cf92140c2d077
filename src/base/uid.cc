#include "base/uid.h"

namespace hyd::base {

Uid Uid::random(Rng& rng) {
  std::array<std::uint8_t, 16> bytes;
  for (std::size_t half = 0; half < 2; ++half) {
    std::uint64_t bits = rng.next();
    for (std::size_t i = 0; i < 8; ++i, bits >>= 8) {
      bytes[half * 8 + i] = static_cast<std::uint8_t>(bits & 0xff);
    }
  }
  return Uid(bytes);
}

std::optional<Uid> Uid::parse(std::string_view hex) {
  if (hex.size() != 32) return std::nullopt;
  const auto digit = [](char c) -> int {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    return -1;
  };
  std::array<std::uint8_t, 16> bytes;
  for (std::size_t i = 0; i < 16; ++i) {
    const int high = digit(hex[2 * i]);
    const int low = digit(hex[2 * i + 1]);
    if (high < 0 || low < 0) return std::nullopt;
    bytes[i] = static_cast<std::uint8_t>(high * 16 + low);
  }
  return Uid(bytes);
}

std::string Uid::hex() const {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string out;
  out.reserve(32);
  for (const std::uint8_t byte : bytes_) {
    out.push_back(kDigits[byte >> 4]);
    out.push_back(kDigits[byte & 15]);
  }
  return out;
}

}  // namespace hyd::base

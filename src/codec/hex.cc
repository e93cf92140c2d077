#include "codec/hex.h"

#include "base/check.h"

namespace hyd::codec {
namespace {

// Both digits of every byte: one look-up and one two-byte store each.
constexpr std::array<std::array<char, 2>, 256> kPairs = [] {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::array<std::array<char, 2>, 256> pairs{};
  for (std::size_t i = 0; i < 256; ++i) pairs[i] = {kDigits[i / 16], kDigits[i % 16]};
  return pairs;
}();

}  // namespace

void hex_to(std::string_view bytes, std::span<char> out) {
  HYD_CHECK(out.size() >= 2 * bytes.size());
  char* to = out.data();
  for (const char byte : bytes) {
    const auto& pair = kPairs[static_cast<unsigned char>(byte)];
    *to++ = pair[0];
    *to++ = pair[1];
  }
}

void append_hex(std::string_view bytes, std::string& out) {
  const std::size_t before = out.size();
  out.resize(before + 2 * bytes.size());
  hex_to(bytes, std::span<char>(out).subspan(before));
}

std::string hex(std::string_view bytes) {
  std::string out;
  append_hex(bytes, out);
  return out;
}

bool hex_decode_to(std::string_view digits, std::span<char> out) {
  if (digits.size() != 2 * out.size()) return false;
  int wrong = 0;
  for (std::size_t i = 0; i < out.size(); ++i) {
    const int high = hex_digit(digits[2 * i]);
    const int low = hex_digit(digits[2 * i + 1]);
    wrong |= high | low;
    out[i] = static_cast<char>(high * 16 + low);
  }
  return wrong >= 0;
}

std::optional<std::string> hex_decode(std::string_view digits) {
  std::string out(digits.size() / 2, '\0');
  if (!hex_decode_to(digits, out)) return std::nullopt;
  return out;
}

}  // namespace hyd::codec

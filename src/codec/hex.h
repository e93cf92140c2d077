// Hexadecimal text of bytes.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace hyd::codec {

// Lower case, two digits a byte.
std::string hex(std::string_view bytes);
void append_hex(std::string_view bytes, std::string& out);
// Writes 2 * bytes.size() digits, which `out` must have room for.
void hex_to(std::string_view bytes, std::span<char> out);

// Digits of either case, an even number of them; nothing else.
std::optional<std::string> hex_decode(std::string_view digits);
// False when the text is not exactly out.size() bytes in hexadecimal; `out` is then undefined.
bool hex_decode_to(std::string_view digits, std::span<char> out);

// The number that a digit of either case stands for, negative for anything else.
constexpr int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

}  // namespace hyd::codec

#include "codec/base64.h"

#include "base/check.h"
#include "codec/base64_wide.h"

#include <fmt/core.h>

#include <array>

namespace hyd::codec {
namespace {

constexpr std::string_view kLetters =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::uint8_t kNone = 0xff;

constexpr std::array<std::uint8_t, 256> kNumbers = [] {
  std::array<std::uint8_t, 256> numbers{};
  numbers.fill(kNone);
  for (std::uint8_t i = 0; i < 64; ++i) numbers[static_cast<unsigned char>(kLetters[i])] = i;
  return numbers;
}();

const wide::Roads& machine_roads() {
  static const wide::Roads kRoads = wide::best_roads();
  return kRoads;
}

unsigned byte_at(std::string_view bytes, std::size_t i) {
  return static_cast<unsigned char>(bytes[i]);
}
std::uint8_t number_at(std::string_view text, std::size_t i) { return kNumbers[byte_at(text, i)]; }

// `size` letters and no padding, size % 4 != 1; returns bytes written, or the fault.
Base64Decoded decode_letters(std::string_view text, char* out, bool stray_bits_allowed) {
  char* const start = out;
  std::size_t at = machine_roads().decode(text.data(), text.size(), out);
  out += at / 4 * 3;
  for (; text.size() - at >= 4; at += 4) {
    const unsigned a = number_at(text, at);
    const unsigned b = number_at(text, at + 1);
    const unsigned c = number_at(text, at + 2);
    const unsigned d = number_at(text, at + 3);
    if (((a | b | c | d) & 0x80) != 0) break;
    const unsigned bits = a << 18 | b << 12 | c << 6 | d;
    *out++ = static_cast<char>(bits >> 16);
    *out++ = static_cast<char>(bits >> 8);
    *out++ = static_cast<char>(bits);
  }
  for (std::size_t i = at; i < text.size() && i < at + 4; ++i) {
    if (number_at(text, i) == kNone) {
      return {.fault = Base64Decoded::Fault::character, .at = i};
    }
  }
  if (at < text.size()) {  // two or three letters: one or two bytes
    const unsigned a = number_at(text, at);
    const unsigned b = number_at(text, at + 1);
    const bool three = text.size() - at == 3;
    const unsigned c = three ? number_at(text, at + 2) : 0u;
    const unsigned stray = three ? c & 0x3 : b & 0xf;
    if (stray != 0 && !stray_bits_allowed) {
      return {.fault = Base64Decoded::Fault::trailing_bits, .at = text.size() - 1};
    }
    *out++ = static_cast<char>(a << 2 | b >> 4);
    if (three) *out++ = static_cast<char>(b << 4 | c >> 2);
  }
  return {.size = static_cast<std::size_t>(out - start)};
}

base::Error fault_text(const Base64Decoded& got, std::string_view text) {
  using enum Base64Decoded::Fault;
  if (got.fault == length) {
    return base::fail(base::Code::invalid,
                      fmt::format("base64: {} characters do not fill groups of four", text.size()));
  }
  if (got.fault == trailing_bits) {
    return base::fail(base::Code::invalid, "base64: the last character has bits to spare");
  }
  return base::fail(base::Code::invalid,
                    fmt::format("base64: character {} may not stand there", got.at + 1));
}

}  // namespace

void base64_encode_to(std::string_view bytes, std::span<char> out) {
  HYD_CHECK(out.size() >= base64_encoded_size(bytes.size()));
  std::size_t at = machine_roads().encode(bytes.data(), bytes.size(), out.data());
  char* to = out.data() + at / 3 * 4;
  for (; bytes.size() - at >= 3; at += 3) {
    const unsigned bits =
        byte_at(bytes, at) << 16 | byte_at(bytes, at + 1) << 8 | byte_at(bytes, at + 2);
    *to++ = kLetters[bits >> 18];
    *to++ = kLetters[bits >> 12 & 63];
    *to++ = kLetters[bits >> 6 & 63];
    *to++ = kLetters[bits & 63];
  }
  if (at < bytes.size()) {
    const bool two = bytes.size() - at == 2;
    const unsigned bits = byte_at(bytes, at) << 16 | (two ? byte_at(bytes, at + 1) << 8 : 0u);
    *to++ = kLetters[bits >> 18];
    *to++ = kLetters[bits >> 12 & 63];
    *to++ = two ? kLetters[bits >> 6 & 63] : '=';
    *to++ = '=';
  }
}

void append_base64(std::string_view bytes, std::string& out) {
  const std::size_t before = out.size();
  const std::size_t size = base64_encoded_size(bytes.size());
  // The library passes the capacity to the callback, not the size asked for.
  out.resize_and_overwrite(before + size, [&](char* data, std::size_t) {
    base64_encode_to(bytes, std::span<char>(data + before, size));
    return before + size;
  });
}

std::string base64_encode(std::string_view bytes) {
  std::string out;
  append_base64(bytes, out);
  return out;
}

Base64Decoded base64_decode_to(std::string_view text, std::span<char> out) {
  HYD_CHECK(out.size() >= base64_decoded_size_max(text.size()));
  if (text.size() % 4 != 0) return {.fault = Base64Decoded::Fault::length, .at = text.size()};
  if (text.ends_with("==")) {
    text.remove_suffix(2);
  } else if (text.ends_with('=')) {
    text.remove_suffix(1);
  }
  return decode_letters(text, out.data(), false);
}

base::Result<std::string> base64_decode(std::string_view text) {
  Base64Decoded got;
  std::string out;
  out.resize_and_overwrite(base64_decoded_size_max(text.size()), [&](char* data, std::size_t size) {
    got = base64_decode_to(text, std::span<char>(data, size));
    return got.size;
  });
  if (got.fault != Base64Decoded::Fault::none) return fault_text(got, text);
  return out;
}

base::Result<std::string> base64_decode_java(std::string_view text) {
  std::string_view letters = text;
  if (text.size() % 4 == 0 && text.ends_with('=')) {
    letters.remove_suffix(text.ends_with("==") ? 2 : 1);
  }
  Base64Decoded got{.fault = Base64Decoded::Fault::length};
  std::string out;
  if (letters.size() % 4 != 1) {
    out.resize_and_overwrite(base64_decoded_size_max(letters.size()), [&](char* data, std::size_t) {
      got = decode_letters(letters, data, true);
      return got.size;
    });
  }
  if (got.fault != Base64Decoded::Fault::none) return fault_text(got, text);
  return out;
}

}  // namespace hyd::codec

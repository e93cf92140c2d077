#include "codec/percent.h"

#include "codec/hex.h"

#include <fmt/core.h>

#include <array>

namespace hyd::codec {
namespace {

using Set = std::array<bool, 256>;

constexpr Set letters_digits_and(std::string_view others) {
  Set set{};
  for (unsigned c = 0; c < 256; ++c) {
    set[c] = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  }
  for (const char c : others) set[static_cast<unsigned char>(c)] = true;
  return set;
}

constexpr Set kUnreserved = letters_digits_and("-._~");
constexpr Set kUnreservedAndSlash = letters_digits_and("-._~/");
constexpr Set kForm = letters_digits_and("-._*");

void append_escape(char c, std::string& out) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  const auto byte = static_cast<unsigned char>(c);
  out += '%';
  out += kDigits[byte >> 4];
  out += kDigits[byte & 15];
}

// Copies runs of characters that stay whole.
void encode(std::string_view bytes, const Set& stays, bool space_is_plus, std::string& out) {
  std::size_t run = 0;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    if (stays[static_cast<unsigned char>(bytes[i])]) continue;
    out.append(bytes, run, i - run);
    run = i + 1;
    if (bytes[i] == ' ' && space_is_plus) {
      out += '+';
    } else {
      append_escape(bytes[i], out);
    }
  }
  out.append(bytes, run);
}

struct Reading {
  bool plus_is_space = false;
  bool loose = false;
};

// Appends to `out`; the place of the first bad escape when it stopped there, else npos.
std::size_t decode(std::string_view text, Reading how, std::string& out) {
  out.reserve(out.size() + text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '+' && how.plus_is_space) {
      out += ' ';
      continue;
    }
    if (c != '%') {
      out += c;
      continue;
    }
    const int high = i + 2 < text.size() ? hex_digit(text[i + 1]) : -1;
    const int low = i + 2 < text.size() ? hex_digit(text[i + 2]) : -1;
    if (high >= 0 && low >= 0) {
      out += static_cast<char>(high * 16 + low);
      i += 2;
    } else if (how.loose) {
      out += c;
    } else {
      return i;
    }
  }
  return std::string_view::npos;
}

base::Result<std::string> decode_strict(std::string_view text, bool plus_is_space) {
  std::string out;
  const std::size_t bad = decode(text, {.plus_is_space = plus_is_space}, out);
  if (bad == std::string_view::npos) return out;
  return base::fail(base::Code::invalid,
                    fmt::format("percent-encoding: no two digits behind character {}", bad + 1));
}

std::string decode_loose(std::string_view text, bool plus_is_space) {
  std::string out;
  decode(text, {.plus_is_space = plus_is_space, .loose = true}, out);
  return out;
}

}  // namespace

void append_percent_encoded(std::string_view bytes, std::string& out, Slash slash) {
  encode(bytes, slash == Slash::keep ? kUnreservedAndSlash : kUnreserved, false, out);
}
std::string percent_encode(std::string_view bytes, Slash slash) {
  std::string out;
  append_percent_encoded(bytes, out, slash);
  return out;
}
base::Result<std::string> percent_decode(std::string_view text) {
  return decode_strict(text, false);
}
std::string percent_decode_loose(std::string_view text) { return decode_loose(text, false); }

std::string form_encode(std::string_view bytes) {
  std::string out;
  encode(bytes, kForm, true, out);
  return out;
}
base::Result<std::string> form_decode(std::string_view text) { return decode_strict(text, true); }
std::string form_decode_loose(std::string_view text) { return decode_loose(text, true); }

}  // namespace hyd::codec

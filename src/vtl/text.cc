#include "vtl/text.h"

#include "codec/hex.h"
#include "codec/utf8.h"

#include <cstring>
#include <utility>

namespace hyd::vtl {
namespace {

unsigned byte(std::string_view text, std::size_t at) {
  return at < text.size() ? static_cast<unsigned char>(text[at]) : 0u;
}

// Bytes of the character that `lead` starts.
std::size_t sequence_length(unsigned lead) {
  if (lead < 0x80) return 1;
  if (lead < 0xE0) return 2;
  return lead < 0xF0 ? 3 : 4;
}

bool ends_with_high_half(std::string_view text) {
  const std::size_t n = text.size();
  return n >= 3 && byte(text, n - 3) == 0xED && byte(text, n - 2) >= 0xA0 &&
         byte(text, n - 2) <= 0xAF;
}

bool starts_with_low_half(std::string_view text) {
  return byte(text, 0) == 0xED && byte(text, 1) >= 0xB0;
}

}  // namespace

bool is_ascii(std::string_view text) {
  const char* at = text.data();
  std::size_t left = text.size();
  for (; left >= 8; at += 8, left -= 8) {
    std::uint64_t word = 0;
    std::memcpy(&word, at, 8);
    if ((word & 0x8080808080808080u) != 0) return false;
  }
  for (; left > 0; ++at, --left) {
    if ((static_cast<unsigned char>(*at) & 0x80u) != 0) return false;
  }
  return true;
}

std::size_t unit_count(std::string_view text) {
  std::size_t count = 0;
  for (const char c : text) {
    const unsigned b = static_cast<unsigned char>(c);
    count += (b & 0xC0u) != 0x80u ? 1 : 0;
    count += b >= 0xF0 ? 1 : 0;
  }
  return count;
}

std::size_t unit_offset(std::string_view text, std::size_t index) {
  std::size_t at = 0;
  while (at < text.size() && index > 0) {
    const std::size_t length = sequence_length(byte(text, at));
    const std::size_t units = length == 4 ? 2 : 1;
    if (units > index) break;
    index -= units;
    at += length;
  }
  return at < text.size() ? at : text.size();
}

std::uint16_t unit_at(std::string_view text, std::size_t index) {
  std::size_t at = 0;
  while (true) {
    const std::uint32_t point = next_point(text, at);
    const std::size_t units = point >= 0x10000 ? 2 : 1;
    if (index < units) {
      if (units == 1) return static_cast<std::uint16_t>(point);
      const std::uint32_t rest = point - 0x10000;
      return static_cast<std::uint16_t>(index == 0 ? 0xD800 + (rest >> 10)
                                                   : 0xDC00 + (rest & 0x3FFu));
    }
    index -= units;
    if (at >= text.size()) return 0;
  }
}

void append_units(std::string_view text, std::size_t from, std::size_t to, std::string& out) {
  if (from >= to) return;
  std::size_t at = unit_offset(text, from);
  std::size_t index = unit_count(text.substr(0, at));
  if (index < from) {
    append_unit(unit_at(text, from), out);
    next_point(text, at);
    index += 2;
  }
  if (index >= to) return;
  const std::size_t stop = at + unit_offset(text.substr(at), to - index);
  const std::string_view whole = text.substr(at, stop - at);
  append_joined(whole, out);
  if (index + unit_count(whole) < to && stop < text.size()) append_unit(unit_at(text, to - 1), out);
}

void append_unit(std::uint16_t unit, std::string& out) {
  if (unit >= 0xDC00 && unit <= 0xDFFF && ends_with_high_half(out)) {
    std::size_t at = out.size() - 3;
    const std::uint32_t high = next_point(out, at);
    out.resize(out.size() - 3);
    codec::append_utf8(0x10000 + ((high - 0xD800) << 10) + (unit - 0xDC00u), out);
    return;
  }
  codec::append_utf8(unit, out);
}

void append_joined(std::string_view text, std::string& out) {
  if (starts_with_low_half(text) && ends_with_high_half(out)) {
    std::size_t at = 0;
    append_unit(static_cast<std::uint16_t>(next_point(text, at)), out);
    text.remove_prefix(at);
  }
  out.append(text);
}

std::uint32_t next_point(std::string_view text, std::size_t& at) {
  const unsigned lead = byte(text, at);
  const std::size_t length = sequence_length(lead);
  const auto tail = [&](std::size_t i) { return byte(text, at + i) & 0x3Fu; };
  std::uint32_t point = lead;
  if (length == 2) point = (lead & 0x1Fu) << 6 | tail(1);
  if (length == 3) point = (lead & 0x0Fu) << 12 | tail(1) << 6 | tail(2);
  if (length == 4) point = (lead & 0x07u) << 18 | tail(1) << 12 | tail(2) << 6 | tail(3);
  at += length;
  if (at > text.size()) at = text.size();
  return point;
}

namespace {

// Bytes of the well-formed sequence at `at`, or 0; then `bad` is how many bytes Java replaces by
// one U+FFFD: the longest beginning of a sequence that could have been well-formed.
std::size_t well_formed_length(std::string_view bytes, std::size_t at, std::size_t& bad) {
  const unsigned lead = byte(bytes, at);
  bad = 1;
  if (lead < 0x80) return 1;
  if (lead < 0xC2 || lead > 0xF4) return 0;
  const std::size_t length = sequence_length(lead);
  unsigned low = 0x80;
  unsigned high = 0xBF;
  if (lead == 0xE0) low = 0xA0;
  if (lead == 0xF0) low = 0x90;
  if (lead == 0xF4) high = 0x8F;
  for (std::size_t i = 1; i < length; ++i) {
    const unsigned b = byte(bytes, at + i);
    if (at + i >= bytes.size() || b < low || b > high) {
      bad = i;
      return 0;
    }
    low = 0x80;
    high = 0xBF;
  }
  // A surrogate half is no character, and is replaced whole.
  if (lead == 0xED && byte(bytes, at + 1) >= 0xA0) {
    bad = length;
    return 0;
  }
  return length;
}

}  // namespace

bool is_well_formed(std::string_view bytes) {
  if (is_ascii(bytes)) return true;
  std::size_t bad = 0;
  for (std::size_t at = 0; at < bytes.size();) {
    const std::size_t length = well_formed_length(bytes, at, bad);
    if (length == 0) return false;
    at += length;
  }
  return true;
}

std::string replace_malformed(std::string_view bytes) {
  std::string out;
  out.reserve(bytes.size());
  std::size_t bad = 0;
  for (std::size_t at = 0; at < bytes.size();) {
    const std::size_t length = well_formed_length(bytes, at, bad);
    if (length != 0) {
      out.append(bytes.substr(at, length));
      at += length;
    } else {
      out.append("\xEF\xBF\xBD");
      at += bad;
    }
  }
  return out;
}

bool has_half(std::string_view text) {
  for (std::size_t at = text.find('\xED'); at != std::string_view::npos;
       at = text.find('\xED', at + 1)) {
    if (byte(text, at + 1) >= 0xA0) return true;
  }
  return false;
}

void replace_halves(std::string& text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t start = at;
    const std::uint32_t point = next_point(text, at);
    const std::string_view rest = std::string_view(text).substr(at);
    if (point < 0xD800 || point > 0xDFFF) {
      out.append(text, start, at - start);
    } else if (point <= 0xDBFF && starts_with_low_half(rest)) {
      const std::uint32_t low = next_point(text, at);
      codec::append_utf8(0x10000 + ((point - 0xD800) << 10) + (low - 0xDC00), out);
    } else {
      out.push_back('?');
    }
  }
  text = std::move(out);
}

std::optional<std::uint16_t> parse_hex_unit(std::string_view digits) {
  if (digits.size() < 4) return std::nullopt;
  std::uint32_t unit = 0;
  const bool sign = digits[0] == '+' || digits[0] == '-';
  for (std::size_t i = sign ? 1 : 0; i < 4; ++i) {
    const int digit = codec::hex_digit(digits[i]);
    if (digit < 0) return std::nullopt;
    unit = unit * 16 + static_cast<std::uint32_t>(digit);
  }
  return static_cast<std::uint16_t>(digits[0] == '-' ? 0u - unit : unit);
}

std::int32_t compare_units(std::string_view a, std::string_view b) {
  std::size_t at = 0;
  while (at < a.size() && at < b.size() && a[at] == b[at]) ++at;
  // Back to the start of the character in which they differ.
  while (at > 0 && ((byte(a, at) & 0xC0u) == 0x80u || (byte(b, at) & 0xC0u) == 0x80u)) --at;
  const std::string_view rest_a = a.substr(at);
  const std::string_view rest_b = b.substr(at);
  if (!rest_a.empty() && !rest_b.empty()) {
    for (std::size_t i = 0; i < 2; ++i) {
      const std::int32_t difference = unit_at(rest_a, i) - unit_at(rest_b, i);
      if (difference != 0) return difference;
    }
  }
  return static_cast<std::int32_t>(unit_count(rest_a)) -
         static_cast<std::int32_t>(unit_count(rest_b));
}

std::int32_t hash_units(std::string_view text) {
  std::uint32_t hash = 0;
  for (std::size_t at = 0; at < text.size();) {
    const std::uint32_t point = next_point(text, at);
    if (point < 0x10000) {
      hash = hash * 31 + point;
    } else {
      const std::uint32_t rest = point - 0x10000;
      hash = (hash * 31 + 0xD800 + (rest >> 10)) * 31 + 0xDC00 + (rest & 0x3FFu);
    }
  }
  return static_cast<std::int32_t>(hash);
}

}  // namespace hyd::vtl

#include "codec/letter_case.h"

#include "codec/letter_case_table.h"
#include "codec/utf8.h"

#include <algorithm>
#include <cstdint>
#include <iterator>

namespace hyd::codec {
namespace {

constexpr std::uint32_t kCapitalSigma = 0x3A3;
constexpr std::uint32_t kCapitalDottedI = 0x130;

template <std::size_t N>
std::uint32_t mapped(const CaseRange (&table)[N], std::uint32_t point) {
  const CaseRange* const row =
      std::lower_bound(std::begin(table), std::end(table), point,
                       [](const CaseRange& r, std::uint32_t p) { return r.last < p; });
  if (row == std::end(table) || point < row->first || (point - row->first) % row->step != 0) {
    return point;
  }
  return static_cast<std::uint32_t>(static_cast<std::int64_t>(point) + row->delta);
}

std::uint32_t upper(std::uint32_t point) {
  if (point < 0x80) return point >= 'a' && point <= 'z' ? point - 32 : point;
  return mapped(kUpperRanges, point);
}

std::uint32_t lower(std::uint32_t point) {
  if (point < 0x80) return point >= 'A' && point <= 'Z' ? point + 32 : point;
  return mapped(kLowerRanges, point);
}

// Null for a letter whose capitals are one letter or none.
const CaseText* upper_text(std::uint32_t point) {
  const CaseText* const row =
      std::lower_bound(std::begin(kUpperTexts), std::end(kUpperTexts), point,
                       [](const CaseText& r, std::uint32_t p) { return r.point < p; });
  return row != std::end(kUpperTexts) && row->point == point ? row : nullptr;
}

bool is_cased(std::uint32_t point) {
  return upper(point) != point || lower(point) != point || point == kCapitalDottedI ||
         upper_text(point) != nullptr;
}

std::uint32_t next_point(std::string_view text, std::size_t& at) {
  const auto byte = [&](std::size_t i) -> std::uint32_t {
    return i < text.size() ? static_cast<unsigned char>(text[i]) : 0u;
  };
  const std::uint32_t lead = byte(at);
  const std::size_t length = lead < 0x80 ? 1 : (lead < 0xE0 ? 2 : (lead < 0xF0 ? 3 : 4));
  std::uint32_t point = length == 1 ? lead : lead & (0x7Fu >> length);
  for (std::size_t i = 1; i < length; ++i) point = point << 6 | (byte(at + i) & 0x3Fu);
  at = std::min(at + length, text.size());
  return point;
}

// A sigma with a letter before it and none behind.
bool ends_word(std::string_view text, std::size_t start, std::size_t end, std::uint32_t before) {
  if (start == 0 || !is_cased(before) || end >= text.size()) return start != 0 && is_cased(before);
  std::size_t at = end;
  return !is_cased(next_point(text, at));
}

}  // namespace

std::string to_lower_case(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  std::uint32_t before = 0;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t start = at;
    const std::uint32_t point = next_point(text, at);
    if (point == kCapitalDottedI) {
      out.append("i\xCC\x87");
    } else if (point == kCapitalSigma && ends_word(text, start, at, before)) {
      out.append("\xCF\x82");
    } else if (lower(point) == point) {
      out.append(text.substr(start, at - start));
    } else {
      append_utf8(lower(point), out);
    }
    before = point;
  }
  return out;
}

std::string to_upper_case(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t start = at;
    const std::uint32_t point = next_point(text, at);
    if (upper(point) != point) {
      append_utf8(upper(point), out);
      continue;
    }
    if (const CaseText* const row = upper_text(point)) {
      out.append(row->upper);
    } else {
      out.append(text.substr(start, at - start));
    }
  }
  return out;
}

bool equal_ignoring_case(std::string_view a, std::string_view b) {
  std::size_t i = 0;
  std::size_t j = 0;
  while (i < a.size() && j < b.size()) {
    const std::uint32_t x = next_point(a, i);
    const std::uint32_t y = next_point(b, j);
    if (x != y && upper(x) != upper(y) && lower(upper(x)) != lower(upper(y))) return false;
  }
  return i == a.size() && j == b.size();
}

}  // namespace hyd::codec

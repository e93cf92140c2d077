#include "objects/names.h"

#include <algorithm>

namespace hyd::objects {
namespace {

bool is_letter_or_digit(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }

// Four parts of digits: refused whatever their values.
bool is_like_an_address(std::string_view name) {
  if (std::ranges::count(name, '.') != 3) return false;
  return std::ranges::all_of(name, [](char c) { return c == '.' || (c >= '0' && c <= '9'); });
}

constexpr std::string_view kPrefixes[] = {"xn--", "sthree-", "amzn-s3-demo-"};
constexpr std::string_view kSuffixes[] = {"-s3alias", "--ol-s3", ".mrap", "--x-s3", "--table-s3"};

// Bytes of the UTF-8 sequence that begins at `at`, 0 when it is none.
std::size_t sequence_at(std::string_view text, std::size_t at) {
  const auto byte = [&](std::size_t i) {
    return at + i < text.size() ? static_cast<unsigned char>(text[at + i]) : 0u;
  };
  const auto follows = [&](std::size_t i, unsigned low, unsigned high) {
    return byte(i) >= low && byte(i) <= high;
  };
  const unsigned first = byte(0);
  if (first < 0x80) return 1;
  if (first >= 0xC2 && first <= 0xDF) return follows(1, 0x80, 0xBF) ? 2 : 0;
  if (first >= 0xE0 && first <= 0xEF) {
    const unsigned low = first == 0xE0 ? 0xA0 : 0x80;
    const unsigned high = first == 0xED ? 0x9F : 0xBF;
    return follows(1, low, high) && follows(2, 0x80, 0xBF) ? 3 : 0;
  }
  if (first >= 0xF0 && first <= 0xF4) {
    const unsigned low = first == 0xF0 ? 0x90 : 0x80;
    const unsigned high = first == 0xF4 ? 0x8F : 0xBF;
    return follows(1, low, high) && follows(2, 0x80, 0xBF) && follows(3, 0x80, 0xBF) ? 4 : 0;
  }
  return 0;
}

}  // namespace

bool is_bucket_name(std::string_view name) {
  if (name.size() < 3 || name.size() > 63) return false;
  if (!is_letter_or_digit(name.front()) || !is_letter_or_digit(name.back())) return false;
  char before = 'a';
  for (const char c : name) {
    if (!is_letter_or_digit(c) && c != '-' && c != '.') return false;
    if (c == '.' && (before == '.' || before == '-')) return false;
    if (c == '-' && before == '.') return false;
    before = c;
  }
  if (is_like_an_address(name)) return false;
  const auto begins = [&](std::string_view part) { return name.starts_with(part); };
  const auto ends = [&](std::string_view part) { return name.ends_with(part); };
  return std::ranges::none_of(kPrefixes, begins) && std::ranges::none_of(kSuffixes, ends);
}

bool is_utf8(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t bytes = sequence_at(text, at);
    if (bytes == 0) return false;
    at += bytes;
  }
  return true;
}

bool is_key(std::string_view key) {
  if (key.empty() || key == "." || key == ".." || key.contains('\0') || !is_utf8(key)) return false;
  long depth = 0;
  std::string_view rest = key;
  for (;;) {
    const std::size_t slash = rest.find('/');
    const std::string_view segment = rest.substr(0, slash);
    if (segment == "..") {
      if (--depth < 0) return false;
    } else if (!segment.empty() && segment != ".") {
      ++depth;
    }
    if (slash == std::string_view::npos) return true;
    rest.remove_prefix(slash + 1);
  }
}

}  // namespace hyd::objects

#include "vtl/tools/text_diff.h"

#include <fmt/core.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace hyd::vtl {
namespace {

constexpr std::size_t kAround = 2;  // equal lines shown around a difference
constexpr std::size_t kTableMax =
    4'000'000;  // of the longest common subsequence; beyond: all differ

// With their line ends.
std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> out;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size() - 1) + 1;
    out.push_back(text.substr(0, end));
    text.remove_prefix(end);
  }
  return out;
}

struct Edit {
  char sign = ' ';
  std::string_view line;
};

std::vector<Edit> edits(std::vector<std::string_view> a, std::vector<std::string_view> b) {
  std::vector<Edit> out;
  std::size_t front = 0;
  while (front < a.size() && front < b.size() && a[front] == b[front]) {
    out.push_back({' ', a[front++]});
  }
  std::vector<Edit> tail;
  while (a.size() > front && b.size() > front && a.back() == b.back()) {
    tail.push_back({' ', a.back()});
    a.pop_back();
    b.pop_back();
  }
  a.erase(a.begin(), a.begin() + static_cast<std::ptrdiff_t>(front));
  b.erase(b.begin(), b.begin() + static_cast<std::ptrdiff_t>(front));
  const std::size_t width = b.size() + 1;
  const bool small = (a.size() + 1) * width <= kTableMax;
  // How many lines a[i…] and b[j…] have in common at most.
  std::vector<std::uint32_t> common(small ? (a.size() + 1) * width : 0, 0);
  for (std::size_t i = a.size(); small && i-- > 0;) {
    for (std::size_t j = b.size(); j-- > 0;) {
      common[i * width + j] =
          a[i] == b[j] ? common[(i + 1) * width + j + 1] + 1
                       : std::max(common[(i + 1) * width + j], common[i * width + j + 1]);
    }
  }
  std::size_t i = 0;
  std::size_t j = 0;
  while (i < a.size() || j < b.size()) {
    if (small && i < a.size() && j < b.size() && a[i] == b[j]) {
      out.push_back({' ', a[i++]});
      ++j;
    } else if (i < a.size() && (j == b.size() || !small ||
                                common[(i + 1) * width + j] >= common[i * width + j + 1])) {
      out.push_back({'-', a[i++]});
    } else {
      out.push_back({'+', b[j++]});
    }
  }
  out.insert(out.end(), tail.rbegin(), tail.rend());
  return out;
}

// What a reader would not see is shown.
std::string visible(const Edit& edit) {
  std::string_view line = edit.line;
  const bool ended = line.ends_with('\n');
  if (ended) line.remove_suffix(1);
  std::string out;
  const std::size_t blanks = line.find_last_not_of(" \t") + 1;
  for (std::size_t at = 0; at < line.size(); ++at) {
    const auto byte = static_cast<unsigned char>(line[at]);
    if (edit.sign != ' ' && at >= blanks) {
      out += line[at] == '\t' ? "\\t" : "\\s";
    } else if (byte < 0x20 && byte != '\t') {
      out += byte == '\r' ? "\\r" : fmt::format("\\x{:02x}", unsigned{byte});
    } else {
      out += line[at];
    }
  }
  if (!ended && edit.sign != ' ') out += "   (no line end)";
  return out;
}

}  // namespace

std::string text_diff(std::string_view expected, std::string_view actual) {
  if (expected == actual) return {};
  const std::vector<Edit> all = edits(lines_of(expected), lines_of(actual));
  std::vector<bool> shown(all.size(), false);
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (all[i].sign == ' ') continue;
    const std::size_t from = i < kAround ? 0 : i - kAround;
    const std::size_t to = std::min(i + kAround + 1, all.size());
    for (std::size_t near = from; near < to; ++near) shown[near] = true;
  }
  std::string out = "(- expected, + came out)\n";
  bool skipped = false;
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (!shown[i]) {
      if (!skipped) out += "  ...\n";
      skipped = true;
      continue;
    }
    skipped = false;
    out += fmt::format("{} {}\n", all[i].sign, visible(all[i]));
  }
  return out;
}

}  // namespace hyd::vtl

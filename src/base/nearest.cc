#include "base/nearest.h"

#include <algorithm>
#include <cstddef>
#include <numeric>
#include <utility>
#include <vector>

namespace hyd::base {
namespace {

constexpr std::size_t kNameBytesMax = 64;  // longer ones are not compared

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

// Letters to insert, drop, change or swap with their neighbour.
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> above2;
  std::vector<std::size_t> above(b.size() + 1);
  std::iota(above.begin(), above.end(), 0uz);
  const auto same = [&](std::size_t i, std::size_t j) { return lower(a[i]) == lower(b[j]); };
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::vector<std::size_t> row = {i + 1};
    for (std::size_t j = 0; j < b.size(); ++j) {
      const std::size_t changed = above[j] + (same(i, j) ? 0 : 1);
      row.push_back(std::min({changed, above[j + 1] + 1, row[j] + 1}));
      if (i > 0 && j > 0 && same(i, j - 1) && same(i - 1, j)) {
        row.back() = std::min(row.back(), above2[j - 1] + 1);
      }
    }
    above2 = std::exchange(above, std::move(row));
  }
  return above.back();
}

}  // namespace

std::string_view nearest(std::string_view name, std::span<const std::string_view> known) {
  if (name.size() > kNameBytesMax) return {};
  const std::size_t far = (name.size() == 2 ? 1 : std::min(2uz, name.size() / 3)) + 1;
  std::string_view best;
  std::size_t least = far;
  for (const std::string_view one : known) {
    if (one.size() > kNameBytesMax || one == name) continue;
    if (const std::size_t apart = distance(name, one); apart < least) {
      least = apart;
      best = one;
    }
  }
  return best;
}

}  // namespace hyd::base

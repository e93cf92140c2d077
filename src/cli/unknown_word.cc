#include "cli/unknown_word.h"

#include "base/nearest.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace hyd::cli {
namespace {

std::string sentence(std::string_view typed, std::string_view word, std::string_view before,
                     const std::vector<std::string_view>& known) {
  const std::string_view near = base::nearest(word, known);
  if (!near.empty()) {
    return fmt::format("unknown command {}; did you mean hydrant {}{}?", typed, before, near);
  }
  return fmt::format("unknown command {}; {} {} (see --help)", typed,
                     before.empty() ? "the commands are" : fmt::format("hydrant {}has", before),
                     fmt::join(known, ", "));
}

}  // namespace

std::optional<std::string> wrong_command(const std::vector<std::string>& words,
                                         std::span<const CommandName> known) {
  if (!words.empty() && words[0].starts_with('-')) return std::nullopt;
  std::vector<std::string_view> first;
  std::vector<std::string_view> second;  // of the group that was typed
  for (const CommandName& one : known) {
    const std::string_view word = one.group.empty() ? one.name : one.group;
    if (std::ranges::find(first, word) == first.end()) first.push_back(word);
    if (!one.group.empty() && !words.empty() && one.group == words[0]) second.push_back(one.name);
  }
  constexpr std::string_view kExpected = "expected a command: hydrant {}{} (see --help)";
  if (words.empty()) return fmt::format(kExpected, "", fmt::join(first, "|"));
  if (std::ranges::find(first, words[0]) == first.end()) {
    return sentence(words[0], words[0], "", first);
  }
  if (second.empty()) return std::nullopt;
  if (words.size() < 2) return fmt::format(kExpected, words[0] + " ", fmt::join(second, "|"));
  if (words[1].starts_with('-')) return std::nullopt;
  if (std::ranges::find(second, words[1]) != second.end()) return std::nullopt;
  const std::string typed = words[0] + " " + words[1];
  return sentence(typed, words[1], words[0] + " ", second);
}

}  // namespace hyd::cli

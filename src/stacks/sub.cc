#include "stacks/sub.h"

#include <algorithm>
#include <cstddef>

namespace hyd::stacks {
namespace {

bool is_name_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         c == '.' || c == ':';
}

}  // namespace

std::optional<std::vector<SubPart>> parse_sub(std::string_view text) {
  std::vector<SubPart> out;
  const auto copy = [&](std::string_view part) {
    if (!part.empty()) out.push_back({.variable = false, .text = part});
  };
  while (!text.empty()) {
    const std::size_t open = text.find("${");
    const std::size_t close = open == std::string_view::npos ? open : text.find('}', open);
    if (close == std::string_view::npos) {
      copy(text);
      break;
    }
    const std::string_view name = text.substr(open + 2, close - open - 2);
    if (name.starts_with('!')) {
      copy(text.substr(0, open + 2));
      copy(text.substr(open + 3, close - open - 2));
    } else {
      if (name.empty() || !std::ranges::all_of(name, is_name_letter)) return std::nullopt;
      copy(text.substr(0, open));
      out.push_back({.variable = true, .text = name});
    }
    text.remove_prefix(close + 1);
  }
  return out;
}

SubName parse_sub_name(std::string_view variable) {
  const std::size_t dot = variable.find('.');
  if (dot == std::string_view::npos) return {.name = variable, .attribute = {}};
  return {.name = variable.substr(0, dot), .attribute = variable.substr(dot + 1)};
}

}  // namespace hyd::stacks

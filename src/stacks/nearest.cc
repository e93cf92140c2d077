#include "stacks/nearest.h"

#include "base/nearest.h"

namespace hyd::stacks {
namespace {

// The known name that `name` begins with, where "NAME: value" was meant; empty: none was.
std::string_view swallowing(std::string_view name, std::span<const std::string_view> known) {
  for (const std::string_view one : known) {
    if (name.size() <= one.size() || !name.starts_with(one)) continue;
    const char behind = name[one.size()];
    if (behind == ':' || behind == ' ' || behind == '=') return one;
  }
  return {};
}

}  // namespace

std::string_view nearest(std::string_view name, std::span<const std::string_view> known) {
  const std::string_view key = swallowing(name, known);
  return key.empty() ? base::nearest(name, known) : key;
}

std::string suggestion(std::string_view name, std::span<const std::string_view> known) {
  if (const std::string_view key = swallowing(name, known); !key.empty()) {
    return "; expected a colon and a blank behind " + std::string(key);
  }
  const std::string_view near = base::nearest(name, known);
  return near.empty() ? std::string() : "; did you mean " + std::string(near) + "?";
}

}  // namespace hyd::stacks

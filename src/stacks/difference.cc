#include "stacks/difference.h"

#include "stacks/record.h"

#include <fmt/core.h>

#include <algorithm>
#include <cstddef>
#include <string_view>
#include <utility>

namespace hyd::stacks {
namespace {

using codec::Json;

constexpr std::size_t kShownBytesMax = 60;
constexpr std::size_t kBeforeBytes = 20;  // shown of what long texts have in common

// One step from both documents to where they differ, or false: it is the documents themselves.
bool descend(Difference& at) {
  if (at.before.if_object() != nullptr && at.after.if_object() != nullptr) {
    const auto into = [&](const Json::Member& member, const Json& other) {
      const Json* const same_name = other.find(member.first);
      return same_name == nullptr || !same(*same_name, member.second);
    };
    const Json::Object& after = *at.after.if_object();
    const Json::Object& before = *at.before.if_object();
    auto found = std::ranges::find_if(after, [&](const auto& one) { return into(one, at.before); });
    const bool there = found != after.end();
    if (!there) {
      found = std::ranges::find_if(before, [&](const auto& one) { return into(one, at.after); });
      if (found == before.end()) return false;
    }
    const std::string name = found->first;
    const Json* const former = at.before.find(name);
    const Json* const now = at.after.find(name);
    at = {.path = std::move(at.path),
          .before = former == nullptr ? Json() : Json(*former),
          .after = now == nullptr ? Json() : Json(*now)};
    at.path.push_back(name);
    return true;
  }
  const Json::Array* const before = at.before.if_array();
  const Json::Array* const after = at.after.if_array();
  if (before == nullptr || after == nullptr || before->size() != after->size()) return false;
  for (std::size_t i = 0; i < after->size(); ++i) {
    if (same((*before)[i], (*after)[i])) continue;
    at = {.path = std::move(at.path), .before = Json((*before)[i]), .after = Json((*after)[i])};
    at.path.push_back(std::to_string(i));
    return true;
  }
  return false;
}

bool continues(char byte) { return (static_cast<unsigned char>(byte) & 0xC0U) == 0x80; }

// At most kShownBytesMax of `text` from `from` on, in whole characters.
std::string piece(std::string_view text, std::size_t from) {
  while (from > 0 && from < text.size() && continues(text[from])) --from;
  std::size_t end = std::min(text.size(), from + kShownBytesMax);
  while (end < text.size() && continues(text[end])) --end;
  return fmt::format("{}{}{}", from > 0 ? "…" : "", text.substr(from, end - from),
                     end < text.size() ? "…" : "");
}

std::string text_of(const Json& value) {
  if (value.is_null()) return "absent";
  if (value.if_object() != nullptr) return "a map";
  if (const Json::Array* const items = value.if_array()) {
    return fmt::format("a list of {}", items->size());
  }
  return codec::to_text(value);
}

}  // namespace

Difference first_difference(const Json& before, const Json& after) {
  Difference at{.path = {}, .before = before, .after = after};
  while (descend(at)) {
  }
  return at;
}

ShownPair shown(const Json& before, const Json& after) {
  const std::string former = text_of(before);
  const std::string now = text_of(after);
  if (former.size() <= kShownBytesMax && now.size() <= kShownBytesMax) return {former, now};
  const auto apart = std::ranges::mismatch(former, now).in1 - former.begin();
  const std::size_t from = static_cast<std::size_t>(apart) > kBeforeBytes
                               ? static_cast<std::size_t>(apart) - kBeforeBytes
                               : 0;
  return {piece(former, std::min(from, former.size())), piece(now, std::min(from, now.size()))};
}

}  // namespace hyd::stacks

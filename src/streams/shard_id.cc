#include "streams/shard_id.h"

#include "base/parse_int.h"

#include <cstddef>

namespace hyd::streams {

// In every answer of a put, so by hand.
std::string shard_id(std::uint32_t index) {
  std::string text = "shardId-000000000000";
  for (std::size_t at = text.size(); index != 0; index /= 10) {
    text[--at] = static_cast<char>('0' + index % 10);
  }
  return text;
}

std::optional<std::uint32_t> parse_shard_id(std::string_view text) {
  const std::size_t dash = text.find('-');
  if (dash != std::string_view::npos) text.remove_prefix(dash + 1);
  const auto index = base::parse_int<std::uint32_t>(text);
  if (!index || *index > INT32_MAX) return std::nullopt;
  return index;
}

}  // namespace hyd::streams

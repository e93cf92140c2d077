#include "streams/shard_id.h"

#include "base/parse_int.h"

#include <fmt/core.h>

namespace hyd::streams {

std::string shard_id(std::uint32_t index) { return fmt::format("shardId-{:012}", index); }

std::optional<std::uint32_t> parse_shard_id(std::string_view text) {
  const std::size_t dash = text.find('-');
  if (dash != std::string_view::npos) text.remove_prefix(dash + 1);
  const auto index = base::parse_int<std::uint32_t>(text);
  if (!index || *index > INT32_MAX) return std::nullopt;
  return index;
}

}  // namespace hyd::streams

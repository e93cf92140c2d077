// Shard ids: "shardId-" and the shard's index within its stream in 12 digits.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace hyd::streams {

std::string shard_id(std::uint32_t index);

// As leniently as AWS reads them (observed): what stands behind the first `-`, or the whole, is the
// index in decimal, at most 2147483647. "0", "shard-0" and "x-00000000000" all are shard 0.
std::optional<std::uint32_t> parse_shard_id(std::string_view text);

}  // namespace hyd::streams

// What SplitShard, MergeShards and UpdateShardCount ask alike.
#pragma once

#include "aws/fault.h"
#include "streams/streams.h"

#include <cstdint>

namespace hyd::streams {

// The stream is ACTIVE and PROVISIONED.
aws::Outcome<void> may_reshard(const Streams& streams, const Stream& now);
// Null when there is none of that index, or it has expired.
const Shard* shard_to_change(const Streams& streams, const Stream& now, std::uint32_t index);

struct MoreRoom {
  std::uint64_t open_more = 0;  // open shards more than now
  std::uint64_t added = 0;      // new shards, also those that are closed at once
};
aws::Outcome<void> room_for(const Streams& streams, const Stream& now, const MoreRoom& more);

}  // namespace hyd::streams

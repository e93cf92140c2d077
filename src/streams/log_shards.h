// Shards of a stream in the log, several at once. Internal to this room.
#pragma once

#include "base/result.h"
#include "log/log.h"
#include "streams/ports.h"
#include "streams/stream.h"

#include <vector>

namespace hyd::streams {

// Each shard takes records and can be read then. `then` runs on the log's thread, or at once when
// there is nothing to open.
void open_in_log(log::Log& log, const base::Uid& stream, const std::vector<Shard>& shards,
                 base::Done<void> then);

// Nothing of these shards is acknowledged behind the ends that `then` is told; they are durable,
// and none is before a record that was ever acknowledged.
void close_in_log(log::Log& log, const std::vector<Shard>& shards,
                  base::Done<std::vector<ShardEnd>> then);

}  // namespace hyd::streams

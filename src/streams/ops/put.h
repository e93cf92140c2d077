// What PutRecord and PutRecords share.
#pragma once

#include "aws/call.h"
#include "aws/fault.h"
#include "base/result.h"
#include "log/log.h"
#include "streams/ops/find.h"

#include <optional>
#include <string>
#include <string_view>

namespace hyd::streams {

// The stream, when it takes records.
aws::Outcome<StreamPtr> find_for_data(const Streams& streams, const aws::Call& call,
                                      const Addressed& by);

struct Routed {
  std::string_view partition_key;
  const std::optional<std::string>& explicit_hash_key;
};
// Refused: an explicit key of 2^128 or more.
aws::Outcome<HashKey> hash_of(const Routed& record);

// What an append's error is to the caller. Failures of the log are ours: they never pass an
// integration's response mapping.
aws::Fault append_fault(const Streams& streams, const Stream& stream, const Shard& shard,
                        base::Error error);

// A put that waits for the next picture of its stream's shards.
template <class Input, class Output>
struct Waiting {
  aws::Call call;
  Input input;
  aws::Done<Output> done;
};
// More waits already than may.
aws::Fault too_many_wait(const Streams& streams, const Stream& stream, const Shard& shard);

// Whether quotas of writes hold, where quotas hold: an on-demand stream has none.
inline bool is_limited(const Stream& stream) { return stream.settings.mode == Mode::provisioned; }

std::string sequence_text(const Shard& shard, log::Place place, std::int64_t arrival_ms);

}  // namespace hyd::streams

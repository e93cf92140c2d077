#include "streams/ops/put.h"

#include "streams/sequence.h"
#include "streams/shard_id.h"

#include <utility>

namespace hyd::streams {

aws::Outcome<StreamPtr> find_for_data(const Streams& streams, const aws::Call& call,
                                      const Addressed& by) {
  aws::Outcome<StreamPtr> stream = find_stream(streams, call, by);
  if (!stream) return stream;
  if (!(*stream)->takes_records()) {
    return no_such_stream(stream_at(streams, (*stream)->name));
  }
  return stream;
}

aws::Outcome<HashKey> hash_of(const Routed& record) {
  if (!record.explicit_hash_key) return HashKey::of(record.partition_key);
  const auto key = HashKey::parse(*record.explicit_hash_key);
  if (!key) return bad_explicit_hash_key(*record.explicit_hash_key);
  return *key;
}

aws::Fault append_fault(const Streams& streams, const Stream& stream, const Shard& shard,
                        base::Error error) {
  const StreamAt at = stream_at(streams, stream.name);
  switch (error.code) {
    case base::Code::not_found: return no_such_stream(at);  // deleted while the call was on its way
    case base::Code::exhausted:
      return aws::as_ours(write_throttled(at, shard_id(shard.index)), std::move(error));
    case base::Code::timed_out: return aws::unanswerable(std::move(error));
    default: return aws::fault_from(std::move(error));
  }
}

aws::Fault too_many_wait(const Streams& streams, const Stream& stream, const Shard& shard) {
  return aws::as_ours(
      write_throttled(stream_at(streams, stream.name), shard_id(shard.index)),
      {base::Code::exhausted, "too many puts wait for the shards of a stream to change"});
}

std::string sequence_text(const Shard& shard, log::Place place, std::int64_t arrival_ms) {
  return Sequence{.created_s = shard.created_ms / 1000,
                  .shard = shard.index,
                  .index = place.raw(),
                  .arrived_s = arrival_ms / 1000}
      .decimal();
}

}  // namespace hyd::streams

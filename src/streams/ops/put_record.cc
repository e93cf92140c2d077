#include "streams/ops/operations.h"
#include "streams/ops/put.h"
#include "streams/sequence.h"
#include "streams/shard_id.h"

#include <memory>
#include <utility>

namespace hyd::streams {
namespace {

// A later record of the shard has a larger number than every one that exists, so only a number
// that cannot exist yet is refused.
bool may_be_exceeded(std::string_view number, std::int64_t now_ms) {
  const auto sequence = Sequence::parse(number);
  return sequence && sequence->arrived_s <= now_ms / 1000;
}

}  // namespace

// Success means the record is kept: the answer follows the readable mark, so a client that saw 200
// finds its record after any crash. A fault means the log does not hold it and never will; where
// not even that can be said, the connection closes without an answer. Nothing that was handed to
// the log is ever timed out.
void put_record(Streams& streams, const aws::Call& call, const PutRecordInput& input,
                aws::Done<PutRecordOutput> done) {
  aws::Outcome<StreamPtr> found =
      find_for_data(streams, call, {input.stream_name, input.stream_arn});
  if (!found) return done(std::unexpected(std::move(found).error()));
  StreamPtr stream = *std::move(found);
  const std::uint64_t bytes = input.data.size() + input.partition_key.size();
  const std::uint64_t bytes_max = stream->settings.record_bytes_max;
  if (bytes > bytes_max) {
    return done(std::unexpected(record_too_large(input.data.size(), "data", bytes_max)));
  }
  const aws::Outcome<HashKey> hash = hash_of({input.partition_key, input.explicit_hash_key});
  if (!hash) return done(std::unexpected(hash.error()));
  if (input.sequence_number_for_ordering &&
      !may_be_exceeded(*input.sequence_number_for_ordering, streams.now_ms())) {
    return done(std::unexpected(bad_sequence_for_ordering(stream_at(streams, stream->name),
                                                          *input.sequence_number_for_ordering)));
  }

  const Shard& shard = stream->route(*hash);
  if (stream->sealed) {
    auto waiting = std::make_shared<Waiting<PutRecordInput, PutRecordOutput>>(
        Waiting<PutRecordInput, PutRecordOutput>{call, input, std::move(done)});
    if (!streams.wait_for_shards(call.loop, stream->uid, bytes, [&streams, waiting] {
          put_record(streams, waiting->call, waiting->input, std::move(waiting->done));
        })) {
      waiting->done(std::unexpected(too_many_wait(streams, *stream, shard)));
    }
    return;
  }
  if (Quotas* const quotas = streams.quotas();
      quotas != nullptr && is_limited(*stream) && !quotas->take_write(shard.number, bytes)) {
    return done(
        std::unexpected(write_throttled(stream_at(streams, stream->name), shard_id(shard.index))));
  }
  const log::NewRecord record{
      .shard = shard.number, .key = input.partition_key, .data = input.data};
  const Streams::PutTurn turn = streams.begin_put(call.loop);
  streams.log().append(
      call.loop, {&record, 1},
      [&streams, &loop = call.loop, turn, &shard, stream = std::move(stream),
       done = std::move(done)](base::Result<log::Appended> at) mutable {
        streams.end_put(loop, turn);
        if (!at) {
          return done(
              std::unexpected(append_fault(streams, *stream, shard, std::move(at).error())));
        }
        done(PutRecordOutput{.shard_id = shard_id(shard.index),
                             .sequence_number = sequence_text(shard, at->first, at->arrival_ms),
                             .encryption_type = encryption_of_records(*stream)});
      });
}

}  // namespace hyd::streams

#include "streams/ops/operations.h"
#include "streams/ops/put.h"
#include "streams/shard_id.h"

#include <algorithm>
#include <chrono>
#include <memory>
#include <utility>
#include <vector>

namespace hyd::streams {
namespace {

// A read may end with nothing before the tip (in front of a damaged range, say); it is tried again
// from where it ended this many times before the client is asked to.
constexpr int kReadsMax = 16;

// One call, from its first read to its answer; all of it on the call's loop.
class Reading : public std::enable_shared_from_this<Reading> {
 public:
  struct Parts {
    Streams& streams;
    sys::Loop& loop;
    StreamPtr stream;
    const Shard& shard;  // of `stream`
    std::size_t records_max = 0;
    log::Place from;
    aws::Done<GetRecordsOutput> done;
  };
  explicit Reading(Parts parts)
      : parts_(std::move(parts)), now_ms_(parts_.streams.now_ms()), from_(parts_.from) {}

  void read() {
    if (ended_at(from_))
      return answer({.records = {}, .bytes = {}, .next = from_, .caught_up = true});
    ++reads_;
    const log::ReadRequest request{
        .shard = parts_.shard.number, .from = from_, .records_max = parts_.records_max};
    parts_.streams.log().read(&parts_.loop, request,
                              [self = shared_from_this()](base::Result<log::ReadResult> got) {
                                if (!got) return self->fail(std::move(got).error());
                                self->take(*got);
                              });
  }

 private:
  std::int64_t oldest_ms() const { return parts_.stream->horizon_ms(now_ms_); }
  bool ended_at(log::Place next) const { return parts_.shard.end && next > *parts_.shard.end; }

  void take(const log::ReadResult& got) {
    const bool expired = !got.records.empty() && got.records.front().arrival_ms < oldest_ms();
    if (expired && !skipped_) return skip();
    if (got.records.empty() && !got.caught_up && got.next > from_ && reads_ < kReadsMax) {
      from_ = got.next;
      return read();
    }
    answer(got);
  }

  // What retention has let go is never returned, even while it is still on the disk.
  void skip() {
    skipped_ = true;
    parts_.streams.log().find_by_time(&parts_.loop, parts_.shard.number, oldest_ms(),
                                      [self = shared_from_this()](base::Result<log::Place> place) {
                                        if (!place) return self->fail(std::move(place).error());
                                        self->from_ = std::max(self->from_, *place);
                                        self->read();
                                      });
  }

  void answer(const log::ReadResult& got) {
    GetRecordsOutput output;
    output.records.reserve(got.records.size());
    std::int64_t last_ms = now_ms_;
    std::uint64_t bytes = 0;
    for (const log::ReadRecord& record : got.records) {
      if (record.arrival_ms < oldest_ms()) continue;
      last_ms = record.arrival_ms;
      output.records.push_back(
          {.sequence_number = sequence_text(parts_.shard, record.place, record.arrival_ms),
           .approximate_arrival_timestamp =
               base::WallTime(std::chrono::milliseconds(record.arrival_ms)),
           .data = std::string(record.data),
           .partition_key = std::string(record.key),
           .encryption_type = encryption_of_records(*parts_.stream)});
      bytes += record.data.size() + record.key.size();
    }
    if (Quotas* const quotas = parts_.streams.quotas()) {
      quotas->count_read(parts_.shard.number, bytes);
    }
    // A closed shard ends with its children in the place of an iterator: with both, or neither,
    // consumers would wait for ever (KCL, observed).
    const bool ended = parts_.shard.closed_ms != 0 && (got.caught_up || ended_at(got.next));
    if (ended) {
      output.child_shards = children();
    } else {
      output.next_shard_iterator = parts_.streams.tokens(parts_.loop)
                                       .seal({.issued_ms = now_ms_,
                                              .stream = parts_.stream->uid,
                                              .shard = parts_.shard.index,
                                              .from = got.next,
                                              .stream_name = parts_.stream->name});
    }
    output.millis_behind_latest =
        ended || got.caught_up ? 0 : std::max<std::int64_t>(1, now_ms_ - last_ms);
    parts_.done(std::move(output));
  }

  std::vector<ChildShard> children() const {
    std::vector<ChildShard> all;
    for (const Shard* const child : parts_.stream->children(parts_.shard)) {
      ChildShard& one = all.emplace_back();
      one.shard_id = shard_id(child->index);
      if (child->parent) one.parent_shards.push_back(shard_id(*child->parent));
      if (child->adjacent_parent) one.parent_shards.push_back(shard_id(*child->adjacent_parent));
      one.hash_key_range = range_output(child->range);
    }
    return all;
  }

  void fail(base::Error error) { parts_.done(std::unexpected(aws::fault_from(std::move(error)))); }

  Parts parts_;
  const std::int64_t now_ms_;
  log::Place from_;
  int reads_ = 0;
  bool skipped_ = false;
};

}  // namespace

// Every answer has a new iterator, also an empty one, until a closed shard has been read to its
// end.
void get_records(Streams& streams, const aws::Call& call, const GetRecordsInput& input,
                 aws::Done<GetRecordsOutput> done) {
  const auto iterator = streams.tokens(call.loop).open_iterator(input.shard_iterator);
  if (!iterator) return done(std::unexpected(invalid_iterator()));
  const std::int64_t now_ms = streams.now_ms();
  if (now_ms - iterator->issued_ms > kTokenLifeMs) {
    return done(
        std::unexpected(expired_iterator({.issued_ms = iterator->issued_ms, .now_ms = now_ms})));
  }
  const StreamPtr& stream = streams.picture(call.loop).find(iterator->stream);
  const Shard* const shard = stream ? stream->shard(iterator->shard) : nullptr;
  if (shard == nullptr || !stream->takes_records() ||
      stream->expired(*shard, stream->horizon_ms(now_ms))) {
    return done(std::unexpected(
        no_such_shard(stream_at(streams, iterator->stream_name), shard_id(iterator->shard))));
  }
  if (input.stream_arn && *input.stream_arn != stream->arn) {
    return done(std::unexpected(
        invalid_argument("StreamARN must name the stream that the ShardIterator is of.")));
  }
  Quotas* const quotas = streams.quotas();
  if (quotas != nullptr && !quotas->take_read(shard->number)) {
    return done(
        std::unexpected(read_throttled(stream_at(streams, stream->name), shard_id(shard->index))));
  }
  constexpr std::int32_t kRecordsMax = 10'000;
  std::make_shared<Reading>(
      Reading::Parts{.streams = streams,
                     .loop = call.loop,
                     .stream = stream,
                     .shard = *shard,
                     .records_max = static_cast<std::size_t>(input.limit.value_or(kRecordsMax)),
                     .from = iterator->from,
                     .done = std::move(done)})
      ->read();
}

}  // namespace hyd::streams

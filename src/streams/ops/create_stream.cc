#include "aws/arn.h"
#include "streams/ops/find.h"
#include "streams/ops/operations.h"

#include <chrono>
#include <utility>

namespace hyd::streams {
namespace {

constexpr std::uint32_t kOnDemandShards = 4;
// A stream's first shards are a little older than it is (observed).
constexpr std::int64_t kShardsEarlierMs = 2'000;

struct Size {
  Mode mode = Mode::provisioned;
  std::uint32_t shards = 0;
};

// Without a mode and a count AWS makes an on-demand stream (observed).
aws::Outcome<Size> size_of(const CreateStreamInput& input) {
  const bool on_demand = input.stream_mode_details
                             ? input.stream_mode_details->stream_mode == ModeWord::on_demand
                             : !input.shard_count;
  if (on_demand && input.shard_count) {
    return invalid_argument("ShardCount must not be given for a stream in ON_DEMAND mode.");
  }
  if (!on_demand && !input.shard_count) {
    return invalid_argument("ShardCount must be given for a stream in PROVISIONED mode.");
  }
  if (!on_demand && input.warm_throughput_mibps) {
    return invalid_argument("WarmThroughputMiBps needs a stream in ON_DEMAND mode.");
  }
  if (on_demand) return Size{.mode = Mode::on_demand, .shards = kOnDemandShards};
  return Size{.mode = Mode::provisioned, .shards = static_cast<std::uint32_t>(*input.shard_count)};
}

}  // namespace

// Success means that the stream survives any crash, is ACTIVE (unless a transition time is set)
// and takes records on every loop.
void create_stream(Streams& streams, const aws::Call& call, const CreateStreamInput& input,
                   aws::Done<aws::Nothing> done) {
  const StreamAt at = stream_at(streams, input.stream_name);
  const aws::Outcome<Size> size = size_of(input);
  if (!size) return done(std::unexpected(size.error()));
  aws::Outcome<Tags> tags = Tags();
  if (input.tags) tags = read_new_tags(*input.tags);
  if (!tags) return done(std::unexpected(tags.error()));
  if (tags->size() > kTagsMax) return done(std::unexpected(too_many_tags(at, kTagsMax)));
  const Picture& picture = streams.picture(call.loop);
  if (picture.find(call.region, input.stream_name)) {
    return done(std::unexpected(stream_exists(at)));
  }
  if (auto room = must_have_room(streams, picture,
                                 {.region = call.region, .mode = size->mode, .more = size->shards});
      !room) {
    return done(std::unexpected(std::move(room).error()));
  }

  const std::int64_t now_ms = streams.now_ms() / 1000 * 1000;
  const std::string resource = "stream/" + input.stream_name;
  NewStream stream;
  stream.uid = base::Uid::random(streams.entropy());
  stream.region = call.region;
  stream.name = input.stream_name;
  stream.arn = aws::make_arn({.service = "kinesis",
                              .region = call.region,
                              .account = streams.account(),
                              .resource = resource});
  stream.shards = size->shards;
  stream.created_ms = now_ms;
  stream.shards_created_ms = now_ms - kShardsEarlierMs;
  stream.first = streams.log().end(log::Mark::durable);
  stream.settings.mode = size->mode;
  stream.settings.warm_mibps = input.warm_throughput_mibps;
  stream.settings.tags = *std::move(tags);
  if (input.max_record_size_kib) {
    stream.settings.record_bytes_max = static_cast<std::uint64_t>(*input.max_record_size_kib) << 10;
  }
  streams.create(call, std::move(stream), std::move(done));
}

}  // namespace hyd::streams

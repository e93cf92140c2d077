#include "streams/ops/find.h"
#include "streams/ops/operations.h"
#include "streams/shard_id.h"

#include <algorithm>

namespace hyd::streams {
namespace {

constexpr std::size_t kShardsMax = 100;  // in one answer, whatever Limit says

}  // namespace

void describe_stream(Streams& streams, const aws::Call& call, const DescribeStreamInput& input,
                     aws::Done<DescribeStreamOutput> done) {
  std::size_t from = 0;
  if (input.exclusive_start_shard_id) {
    const auto index = parse_shard_id(*input.exclusive_start_shard_id);
    if (!index) {
      const StreamAt at = stream_at(streams, meant_name({input.stream_name, input.stream_arn}));
      return done(std::unexpected(unreadable_shard_id(at, *input.exclusive_start_shard_id)));
    }
    from = std::size_t{*index} + 1;
  }
  const aws::Outcome<StreamPtr> found = find_stream(streams, call, input);
  if (!found) return done(std::unexpected(found.error()));
  const Stream& stream = **found;

  DescribeStreamOutput output;
  StreamDescription& all = output.stream_description;
  all = {.stream_name = stream.name,
         .stream_arn = stream.arn,
         .stream_status = status_of(stream),
         .stream_mode_details = mode_of(stream),
         .shards = {},
         .retention_period_hours = stream.settings.retention_hours,
         .stream_creation_timestamp = created_at(stream),
         .enhanced_monitoring = monitoring_of(stream),
         .encryption_type = encryption_of(stream),
         .key_id = stream.settings.key_id};
  if (stream.takes_records()) {
    const std::int64_t horizon_ms = stream.horizon_ms(streams.now_ms());
    const std::size_t limit =
        std::min(kShardsMax, static_cast<std::size_t>(input.limit.value_or(kShardsMax)));
    for (std::size_t i = from; i < stream.shards.size(); ++i) {
      if (stream.expired(stream.shards[i], horizon_ms)) continue;
      if (all.shards.size() == limit) {
        all.has_more_shards = true;
        break;
      }
      all.shards.push_back(shard_output(stream, stream.shards[i]));
    }
  }
  done(std::move(output));
}

}  // namespace hyd::streams

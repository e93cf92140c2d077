#include "streams/ops/find.h"
#include "streams/ops/operations.h"

namespace hyd::streams {

void describe_stream_summary(Streams& streams, const aws::Call& call, const StreamInput& input,
                             aws::Done<DescribeStreamSummaryOutput> done) {
  const aws::Outcome<StreamPtr> found = find_stream(streams, call, input);
  if (!found) return done(std::unexpected(found.error()));
  const Stream& stream = **found;

  DescribeStreamSummaryOutput output;
  StreamDescriptionSummary& all = output.stream_description_summary;
  all = {.stream_name = stream.name,
         .stream_arn = stream.arn,
         .stream_status = status_of(stream),
         .stream_mode_details = mode_of(stream),
         .retention_period_hours = stream.settings.retention_hours,
         .stream_creation_timestamp = created_at(stream),
         .enhanced_monitoring = monitoring_of(stream),
         .encryption_type = encryption_of(stream),
         .key_id = stream.settings.key_id,
         .consumer_count = static_cast<std::int32_t>(stream.settings.consumers.size()),
         .warm_throughput = {},
         .max_record_size_kib = static_cast<std::int32_t>(stream.settings.record_bytes_max >> 10)};
  if (stream.takes_records()) {
    all.open_shard_count = static_cast<std::int32_t>(stream.routes.size());
  }
  if (const auto warm = stream.settings.warm_mibps) {
    all.warm_throughput = {.target_mibps = *warm, .current_mibps = *warm};
  }
  done(std::move(output));
}

}  // namespace hyd::streams

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
         .stream_creation_timestamp = created_at(stream),
         .enhanced_monitoring = {EnhancedMetrics{}},
         .encryption_type = EncryptionWord::none,
         .consumer_count = 0,
         .warm_throughput = {},
         .max_record_size_kib = static_cast<std::int32_t>(stream.record_bytes_max >> 10)};
  if (stream.status == Status::active) {
    all.open_shard_count = static_cast<std::int32_t>(stream.shards.size());
  }
  if (stream.warm_mibps) {
    all.warm_throughput = {.target_mibps = *stream.warm_mibps, .current_mibps = *stream.warm_mibps};
  }
  done(std::move(output));
}

}  // namespace hyd::streams

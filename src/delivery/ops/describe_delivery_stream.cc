#include "delivery/faults.h"
#include "delivery/ops/operations.h"

#include <utility>

namespace hyd::delivery {
namespace {

constexpr std::string_view kDestinationId = "destinationId-000000000001";

// What AWS fills in where the owner said nothing (observed).
ExtendedS3Destination with_defaults(ExtendedS3Destination destination) {
  const auto fill = [](auto& member, auto value) {
    if (!member) member = std::move(value);
  };
  fill(destination.buffering_hints, BufferingHints{.size_mb = 5, .interval_seconds = 300});
  fill(destination.compression, Compression::uncompressed);
  fill(destination.encryption, EncryptionConfiguration{.no_encryption = "NoEncryption", .kms = {}});
  fill(destination.logging,
       LoggingOptions{.enabled = false, .log_group_name = {}, .log_stream_name = {}});
  fill(destination.processing,
       Processing{.enabled = false, .processors = std::vector<Processor>()});
  fill(destination.backup_mode, BackupMode::disabled);
  fill(destination.format_conversion, Switch{.enabled = false});
  destination.backup.reset();
  return destination;
}

StreamDescription describe(const DeliveryStream& stream) {
  StreamDescription out;
  out.name = stream.key.name;
  out.arn = stream.arn;
  out.status = name(stream.state);
  if (stream.state == DeliveryState::deleting_failed) {
    out.failure = Failure{.type = "UNKNOWN_ERROR", .details = stream.failure};
  }
  out.type = "KinesisStreamAsSource";
  out.version = std::to_string(stream.version);
  out.created = stream.created;
  out.source.kinesis = {
      .stream_arn = stream.source_arn, .role_arn = stream.source_role, .start = stream.created};
  DestinationDescription destination;
  destination.id = kDestinationId;
  destination.extended_s3 = with_defaults(stream.destination);
  destination.s3 = reduced(destination.extended_s3);
  out.destinations.push_back(std::move(destination));
  return out;
}

}  // namespace

void describe_delivery_stream(Delivery& delivery, const aws::Call& call,
                              const DescribeDeliveryStreamInput& input,
                              aws::Done<DescribeDeliveryStreamOutput> done) {
  const DeliveryStream* const stream = delivery.find(call.loop, key_of(call, input.name));
  if (stream == nullptr) {
    return done(std::unexpected(stream_not_found({.name = input.name, .account = call.account})));
  }
  done(DescribeDeliveryStreamOutput{.stream = describe(*stream)});
}

}  // namespace hyd::delivery

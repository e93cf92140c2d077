// A delivery stream as its owner configured it, and what the engine takes from that.
//
// The structures that clients write and read have shapes (shapes.cc); the destination is kept in
// the catalog as the document that its shape makes.
#pragma once

#include "aws/shape.h"
#include "base/clock.h"
#include "base/result.h"
#include "codec/json.h"
#include "delivery/intent.h"
#include "delivery/prefix.h"

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hyd::delivery {

struct BufferingHints {
  std::optional<std::int32_t> size_mb;
  std::optional<std::int32_t> interval_seconds;
  static aws::Shape shape();
  friend bool operator==(const BufferingHints&, const BufferingHints&) = default;
};

// Values are indices of the value set as AWS prints it.
enum class Compression : std::uint8_t { zip, hadoop_snappy, snappy, gzip, uncompressed };
enum class BackupMode : std::uint8_t { disabled, enabled };

struct EncryptionConfiguration {
  std::optional<std::string> no_encryption;
  std::optional<codec::Json> kms;
  static aws::Shape shape();
  friend bool operator==(const EncryptionConfiguration&, const EncryptionConfiguration&) = default;
};

struct LoggingOptions {
  std::optional<bool> enabled;
  std::optional<std::string> log_group_name;
  std::optional<std::string> log_stream_name;
  static aws::Shape shape();
  friend bool operator==(const LoggingOptions&, const LoggingOptions&) = default;
};

struct ProcessorParameter {
  std::string name;
  std::string value;
  static aws::Shape shape();
  friend bool operator==(const ProcessorParameter&, const ProcessorParameter&) = default;
};
struct Processor {
  std::string type;
  std::optional<std::vector<ProcessorParameter>> parameters;
  static aws::Shape shape();
  friend bool operator==(const Processor&, const Processor&) = default;
};
struct Processing {
  std::optional<bool> enabled;
  std::optional<std::vector<Processor>> processors;
  static aws::Shape shape();
  friend bool operator==(const Processing&, const Processing&) = default;
};

// Parts of which only the switch is understood: on is refused.
struct Switch {
  std::optional<bool> enabled;
  static aws::Shape shape();
  friend bool operator==(const Switch&, const Switch&) = default;
};

struct S3Destination {
  std::string role_arn;
  std::string bucket_arn;
  std::optional<std::string> prefix;
  std::optional<std::string> error_output_prefix;
  std::optional<BufferingHints> buffering_hints;
  std::optional<Compression> compression;
  std::optional<EncryptionConfiguration> encryption;
  std::optional<LoggingOptions> logging;
  static aws::Shape shape();
  friend bool operator==(const S3Destination&, const S3Destination&) = default;
};

struct ExtendedS3Destination {
  std::string role_arn;
  std::string bucket_arn;
  std::optional<std::string> prefix;
  std::optional<std::string> error_output_prefix;
  std::optional<BufferingHints> buffering_hints;
  std::optional<Compression> compression;
  std::optional<EncryptionConfiguration> encryption;
  std::optional<LoggingOptions> logging;
  std::optional<Processing> processing;
  std::optional<BackupMode> backup_mode;
  std::optional<codec::Json> backup;
  std::optional<Switch> format_conversion;
  std::optional<Switch> partitioning;
  std::optional<std::string> file_extension;
  std::optional<std::string> custom_time_zone;
  static aws::Shape shape();
  friend bool operator==(const ExtendedS3Destination&, const ExtendedS3Destination&) = default;
};
ExtendedS3Destination extended(const S3Destination& plain);
S3Destination reduced(const ExtendedS3Destination& full);

enum class DeliveryState : std::uint8_t { active, deleting, deleting_failed };
std::string_view name(DeliveryState state);

// A name is one delivery stream's in each region.
struct StreamKey {
  std::string region;
  std::string name;
  friend auto operator<=>(const StreamKey&, const StreamKey&) = default;
};

struct DeliveryStream {
  DeliveryId id;
  StreamKey key;
  std::string arn;
  DeliveryState state = DeliveryState::active;
  std::string failure;  // why deleting failed
  std::uint32_t version = 1;
  base::WallTime created;
  std::string source_arn;
  std::string source_role;
  // What it takes of a shard begins here, or with the shard if that is later.
  std::uint64_t start = 0;
  std::uint64_t drain_to = 0;  // deleting: the first place that it does not take any more
  ExtendedS3Destination destination;
  std::vector<std::pair<std::string, std::string>> tags;
};

// The picture that every loop has.
using DeliveryStreams = std::map<StreamKey, DeliveryStream>;

// What the engine needs of a configuration, ready to use.
struct Plan {
  std::string name;
  std::uint32_t version = 1;
  std::string bucket;
  Prefix prefix;
  std::uint64_t buffer_bytes = 0;
  std::int64_t interval_ms = 0;
  Compression compression = Compression::uncompressed;
  std::string extension;
  std::string delimiter;  // behind each record

  // The key of an object whose oldest record arrived then. Draws random strings.
  std::string key_of(std::int64_t oldest_ms, const base::Uid& batch, base::Rng& rng) const;
};
// Code::invalid or unsupported, with the sentence that a client is told: what is asked for does not
// make sense, or is not built yet.
base::Result<Plan> plan_of(const DeliveryStream& stream);

}  // namespace hyd::delivery

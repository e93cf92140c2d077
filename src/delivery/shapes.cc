// Members and constraints of Firehose's service model (2015-08-04). Role and bucket ARNs are
// checked for their form alone, so that any account and partition passes.
#include "aws/shape.h"
#include "delivery/config.h"

#include <algorithm>

namespace hyd::delivery {
namespace {

using aws::boolean;
using aws::document;
using aws::integer;
using aws::member;
using aws::Member;
using aws::Shape;
using aws::Spec;
using aws::string;
using aws::structure;

// "arn:PARTITION:SERVICE:…", with something in the last part.
bool is_arn_of(std::string_view text, std::string_view service) {
  if (!text.starts_with("arn:")) return false;
  const std::size_t partition = text.find(':', 4);
  if (partition == std::string_view::npos) return false;
  return text.substr(partition + 1).starts_with(service);
}
bool is_role(std::string_view text) {
  return is_arn_of(text, "iam:") && text.contains(":role/") && !text.ends_with('/');
}
bool is_bucket_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         std::string_view("_.-").contains(c);
}
bool is_bucket(std::string_view text) {
  if (!is_arn_of(text, "s3:::")) return false;
  const std::string_view bucket = text.substr(text.rfind(':') + 1);
  return !bucket.empty() && bucket.size() <= 255 &&
         std::ranges::all_of(bucket, is_bucket_character);
}
bool is_extension(std::string_view text) {
  return text.empty() ||
         (text.size() > 1 && text.front() == '.' && std::ranges::all_of(text.substr(1), [](char c) {
            return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
                   std::string_view("!-_.*'()").contains(c);
          }));
}
bool is_zone(std::string_view text) {
  return std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '/' || c == '_';
  });
}
bool is_group(std::string_view text) {
  return std::ranges::all_of(
      text, [](char c) { return is_bucket_character(c) || std::string_view("/#").contains(c); });
}
bool is_log_stream(std::string_view text) {
  return std::ranges::none_of(text, [](char c) { return c == ':' || c == '*'; });
}
bool is_value(std::string_view text) {  // ^(?!\s*$).+, where a dot is not a line end
  return std::ranges::none_of(text, [](char c) { return c == '\n' || c == '\r'; }) &&
         std::ranges::any_of(text, [](char c) { return c != ' ' && (c < '\t' || c > '\r'); });
}

constexpr std::string_view kCompressions[] = {"ZIP", "HADOOP_SNAPPY", "Snappy", "GZIP",
                                              "UNCOMPRESSED"};
constexpr std::string_view kBackupModes[] = {"Disabled", "Enabled"};
constexpr std::string_view kNoEncryption[] = {"NoEncryption"};
constexpr std::string_view kProcessors[] = {"RecordDeAggregation",     "Decompression",
                                            "CloudWatchLogProcessing", "Lambda",
                                            "MetadataExtraction",      "AppendDelimiterToRecord"};
constexpr std::string_view kParameters[] = {
    "LambdaArn", "NumberOfRetries",   "MetadataExtractionQuery", "JsonParsingEngine",
    "RoleArn",   "BufferSizeInMBs",   "BufferIntervalInSeconds", "SubRecordType",
    "Delimiter", "CompressionFormat", "DataMessageExtraction"};

constexpr Spec kRole = string().required().length(1, 512).matching(
    {R"(arn:.*:iam::\d{12}:role/[a-zA-Z_0-9+=,.@\-_/]+)", &is_role});
constexpr Spec kBucket =
    string().required().length(1, 2'048).matching({R"(arn:.*:s3:::[\w\.\-]{1,255})", &is_bucket});
constexpr Spec kPrefix = string().length(0, 1'024);
constexpr Spec kCompression = string().one_of(kCompressions);
constexpr Spec kProcessor = structure();
constexpr Spec kParameter = structure();

}  // namespace

Shape BufferingHints::shape() {
  static constexpr Member kMembers[] = {
      member<&BufferingHints::size_mb>("SizeInMBs", integer().range(1, 128)),
      member<&BufferingHints::interval_seconds>("IntervalInSeconds", integer().range(0, 900)),
  };
  return kMembers;
}

Shape EncryptionConfiguration::shape() {
  static constexpr Member kMembers[] = {
      member<&EncryptionConfiguration::no_encryption>("NoEncryptionConfig",
                                                      string().one_of(kNoEncryption)),
      member<&EncryptionConfiguration::kms>("KMSEncryptionConfig", document()),
  };
  return kMembers;
}

Shape LoggingOptions::shape() {
  static constexpr Member kMembers[] = {
      member<&LoggingOptions::enabled>("Enabled", boolean()),
      member<&LoggingOptions::log_group_name>(
          "LogGroupName", string().length(0, 512).matching({R"([\.\-_/#A-Za-z0-9]*)", &is_group})),
      member<&LoggingOptions::log_stream_name>(
          "LogStreamName", string().length(0, 512).matching({"[^:*]*", &is_log_stream})),
  };
  return kMembers;
}

Shape ProcessorParameter::shape() {
  static constexpr Member kMembers[] = {
      member<&ProcessorParameter::name>("ParameterName", string().required().one_of(kParameters)),
      member<&ProcessorParameter::value>(
          "ParameterValue",
          string().required().length(1, 5'120).matching({R"(^(?!\s*$).+)", &is_value})),
  };
  return kMembers;
}

Shape Processor::shape() {
  static constexpr Member kMembers[] = {
      member<&Processor::type>("Type", string().required().one_of(kProcessors)),
      member<&Processor::parameters>("Parameters", aws::list(kParameter)),
  };
  return kMembers;
}

Shape Processing::shape() {
  static constexpr Member kMembers[] = {
      member<&Processing::enabled>("Enabled", boolean()),
      member<&Processing::processors>("Processors", aws::list(kProcessor)),
  };
  return kMembers;
}

Shape Switch::shape() {
  static constexpr Member kMembers[] = {member<&Switch::enabled>("Enabled", boolean())};
  return kMembers;
}

Shape S3Destination::shape() {
  static constexpr Member kMembers[] = {
      member<&S3Destination::role_arn>("RoleARN", kRole),
      member<&S3Destination::bucket_arn>("BucketARN", kBucket),
      member<&S3Destination::prefix>("Prefix", kPrefix),
      member<&S3Destination::error_output_prefix>("ErrorOutputPrefix", kPrefix),
      member<&S3Destination::buffering_hints>("BufferingHints", structure()),
      member<&S3Destination::compression>("CompressionFormat", kCompression),
      member<&S3Destination::encryption>("EncryptionConfiguration", structure()),
      member<&S3Destination::logging>("CloudWatchLoggingOptions", structure()),
  };
  return kMembers;
}

Shape ExtendedS3Destination::shape() {
  using Of = ExtendedS3Destination;
  static constexpr Member kMembers[] = {
      member<&Of::role_arn>("RoleARN", kRole),
      member<&Of::bucket_arn>("BucketARN", kBucket),
      member<&Of::prefix>("Prefix", kPrefix),
      member<&Of::error_output_prefix>("ErrorOutputPrefix", kPrefix),
      member<&Of::buffering_hints>("BufferingHints", structure()),
      member<&Of::compression>("CompressionFormat", kCompression),
      member<&Of::encryption>("EncryptionConfiguration", structure()),
      member<&Of::logging>("CloudWatchLoggingOptions", structure()),
      member<&Of::processing>("ProcessingConfiguration", structure()),
      member<&Of::backup_mode>("S3BackupMode", string().one_of(kBackupModes)),
      member<&Of::backup>("S3BackupConfiguration", document()),
      member<&Of::format_conversion>("DataFormatConversionConfiguration", structure()),
      member<&Of::partitioning>("DynamicPartitioningConfiguration", structure()),
      member<&Of::file_extension>(
          "FileExtension",
          string().length(0, 128).matching({R"(^$|\.[0-9a-z!\-_.*'()]+)", &is_extension})),
      member<&Of::custom_time_zone>("CustomTimeZone",
                                    string().length(0, 50).matching({"^$|[a-zA-Z/_]+", &is_zone})),
  };
  return kMembers;
}

}  // namespace hyd::delivery

// Members and constraints as Firehose's service model (2015-08-04) has them.
#include "aws/shape.h"
#include "delivery/ops/operations.h"

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
using aws::timestamp;

bool is_letter_or_digit(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}
bool is_name(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) {
    return is_letter_or_digit(c) || std::string_view("_.-").contains(c);
  });
}
bool is_stream_arn(std::string_view text) {
  const std::size_t name = text.rfind(":stream/");
  return text.starts_with("arn:") && text.contains(":kinesis:") && name != std::string_view::npos &&
         is_name(text.substr(name + 8));
}
bool is_role(std::string_view text) {
  return text.starts_with("arn:") && text.contains(":iam::") && text.contains(":role/") &&
         !text.ends_with('/');
}
bool is_destination_id(std::string_view text) {
  return !text.empty() &&
         std::ranges::all_of(text, [](char c) { return is_letter_or_digit(c) || c == '-'; });
}
// Letters of any script: what is not ASCII passes.
bool is_tag_text(std::string_view text) {
  return std::ranges::all_of(text, [](char c) {
    return is_letter_or_digit(c) || static_cast<unsigned char>(c) >= 0x80 ||
           std::string_view(" _.:/=+-@%").contains(c);
  });
}
bool is_tag_key(std::string_view text) { return !text.starts_with("aws:") && is_tag_text(text); }

constexpr std::string_view kTypes[] = {"DirectPut", "KinesisStreamAsSource", "MSKAsSource",
                                       "DatabaseAsSource"};
constexpr Spec kName = string().required().length(1, 64).matching({"[a-zA-Z0-9_.-]+", &is_name});
constexpr Spec kType = string().one_of(kTypes);
constexpr Spec kTag = structure();
constexpr Spec kText = string();
constexpr Spec kDestination = structure();

}  // namespace

Shape KinesisSource::shape() {
  static constexpr Member kMembers[] = {
      member<&KinesisSource::stream_arn>(
          "KinesisStreamARN",
          string().required().length(1, 512).matching(
              {R"(arn:.*:kinesis:[a-zA-Z0-9\-]+:\d{12}:stream/[a-zA-Z0-9_.-]+)", &is_stream_arn})),
      member<&KinesisSource::role_arn>(
          "RoleARN", string().required().length(1, 512).matching(
                         {R"(arn:.*:iam::\d{12}:role/[a-zA-Z_0-9+=,.@\-_/]+)", &is_role})),
  };
  return kMembers;
}

Shape Tag::shape() {
  static constexpr Member kMembers[] = {
      member<&Tag::key>("Key", string().required().length(1, 128).matching(
                                   {R"(^(?!aws:)[\p{L}\p{Z}\p{N}_.:\/=+\-@%]*$)", &is_tag_key})),
      member<&Tag::value>("Value", string().length(0, 256).matching(
                                       {R"(^[\p{L}\p{Z}\p{N}_.:\/=+\-@%]*$)", &is_tag_text})),
  };
  return kMembers;
}

Shape CreateDeliveryStreamInput::shape() {
  using Of = CreateDeliveryStreamInput;
  static constexpr Member kMembers[] = {
      member<&Of::name>("DeliveryStreamName", kName),
      member<&Of::type>("DeliveryStreamType", kType),
      member<&Of::direct_put>("DirectPutSourceConfiguration", document()),
      member<&Of::kinesis>("KinesisStreamSourceConfiguration", structure()),
      member<&Of::encryption>("DeliveryStreamEncryptionConfigurationInput", document()),
      member<&Of::s3>("S3DestinationConfiguration", structure()),
      member<&Of::extended_s3>("ExtendedS3DestinationConfiguration", structure()),
      member<&Of::redshift>("RedshiftDestinationConfiguration", document()),
      member<&Of::elasticsearch>("ElasticsearchDestinationConfiguration", document()),
      member<&Of::opensearch>("AmazonopensearchserviceDestinationConfiguration", document()),
      member<&Of::splunk>("SplunkDestinationConfiguration", document()),
      member<&Of::http>("HttpEndpointDestinationConfiguration", document()),
      member<&Of::tags>("Tags", aws::list(kTag).length(1, 50)),
      member<&Of::serverless>("AmazonOpenSearchServerlessDestinationConfiguration", document()),
      member<&Of::msk>("MSKSourceConfiguration", document()),
      member<&Of::snowflake>("SnowflakeDestinationConfiguration", document()),
      member<&Of::iceberg>("IcebergDestinationConfiguration", document()),
      member<&Of::database>("DatabaseSourceConfiguration", document()),
  };
  return kMembers;
}

Shape CreateDeliveryStreamOutput::shape() {
  static constexpr Member kMembers[] = {
      member<&CreateDeliveryStreamOutput::arn>("DeliveryStreamARN", string().required()),
  };
  return kMembers;
}

Shape DeleteDeliveryStreamInput::shape() {
  static constexpr Member kMembers[] = {
      member<&DeleteDeliveryStreamInput::name>("DeliveryStreamName", kName),
      member<&DeleteDeliveryStreamInput::force>("AllowForceDelete", boolean()),
  };
  return kMembers;
}

Shape DescribeDeliveryStreamInput::shape() {
  using Of = DescribeDeliveryStreamInput;
  static constexpr Member kMembers[] = {
      member<&Of::name>("DeliveryStreamName", kName),
      member<&Of::limit>("Limit", integer().range(1, 10'000)),
      member<&Of::start>("ExclusiveStartDestinationId",
                         string().length(1, 100).matching({"[a-zA-Z0-9-]+", &is_destination_id})),
  };
  return kMembers;
}

Shape Failure::shape() {
  static constexpr Member kMembers[] = {
      member<&Failure::type>("Type", string().required()),
      member<&Failure::details>("Details", string().required()),
  };
  return kMembers;
}

Shape KinesisSourceDescription::shape() {
  using Of = KinesisSourceDescription;
  static constexpr Member kMembers[] = {
      member<&Of::stream_arn>("KinesisStreamARN", string().required()),
      member<&Of::role_arn>("RoleARN", string().required()),
      member<&Of::start>("DeliveryStartTimestamp", timestamp().required()),
  };
  return kMembers;
}

Shape SourceDescription::shape() {
  static constexpr Member kMembers[] = {
      member<&SourceDescription::kinesis>("KinesisStreamSourceDescription", structure().required()),
  };
  return kMembers;
}

Shape DestinationDescription::shape() {
  using Of = DestinationDescription;
  static constexpr Member kMembers[] = {
      member<&Of::id>("DestinationId", string().required()),
      member<&Of::s3>("S3DestinationDescription", structure().required()),
      member<&Of::extended_s3>("ExtendedS3DestinationDescription", structure().required()),
  };
  return kMembers;
}

Shape StreamDescription::shape() {
  using Of = StreamDescription;
  static constexpr Member kMembers[] = {
      member<&Of::name>("DeliveryStreamName", string().required()),
      member<&Of::arn>("DeliveryStreamARN", string().required()),
      member<&Of::status>("DeliveryStreamStatus", string().required()),
      member<&Of::failure>("FailureDescription", structure()),
      member<&Of::type>("DeliveryStreamType", string().required()),
      member<&Of::version>("VersionId", string().required()),
      member<&Of::created>("CreateTimestamp", timestamp().required()),
      member<&Of::source>("Source", structure().required()),
      member<&Of::destinations>("Destinations", aws::list(kDestination).required()),
      member<&Of::more>("HasMoreDestinations", boolean().required()),
  };
  return kMembers;
}

Shape DescribeDeliveryStreamOutput::shape() {
  static constexpr Member kMembers[] = {
      member<&DescribeDeliveryStreamOutput::stream>("DeliveryStreamDescription",
                                                    structure().required()),
  };
  return kMembers;
}

Shape ListDeliveryStreamsInput::shape() {
  using Of = ListDeliveryStreamsInput;
  static constexpr Member kMembers[] = {
      member<&Of::limit>("Limit", integer().range(1, 10'000)),
      member<&Of::type>("DeliveryStreamType", kType),
      member<&Of::start>("ExclusiveStartDeliveryStreamName",
                         string().length(1, 64).matching({"[a-zA-Z0-9_.-]+", &is_name})),
  };
  return kMembers;
}

Shape ListDeliveryStreamsOutput::shape() {
  static constexpr Member kMembers[] = {
      member<&ListDeliveryStreamsOutput::names>("DeliveryStreamNames", aws::list(kText).required()),
      member<&ListDeliveryStreamsOutput::more>("HasMoreDeliveryStreams", boolean().required()),
  };
  return kMembers;
}

}  // namespace hyd::delivery

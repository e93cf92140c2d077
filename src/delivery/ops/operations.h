// Inputs, outputs and handlers of this room's operations; the rows are in table.cc.
#pragma once

#include "aws/call.h"
#include "aws/fault.h"
#include "aws/operation.h"
#include "aws/shape.h"
#include "base/clock.h"
#include "codec/json.h"
#include "delivery/config.h"
#include "delivery/delivery.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hyd::delivery {

// Of an account in a region (AWS documentation, "Amazon Data Firehose Quota").
inline constexpr std::size_t kStreamsMax = 5'000;

std::string stream_arn(const aws::Call& call, std::string_view name);
inline StreamKey key_of(const aws::Call& call, std::string_view name) {
  return {.region = call.region, .name = std::string(name)};
}

// Values are indices of the value set as AWS prints it.
enum class SourceType : std::uint8_t { direct_put, kinesis, msk, database };

struct KinesisSource {
  std::string stream_arn;
  std::string role_arn;
  static aws::Shape shape();
};

struct Tag {
  std::string key;
  std::optional<std::string> value;
  static aws::Shape shape();
};

// Destinations and sources that are not built are taken as documents, so that they can be refused
// by name.
struct CreateDeliveryStreamInput {
  std::string name;
  std::optional<SourceType> type;
  std::optional<codec::Json> direct_put;
  std::optional<KinesisSource> kinesis;
  std::optional<codec::Json> encryption;
  std::optional<S3Destination> s3;
  std::optional<ExtendedS3Destination> extended_s3;
  std::optional<codec::Json> redshift;
  std::optional<codec::Json> elasticsearch;
  std::optional<codec::Json> opensearch;
  std::optional<codec::Json> splunk;
  std::optional<codec::Json> http;
  std::optional<std::vector<Tag>> tags;
  std::optional<codec::Json> serverless;
  std::optional<codec::Json> msk;
  std::optional<codec::Json> snowflake;
  std::optional<codec::Json> iceberg;
  std::optional<codec::Json> database;
  static aws::Shape shape();
};
struct CreateDeliveryStreamOutput {
  std::string arn;
  static aws::Shape shape();
};
void create_delivery_stream(Delivery&, const aws::Call&, const CreateDeliveryStreamInput&,
                            aws::Done<CreateDeliveryStreamOutput>);

struct DeleteDeliveryStreamInput {
  std::string name;
  std::optional<bool> force;
  static aws::Shape shape();
};
void delete_delivery_stream(Delivery&, const aws::Call&, const DeleteDeliveryStreamInput&,
                            aws::Done<aws::Nothing>);

struct DescribeDeliveryStreamInput {
  std::string name;
  std::optional<std::int32_t> limit;
  std::optional<std::string> start;  // ExclusiveStartDestinationId
  static aws::Shape shape();
};
struct Failure {
  std::string type;
  std::string details;
  static aws::Shape shape();
};
struct KinesisSourceDescription {
  std::string stream_arn;
  std::string role_arn;
  base::WallTime start;
  static aws::Shape shape();
};
struct SourceDescription {
  KinesisSourceDescription kinesis;
  static aws::Shape shape();
};
struct DestinationDescription {
  std::string id;
  S3Destination s3;
  ExtendedS3Destination extended_s3;
  static aws::Shape shape();
};
struct StreamDescription {
  std::string name;
  std::string arn;
  std::string status;
  std::optional<Failure> failure;
  std::string type;
  std::string version;
  base::WallTime created;
  SourceDescription source;
  std::vector<DestinationDescription> destinations;
  bool more = false;
  static aws::Shape shape();
};
struct DescribeDeliveryStreamOutput {
  StreamDescription stream;
  static aws::Shape shape();
};
void describe_delivery_stream(Delivery&, const aws::Call&, const DescribeDeliveryStreamInput&,
                              aws::Done<DescribeDeliveryStreamOutput>);

struct ListDeliveryStreamsInput {
  std::optional<std::int32_t> limit;
  std::optional<SourceType> type;
  std::optional<std::string> start;  // names behind it
  static aws::Shape shape();
};
struct ListDeliveryStreamsOutput {
  std::vector<std::string> names;
  bool more = false;
  static aws::Shape shape();
};
void list_delivery_streams(Delivery&, const aws::Call&, const ListDeliveryStreamsInput&,
                           aws::Done<ListDeliveryStreamsOutput>);

}  // namespace hyd::delivery

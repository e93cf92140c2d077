// Inputs, outputs and handlers of the operations on a stream or a consumer by its ARN, and of
// consumers.
#pragma once

#include "streams/ops/operations.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace hyd::streams {

struct ResourceInput {
  std::string resource_arn;
  static aws::Shape shape();
};

struct TagResourceInput {
  aws::Map<std::string> tags;
  std::string resource_arn;
  static aws::Shape shape();
};
void tag_resource(Streams&, const aws::Call&, const TagResourceInput&, aws::Done<aws::Nothing>);

struct UntagResourceInput {
  std::vector<std::string> tag_keys;
  std::string resource_arn;
  static aws::Shape shape();
};
void untag_resource(Streams&, const aws::Call&, const UntagResourceInput&, aws::Done<aws::Nothing>);

struct ListTagsForResourceOutput {
  std::vector<Tag> tags;
  static aws::Shape shape();
};
void list_tags_for_resource(Streams&, const aws::Call&, const ResourceInput&,
                            aws::Done<ListTagsForResourceOutput>);

// --- policies: kept and shown

struct PutResourcePolicyInput {
  std::string resource_arn;
  std::string policy;
  static aws::Shape shape();
};
void put_resource_policy(Streams&, const aws::Call&, const PutResourcePolicyInput&,
                         aws::Done<aws::Nothing>);

struct ResourcePolicyOutput {
  std::string policy;
  static aws::Shape shape();
};
void get_resource_policy(Streams&, const aws::Call&, const ResourceInput&,
                         aws::Done<ResourcePolicyOutput>);
void delete_resource_policy(Streams&, const aws::Call&, const ResourceInput&,
                            aws::Done<aws::Nothing>);

// --- consumers

// In the order of the value set of `ConsumerStatus`.
enum class ConsumerWord : std::uint8_t { creating, deleting, active };

struct ConsumerOutput {
  std::string consumer_name;
  std::string consumer_arn;
  ConsumerWord consumer_status = ConsumerWord::active;
  base::WallTime consumer_creation_timestamp;
  static aws::Shape shape();
};
struct RegisterStreamConsumerInput {
  std::string stream_arn;
  std::string consumer_name;
  std::optional<aws::Map<std::string>> tags;
  static aws::Shape shape();
};
struct RegisterStreamConsumerOutput {
  ConsumerOutput consumer;
  static aws::Shape shape();
};
void register_stream_consumer(Streams&, const aws::Call&, const RegisterStreamConsumerInput&,
                              aws::Done<RegisterStreamConsumerOutput>);

struct ConsumerInput {
  std::optional<std::string> stream_arn;
  std::optional<std::string> consumer_name;
  std::optional<std::string> consumer_arn;
  static aws::Shape shape();
};
void deregister_stream_consumer(Streams&, const aws::Call&, const ConsumerInput&,
                                aws::Done<aws::Nothing>);

struct ConsumerDescription {
  std::string consumer_name;
  std::string consumer_arn;
  ConsumerWord consumer_status = ConsumerWord::active;
  base::WallTime consumer_creation_timestamp;
  std::string stream_arn;
  static aws::Shape shape();
};
struct DescribeStreamConsumerOutput {
  ConsumerDescription consumer_description;
  static aws::Shape shape();
};
void describe_stream_consumer(Streams&, const aws::Call&, const ConsumerInput&,
                              aws::Done<DescribeStreamConsumerOutput>);

struct ListStreamConsumersInput {
  std::string stream_arn;
  std::optional<std::string> next_token = {};
  std::optional<std::int32_t> max_results;
  std::optional<base::WallTime> stream_creation_timestamp;
  static aws::Shape shape();
};
struct ListStreamConsumersOutput {
  std::vector<ConsumerOutput> consumers;
  std::optional<std::string> next_token = {};
  static aws::Shape shape();
};
void list_stream_consumers(Streams&, const aws::Call&, const ListStreamConsumersInput&,
                           aws::Done<ListStreamConsumersOutput>);

}  // namespace hyd::streams

#include "streams/faults.h"

#include "codec/time_text.h"
#include "streams/tokens.h"

#include <fmt/core.h>

#include <chrono>
#include <utility>

namespace hyd::streams {
namespace {

aws::Fault fault(std::string_view name, std::string message) {
  return {.name = std::string(name), .status = 400, .message = std::move(message)};
}
aws::Fault not_found(std::string message) {
  return fault("ResourceNotFoundException", std::move(message));
}
aws::Fault in_use(std::string message) {
  return fault("ResourceInUseException", std::move(message));
}
aws::Fault limit(std::string message) {
  return fault("LimitExceededException", std::move(message));
}

// "Thu Jan 22 01:22:02 UTC 2015".
std::string java_date(std::int64_t ms) {
  const std::string http = codec::http_date(base::WallTime(std::chrono::milliseconds(ms)));
  const std::string_view text = http;  // "Thu, 22 Jan 2015 01:22:02 GMT"
  return fmt::format("{} {} {} {} UTC {}", text.substr(0, 3), text.substr(8, 3), text.substr(5, 2),
                     text.substr(17, 8), text.substr(12, 4));
}

}  // namespace

aws::Fault no_such_stream(const StreamAt& stream) {
  return not_found(
      fmt::format("Stream {} under account {} not found.", stream.name, stream.account));
}
aws::Fault stream_exists(const StreamAt& stream) {
  return in_use(
      fmt::format("Stream {} under account {} already exists.", stream.name, stream.account));
}
aws::Fault stream_not_active(const StreamAt& stream, std::string_view status) {
  return in_use(fmt::format("Stream {} under account {} not ACTIVE, instead in state {}",
                            stream.name, stream.account, status));
}
aws::Fault stream_has_consumers(const StreamAt& stream) {
  return in_use(fmt::format(
      "DeleteStream can't delete {0}:{1} because there are consumers associated with this data "
      "stream. To delete {1} anyway, set the EnforceConsumerDeletion parameter to true to force "
      "the "
      "deletion of all the consumers that are associated with it.",
      stream.account, stream.name));
}
aws::Fault unreadable_shard_id(const StreamAt& stream, std::string_view shard) {
  return not_found(fmt::format("Could not find shard {} in stream {} under account {}.", shard,
                               stream.name, stream.account));
}
aws::Fault no_such_shard(const StreamAt& stream, std::string_view shard) {
  return not_found(fmt::format("Shard {} in stream {} under account {} does not exist", shard,
                               stream.name, stream.account));
}
aws::Fault anothers_stream(std::string_view arn) {
  return aws::access_denied(fmt::format("{} belongs to another account.", arn));
}

aws::Fault no_such_resource(std::string_view arn) {
  return not_found(fmt::format("Resource {} not found.", arn));
}

aws::Fault no_such_consumer(const ConsumerAt& consumer) {
  return not_found(
      fmt::format("Consumer {}, account {} not found.", consumer.name, consumer.stream.account));
}
aws::Fault consumer_exists(const ConsumerAt& consumer) {
  return in_use(fmt::format("Consumer {} under stream {} and account {} already exists.",
                            consumer.name, consumer.stream.name, consumer.stream.account));
}
aws::Fault consumer_not_active(const ConsumerAt& consumer, std::int64_t created_s) {
  return in_use(
      fmt::format("Consumer {} with creation timestamp {} under stream {} and account {} "
                  "is not in ACTIVE status.",
                  consumer.name, created_s, consumer.stream.name, consumer.stream.account));
}
aws::Fault too_many_consumers(const StreamAt& stream, std::size_t max) {
  return limit(fmt::format("Stream {} under account {} cannot have more than {} consumers.",
                           stream.name, stream.account, max));
}
aws::Fault neither_consumer_nor_arn() {
  return invalid_argument(
      "Either ConsumerARN or both StreamARN and ConsumerName must be provided.");
}
aws::Fault consumer_parts_differ() {
  return invalid_argument("ConsumerARN, StreamARN and ConsumerName must name the same consumer.");
}
aws::Fault no_policy(std::string_view arn) {
  return not_found(fmt::format("Resource {} has no policy.", arn));
}
aws::Fault bad_policy() { return invalid_argument("The policy is not a JSON object."); }

aws::Fault retention_too_short(std::int32_t hours) {
  return invalid_argument(
      fmt::format("Minimum allowed retention period is 24 hours. Requested retention period ({} "
                  "hours) is too short.",
                  hours));
}
aws::Fault retention_too_long(std::int32_t hours) {
  return invalid_argument(
      fmt::format("Maximum allowed retention period is 8760 hours. Requested retention period ({} "
                  "hours) is too long.",
                  hours));
}
aws::Fault retention_not_kept(std::int32_t hours, std::int32_t hours_max) {
  return limit(
      fmt::format("Retention periods up to {} hours are kept here. Requested retention "
                  "period ({} hours) is too long.",
                  hours_max, hours));
}
aws::Fault retention_not_longer(const Retention& retention) {
  return invalid_argument(
      fmt::format("Requested retention period ({} hours) for stream {} can not be shorter than "
                  "existing retention period ({} hours). Use DecreaseRetentionPeriod API.",
                  retention.asked_hours, retention.stream, retention.now_hours));
}
aws::Fault retention_not_shorter(const Retention& retention) {
  return invalid_argument(
      fmt::format("Requested retention period ({} hours) for stream {} can not be longer than "
                  "existing retention period ({} hours). Use IncreaseRetentionPeriod API.",
                  retention.asked_hours, retention.stream, retention.now_hours));
}

aws::Fault bad_key_id() {
  return invalid_argument(
      "KeyId must be the id or the ARN of a key, or the name or the ARN of an alias.");
}
aws::Fault not_kms() { return invalid_argument("EncryptionType must be KMS."); }
aws::Fault warm_needs_on_demand(const StreamAt& stream) {
  return aws::validation(
      fmt::format("Request is invalid. Stream {} under account {} is not in On-Demand mode.",
                  stream.name, stream.account));
}
aws::Fault warm_needs_commitment() {
  return aws::validation(
      "Request is invalid. Warm throughput needs the account's minimum throughput billing "
      "commitment.");
}

aws::Fault in_on_demand_mode(const StreamAt& stream) {
  return aws::validation(
      fmt::format("Request is invalid. Stream {} under account {} is in On-Demand mode.",
                  stream.name, stream.account));
}
aws::Fault shard_already_closed(const StreamAt& stream, std::string_view shard) {
  return invalid_argument(
      fmt::format("Shard {} in stream {} under account {} has already been merged or split, and "
                  "thus is not eligible for merging or splitting.",
                  shard, stream.name, stream.account));
}
aws::Fault bad_split_point(const SplitPoint& split) {
  return invalid_argument(
      fmt::format("NewStartingHashKey {} used in SplitShard() on shard {} in stream {} under "
                  "account {} is not both greater than one plus the shard's StartingHashKey {} and "
                  "less than the shard's EndingHashKey {}.",
                  split.value, split.shard, split.stream.name, split.stream.account, split.starting,
                  split.ending));
}
aws::Fault not_adjacent(const StreamAt& stream, std::string_view shard, std::string_view other) {
  return invalid_argument(
      fmt::format("Shards {} and {} in stream {} under account {} are not an adjacent pair of "
                  "shards eligible for merging",
                  shard, other, stream.name, stream.account));
}
aws::Fault more_than_double(const ShardCounts& counts) {
  return limit(fmt::format(
      "UpdateShardCount cannot scale up over double your current open shard count. Current open "
      "shard count: {}, Target shard count: {}",
      counts.open, counts.target));
}
aws::Fault less_than_half(const ShardCounts& counts) {
  return limit(fmt::format(
      "UpdateShardCount cannot scale down below half your current open shard count. Current open "
      "shard count: {}, Target shard count: {}",
      counts.open, counts.target));
}
aws::Fault too_many_for_one(const ShardCounts& counts, std::uint64_t max) {
  return limit(fmt::format(
      "Target shard count or number of open shards cannot be greater than {}. Current open shard "
      "count: {}, Target shard count: {}",
      max, counts.open, counts.target));
}

aws::Fault invalid_argument(std::string message) {
  return fault("InvalidArgumentException", std::move(message));
}
aws::Fault neither_name_nor_arn() {
  return invalid_argument("Either StreamName or StreamARN must be provided.");
}
aws::Fault name_and_arn_differ() {
  return invalid_argument("StreamName and StreamARN must name the same stream.");
}

aws::Fault too_many_shards(const ShardQuota& quota) {
  return limit(fmt::format(
      "This request would exceed the shard limit for the account {} in {}. Current shard count for "
      "the account: {}. Limit: {}. Number of additional shards that would have resulted from this "
      "request: {}. Refer to the AWS Service Limits page "
      "(http://docs.aws.amazon.com/general/latest/gr/aws_service_limits.html) for current limits "
      "and how to request higher limits.",
      quota.account, quota.region, quota.current, quota.limit, quota.more));
}
aws::Fault too_many_tags(const StreamAt& stream, std::size_t max) {
  return invalid_argument(
      fmt::format("Failed to add tags to stream {} under account {} because a given stream cannot "
                  "have more than {} tags associated with it.",
                  stream.name, stream.account, max));
}
aws::Fault bad_tag_characters() {
  return invalid_argument(
      "Some tags contain invalid characters. Valid characters: Unicode letters, digits, white "
      "space, _ . / = + - % @.");
}
aws::Fault reserved_tag_key() { return invalid_argument("Tag keys may not begin with aws:"); }

aws::Fault record_too_large(std::size_t data_bytes, std::string_view at, std::uint64_t bytes_max) {
  return aws::validation(
      fmt::format("1 validation error detected: Value 'java.nio.HeapByteBuffer[pos=0 lim={0} "
                  "cap={0}]' at '{1}' failed to satisfy constraint: Member must have length less "
                  "than or equal to {2}",
                  data_bytes, at, bytes_max));
}
aws::Fault call_too_large() { return invalid_argument("Records size exceeds 10 MB limit"); }
aws::Fault bad_explicit_hash_key(std::string_view value) {
  return invalid_argument(
      fmt::format("Invalid ExplicitHashKey. ExplicitHashKey must be in the range: [0, 2^128-1]. "
                  "Specified value was {}",
                  value));
}
aws::Fault bad_sequence_for_ordering(const StreamAt& stream, std::string_view value) {
  return invalid_argument(
      fmt::format("ExclusiveMinimumSequenceNumber {} used in PutRecord on stream {} under account "
                  "{} is invalid.",
                  value, stream.name, stream.account));
}
aws::Fault write_throttled(const StreamAt& stream, std::string_view shard) {
  return fault("ProvisionedThroughputExceededException",
               fmt::format("Rate exceeded for shard {} in stream {} under account {}.", shard,
                           stream.name, stream.account));
}
aws::Fault read_throttled(const StreamAt& stream, std::string_view shard) {
  return fault(
      "ProvisionedThroughputExceededException",
      fmt::format("Rate exceeded for Shard - {}/{}/{}", stream.account, stream.name, shard));
}

aws::Fault bad_starting_sequence(const BadSequence& what) {
  return invalid_argument(fmt::format(
      "StartingSequenceNumber {} used in GetShardIterator on shard {} in stream {} under account "
      "{} is invalid{}",
      what.value, what.shard, what.stream.name, what.stream.account,
      what.of_another_stream ? " because it did not come from this stream." : "."));
}
aws::Fault sequence_of_another_shard(std::string_view encoded, std::string_view used) {
  return invalid_argument(fmt::format(
      "Invalid StartingSequenceNumber. It encodes {}, while it was used in a call to a shard with "
      "{}",
      encoded, used));
}
aws::Fault sequence_without_place(std::string_view type) {
  return invalid_argument(fmt::format(
      "Must either specify (1) AT_SEQUENCE_NUMBER or AFTER_SEQUENCE_NUMBER and "
      "StartingSequenceNumber or (2) TRIM_HORIZON or LATEST and no StartingSequenceNumber. Request "
      "specified {} and also a StartingSequenceNumber.",
      type));
}
aws::Fault sequence_missing(std::string_view type) {
  return invalid_argument(fmt::format(
      "Must either specify (1) AT_SEQUENCE_NUMBER or AFTER_SEQUENCE_NUMBER and "
      "StartingSequenceNumber or (2) TRIM_HORIZON or LATEST and no StartingSequenceNumber. Request "
      "specified {} and no StartingSequenceNumber.",
      type));
}
aws::Fault timestamp_missing() {
  return invalid_argument(
      "Must specify timestampInMillis parameter for iterator of type AT_TIMESTAMP. Current request "
      "has no timestamp parameter.");
}
aws::Fault timestamp_in_future(const Future& when) {
  return invalid_argument(
      fmt::format("The timestampInMillis parameter cannot be greater than the "
                  "currentTimestampInMillis. timestampInMillis: {}, currentTimestampInMillis: {}",
                  when.asked_ms, when.now_ms));
}
aws::Fault sequence_too_old() { return {.name = "InternalFailure", .status = 500}; }

aws::Fault invalid_iterator() { return invalid_argument("Invalid ShardIterator."); }
aws::Fault expired_iterator(const Expiry& when) {
  return fault("ExpiredIteratorException",
               fmt::format("Iterator expired. The iterator was created at time {} while right now "
                           "it is {} which is further in the future than the tolerated delay of {} "
                           "milliseconds.",
                           java_date(when.issued_ms), java_date(when.now_ms), kTokenLifeMs));
}
aws::Fault invalid_next_token() { return invalid_argument("Invalid NextToken."); }
aws::Fault expired_next_token(const Expiry& when) {
  return fault("ExpiredNextTokenException",
               fmt::format("NextToken expired. It was created at time {} while right now it is {} "
                           "which is further in the future than the tolerated delay of {} "
                           "milliseconds.",
                           java_date(when.issued_ms), java_date(when.now_ms), kTokenLifeMs));
}

}  // namespace hyd::streams

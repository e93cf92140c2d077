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

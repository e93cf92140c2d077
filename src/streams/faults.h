// Kinesis's refusals. Names and statuses are the service model's, texts those that AWS was observed
// to answer with; where none is known the text is ours.
#pragma once

#include "aws/fault.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace hyd::streams {

struct StreamAt {
  std::string_view account;
  std::string_view name;
};

aws::Fault no_such_stream(const StreamAt& stream);
aws::Fault stream_exists(const StreamAt& stream);
aws::Fault stream_not_active(const StreamAt& stream, std::string_view status);
aws::Fault stream_has_consumers(const StreamAt& stream);
// `shard` as it was sent.
aws::Fault unreadable_shard_id(const StreamAt& stream, std::string_view shard);
aws::Fault no_such_shard(const StreamAt& stream, std::string_view shard);
aws::Fault anothers_stream(std::string_view arn);
aws::Fault no_such_resource(std::string_view arn);

struct ConsumerAt {
  StreamAt stream;
  std::string_view name;
};
aws::Fault no_such_consumer(const ConsumerAt& consumer);
aws::Fault consumer_exists(const ConsumerAt& consumer);
aws::Fault consumer_not_active(const ConsumerAt& consumer, std::int64_t created_s);
aws::Fault too_many_consumers(const StreamAt& stream, std::size_t max);
aws::Fault neither_consumer_nor_arn();
aws::Fault consumer_parts_differ();
aws::Fault no_policy(std::string_view arn);
aws::Fault bad_policy();

struct Retention {
  std::string_view stream;
  std::int32_t asked_hours = 0;
  std::int32_t now_hours = 0;
};
aws::Fault retention_too_short(std::int32_t hours);
aws::Fault retention_too_long(std::int32_t hours);
aws::Fault retention_not_kept(std::int32_t hours, std::int32_t hours_max);
aws::Fault retention_not_longer(const Retention& retention);
aws::Fault retention_not_shorter(const Retention& retention);

aws::Fault bad_key_id();
aws::Fault not_kms();
aws::Fault warm_needs_on_demand(const StreamAt& stream);
aws::Fault warm_needs_commitment();

// --- shards
aws::Fault in_on_demand_mode(const StreamAt& stream);
aws::Fault shard_already_closed(const StreamAt& stream, std::string_view shard);
struct SplitPoint {
  StreamAt stream;
  std::string_view shard;
  std::string_view value;
  std::string starting;
  std::string ending;
};
aws::Fault bad_split_point(const SplitPoint& split);
aws::Fault not_adjacent(const StreamAt& stream, std::string_view shard, std::string_view other);
struct ShardCounts {
  std::uint64_t open = 0;
  std::uint64_t target = 0;
};
aws::Fault more_than_double(const ShardCounts& counts);
aws::Fault less_than_half(const ShardCounts& counts);
aws::Fault too_many_for_one(const ShardCounts& counts, std::uint64_t max);

aws::Fault invalid_argument(std::string message);
aws::Fault neither_name_nor_arn();
aws::Fault name_and_arn_differ();

struct ShardQuota {
  std::string_view account;
  std::string_view region;
  std::uint64_t current = 0;
  std::uint64_t limit = 0;
  std::uint64_t more = 0;
};
aws::Fault too_many_shards(const ShardQuota& quota);
aws::Fault too_many_tags(const StreamAt& stream, std::size_t max);
aws::Fault bad_tag_characters();
aws::Fault reserved_tag_key();

// `at` is the member's path in validation texts: "data", "records.1.member.data".
aws::Fault record_too_large(std::size_t data_bytes, std::string_view at, std::uint64_t bytes_max);
aws::Fault call_too_large();
aws::Fault bad_explicit_hash_key(std::string_view value);
aws::Fault bad_sequence_for_ordering(const StreamAt& stream, std::string_view value);
aws::Fault write_throttled(const StreamAt& stream, std::string_view shard);
aws::Fault read_throttled(const StreamAt& stream, std::string_view shard);

struct BadSequence {
  StreamAt stream;
  std::string_view shard;
  std::string_view value;
  bool of_another_stream = false;
};
aws::Fault bad_starting_sequence(const BadSequence& what);
aws::Fault sequence_of_another_shard(std::string_view encoded, std::string_view used);
// A sequence number is needed and missing, or there and not wanted.
aws::Fault sequence_without_place(std::string_view type);
aws::Fault sequence_missing(std::string_view type);
aws::Fault timestamp_missing();
struct Future {
  std::int64_t asked_ms = 0;
  std::int64_t now_ms = 0;
};
aws::Fault timestamp_in_future(const Future& when);
// A number of a layout that AWS gave out before; it answers them with a failure of its own.
aws::Fault sequence_too_old();

aws::Fault invalid_iterator();
struct Expiry {
  std::int64_t issued_ms = 0;
  std::int64_t now_ms = 0;
};
aws::Fault expired_iterator(const Expiry& when);
aws::Fault invalid_next_token();
aws::Fault expired_next_token(const Expiry& when);

}  // namespace hyd::streams

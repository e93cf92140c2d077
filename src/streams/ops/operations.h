// Inputs, outputs and handlers of this room's operations; the rows are in table.cc.
#pragma once

#include "aws/call.h"
#include "aws/fault.h"
#include "aws/operation.h"
#include "aws/shape.h"
#include "base/clock.h"
#include "streams/streams.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace hyd::streams {

// --- shared structures

// In the order of the value set of `StreamStatus`.
enum class StatusWord : std::uint8_t { creating, deleting, active, updating };
// In the order of the value set of `StreamMode`.
enum class ModeWord : std::uint8_t { provisioned, on_demand };
enum class EncryptionWord : std::uint8_t { none, kms };

struct StreamModeDetails {
  ModeWord stream_mode = ModeWord::provisioned;
  static aws::Shape shape();
};

struct HashKeyRange {
  std::string starting_hash_key;
  std::string ending_hash_key;
  static aws::Shape shape();
};

struct SequenceNumberRange {
  std::string starting_sequence_number;
  std::optional<std::string> ending_sequence_number = {};
  static aws::Shape shape();
};

struct ShardOutput {
  std::string shard_id;
  std::optional<std::string> parent_shard_id = {};
  std::optional<std::string> adjacent_parent_shard_id = {};
  HashKeyRange hash_key_range;
  SequenceNumberRange sequence_number_range;
  static aws::Shape shape();
};

struct EnhancedMetrics {
  std::vector<std::string> shard_level_metrics;
  static aws::Shape shape();
};

struct WarmThroughput {
  std::int32_t target_mibps = 0;
  std::int32_t current_mibps = 0;
  static aws::Shape shape();
};

struct Tag {
  std::string key;
  std::optional<std::string> value;
  static aws::Shape shape();
};

// Most operations name a stream by its name, its ARN or both.
struct StreamInput {
  std::optional<std::string> stream_name;
  std::optional<std::string> stream_arn;
  static aws::Shape shape();
};

// --- control

struct CreateStreamInput {
  std::string stream_name;
  std::optional<std::int32_t> shard_count;
  std::optional<StreamModeDetails> stream_mode_details;
  std::optional<aws::Map<std::string>> tags;
  std::optional<std::int32_t> warm_throughput_mibps;
  std::optional<std::int32_t> max_record_size_kib;
  static aws::Shape shape();
};
void create_stream(Streams&, const aws::Call&, const CreateStreamInput&, aws::Done<aws::Nothing>);

struct DeleteStreamInput {
  std::optional<std::string> stream_name;
  std::optional<bool> enforce_consumer_deletion;
  std::optional<std::string> stream_arn;
  static aws::Shape shape();
};
void delete_stream(Streams&, const aws::Call&, const DeleteStreamInput&, aws::Done<aws::Nothing>);

struct DescribeStreamInput {
  std::optional<std::string> stream_name;
  std::optional<std::int32_t> limit;
  std::optional<std::string> exclusive_start_shard_id;
  std::optional<std::string> stream_arn;
  static aws::Shape shape();
};
struct StreamDescription {
  std::string stream_name;
  std::string stream_arn;
  StatusWord stream_status = StatusWord::active;
  std::optional<StreamModeDetails> stream_mode_details;
  std::vector<ShardOutput> shards;
  bool has_more_shards = false;
  std::int32_t retention_period_hours = 24;
  base::WallTime stream_creation_timestamp;
  std::vector<EnhancedMetrics> enhanced_monitoring;
  std::optional<EncryptionWord> encryption_type = {};
  std::optional<std::string> key_id = {};
  static aws::Shape shape();
};
struct DescribeStreamOutput {
  StreamDescription stream_description;
  static aws::Shape shape();
};
void describe_stream(Streams&, const aws::Call&, const DescribeStreamInput&,
                     aws::Done<DescribeStreamOutput>);

struct StreamDescriptionSummary {
  std::string stream_name;
  std::string stream_arn;
  StatusWord stream_status = StatusWord::active;
  std::optional<StreamModeDetails> stream_mode_details;
  std::int32_t retention_period_hours = 24;
  base::WallTime stream_creation_timestamp;
  std::vector<EnhancedMetrics> enhanced_monitoring;
  std::optional<EncryptionWord> encryption_type = {};
  std::optional<std::string> key_id = {};
  std::int32_t open_shard_count = 0;
  std::optional<std::int32_t> consumer_count;
  std::optional<WarmThroughput> warm_throughput;
  std::optional<std::int32_t> max_record_size_kib;
  static aws::Shape shape();
};
struct DescribeStreamSummaryOutput {
  StreamDescriptionSummary stream_description_summary;
  static aws::Shape shape();
};
void describe_stream_summary(Streams&, const aws::Call&, const StreamInput&,
                             aws::Done<DescribeStreamSummaryOutput>);

struct ListStreamsInput {
  std::optional<std::int32_t> limit;
  std::optional<std::string> exclusive_start_stream_name;
  std::optional<std::string> next_token = {};
  static aws::Shape shape();
};
struct StreamSummary {
  std::string stream_name;
  std::string stream_arn;
  StatusWord stream_status = StatusWord::active;
  std::optional<StreamModeDetails> stream_mode_details;
  std::optional<base::WallTime> stream_creation_timestamp;
  static aws::Shape shape();
};
struct ListStreamsOutput {
  std::vector<std::string> stream_names;
  bool has_more_streams = false;
  std::optional<std::string> next_token = {};
  std::vector<StreamSummary> stream_summaries;
  static aws::Shape shape();
};
void list_streams(Streams&, const aws::Call&, const ListStreamsInput&,
                  aws::Done<ListStreamsOutput>);

// In the order of the value set of the filter's `Type`.
enum class FilterType : std::uint8_t {
  after_shard_id,
  at_trim_horizon,
  from_trim_horizon,
  at_latest,
  at_timestamp,
  from_timestamp,
};
struct ShardFilter {
  FilterType type = FilterType::from_trim_horizon;
  std::optional<std::string> shard_id;
  std::optional<base::WallTime> timestamp;
  static aws::Shape shape();
};
struct ListShardsInput {
  std::optional<std::string> stream_name;
  std::optional<std::string> next_token = {};
  std::optional<std::string> exclusive_start_shard_id;
  std::optional<std::int32_t> max_results;
  std::optional<base::WallTime> stream_creation_timestamp;
  std::optional<ShardFilter> shard_filter;
  std::optional<std::string> stream_arn;
  static aws::Shape shape();
};
struct ListShardsOutput {
  std::vector<ShardOutput> shards;
  std::optional<std::string> next_token = {};
  static aws::Shape shape();
};
void list_shards(Streams&, const aws::Call&, const ListShardsInput&, aws::Done<ListShardsOutput>);

// --- tags

struct AddTagsToStreamInput {
  std::optional<std::string> stream_name;
  aws::Map<std::string> tags;
  std::optional<std::string> stream_arn;
  static aws::Shape shape();
};
void add_tags_to_stream(Streams&, const aws::Call&, const AddTagsToStreamInput&,
                        aws::Done<aws::Nothing>);

struct RemoveTagsFromStreamInput {
  std::optional<std::string> stream_name;
  std::vector<std::string> tag_keys;
  std::optional<std::string> stream_arn;
  static aws::Shape shape();
};
void remove_tags_from_stream(Streams&, const aws::Call&, const RemoveTagsFromStreamInput&,
                             aws::Done<aws::Nothing>);

struct ListTagsForStreamInput {
  std::optional<std::string> stream_name;
  std::optional<std::string> exclusive_start_tag_key;
  std::optional<std::int32_t> limit;
  std::optional<std::string> stream_arn;
  static aws::Shape shape();
};
struct ListTagsForStreamOutput {
  std::vector<Tag> tags;
  bool has_more_tags = false;
  static aws::Shape shape();
};
void list_tags_for_stream(Streams&, const aws::Call&, const ListTagsForStreamInput&,
                          aws::Done<ListTagsForStreamOutput>);

// --- data

struct PutRecordInput {
  std::optional<std::string> stream_name;
  std::string data;
  std::string partition_key;
  std::optional<std::string> explicit_hash_key;
  std::optional<std::string> sequence_number_for_ordering;
  std::optional<std::string> stream_arn;
  static aws::Shape shape();
};
struct PutRecordOutput {
  std::string shard_id;
  std::string sequence_number;
  std::optional<EncryptionWord> encryption_type = {};
  static aws::Shape shape();
};
void put_record(Streams&, const aws::Call&, const PutRecordInput&, aws::Done<PutRecordOutput>);

struct PutRecordsEntry {
  std::string data;
  std::optional<std::string> explicit_hash_key;
  std::string partition_key;
  static aws::Shape shape();
};
struct PutRecordsInput {
  std::vector<PutRecordsEntry> records;
  std::optional<std::string> stream_name;
  std::optional<std::string> stream_arn;
  static aws::Shape shape();
};
// An entry fails alone only under emulated quotas.
struct PutRecordsResult {
  std::optional<std::string> sequence_number = {};
  std::optional<std::string> shard_id = {};
  std::optional<std::string> error_code = {};
  std::optional<std::string> error_message = {};
  static aws::Shape shape();
};
struct PutRecordsOutput {
  std::int32_t failed_record_count = 0;
  std::vector<PutRecordsResult> records;
  std::optional<EncryptionWord> encryption_type = {};
  static aws::Shape shape();
};
void put_records(Streams&, const aws::Call&, const PutRecordsInput&, aws::Done<PutRecordsOutput>);

// In the order of the value set that AWS prints.
enum class IteratorType : std::uint8_t {
  after_sequence_number,
  latest,
  at_timestamp,
  at_sequence_number,
  trim_horizon,
};
struct GetShardIteratorInput {
  std::optional<std::string> stream_name;
  std::string shard_id;
  IteratorType shard_iterator_type = IteratorType::latest;
  std::optional<std::string> starting_sequence_number;
  std::optional<base::WallTime> timestamp;
  std::optional<std::string> stream_arn;
  static aws::Shape shape();
};
struct GetShardIteratorOutput {
  std::optional<std::string> shard_iterator;
  static aws::Shape shape();
};
void get_shard_iterator(Streams&, const aws::Call&, const GetShardIteratorInput&,
                        aws::Done<GetShardIteratorOutput>);

struct GetRecordsInput {
  std::string shard_iterator;
  std::optional<std::int32_t> limit;
  std::optional<std::string> stream_arn;
  static aws::Shape shape();
};
struct RecordOutput {
  std::string sequence_number;
  std::optional<base::WallTime> approximate_arrival_timestamp;
  std::string data;
  std::string partition_key;
  std::optional<EncryptionWord> encryption_type = {};
  static aws::Shape shape();
};
struct ChildShard {
  std::string shard_id;
  std::vector<std::string> parent_shards;
  HashKeyRange hash_key_range;
  static aws::Shape shape();
};
struct GetRecordsOutput {
  std::vector<RecordOutput> records;
  std::optional<std::string> next_shard_iterator;
  std::optional<std::int64_t> millis_behind_latest;
  std::optional<std::vector<ChildShard>> child_shards = {};
  static aws::Shape shape();
};
void get_records(Streams&, const aws::Call&, const GetRecordsInput&, aws::Done<GetRecordsOutput>);

}  // namespace hyd::streams

// Members and constraints as Kinesis's service model (2013-12-02) has them, without StreamId: an
// SDK that is given one sends its calls to AWS instead of here.
#include "aws/shape.h"
#include "streams/ops/operations.h"
#include "streams/ops/specs.h"

namespace hyd::streams {
namespace {

using namespace specs;
using aws::member;
using aws::Member;
using aws::Shape;

}  // namespace

Shape StreamModeDetails::shape() {
  static constexpr Member kMembers[] = {
      member<&StreamModeDetails::stream_mode>("StreamMode", string().required().one_of(kModeWords)),
  };
  return kMembers;
}

Shape HashKeyRange::shape() {
  static constexpr Member kMembers[] = {
      member<&HashKeyRange::starting_hash_key>("StartingHashKey", kHashKey.required()),
      member<&HashKeyRange::ending_hash_key>("EndingHashKey", kHashKey.required()),
  };
  return kMembers;
}

Shape SequenceNumberRange::shape() {
  static constexpr Member kMembers[] = {
      member<&SequenceNumberRange::starting_sequence_number>("StartingSequenceNumber",
                                                             kSequence.required()),
      member<&SequenceNumberRange::ending_sequence_number>("EndingSequenceNumber", kSequence),
  };
  return kMembers;
}

Shape ShardOutput::shape() {
  static constexpr Member kMembers[] = {
      member<&ShardOutput::shard_id>("ShardId", kName.required()),
      member<&ShardOutput::parent_shard_id>("ParentShardId", kName),
      member<&ShardOutput::adjacent_parent_shard_id>("AdjacentParentShardId", kName),
      member<&ShardOutput::hash_key_range>("HashKeyRange", structure().required()),
      member<&ShardOutput::sequence_number_range>("SequenceNumberRange", structure().required()),
  };
  return kMembers;
}

Shape EnhancedMetrics::shape() {
  static constexpr Member kMembers[] = {
      member<&EnhancedMetrics::shard_level_metrics>("ShardLevelMetrics", aws::list(kText)),
  };
  return kMembers;
}

Shape WarmThroughput::shape() {
  static constexpr Member kMembers[] = {
      member<&WarmThroughput::target_mibps>("TargetMiBps", kWarm),
      member<&WarmThroughput::current_mibps>("CurrentMiBps", kWarm),
  };
  return kMembers;
}

Shape Tag::shape() {
  static constexpr Member kMembers[] = {
      member<&Tag::key>("Key", kTagKey.required()),
      member<&Tag::value>("Value", kTagValue),
  };
  return kMembers;
}

Shape StreamInput::shape() {
  static constexpr Member kMembers[] = {
      member<&StreamInput::stream_name>("StreamName", kName),
      member<&StreamInput::stream_arn>("StreamARN", kArn),
  };
  return kMembers;
}

Shape CreateStreamInput::shape() {
  static constexpr Member kMembers[] = {
      member<&CreateStreamInput::stream_name>("StreamName", kName.required()),
      member<&CreateStreamInput::shard_count>("ShardCount", integer().at_least(1)),
      member<&CreateStreamInput::stream_mode_details>("StreamModeDetails", structure()),
      member<&CreateStreamInput::tags>("Tags", kTags),
      member<&CreateStreamInput::warm_throughput_mibps>("WarmThroughputMiBps", kWarm),
      member<&CreateStreamInput::max_record_size_kib>("MaxRecordSizeInKiB", kRecordKib),
  };
  return kMembers;
}

Shape DeleteStreamInput::shape() {
  static constexpr Member kMembers[] = {
      member<&DeleteStreamInput::stream_name>("StreamName", kName),
      member<&DeleteStreamInput::enforce_consumer_deletion>("EnforceConsumerDeletion",
                                                            aws::boolean()),
      member<&DeleteStreamInput::stream_arn>("StreamARN", kArn),
  };
  return kMembers;
}

Shape DescribeStreamInput::shape() {
  static constexpr Member kMembers[] = {
      member<&DescribeStreamInput::stream_name>("StreamName", kName),
      member<&DescribeStreamInput::limit>("Limit", kLimit),
      member<&DescribeStreamInput::exclusive_start_shard_id>("ExclusiveStartShardId", kName),
      member<&DescribeStreamInput::stream_arn>("StreamARN", kArn),
  };
  return kMembers;
}

Shape StreamDescription::shape() {
  using T = StreamDescription;
  static constexpr Member kMembers[] = {
      member<&T::stream_name>("StreamName", kName.required()),
      member<&T::stream_arn>("StreamARN", kArn.required()),
      member<&T::stream_status>("StreamStatus", kStatus),
      member<&T::stream_mode_details>("StreamModeDetails", structure()),
      member<&T::shards>("Shards", aws::list(kStructure).required()),
      member<&T::has_more_shards>("HasMoreShards", aws::boolean().required()),
      member<&T::retention_period_hours>("RetentionPeriodHours", integer().required()),
      member<&T::stream_creation_timestamp>("StreamCreationTimestamp", aws::timestamp().required()),
      member<&T::enhanced_monitoring>("EnhancedMonitoring", aws::list(kStructure).required()),
      member<&T::encryption_type>("EncryptionType", kEncryption),
      member<&T::key_id>("KeyId", kKeyId),
  };
  return kMembers;
}

Shape DescribeStreamOutput::shape() {
  static constexpr Member kMembers[] = {
      member<&DescribeStreamOutput::stream_description>("StreamDescription",
                                                        structure().required()),
  };
  return kMembers;
}

Shape StreamDescriptionSummary::shape() {
  using T = StreamDescriptionSummary;
  static constexpr Member kMembers[] = {
      member<&T::stream_name>("StreamName", kName.required()),
      member<&T::stream_arn>("StreamARN", kArn.required()),
      member<&T::stream_status>("StreamStatus", kStatus),
      member<&T::stream_mode_details>("StreamModeDetails", structure()),
      member<&T::retention_period_hours>("RetentionPeriodHours", integer().required()),
      member<&T::stream_creation_timestamp>("StreamCreationTimestamp", aws::timestamp().required()),
      member<&T::enhanced_monitoring>("EnhancedMonitoring", aws::list(kStructure).required()),
      member<&T::encryption_type>("EncryptionType", kEncryption),
      member<&T::key_id>("KeyId", kKeyId),
      member<&T::open_shard_count>("OpenShardCount", integer().required().range(0, 1'000'000)),
      member<&T::consumer_count>("ConsumerCount", integer().range(0, 1'000'000)),
      member<&T::warm_throughput>("WarmThroughput", structure()),
      member<&T::max_record_size_kib>("MaxRecordSizeInKiB", kRecordKib),
  };
  return kMembers;
}

Shape DescribeStreamSummaryOutput::shape() {
  static constexpr Member kMembers[] = {
      member<&DescribeStreamSummaryOutput::stream_description_summary>("StreamDescriptionSummary",
                                                                       structure().required()),
  };
  return kMembers;
}

Shape ListStreamsInput::shape() {
  static constexpr Member kMembers[] = {
      member<&ListStreamsInput::limit>("Limit", kLimit),
      member<&ListStreamsInput::exclusive_start_stream_name>("ExclusiveStartStreamName", kName),
      member<&ListStreamsInput::next_token>("NextToken", kNextToken),
  };
  return kMembers;
}

Shape StreamSummary::shape() {
  using T = StreamSummary;
  static constexpr Member kMembers[] = {
      member<&T::stream_name>("StreamName", kName.required()),
      member<&T::stream_arn>("StreamARN", kArn.required()),
      member<&T::stream_status>("StreamStatus", kStatus),
      member<&T::stream_mode_details>("StreamModeDetails", structure()),
      member<&T::stream_creation_timestamp>("StreamCreationTimestamp", aws::timestamp()),
  };
  return kMembers;
}

Shape ListStreamsOutput::shape() {
  using T = ListStreamsOutput;
  static constexpr Member kMembers[] = {
      member<&T::stream_names>("StreamNames", aws::list(kName).required()),
      member<&T::has_more_streams>("HasMoreStreams", aws::boolean().required()),
      member<&T::next_token>("NextToken", kNextToken),
      member<&T::stream_summaries>("StreamSummaries", aws::list(kStructure)),
  };
  return kMembers;
}

Shape ShardFilter::shape() {
  static constexpr Member kMembers[] = {
      member<&ShardFilter::type>("Type", string().required().one_of(kFilterWords)),
      member<&ShardFilter::shard_id>("ShardId", kName),
      member<&ShardFilter::timestamp>("Timestamp", aws::timestamp()),
  };
  return kMembers;
}

Shape ListShardsInput::shape() {
  using T = ListShardsInput;
  static constexpr Member kMembers[] = {
      member<&T::stream_name>("StreamName", kName),
      member<&T::next_token>("NextToken", kNextToken),
      member<&T::exclusive_start_shard_id>("ExclusiveStartShardId", kName),
      member<&T::max_results>("MaxResults", kLimit),
      member<&T::stream_creation_timestamp>("StreamCreationTimestamp", aws::timestamp()),
      member<&T::shard_filter>("ShardFilter", structure()),
      member<&T::stream_arn>("StreamARN", kArn),
  };
  return kMembers;
}

Shape ListShardsOutput::shape() {
  static constexpr Member kMembers[] = {
      member<&ListShardsOutput::shards>("Shards", aws::list(kStructure)),
      member<&ListShardsOutput::next_token>("NextToken", kNextToken),
  };
  return kMembers;
}

Shape AddTagsToStreamInput::shape() {
  static constexpr Member kMembers[] = {
      member<&AddTagsToStreamInput::stream_name>("StreamName", kName),
      member<&AddTagsToStreamInput::tags>("Tags", kTags.required()),
      member<&AddTagsToStreamInput::stream_arn>("StreamARN", kArn),
  };
  return kMembers;
}

Shape RemoveTagsFromStreamInput::shape() {
  static constexpr Member kMembers[] = {
      member<&RemoveTagsFromStreamInput::stream_name>("StreamName", kName),
      member<&RemoveTagsFromStreamInput::tag_keys>("TagKeys",
                                                   aws::list(kTagKey).required().length(1, 50)),
      member<&RemoveTagsFromStreamInput::stream_arn>("StreamARN", kArn),
  };
  return kMembers;
}

Shape ListTagsForStreamInput::shape() {
  using T = ListTagsForStreamInput;
  static constexpr Member kMembers[] = {
      member<&T::stream_name>("StreamName", kName),
      member<&T::exclusive_start_tag_key>("ExclusiveStartTagKey", kTagKey),
      member<&T::limit>("Limit", integer().range(1, 50)),
      member<&T::stream_arn>("StreamARN", kArn),
  };
  return kMembers;
}

Shape ListTagsForStreamOutput::shape() {
  static constexpr Member kMembers[] = {
      member<&ListTagsForStreamOutput::tags>("Tags", aws::list(kStructure).required()),
      member<&ListTagsForStreamOutput::has_more_tags>("HasMoreTags", aws::boolean().required()),
  };
  return kMembers;
}

Shape PutRecordInput::shape() {
  using T = PutRecordInput;
  static constexpr Member kMembers[] = {
      member<&T::stream_name>("StreamName", kName),
      member<&T::data>("Data", kData),
      member<&T::partition_key>("PartitionKey", kPartitionKey),
      member<&T::explicit_hash_key>("ExplicitHashKey", kHashKey),
      member<&T::sequence_number_for_ordering>("SequenceNumberForOrdering", kSequence),
      member<&T::stream_arn>("StreamARN", kArn),
  };
  return kMembers;
}

Shape PutRecordOutput::shape() {
  static constexpr Member kMembers[] = {
      member<&PutRecordOutput::sequence_number>("SequenceNumber", kSequence.required()),
      member<&PutRecordOutput::shard_id>("ShardId", kName.required()),
      member<&PutRecordOutput::encryption_type>("EncryptionType", kEncryption),
  };
  return kMembers;
}

Shape PutRecordsEntry::shape() {
  static constexpr Member kMembers[] = {
      member<&PutRecordsEntry::data>("Data", kData),
      member<&PutRecordsEntry::explicit_hash_key>("ExplicitHashKey", kHashKey),
      member<&PutRecordsEntry::partition_key>("PartitionKey", kPartitionKey),
  };
  return kMembers;
}

Shape PutRecordsInput::shape() {
  static constexpr Member kMembers[] = {
      member<&PutRecordsInput::records>("Records", aws::list(kStructure).required().length(1, 500)),
      member<&PutRecordsInput::stream_name>("StreamName", kName),
      member<&PutRecordsInput::stream_arn>("StreamARN", kArn),
  };
  return kMembers;
}

Shape PutRecordsResult::shape() {
  static constexpr Member kMembers[] = {
      member<&PutRecordsResult::sequence_number>("SequenceNumber", kSequence),
      member<&PutRecordsResult::shard_id>("ShardId", kName),
      member<&PutRecordsResult::error_code>("ErrorCode", kText),
      member<&PutRecordsResult::error_message>("ErrorMessage", kText),
  };
  return kMembers;
}

// The model says that FailedRecordCount is at least 1; AWS answers 0 when all is well (observed).
Shape PutRecordsOutput::shape() {
  static constexpr Member kMembers[] = {
      member<&PutRecordsOutput::failed_record_count>("FailedRecordCount", integer()),
      member<&PutRecordsOutput::records>("Records", aws::list(kStructure).required()),
      member<&PutRecordsOutput::encryption_type>("EncryptionType", kEncryption),
  };
  return kMembers;
}

Shape GetShardIteratorInput::shape() {
  using T = GetShardIteratorInput;
  static constexpr Member kMembers[] = {
      member<&T::stream_name>("StreamName", kName),
      member<&T::shard_id>("ShardId", kName.required()),
      member<&T::shard_iterator_type>("ShardIteratorType",
                                      string().required().one_of(kIteratorWords)),
      member<&T::starting_sequence_number>("StartingSequenceNumber", kSequence),
      member<&T::timestamp>("Timestamp", aws::timestamp()),
      member<&T::stream_arn>("StreamARN", kArn),
  };
  return kMembers;
}

Shape GetShardIteratorOutput::shape() {
  static constexpr Member kMembers[] = {
      member<&GetShardIteratorOutput::shard_iterator>("ShardIterator", kIterator),
  };
  return kMembers;
}

Shape GetRecordsInput::shape() {
  static constexpr Member kMembers[] = {
      member<&GetRecordsInput::shard_iterator>("ShardIterator", kIterator.required()),
      member<&GetRecordsInput::limit>("Limit", kLimit),
      member<&GetRecordsInput::stream_arn>("StreamARN", kArn),
  };
  return kMembers;
}

Shape RecordOutput::shape() {
  using T = RecordOutput;
  static constexpr Member kMembers[] = {
      member<&T::sequence_number>("SequenceNumber", kSequence.required()),
      member<&T::approximate_arrival_timestamp>("ApproximateArrivalTimestamp", aws::timestamp()),
      member<&T::data>("Data", kData),
      member<&T::partition_key>("PartitionKey", kPartitionKey),
      member<&T::encryption_type>("EncryptionType", kEncryption),
  };
  return kMembers;
}

Shape ChildShard::shape() {
  static constexpr Member kMembers[] = {
      member<&ChildShard::shard_id>("ShardId", kName.required()),
      member<&ChildShard::parent_shards>("ParentShards", aws::list(kName).required()),
      member<&ChildShard::hash_key_range>("HashKeyRange", structure().required()),
  };
  return kMembers;
}

Shape GetRecordsOutput::shape() {
  using T = GetRecordsOutput;
  static constexpr Member kMembers[] = {
      member<&T::records>("Records", aws::list(kStructure).required()),
      member<&T::next_shard_iterator>("NextShardIterator", kIterator),
      member<&T::millis_behind_latest>("MillisBehindLatest", aws::long_integer().at_least(0)),
      member<&T::child_shards>("ChildShards", aws::list(kStructure)),
  };
  return kMembers;
}

}  // namespace hyd::streams

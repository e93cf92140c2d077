#include "aws/arn.h"
#include "streams/ops/fast_put.h"
#include "streams/ops/operations.h"
#include "streams/ops/resources.h"
#include "streams/ops/shards.h"
#include "streams/ops/stream_settings.h"

#include <concepts>
#include <optional>
#include <string>

namespace hyd::streams {
namespace {

using aws::Network;
using aws::operation;

// The ARN that the call acts on; empty when the input names none.
template <class Input>
std::string stream_resource(const aws::Call& call, const Input& input) {
  std::string name;
  if constexpr (std::same_as<Input, CreateStreamInput>) {
    name = input.stream_name;
  } else {
    if (input.stream_arn) return *input.stream_arn;
    name = input.stream_name.value_or("");
  }
  if (name.empty()) return {};
  const std::string resource = "stream/" + name;
  return aws::make_arn(
      {.service = "kinesis", .region = call.region, .account = call.account, .resource = resource});
}

// The same for inputs that can only name an ARN.
std::string text_of(const std::string& arn) { return arn; }
std::string text_of(const std::optional<std::string>& arn) { return arn.value_or(""); }
template <class Input>
std::string arn_resource(const aws::Call&, const Input& input) {
  return text_of(input.stream_arn);
}
template <class Input>
std::string any_resource(const aws::Call&, const Input& input) {
  return input.resource_arn;
}
std::string consumer_resource(const aws::Call&, const ConsumerInput& input) {
  return input.consumer_arn.value_or(input.stream_arn.value_or(""));
}

// SubscribeToShard has no row: it is an unknown operation until it can push records.
constexpr aws::Operation kOperations[] = {
    operation<&add_tags_to_stream>("AddTagsToStream", "kinesis:AddTagsToStream", Network::open,
                                   "Adds or overwrites tags of a stream.")
        .on<&stream_resource<AddTagsToStreamInput>>(),
    operation<&create_stream>("CreateStream", "kinesis:CreateStream", Network::open,
                              "Makes a stream.")
        .on<&stream_resource<CreateStreamInput>>(),
    operation<&decrease_stream_retention_period>("DecreaseStreamRetentionPeriod",
                                                 "kinesis:DecreaseStreamRetentionPeriod",
                                                 Network::open, "Keeps records for a shorter time.")
        .on<&stream_resource<RetentionInput>>(),
    operation<&delete_resource_policy>("DeleteResourcePolicy", "kinesis:DeleteResourcePolicy",
                                       Network::open, "Drops the policy of a stream or consumer.")
        .on<&any_resource<ResourceInput>>(),
    operation<&delete_stream>("DeleteStream", "kinesis:DeleteStream", Network::open,
                              "Removes a stream; what was acknowledged is still delivered.")
        .on<&stream_resource<DeleteStreamInput>>(),
    operation<&deregister_stream_consumer>("DeregisterStreamConsumer",
                                           "kinesis:DeregisterStreamConsumer", Network::open,
                                           "Removes a consumer.")
        .on<&consumer_resource>(),
    operation<&describe_account_settings>("DescribeAccountSettings",
                                          "kinesis:DescribeAccountSettings", Network::open,
                                          "Shows the settings of the account."),
    operation<&describe_limits>("DescribeLimits", "kinesis:DescribeLimits", Network::open,
                                "Shows how many shards and streams there are and may be."),
    operation<&describe_stream>("DescribeStream", "kinesis:DescribeStream", Network::open,
                                "Shows a stream and its shards.")
        .on<&stream_resource<DescribeStreamInput>>(),
    operation<&describe_stream_consumer>("DescribeStreamConsumer", "kinesis:DescribeStreamConsumer",
                                         Network::open, "Shows a consumer.")
        .on<&consumer_resource>(),
    operation<&describe_stream_summary>("DescribeStreamSummary", "kinesis:DescribeStreamSummary",
                                        Network::open, "Shows a stream without its shards.")
        .on<&stream_resource<StreamInput>>(),
    operation<&disable_enhanced_monitoring>("DisableEnhancedMonitoring",
                                            "kinesis:DisableEnhancedMonitoring", Network::open,
                                            "Drops metrics of shards from the list that is kept.")
        .on<&stream_resource<MonitoringInput>>(),
    operation<&enable_enhanced_monitoring>("EnableEnhancedMonitoring",
                                           "kinesis:EnableEnhancedMonitoring", Network::open,
                                           "Adds metrics of shards to the list that is kept.")
        .on<&stream_resource<MonitoringInput>>(),
    operation<&get_records>("GetRecords", "kinesis:GetRecords", Network::open,
                            "Reads records from a shard iterator on.")
        .on<&arn_resource<GetRecordsInput>>(),
    operation<&get_resource_policy>("GetResourcePolicy", "kinesis:GetResourcePolicy", Network::open,
                                    "Shows the policy of a stream or consumer.")
        .on<&any_resource<ResourceInput>>(),
    operation<&get_shard_iterator>("GetShardIterator", "kinesis:GetShardIterator", Network::open,
                                   "Names a position in a shard.")
        .on<&stream_resource<GetShardIteratorInput>>(),
    operation<&increase_stream_retention_period>("IncreaseStreamRetentionPeriod",
                                                 "kinesis:IncreaseStreamRetentionPeriod",
                                                 Network::open, "Keeps records for a longer time.")
        .on<&stream_resource<RetentionInput>>(),
    operation<&list_shards>("ListShards", "kinesis:ListShards", Network::open,
                            "Lists the shards of a stream.")
        .on<&stream_resource<ListShardsInput>>(),
    operation<&list_stream_consumers>("ListStreamConsumers", "kinesis:ListStreamConsumers",
                                      Network::open, "Lists the consumers of a stream.")
        .on<&arn_resource<ListStreamConsumersInput>>(),
    operation<&list_streams>("ListStreams", "kinesis:ListStreams", Network::open,
                             "Lists the streams of a region."),
    operation<&list_tags_for_resource>("ListTagsForResource", "kinesis:ListTagsForResource",
                                       Network::open, "Lists the tags of a stream or consumer.")
        .on<&any_resource<ResourceInput>>(),
    operation<&list_tags_for_stream>("ListTagsForStream", "kinesis:ListTagsForStream",
                                     Network::open, "Lists the tags of a stream.")
        .on<&stream_resource<ListTagsForStreamInput>>(),
    operation<&merge_shards>("MergeShards", "kinesis:MergeShards", Network::open,
                             "Makes one shard of two neighbours.")
        .on<&stream_resource<MergeShardsInput>>(),
    operation<&put_record>("PutRecord", "kinesis:PutRecord", Network::open, "Writes one record.")
        .on<&stream_resource<PutRecordInput>>()
        .fast<&read_put_record, &write_put_record>(),
    operation<&put_records>("PutRecords", "kinesis:PutRecords", Network::open,
                            "Writes up to 500 records, all or none of them.")
        .on<&stream_resource<PutRecordsInput>>()
        .fast<&read_put_records, &write_put_records>(),
    operation<&put_resource_policy>("PutResourcePolicy", "kinesis:PutResourcePolicy", Network::open,
                                    "Keeps a policy of a stream or consumer.")
        .on<&any_resource<PutResourcePolicyInput>>(),
    operation<&register_stream_consumer>("RegisterStreamConsumer", "kinesis:RegisterStreamConsumer",
                                         Network::open, "Makes a consumer of a stream.")
        .on<&arn_resource<RegisterStreamConsumerInput>>(),
    operation<&remove_tags_from_stream>("RemoveTagsFromStream", "kinesis:RemoveTagsFromStream",
                                        Network::open, "Removes tags of a stream.")
        .on<&stream_resource<RemoveTagsFromStreamInput>>(),
    operation<&split_shard>("SplitShard", "kinesis:SplitShard", Network::open,
                            "Makes two shards of one.")
        .on<&stream_resource<SplitShardInput>>(),
    operation<&start_stream_encryption>("StartStreamEncryption", "kinesis:StartStreamEncryption",
                                        Network::open, "Names the key of a stream.")
        .on<&stream_resource<EncryptionInput>>(),
    operation<&stop_stream_encryption>("StopStreamEncryption", "kinesis:StopStreamEncryption",
                                       Network::open, "Drops the key of a stream.")
        .on<&stream_resource<EncryptionInput>>(),
    operation<&tag_resource>("TagResource", "kinesis:TagResource", Network::open,
                             "Adds or overwrites tags of a stream or consumer.")
        .on<&any_resource<TagResourceInput>>(),
    operation<&untag_resource>("UntagResource", "kinesis:UntagResource", Network::open,
                               "Removes tags of a stream or consumer.")
        .on<&any_resource<UntagResourceInput>>(),
    operation<&update_account_settings>("UpdateAccountSettings", "kinesis:UpdateAccountSettings",
                                        Network::open, "Changes the settings of the account."),
    operation<&update_max_record_size>("UpdateMaxRecordSize", "kinesis:UpdateMaxRecordSize",
                                       Network::open, "Changes how large a record may be.")
        .on<&arn_resource<UpdateMaxRecordSizeInput>>(),
    operation<&update_shard_count>("UpdateShardCount", "kinesis:UpdateShardCount", Network::open,
                                   "Gives a stream another number of equal shards.")
        .on<&stream_resource<UpdateShardCountInput>>(),
    operation<&update_stream_mode>("UpdateStreamMode", "kinesis:UpdateStreamMode", Network::open,
                                   "Makes a stream provisioned or on demand.")
        .on<&arn_resource<UpdateStreamModeInput>>(),
    operation<&update_stream_warm_throughput>("UpdateStreamWarmThroughput",
                                              "kinesis:UpdateStreamWarmThroughput", Network::open,
                                              "Keeps the warm throughput of an on-demand stream.")
        .on<&stream_resource<UpdateWarmThroughputInput>>(),
};

constexpr aws::ServiceTable kTable{.name = "kinesis",
                                   .protocol = aws::Protocol::json_1_1,
                                   .target = "Kinesis_20131202",
                                   .operations = kOperations};

}  // namespace

const aws::ServiceTable& kinesis_table() { return kTable; }

}  // namespace hyd::streams

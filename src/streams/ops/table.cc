#include "aws/arn.h"
#include "streams/ops/fast_put.h"
#include "streams/ops/operations.h"

#include <concepts>

namespace hyd::streams {
namespace {

using aws::Network;
using aws::operation;

// The ARN that the call acts on; empty when the input names none.
template <class Input>
std::string stream_resource(const aws::Call& call, const Input& input) {
  std::string name;
  if constexpr (std::same_as<Input, GetRecordsInput>) {
    return input.stream_arn.value_or("");
  } else if constexpr (std::same_as<Input, CreateStreamInput>) {
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

constexpr aws::Operation kOperations[] = {
    operation<&add_tags_to_stream>("AddTagsToStream", "kinesis:AddTagsToStream", Network::open,
                                   "Adds or overwrites tags of a stream.")
        .on<&stream_resource<AddTagsToStreamInput>>(),
    operation<&create_stream>("CreateStream", "kinesis:CreateStream", Network::open,
                              "Makes a stream.")
        .on<&stream_resource<CreateStreamInput>>(),
    operation<&delete_stream>("DeleteStream", "kinesis:DeleteStream", Network::open,
                              "Removes a stream; what was acknowledged is still delivered.")
        .on<&stream_resource<DeleteStreamInput>>(),
    operation<&describe_stream>("DescribeStream", "kinesis:DescribeStream", Network::open,
                                "Shows a stream and its shards.")
        .on<&stream_resource<DescribeStreamInput>>(),
    operation<&describe_stream_summary>("DescribeStreamSummary", "kinesis:DescribeStreamSummary",
                                        Network::open, "Shows a stream without its shards.")
        .on<&stream_resource<StreamInput>>(),
    operation<&get_records>("GetRecords", "kinesis:GetRecords", Network::open,
                            "Reads records from a shard iterator on.")
        .on<&stream_resource<GetRecordsInput>>(),
    operation<&get_shard_iterator>("GetShardIterator", "kinesis:GetShardIterator", Network::open,
                                   "Names a position in a shard.")
        .on<&stream_resource<GetShardIteratorInput>>(),
    operation<&list_shards>("ListShards", "kinesis:ListShards", Network::open,
                            "Lists the shards of a stream.")
        .on<&stream_resource<ListShardsInput>>(),
    operation<&list_streams>("ListStreams", "kinesis:ListStreams", Network::open,
                             "Lists the streams of a region."),
    operation<&list_tags_for_stream>("ListTagsForStream", "kinesis:ListTagsForStream",
                                     Network::open, "Lists the tags of a stream.")
        .on<&stream_resource<ListTagsForStreamInput>>(),
    operation<&put_record>("PutRecord", "kinesis:PutRecord", Network::open, "Writes one record.")
        .on<&stream_resource<PutRecordInput>>()
        .fast<&read_put_record, &write_put_record>(),
    operation<&put_records>("PutRecords", "kinesis:PutRecords", Network::open,
                            "Writes up to 500 records, all or none of them.")
        .on<&stream_resource<PutRecordsInput>>()
        .fast<&read_put_records, &write_put_records>(),
    operation<&remove_tags_from_stream>("RemoveTagsFromStream", "kinesis:RemoveTagsFromStream",
                                        Network::open, "Removes tags of a stream.")
        .on<&stream_resource<RemoveTagsFromStreamInput>>(),
};

constexpr aws::ServiceTable kTable{.name = "kinesis",
                                   .protocol = aws::Protocol::json_1_1,
                                   .target = "Kinesis_20131202",
                                   .operations = kOperations};

}  // namespace

const aws::ServiceTable& kinesis_table() { return kTable; }

}  // namespace hyd::streams

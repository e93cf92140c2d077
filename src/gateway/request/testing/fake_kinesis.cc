#include "gateway/request/testing/fake_kinesis.h"

#include <string>
#include <utility>

namespace hyd::gateway::testing {
namespace {

struct PutRecordInput {
  std::string stream_name;
  std::string data;
  std::string partition_key;
  static aws::Shape shape() {
    static constexpr aws::Member kMembers[] = {
        aws::member<&PutRecordInput::stream_name>("StreamName", aws::string().required()),
        aws::member<&PutRecordInput::data>("Data", aws::string().required()),
        aws::member<&PutRecordInput::partition_key>("PartitionKey",
                                                    aws::string().required().length(1, 256)),
    };
    return kMembers;
  }
};

struct PutRecordOutput {
  std::string sequence_number;
  std::string shard_id;
  static aws::Shape shape() {
    static constexpr aws::Member kMembers[] = {
        aws::member<&PutRecordOutput::sequence_number>("SequenceNumber", aws::string().required()),
        aws::member<&PutRecordOutput::shard_id>("ShardId", aws::string().required()),
    };
    return kMembers;
  }
};

PutRecordOutput kept() { return {.sequence_number = "4950", .shard_id = "shardId-000000000000"}; }

void put_record(FakeKinesis& service, const aws::Call& call, const PutRecordInput& input,
                aws::Done<PutRecordOutput> done) {
  service.puts.push_back(
      {.stream = input.stream_name,
       .data = input.data,
       .key = input.partition_key,
       .region = call.region,
       .by_service = call.principal->type == aws::Principal::Type::service && !call.from_network,
       .deadline = call.deadline});
  using base::Code;
  if (input.stream_name == "missing") {
    return done(std::unexpected(
        aws::Fault{.name = "ResourceNotFoundException",
                   .message = "Stream missing under account 123456789012 not found."}));
  }
  if (input.stream_name == "failing") {
    return done(std::unexpected(aws::as_ours(
        {.name = "ProvisionedThroughputExceededException", .message = "The log is full."},
        base::fail(Code::exhausted, "no slot is free"))));
  }
  if (input.stream_name == "late") {
    return done(std::unexpected(aws::fault_from(base::fail(Code::timed_out, "no room in time"))));
  }
  if (input.stream_name == "unknown") {
    return done(std::unexpected(aws::unanswerable(base::fail(Code::io, "neither nor"))));
  }
  if (input.stream_name == "chatty") {
    return done(PutRecordOutput{.sequence_number = std::string(300'000, '7'), .shard_id = "s"});
  }
  if (input.stream_name == "slow") {
    service.waiting.push_back([done = std::move(done)]() mutable { done(kept()); });
    return;
  }
  done(kept());
}

constexpr aws::Operation kOperations[] = {
    aws::operation<&put_record>("PutRecord", "kinesis:PutRecord", aws::Network::open,
                                "Keeps what it was asked."),
};

constexpr aws::ServiceTable kTable{.name = "kinesis",
                                   .protocol = aws::Protocol::json_1_1,
                                   .target = "Kinesis_20131202",
                                   .operations = kOperations};

}  // namespace

const aws::ServiceTable& fake_kinesis_table() { return kTable; }

}  // namespace hyd::gateway::testing

// Streams made, shown, tagged and removed, through the dispatcher.
#include "streams/tables.h"
#include "streams/testing/streams_life.h"

#include <fmt/core.h>
#include <gtest/gtest.h>

#include <optional>
#include <set>
#include <string>

namespace hyd::streams {
namespace {

using codec::Json;
using testing::StreamsLife;
using testing::text_of;

constexpr std::string_view kDone = "{}";

class ControlTest : public ::testing::Test {
 protected:
  explicit ControlTest(StreamsLife::Options options = {})
      : runtime_({.seed = 7, .on_end = {}}, disk_), options_(options) {
    restart();
  }
  // A stop of the program and its next start.
  void restart() {
    life_.reset();
    life_.emplace(runtime_, options_);
  }
  std::string ask(std::string_view operation, std::string_view input,
                  std::string_view region = "us-east-1") {
    return life_->ask(operation, input, region);
  }
  std::string create(std::string_view name, int shards = 1, std::string_view region = "us-east-1") {
    return ask("CreateStream",
               fmt::format(R"({{"StreamName":"{}","ShardCount":{}}})", name, shards), region);
  }
  std::string remove(std::string_view name) {
    return ask("DeleteStream", fmt::format(R"({{"StreamName":"{}"}})", name));
  }
  std::string put(std::string_view name) {
    return ask("PutRecord",
               fmt::format(R"({{"StreamName":"{}","Data":"eA==","PartitionKey":"k"}})", name));
  }
  std::string status(std::string_view name) {
    const auto answer =
        life_->call("DescribeStreamSummary", fmt::format(R"({{"StreamName":"{}"}})", name));
    return answer ? text_of(*answer->find("StreamDescriptionSummary"), "StreamStatus")
                  : answer.error().name;
  }
  StreamPtr find(std::string_view name) {
    return life_->streams().newest()->find("us-east-1", name);
  }

  sys::SimDisk disk_;
  sys::SimRuntime runtime_;
  StreamsLife::Options options_;
  std::optional<StreamsLife> life_;
};

TEST_F(ControlTest, AStreamIsMadeShownAndRemoved) {
  EXPECT_EQ(ask("CreateStream", R"({"StreamName":"clicks","ShardCount":2,"Tags":{"team":"a"}})"),
            kDone);
  const StreamPtr stream = find("clicks");
  ASSERT_NE(stream, nullptr);
  EXPECT_EQ(stream->arn, "arn:aws:kinesis:us-east-1:123456789012:stream/clicks");
  const std::int64_t created = stream->created_ms / 1000;
  const std::string shared = fmt::format(
      R"("StreamName":"clicks","StreamARN":"arn:aws:kinesis:us-east-1:123456789012:stream/clicks",)"
      R"("StreamStatus":"ACTIVE","StreamModeDetails":{{"StreamMode":"PROVISIONED"}},)");
  const std::string rest =
      fmt::format(R"("RetentionPeriodHours":24,"StreamCreationTimestamp":{},)"
                  R"("EnhancedMonitoring":[{{"ShardLevelMetrics":[]}}],"EncryptionType":"NONE")",
                  created);
  EXPECT_EQ(ask("DescribeStreamSummary", R"({"StreamName":"clicks"})"),
            R"({"StreamDescriptionSummary":{)" + shared + rest +
                R"(,"OpenShardCount":2,"ConsumerCount":0,"MaxRecordSizeInKiB":1024}})");
  const std::string all = ask("DescribeStream", R"({"StreamName":"clicks"})");
  EXPECT_TRUE(all.starts_with(R"({"StreamDescription":{)" + shared +
                              R"("Shards":[{"ShardId":"shardId-000000000000","HashKeyRange":)"
                              R"({"StartingHashKey":"0","EndingHashKey":)"
                              R"("170141183460469231731687303715884105727"},)"
                              R"("SequenceNumberRange":{"StartingSequenceNumber":"4)"))
      << all;
  EXPECT_TRUE(all.ends_with(R"("HasMoreShards":false,)" + rest + "}}")) << all;
  EXPECT_EQ(remove("clicks"), kDone);
  EXPECT_EQ(status("clicks"), "ResourceNotFoundException");
  EXPECT_EQ(put("clicks"),
            "ResourceNotFoundException 400 Stream clicks under account 123456789012 not found.");
}

TEST_F(ControlTest, ANameIsTakenOnceInEachRegion) {
  EXPECT_EQ(create("s"), kDone);
  EXPECT_EQ(create("s"),
            "ResourceInUseException 400 Stream s under account 123456789012 already exists.");
  EXPECT_EQ(create("s", 1, "eu-west-1"), kDone);
  EXPECT_EQ(
      ask("ListStreams", "{}", "eu-west-1"),
      fmt::format(R"({{"StreamNames":["s"],"HasMoreStreams":false,"StreamSummaries":[{{)"
                  R"("StreamName":"s",)"
                  R"("StreamARN":"arn:aws:kinesis:eu-west-1:123456789012:stream/s",)"
                  R"("StreamStatus":"ACTIVE","StreamModeDetails":{{"StreamMode":"PROVISIONED"}},)"
                  R"("StreamCreationTimestamp":{}}}]}})",
                  find("s")->created_ms / 1000));
}

TEST_F(ControlTest, TwoCreatesOfANameAtOnceMakeOneStream) {
  auto first = std::make_shared<StreamsLife::Answer>();
  auto second = std::make_shared<StreamsLife::Answer>();
  life_->start("CreateStream", R"({"StreamName":"s","ShardCount":1})", first);
  life_->start("CreateStream", R"({"StreamName":"s","ShardCount":2})", second);
  life_->settle();
  ASSERT_TRUE(*first && *second);
  EXPECT_TRUE((*first)->has_value());
  ASSERT_FALSE((*second)->has_value());
  EXPECT_EQ((*second)->error().name, "ResourceInUseException");
  EXPECT_EQ(find("s")->shards.size(), 1u);
}

TEST_F(ControlTest, EverythingIsThereAfterARestartAndTakesRecords) {
  EXPECT_EQ(ask("CreateStream",
                R"({"StreamName":"s","StreamModeDetails":{"StreamMode":"ON_DEMAND"},)"
                R"("WarmThroughputMiBps":5,"MaxRecordSizeInKiB":2048,"Tags":{"a":"1","b":""}})"),
            kDone);
  const Stream before = *find("s");
  EXPECT_EQ(before.shards.size(), 4u);
  EXPECT_TRUE(put("s").contains("SequenceNumber"));
  restart();
  ASSERT_NE(find("s"), nullptr);
  EXPECT_EQ(*find("s"), before);
  EXPECT_TRUE(put("s").contains("SequenceNumber"));
  EXPECT_TRUE(ask("DescribeStreamSummary", R"({"StreamName":"s"})")
                  .contains(R"("WarmThroughput":{"TargetMiBps":5,"CurrentMiBps":5})"));
}

TEST_F(ControlTest, ShardNumbersAndUidsAreNeverGivenOutAgain) {
  std::set<std::uint32_t> numbers;
  std::set<base::Uid> uids;
  for (int round = 0; round < 4; ++round) {
    ASSERT_EQ(create("s", 3), kDone);
    for (const Shard& shard : find("s")->shards) {
      EXPECT_TRUE(numbers.insert(shard.number.raw()).second);
    }
    EXPECT_TRUE(uids.insert(find("s")->uid).second);
    ASSERT_EQ(remove("s"), kDone);
    life_->streams().forget(*uids.rbegin());
    life_->settle();
    restart();
  }
}

TEST_F(ControlTest, AStreamThatIsGoneKeepsItsRecordsAndEndsUntilItIsForgotten) {
  ASSERT_EQ(create("s"), kDone);
  const StreamPtr before = find("s");
  ASSERT_TRUE(put("s").contains("SequenceNumber"));
  ASSERT_EQ(remove("s"), kDone);
  const auto gone = [&] { return life_->streams().newest()->find(before->uid); };
  ASSERT_NE(gone(), nullptr);
  EXPECT_EQ(gone()->status, Status::gone);
  const log::Place end = gone()->shards[0].end.value_or(log::Place());
  EXPECT_EQ(end, log::Place(1)) << "the only record's";
  restart();
  ASSERT_NE(gone(), nullptr);
  EXPECT_EQ(gone()->shards[0].end, end);
  const auto read = sys::wait_for<log::ReadResult>(runtime_, [&](auto done) {
    life_->journal().read(nullptr, {.shard = before->shards[0].number, .from = log::Place(1)},
                          std::move(done));
  });
  ASSERT_TRUE(read) << read.error().what;
  EXPECT_EQ(read->records.size(), 1u);
  {
    const auto reader = life_->catalog().reader();
    ASSERT_TRUE(reader);
    EXPECT_EQ(place_max(**reader).value_or(0), 1u);
  }
  life_->streams().forget(before->uid);
  life_->settle();
  EXPECT_EQ(gone(), nullptr);
  restart();
  EXPECT_EQ(gone(), nullptr);
}

TEST_F(ControlTest, ModesAndCountsMustFit) {
  EXPECT_EQ(ask("CreateStream", R"({"StreamName":"s"})"), kDone) << "neither: on demand";
  EXPECT_EQ(find("s")->settings.mode, Mode::on_demand);
  for (const std::string_view bad :
       {R"({"StreamName":"t","ShardCount":1,"StreamModeDetails":{"StreamMode":"ON_DEMAND"}})",
        R"({"StreamName":"t","StreamModeDetails":{"StreamMode":"PROVISIONED"}})",
        R"({"StreamName":"t","ShardCount":1,"WarmThroughputMiBps":1})"}) {
    EXPECT_TRUE(ask("CreateStream", bad).starts_with("InvalidArgumentException 400 ")) << bad;
  }
  EXPECT_TRUE(create("t", 100'000)
                  .starts_with("LimitExceededException 400 This request would exceed the shard "
                               "limit for the account 123456789012 in us-east-1. Current shard "
                               "count for the account: 4. Limit: 100000. "));
}

TEST_F(ControlTest, AStreamIsFoundByNameArnOrBoth) {
  ASSERT_EQ(create("s", 1, "eu-west-1"), kDone);
  const std::string arn = "arn:aws:kinesis:eu-west-1:123456789012:stream/s";
  const auto summary = [&](std::string_view members) {
    return ask("DescribeStreamSummary", fmt::format("{{{}}}", members));
  };
  EXPECT_TRUE(summary(fmt::format(R"("StreamARN":"{}")", arn)).contains(arn)) << "in any region";
  EXPECT_TRUE(summary(fmt::format(R"("StreamName":"s","StreamARN":"{}")", arn)).contains(arn));
  EXPECT_TRUE(summary(R"("StreamName":"s")").starts_with("ResourceNotFoundException"));
  EXPECT_TRUE(summary(fmt::format(R"("StreamName":"t","StreamARN":"{}")", arn))
                  .starts_with("InvalidArgumentException"));
  EXPECT_EQ(summary(""),
            "InvalidArgumentException 400 Either StreamName or StreamARN must be provided.");
  EXPECT_TRUE(summary(R"("StreamARN":"arn:aws:kinesis:eu-west-1:210987654321:stream/s")")
                  .starts_with("AccessDeniedException"));
  EXPECT_TRUE(summary(R"("StreamARN":"arn:aws:kinesis:eu-west-1:1234:stream/s")")
                  .contains(R"(at 'streamARN' failed to satisfy constraint: Member must satisfy )"
                            R"(regular expression pattern: arn:aws.*:kinesis:.*:\d{12}:stream/)"));
}

TEST_F(ControlTest, ListsArePagedInTheOrderOfNames) {
  for (const std::string_view name : {"b", "a", "C", "d"}) ASSERT_EQ(create(name), kDone);
  const auto first = life_->call("ListStreams", R"({"Limit":3})");
  ASSERT_TRUE(first);
  EXPECT_EQ(codec::to_text(*first->find("StreamNames")), R"(["C","a","b"])");
  EXPECT_EQ(*first->find("HasMoreStreams")->if_boolean(), true);
  const std::string token = text_of(*first, "NextToken");
  const auto next = [&](std::string_view members) {
    const auto answer = life_->call("ListStreams", fmt::format("{{{}}}", members));
    return answer ? codec::to_text(*answer->find("StreamNames")) : answer.error().name;
  };
  EXPECT_EQ(next(fmt::format(R"("NextToken":"{}")", token)), R"(["d"])");
  EXPECT_EQ(next(R"("ExclusiveStartStreamName":"aa")"), R"(["b","d"])");
  EXPECT_EQ(next(R"("NextToken":"x")"), "InvalidArgumentException");
  life_->pass(std::chrono::seconds(301));
  EXPECT_EQ(next(fmt::format(R"("NextToken":"{}")", token)), "ExpiredNextTokenException");
}

TEST_F(ControlTest, ShardsArePagedAndFiltered) {
  ASSERT_EQ(create("s", 5), kDone);
  const auto ids = [&](std::string_view members) {
    const auto answer = life_->call("ListShards", fmt::format("{{{}}}", members));
    if (!answer) return answer.error().name + " " + answer.error().message;
    std::string all;
    for (const Json& shard : *answer->find("Shards")->if_array()) {
      all += text_of(shard, "ShardId").back();
    }
    return all;
  };
  EXPECT_EQ(ids(R"("StreamName":"s")"), "01234");
  EXPECT_EQ(ids(R"("StreamName":"s","ExclusiveStartShardId":"shardId-000000000002")"), "34");
  EXPECT_EQ(ids(R"("StreamName":"s","ShardFilter":{"Type":"AFTER_SHARD_ID","ShardId":"1"})"),
            "234");
  EXPECT_EQ(ids(R"("StreamName":"s","ShardFilter":{"Type":"AT_LATEST"})"), "01234");
  EXPECT_EQ(ids(R"("StreamName":"s","ShardFilter":{"Type":"AT_TIMESTAMP","Timestamp":1})"), "");
  EXPECT_TRUE(ids(R"("StreamName":"s","ShardFilter":{"Type":"AT_TIMESTAMP"})")
                  .starts_with("InvalidArgumentException"));
  const auto page = life_->call("ListShards", R"({"StreamName":"s","MaxResults":3})");
  ASSERT_TRUE(page);
  const std::string token = text_of(*page, "NextToken");
  EXPECT_EQ(ids(fmt::format(R"("NextToken":"{}")", token)), "34");
  EXPECT_EQ(ids(fmt::format(R"("NextToken":"{}","StreamName":"s")", token)),
            "InvalidArgumentException NextToken and StreamName cannot be provided together.");
  EXPECT_EQ(ids(""), "InvalidArgumentException Either NextToken or StreamName should be provided.");
  EXPECT_EQ(ids(fmt::format(R"("StreamName":"s","StreamCreationTimestamp":{})",
                            find("s")->created_ms / 1000)),
            "01234");
  EXPECT_TRUE(ids(R"("StreamName":"s","StreamCreationTimestamp":1700000000)")
                  .starts_with("ResourceNotFoundException"));
  const auto shown = life_->call("DescribeStream", R"({"StreamName":"s","Limit":2})");
  ASSERT_TRUE(shown);
  EXPECT_EQ(shown->find("StreamDescription")->find("Shards")->if_array()->size(), 2u);
  EXPECT_TRUE(*shown->find("StreamDescription")->find("HasMoreShards")->if_boolean());
}

TEST_F(ControlTest, TagsAreAddedOverwrittenListedAndRemoved) {
  ASSERT_EQ(create("s"), kDone);
  EXPECT_EQ(ask("AddTagsToStream", R"({"StreamName":"s","Tags":{"b":"2","a":"1","ü":"é"}})"),
            kDone);
  EXPECT_EQ(ask("AddTagsToStream", R"({"StreamName":"s","Tags":{"b":"3"}})"), kDone);
  EXPECT_EQ(ask("ListTagsForStream", R"({"StreamName":"s","Limit":2})"),
            R"({"Tags":[{"Key":"a","Value":"1"},{"Key":"b","Value":"3"}],"HasMoreTags":true})");
  EXPECT_EQ(ask("ListTagsForStream", R"({"StreamName":"s","ExclusiveStartTagKey":"b"})"),
            R"({"Tags":[{"Key":"ü","Value":"é"}],"HasMoreTags":false})");
  EXPECT_EQ(ask("RemoveTagsFromStream", R"({"StreamName":"s","TagKeys":["a","none","ü"]})"), kDone);
  restart();
  EXPECT_EQ(ask("ListTagsForStream", R"({"StreamName":"s"})"),
            R"({"Tags":[{"Key":"b","Value":"3"}],"HasMoreTags":false})");
}

TEST_F(ControlTest, TagsHaveLimits) {
  ASSERT_EQ(create("s"), kDone);
  std::string fifty;
  for (int i = 0; i < 50; ++i) fifty += fmt::format(R"({}"k{}":"v")", i == 0 ? "" : ",", i);
  EXPECT_EQ(ask("AddTagsToStream", fmt::format(R"({{"StreamName":"s","Tags":{{{}}}}})", fifty)),
            kDone);
  EXPECT_EQ(ask("AddTagsToStream", R"({"StreamName":"s","Tags":{"one":"more"}})"),
            "InvalidArgumentException 400 Failed to add tags to stream s under account "
            "123456789012 because a given stream cannot have more than 50 tags associated with "
            "it.");
  EXPECT_EQ(ask("AddTagsToStream", R"({"StreamName":"s","Tags":{"k1":"changed"}})"), kDone);
  EXPECT_EQ(ask("AddTagsToStream", R"({"StreamName":"s","Tags":{"a*":"x"}})"),
            "InvalidArgumentException 400 Some tags contain invalid characters. Valid characters: "
            "Unicode letters, digits, white space, _ . / = + - % @.");
  EXPECT_TRUE(ask("AddTagsToStream", R"({"StreamName":"s","Tags":{"aws:x":"x"}})")
                  .starts_with("InvalidArgumentException"));
  EXPECT_TRUE(ask("AddTagsToStream", R"({"StreamName":"t","Tags":{"x":"x"}})")
                  .starts_with("ResourceNotFoundException"));
}

class SlowControlTest : public ControlTest {
 protected:
  SlowControlTest() : ControlTest({.transition = std::chrono::milliseconds(500)}) {}
  // The test's loop has a clock of its own.
  void wait(std::chrono::milliseconds time) {
    life_->loop().pass(time);
    life_->settle();
  }
};

TEST_F(SlowControlTest, TransitionsCanBeMadeVisible) {
  EXPECT_EQ(create("s"), kDone);
  EXPECT_EQ(status("s"), "CREATING");
  EXPECT_TRUE(ask("DescribeStream", R"({"StreamName":"s"})").contains(R"("Shards":[])"));
  EXPECT_TRUE(put("s").starts_with("ResourceNotFoundException"));
  EXPECT_EQ(ask("ListShards", R"({"StreamName":"s"})"),
            "ResourceInUseException 400 Stream s under account 123456789012 not ACTIVE, instead in "
            "state CREATING");
  wait(std::chrono::milliseconds(500));
  EXPECT_EQ(status("s"), "ACTIVE");
  EXPECT_TRUE(put("s").contains("SequenceNumber"));
  EXPECT_EQ(remove("s"), kDone);
  EXPECT_EQ(status("s"), "DELETING");
  EXPECT_TRUE(put("s").starts_with("ResourceNotFoundException"));
  EXPECT_TRUE(create("s").starts_with("ResourceInUseException")) << "until the delete has ended";
  wait(std::chrono::milliseconds(500));
  EXPECT_EQ(status("s"), "ResourceNotFoundException");
  EXPECT_EQ(create("s"), kDone);
}

TEST_F(SlowControlTest, ADeleteOvertakesACreate) {
  EXPECT_EQ(create("s"), kDone);
  EXPECT_EQ(remove("s"), kDone);
  wait(std::chrono::milliseconds(500));
  EXPECT_EQ(status("s"), "ResourceNotFoundException");
  wait(std::chrono::milliseconds(500));
  EXPECT_EQ(status("s"), "ResourceNotFoundException");
}

}  // namespace
}  // namespace hyd::streams

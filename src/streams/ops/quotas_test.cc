// AWS's quotas of a shard, when they are asked for.
#include "streams/quotas.h"

#include "codec/base64.h"
#include "streams/testing/streams_life.h"

#include <fmt/core.h>
#include <gtest/gtest.h>

#include <chrono>
#include <string>

namespace hyd::streams {
namespace {

using codec::Json;
using testing::StreamsLife;
using testing::text_of;

constexpr log::ShardNumber kShard(7);
constexpr std::uint64_t kMiB = 1u << 20;

TEST(Quotas, AShardTakesAMebibyteAndAThousandRecordsASecond) {
  aws::testing::TestClock clock;
  Quotas quotas(clock);
  EXPECT_TRUE(quotas.take_write(kShard, kMiB));
  EXPECT_FALSE(quotas.take_write(kShard, 1));
  EXPECT_TRUE(quotas.take_write(log::ShardNumber(8), 1)) << "each shard has its own";
  clock.pass(std::chrono::milliseconds(500));
  EXPECT_FALSE(quotas.take_write(kShard, kMiB / 2 + 2'000));
  EXPECT_TRUE(quotas.take_write(kShard, kMiB / 2 - 2'000));
  clock.pass(std::chrono::seconds(10));
  for (int i = 0; i < 1'000; ++i) ASSERT_TRUE(quotas.take_write(kShard, 1)) << i;
  EXPECT_FALSE(quotas.take_write(kShard, 1)) << "no more than a second's worth is saved";
}

TEST(Quotas, ALargeRecordIsTakenWholeAndPaidOff) {
  aws::testing::TestClock clock;
  Quotas quotas(clock);
  EXPECT_TRUE(quotas.take_write(kShard, 10 * kMiB));
  clock.pass(std::chrono::milliseconds(8'900));
  EXPECT_FALSE(quotas.take_write(kShard, 1));
  clock.pass(std::chrono::milliseconds(200));
  EXPECT_TRUE(quotas.take_write(kShard, 1));
}

TEST(Quotas, FiveReadsASecondAndTenMebibytesStopAShardForFive) {
  aws::testing::TestClock clock;
  Quotas quotas(clock);
  for (int i = 0; i < 5; ++i) EXPECT_TRUE(quotas.take_read(kShard)) << i;
  EXPECT_FALSE(quotas.take_read(kShard));
  clock.pass(std::chrono::seconds(1));
  EXPECT_TRUE(quotas.take_read(kShard));
  quotas.count_read(kShard, 10 * kMiB);
  clock.pass(std::chrono::milliseconds(4'900));
  EXPECT_FALSE(quotas.take_read(kShard));
  clock.pass(std::chrono::milliseconds(200));
  EXPECT_TRUE(quotas.take_read(kShard));
}

class QuotasTest : public ::testing::Test {
 protected:
  QuotasTest() : runtime_({.seed = 5, .on_end = {}}, disk_), life_(runtime_, {.quotas = true}) {}
  sys::SimDisk disk_;
  sys::SimRuntime runtime_;
  StreamsLife life_;
};

TEST_F(QuotasTest, EntriesFailOneByOneAndThoseThatDoAreNowhere) {
  ASSERT_EQ(life_.ask("CreateStream", R"({"StreamName":"s","ShardCount":2})"), "{}");
  const std::string big = codec::base64_encode(std::string(600'000, 'x'));
  const auto answer =
      life_.call("PutRecords", fmt::format(R"({{"StreamName":"s","Records":[)"
                                           R"({{"Data":"{0}","PartitionKey":"a"}},)"
                                           R"({{"Data":"{0}","PartitionKey":"a"}},)"
                                           R"({{"Data":"eA==","PartitionKey":"b"}},)"
                                           R"({{"Data":"eQ==","PartitionKey":"a"}}]}})",
                                           big));
  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_EQ(answer->find("FailedRecordCount")->as_integer(), 1);
  const Json::Array& records = *answer->find("Records")->if_array();
  ASSERT_EQ(records.size(), 4u);
  EXPECT_EQ(
      codec::to_text(records[1]),
      R"({"ErrorCode":"ProvisionedThroughputExceededException","ErrorMessage":"Rate exceeded )"
      R"(for shard shardId-000000000000 in stream s under account 123456789012."})");
  EXPECT_EQ(text_of(records[2], "ShardId"), "shardId-000000000001");
  EXPECT_LT(text_of(records[0], "SequenceNumber"), text_of(records[3], "SequenceNumber"));
  EXPECT_EQ(life_.ask("PutRecord",
                      fmt::format(R"({{"StreamName":"s","Data":"{}","PartitionKey":"a"}})", big)),
            "ProvisionedThroughputExceededException 400 Rate exceeded for shard "
            "shardId-000000000000 in stream s under account 123456789012.");
  const auto it = life_.call(
      "GetShardIterator", R"({"StreamName":"s","ShardId":"0","ShardIteratorType":"TRIM_HORIZON"})");
  ASSERT_TRUE(it);
  const auto read = life_.call(
      "GetRecords", fmt::format(R"({{"ShardIterator":"{}"}})", text_of(*it, "ShardIterator")));
  ASSERT_TRUE(read);
  EXPECT_EQ(read->find("Records")->if_array()->size(), 2u);
}

TEST_F(QuotasTest, ReadsOfAShardAreCounted) {
  ASSERT_EQ(life_.ask("CreateStream", R"({"StreamName":"s","ShardCount":1})"), "{}");
  const auto it = life_.call("GetShardIterator",
                             R"({"StreamName":"s","ShardId":"0","ShardIteratorType":"LATEST"})");
  ASSERT_TRUE(it);
  const std::string get = fmt::format(R"({{"ShardIterator":"{}"}})", text_of(*it, "ShardIterator"));
  for (int i = 0; i < 5; ++i) EXPECT_TRUE(life_.call("GetRecords", get)) << i;
  EXPECT_EQ(life_.ask("GetRecords", get),
            "ProvisionedThroughputExceededException 400 Rate exceeded for Shard - "
            "123456789012/s/shardId-000000000000");
}

TEST_F(QuotasTest, TheNumberOfShardsDoublesOrHalvesAtMost) {
  ASSERT_EQ(life_.ask("CreateStream", R"({"StreamName":"s","ShardCount":4})"), "{}");
  const auto count = [&](int target) {
    return life_.ask("UpdateShardCount", fmt::format(R"({{"StreamName":"s","TargetShardCount":{},)"
                                                     R"("ScalingType":"UNIFORM_SCALING"}})",
                                                     target));
  };
  EXPECT_EQ(count(9),
            "LimitExceededException 400 UpdateShardCount cannot scale up over double your current "
            "open shard count. Current open shard count: 4, Target shard count: 9");
  EXPECT_EQ(count(1),
            "LimitExceededException 400 UpdateShardCount cannot scale down below half your current "
            "open shard count. Current open shard count: 4, Target shard count: 1");
  EXPECT_TRUE(count(8).contains("TargetShardCount"));
}

}  // namespace
}  // namespace hyd::streams

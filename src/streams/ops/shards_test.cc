// Shards that split, merge and change their number, through the dispatcher: what readers and
// writers see before, while and after.
#include "codec/base64.h"
#include "streams/sequence.h"
#include "streams/testing/streams_life.h"

#include <fmt/core.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace hyd::streams {
namespace {

using codec::Json;
using testing::StreamsLife;
using testing::text_of;

class ShardsTest : public ::testing::Test {
 protected:
  explicit ShardsTest(StreamsLife::Options options = {})
      : runtime_({.seed = 11, .on_end = {}}, disk_), options_(options) {
    restart();
  }
  void restart() {
    life_.reset();
    life_.emplace(runtime_, options_);
  }
  std::string ask(std::string_view operation, std::string_view input) {
    return life_->ask(operation, input);
  }
  void make(int shards) {
    ASSERT_EQ(ask("CreateStream", fmt::format(R"({{"StreamName":"s","ShardCount":{}}})", shards)),
              "{}");
  }
  std::string split(std::string_view shard, std::string_view key) {
    return ask("SplitShard",
               fmt::format(R"({{"StreamName":"s","ShardToSplit":"{}","NewStartingHashKey":"{}"}})",
                           shard, key));
  }
  std::string merge(std::string_view lower, std::string_view upper) {
    return ask(
        "MergeShards",
        fmt::format(R"({{"StreamName":"s","ShardToMerge":"{}","AdjacentShardToMerge":"{}"}})",
                    lower, upper));
  }
  std::string count(int target) {
    return ask("UpdateShardCount", fmt::format(R"({{"StreamName":"s","TargetShardCount":{},)"
                                               R"("ScalingType":"UNIFORM_SCALING"}})",
                                               target));
  }
  static std::string put_of(std::string_view data, std::string_view key) {
    return fmt::format(R"({{"StreamName":"s","Data":"{}","PartitionKey":"{}"}})",
                       codec::base64_encode(data), key);
  }
  // Ids' last digits, in the order of the answer.
  std::string list(std::string_view filter = "") {
    const auto answer = life_->call(
        "ListShards", filter.empty()
                          ? R"({"StreamName":"s"})"
                          : fmt::format(R"({{"StreamName":"s","ShardFilter":{{{}}}}})", filter));
    if (!answer) return answer.error().name;
    std::string all;
    for (const Json& shard : *answer->find("Shards")->if_array()) {
      all += text_of(shard, "ShardId").back();
    }
    return all;
  }
  std::string iterator(std::string_view shard, std::string_view type = "TRIM_HORIZON",
                       std::string_view more = "") {
    const auto answer =
        life_->call("GetShardIterator",
                    fmt::format(R"({{"StreamName":"s","ShardId":"{}","ShardIteratorType":"{}"{}}})",
                                shard, type, more));
    return answer ? text_of(*answer, "ShardIterator") : answer.error().message;
  }
  // A shard from the iterator on to its end or tip: data, then "| child(parents)…" at the end.
  std::string read(std::string it) {
    std::string all;
    for (int i = 0; i < 100; ++i) {
      const auto answer =
          life_->call("GetRecords", fmt::format(R"({{"ShardIterator":"{}","Limit":2}})", it));
      if (!answer) return answer.error().name;
      const Json::Array& records = *answer->find("Records")->if_array();
      for (const Json& record : records) {
        all += codec::base64_decode(text_of(record, "Data")).value_or("?") + " ";
      }
      const Json* const children = answer->find("ChildShards");
      it = text_of(*answer, "NextShardIterator");
      EXPECT_EQ(children != nullptr, it.empty()) << "one of the two, never both";
      if (children == nullptr) {
        if (records.empty()) return all;
        continue;
      }
      EXPECT_FALSE(children->if_array()->empty());
      EXPECT_EQ(answer->find("MillisBehindLatest")->as_integer(), 0);
      all += "|";
      for (const Json& child : *children->if_array()) {
        all += fmt::format(" {}(", text_of(child, "ShardId").back());
        for (const Json& parent : *child.find("ParentShards")->if_array()) {
          all += parent.if_string()->back();
        }
        all += ")";
      }
      return all;
    }
    return "no end";
  }
  StreamPtr find() { return life_->streams().newest()->find("us-east-1", "s"); }

  sys::SimDisk disk_;
  sys::SimRuntime runtime_;
  StreamsLife::Options options_;
  std::optional<StreamsLife> life_;
};

constexpr std::string_view kMiddle = "170141183460469231731687303715884105728";

TEST_F(ShardsTest, ASplitShardIsReadToItsEndAndGoesOnInItsChildren) {
  make(1);
  ask("PutRecord", put_of("1", "a"));
  ask("PutRecord", put_of("2", "b"));
  ask("PutRecord", put_of("3", "c"));
  const std::string before = iterator("0");
  const std::string latest = iterator("0", "LATEST");
  EXPECT_EQ(split("0", kMiddle), "{}");
  EXPECT_EQ(list(), "012");
  ask("PutRecord", put_of("4", "a"));
  ask("PutRecord", put_of("5", "b"));
  for (int start = 0; start < 2; ++start) {
    EXPECT_EQ(read(before), "1 2 3 | 1(0) 2(0)");
    EXPECT_EQ(read(latest), "| 1(0) 2(0)");
    EXPECT_EQ(read(iterator("0", "LATEST")), "| 1(0) 2(0)");
    EXPECT_EQ(read(iterator("shard-1")), "4 ");
    EXPECT_EQ(read(iterator("shard-2")), "5 ");
    restart();
  }
}

TEST_F(ShardsTest, AMergedShardNamesBothParents) {
  make(2);
  ask("PutRecord", put_of("low", "a"));
  ask("PutRecord", put_of("high", "b"));
  EXPECT_EQ(merge("1", "0"),
            "InvalidArgumentException 400 Shards shardId-000000000001 and shardId-000000000000 in "
            "stream s under account 123456789012 are not an adjacent pair of shards eligible for "
            "merging");
  EXPECT_EQ(merge("0", "1"), "{}");
  ask("PutRecord", put_of("both", "b"));
  EXPECT_EQ(read(iterator("0")), "low | 2(01)");
  EXPECT_EQ(read(iterator("1")), "high | 2(01)");
  EXPECT_EQ(read(iterator("2")), "both ");
  const std::string shown = ask("DescribeStream", R"({"StreamName":"s"})");
  EXPECT_TRUE(shown.contains(R"("ShardId":"shardId-000000000002","ParentShardId":)"
                             R"("shardId-000000000000","AdjacentParentShardId":)"
                             R"("shardId-000000000001","HashKeyRange":{"StartingHashKey":"0",)"
                             R"("EndingHashKey":"340282366920938463463374607431768211455"})"))
      << shown;
}

TEST_F(ShardsTest, IteratorsOnAClosedShardKnowEveryType) {
  make(1);
  const auto one = life_->call("PutRecord", put_of("1", "a"));
  ASSERT_TRUE(one);
  const auto two = life_->call("PutRecord", put_of("2", "a"));
  ASSERT_TRUE(two);
  const std::int64_t put_s = runtime_.clock().wall().time_since_epoch().count() / 1'000'000;
  EXPECT_EQ(split("0", kMiddle), "{}");
  life_->pass(std::chrono::seconds(3));
  const Shard closed = find()->shards[0];
  const Sequence end{.created_s = closed.created_ms / 1000,
                     .index = Sequence::kIndexMax,
                     .arrived_s = closed.closed_ms / 1000};
  const auto at = [&](std::string_view type, std::string_view sequence) {
    return read(iterator("0", type, fmt::format(R"(,"StartingSequenceNumber":"{}")", sequence)));
  };
  const std::string second = text_of(*two, "SequenceNumber");
  EXPECT_EQ(at("AT_SEQUENCE_NUMBER", second), "2 | 1(0) 2(0)");
  EXPECT_EQ(at("AFTER_SEQUENCE_NUMBER", text_of(*one, "SequenceNumber")), "2 | 1(0) 2(0)");
  EXPECT_EQ(at("AFTER_SEQUENCE_NUMBER", second), "| 1(0) 2(0)");
  EXPECT_EQ(at("AT_SEQUENCE_NUMBER", end.decimal()), "| 1(0) 2(0)");
  EXPECT_EQ(at("AFTER_SEQUENCE_NUMBER", end.decimal()), "| 1(0) 2(0)");
  EXPECT_TRUE(ask("DescribeStream", R"({"StreamName":"s"})")
                  .contains(fmt::format(R"("EndingSequenceNumber":"{}")", end.decimal())));
  const auto from = [&](std::int64_t second_s) {
    return read(iterator("0", "AT_TIMESTAMP", fmt::format(R"(,"Timestamp":{})", second_s)));
  };
  EXPECT_EQ(from(put_s - 5), "1 2 | 1(0) 2(0)");
  EXPECT_EQ(from(put_s + 2), "| 1(0) 2(0)") << "nothing arrived since";
  EXPECT_EQ(read(iterator("1", "AT_TIMESTAMP", fmt::format(R"(,"Timestamp":{})", put_s))), "");
}

TEST_F(ShardsTest, SequenceNumbersOfChildrenAreLargerThanAllOfTheirParents) {
  make(1);
  std::map<std::uint32_t, std::string> last;  // by shard
  for (int round = 0; round < 10; ++round) {  // within a second or two
    const StreamPtr stream = find();
    const Shard& shard = stream->shards[stream->routes.front()];
    if (round % 3 == 2) {
      ASSERT_EQ(merge(std::to_string(stream->routes[0]), std::to_string(stream->routes[1])), "{}");
    } else {
      ASSERT_EQ(split(std::to_string(shard.index), std::to_string(1'000'000 - round * 1000)), "{}");
    }
    for (const std::uint32_t index : find()->routes) {
      const auto put =
          life_->call("PutRecord", fmt::format(R"({{"StreamName":"s","Data":"","PartitionKey":"k",)"
                                               R"("ExplicitHashKey":"{}"}})",
                                               find()->shards[index].range.first.decimal()));
      ASSERT_TRUE(put) << put.error().message;
      const std::string number = text_of(*put, "SequenceNumber");
      const Shard& to = find()->shards[index];
      EXPECT_EQ(Sequence::parse(number)->shard, index);
      for (const auto parent : {to.parent, to.adjacent_parent}) {
        if (!parent || !last.contains(*parent)) continue;
        EXPECT_LT(last[*parent], number);
      }
      last[index] = number;
    }
  }
}

// Puts that are on their way while shards change hands: each is answered once, with a shard that
// holds its key, and is there once.
TEST_F(ShardsTest, NoPutIsRefusedLostOrDoubledWhileShardsChange) {
  make(1);
  std::vector<std::shared_ptr<StreamsLife::Answer>> puts;
  std::vector<std::shared_ptr<StreamsLife::Answer>> changes;
  const auto begin = [&](auto& into, std::string_view operation, std::string_view input) {
    into.push_back(std::make_shared<StreamsLife::Answer>());
    life_->start(operation, input, into.back());
  };
  constexpr int kRounds = 12;
  for (int round = 0; round < kRounds; ++round) {
    for (int i = 0; i < 5; ++i) {
      begin(puts, "PutRecord", put_of(std::to_string(puts.size()), std::to_string(puts.size())));
      life_->loop().run_pending();
    }
    begin(changes, "UpdateShardCount",
          fmt::format(R"({{"StreamName":"s","TargetShardCount":{},)"
                      R"("ScalingType":"UNIFORM_SCALING"}})",
                      round % 4 + 1));
    for (int i = 0; i < 7; ++i) {
      begin(puts, "PutRecord", put_of(std::to_string(puts.size()), std::to_string(puts.size())));
      if (i % 3 == 0) life_->loop().run_pending();
      if (i % 2 == 0) life_->pass(std::chrono::microseconds(150));
    }
  }
  for (int i = 0; i < 40; ++i) life_->settle();
  for (const auto& change : changes) {
    ASSERT_TRUE(change->has_value());
    EXPECT_TRUE((*change)->has_value()) << (*change)->error().message;
  }
  const StreamPtr stream = find();
  for (std::size_t i = 0; i < puts.size(); ++i) {
    ASSERT_TRUE(puts[i]->has_value()) << i;
    ASSERT_TRUE((*puts[i])->has_value()) << (*puts[i])->error().message;
    const auto number = Sequence::parse(text_of(***puts[i], "SequenceNumber"));
    ASSERT_TRUE(number);
    EXPECT_TRUE(stream->shards[number->shard].range.holds(HashKey::of(std::to_string(i))));
  }
  std::map<std::string, int> found;
  for (const Shard& shard : stream->shards) {
    std::string text = read(iterator(std::to_string(shard.index)));
    text = text.substr(0, text.find('|'));
    for (std::size_t space = text.find(' '); space != std::string::npos; space = text.find(' ')) {
      ++found[text.substr(0, space)];
      text.erase(0, space + 1);
    }
  }
  EXPECT_EQ(found.size(), puts.size());
  for (const auto& [data, times] : found) EXPECT_EQ(times, 1) << data;
}

TEST_F(ShardsTest, FiltersShowShardsWithoutAHoleAtAnyMoment) {
  make(1);
  const std::int64_t made_ms = find()->shards[0].created_ms;
  life_->pass(std::chrono::seconds(10));
  EXPECT_EQ(count(3), R"({"StreamName":"s","CurrentShardCount":1,"TargetShardCount":3,"StreamARN":)"
                      R"("arn:aws:kinesis:us-east-1:123456789012:stream/s"})");
  EXPECT_EQ(count(3).substr(0, 40), R"({"StreamName":"s","CurrentShardCount":3,)") << "no change";
  const std::int64_t first_ms = find()->shards[0].closed_ms;
  life_->pass(std::chrono::seconds(10));
  const std::string id = std::to_string(find()->routes.front());
  EXPECT_EQ(split(id, "5"), "{}");
  EXPECT_EQ(list(), "0123456");
  EXPECT_EQ(list(R"("Type":"FROM_TRIM_HORIZON")"), "0123456");
  EXPECT_EQ(list(R"("Type":"AT_TRIM_HORIZON")"), "0");
  EXPECT_EQ(list(R"("Type":"AFTER_SHARD_ID","ShardId":"3")"), "456");
  const auto at = [&](std::string_view type, std::int64_t ms) {
    return list(fmt::format(R"("Type":"{}","Timestamp":{}.{:03})", type, ms / 1000, ms % 1000));
  };
  EXPECT_EQ(at("AT_TIMESTAMP", made_ms - 1), "");
  EXPECT_EQ(at("AT_TIMESTAMP", made_ms), "0");
  EXPECT_EQ(at("AT_TIMESTAMP", first_ms - 1), "0");
  EXPECT_EQ(at("FROM_TIMESTAMP", first_ms), "0123456");
  EXPECT_EQ(at("FROM_TIMESTAMP", made_ms - 100'000), "0123456");
  // At each moment the shards of the answer tile the space.
  const std::int64_t second_ms = find()->shards[*find()->shards.back().parent].closed_ms;
  for (const std::int64_t ms : {first_ms, first_ms + 1, second_ms - 1, second_ms, second_ms + 1}) {
    std::vector<HashRange> ranges;
    for (const char digit : at("AT_TIMESTAMP", ms)) {
      ranges.push_back(find()->shards[static_cast<std::size_t>(digit - '0')].range);
    }
    std::ranges::sort(ranges, {}, &HashRange::first);
    HashKey next;
    for (const HashRange& range : ranges) {
      EXPECT_EQ(range.first, next) << ms;
      next = range.last.next();
    }
    EXPECT_EQ(next, HashKey()) << ms;
  }
  EXPECT_EQ(list(R"("Type":"AT_LATEST")"), at("AT_TIMESTAMP", second_ms + 1));
}

TEST_F(ShardsTest, AClosedShardVanishesWhenRetentionHasLetItGo) {
  make(1);
  ask("PutRecord", put_of("old", "a"));
  const std::string it = iterator("0");
  EXPECT_EQ(split("0", kMiddle), "{}");
  life_->pass(std::chrono::hours(24) + std::chrono::seconds(5));
  EXPECT_EQ(list(), "12");
  EXPECT_TRUE(iterator("0").starts_with("Shard shardId-000000000000 in stream s"));
  EXPECT_EQ(read(it), "ExpiredIteratorException");
  EXPECT_TRUE(ask("DescribeStream", R"({"StreamName":"s"})")
                  .contains(R"("ParentShardId":"shardId-000000000000")"))
      << "the id of what has expired stays";
  EXPECT_EQ(merge("0", "1"),
            "ResourceNotFoundException 400 Could not find shard "
            "shardId-000000000000 in stream s under account 123456789012.");
}

TEST_F(ShardsTest, ADeleteWaitsForAReshardAndPutsThatWaitedAreRefused) {
  make(1);
  auto changed = std::make_shared<StreamsLife::Answer>();
  auto put = std::make_shared<StreamsLife::Answer>();
  auto deleted = std::make_shared<StreamsLife::Answer>();
  life_->start("UpdateShardCount",
               R"({"StreamName":"s","TargetShardCount":4,)"
               R"("ScalingType":"UNIFORM_SCALING"})",
               changed);
  life_->start("DeleteStream", R"({"StreamName":"s"})", deleted);
  life_->loop().run_pending();
  life_->start("PutRecord", put_of("x", "x"), put);
  for (int i = 0; i < 5; ++i) life_->settle();
  ASSERT_TRUE(*changed && *deleted && *put);
  EXPECT_TRUE((*deleted)->has_value());
  EXPECT_EQ(find(), nullptr);
  restart();
  EXPECT_EQ(find(), nullptr);
}

TEST_F(ShardsTest, OneBecomesTenThousandAndTheyTakeRecordsAfterARestart) {
  make(1);
  EXPECT_TRUE(count(10'000).contains(R"("TargetShardCount":10000)"));
  EXPECT_TRUE(ask("PutRecord", put_of("1", "a")).contains("SequenceNumber"));
  restart();
  EXPECT_EQ(find()->routes.size(), 10'000u);
  EXPECT_TRUE(ask("PutRecord", put_of("2", "a")).contains("SequenceNumber"));
  const std::uint32_t to = find()->route(HashKey::of("a")).index;
  EXPECT_EQ(read(iterator(std::to_string(to))), "1 2 ");
}

class SlowShardsTest : public ShardsTest {
 protected:
  SlowShardsTest() : ShardsTest({.transition = std::chrono::milliseconds(500)}) {}
  std::string status() {
    const auto answer = life_->call("DescribeStreamSummary", R"({"StreamName":"s"})");
    return answer ? text_of(*answer->find("StreamDescriptionSummary"), "StreamStatus")
                  : answer.error().name;
  }
  void wait() {
    life_->loop().pass(std::chrono::milliseconds(500));
    life_->settle();
  }
};

TEST_F(SlowShardsTest, AStreamIsUpdatingWithItsOldShardsUntilTheTransitionIsOver) {
  make(1);
  wait();
  EXPECT_EQ(split("0", kMiddle), "{}");
  EXPECT_EQ(status(), "UPDATING");
  EXPECT_EQ(list(), "0");
  EXPECT_TRUE(ask("PutRecord", put_of("1", "a")).contains("shardId-000000000000"));
  EXPECT_EQ(split("0", kMiddle),
            "ResourceInUseException 400 Stream s under account 123456789012 not ACTIVE, instead in "
            "state UPDATING");
  wait();
  EXPECT_EQ(status(), "ACTIVE");
  EXPECT_EQ(list(), "012");
  EXPECT_EQ(read(iterator("0")), "1 | 1(0) 2(0)");
}

// The consumer becomes ACTIVE while the stream is UPDATING for another reason.
TEST_F(SlowShardsTest, AConsumerThatIsReadyDoesNotEndTheChangeOfShards) {
  make(1);
  wait();
  const std::string arn = "arn:aws:kinesis:us-east-1:123456789012:stream/s";
  EXPECT_TRUE(ask("RegisterStreamConsumer", R"({"ConsumerName":"c","StreamARN":")" + arn + "\"}")
                  .contains("CREATING"));
  life_->loop().pass(std::chrono::milliseconds(250));
  EXPECT_EQ(split("0", kMiddle), "{}");
  life_->loop().pass(std::chrono::milliseconds(250));
  life_->settle();
  EXPECT_EQ(status(), "UPDATING");
  wait();
  EXPECT_EQ(status(), "ACTIVE");
  EXPECT_EQ(list(), "012");
}

TEST_F(SlowShardsTest, ARestartInTheMiddleCarriesTheChangeOut) {
  make(2);
  wait();
  EXPECT_EQ(merge("0", "1"), "{}");
  EXPECT_EQ(status(), "UPDATING");
  restart();
  EXPECT_EQ(status(), "ACTIVE");
  EXPECT_EQ(list(R"("Type":"AT_LATEST")"), "2");
  restart();
  EXPECT_EQ(list(), "012") << "once";
}

TEST_F(SlowShardsTest, ADeleteOvertakesWhatAStreamWasToBecome) {
  make(1);
  wait();
  EXPECT_EQ(split("0", kMiddle), "{}");
  EXPECT_EQ(ask("DeleteStream", R"({"StreamName":"s"})"), "{}");
  EXPECT_EQ(status(), "DELETING");
  wait();
  EXPECT_EQ(status(), "ResourceNotFoundException");
  restart();
  EXPECT_EQ(status(), "ResourceNotFoundException");
}

class LimitedShardsTest : public ShardsTest {
 protected:
  LimitedShardsTest() : ShardsTest({.shard_limit = 3}) {}
};

TEST_F(LimitedShardsTest, TheShardLimitIsTheRegions) {
  make(3);
  const std::string limit =
      "LimitExceededException 400 This request would exceed the shard limit for the account "
      "123456789012 in us-east-1. Current shard count for the account: 3. Limit: 3. Number of "
      "additional shards that would have resulted from this request: {}. ";
  EXPECT_TRUE(split("0", "5").starts_with(fmt::format(fmt::runtime(limit), 1)));
  EXPECT_TRUE(count(5).starts_with(fmt::format(fmt::runtime(limit), 2)));
  EXPECT_TRUE(count(2).contains("TargetShardCount"));
  EXPECT_EQ(life_->ask("CreateStream", R"({"StreamName":"s","ShardCount":3})", "eu-west-1"), "{}");
  EXPECT_EQ(ask("CreateStream", R"({"StreamName":"t"})"), "{}") << "on demand";
  EXPECT_EQ(ask("DescribeLimits", "{}"),
            R"({"ShardLimit":3,"OpenShardCount":2,"OnDemandStreamCount":1,)"
            R"("OnDemandStreamCountLimit":1000000})");
}

}  // namespace
}  // namespace hyd::streams

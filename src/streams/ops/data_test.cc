// Records in and out, through the dispatcher, over a real log on the simulated disk.
#include "codec/base64.h"
#include "streams/sequence.h"
#include "streams/testing/streams_life.h"

#include <fmt/core.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace hyd::streams {
namespace {

using codec::Json;
using testing::StreamsLife;
using testing::text_of;

class DataTest : public ::testing::Test {
 protected:
  explicit DataTest(StreamsLife::Options options = {})
      : runtime_({.seed = 5, .on_end = {}}, disk_), life_(runtime_, options) {}

  void make(std::string_view name, int shards = 1) {
    ASSERT_EQ(life_.ask("CreateStream",
                        fmt::format(R"({{"StreamName":"{}","ShardCount":{}}})", name, shards)),
              "{}");
  }
  std::expected<Json, aws::Fault> put(std::string_view stream, std::string_view data,
                                      std::string_view key = "k") {
    return life_.call(
        "PutRecord", fmt::format(R"({{"StreamName":"{}","Data":"{}","PartitionKey":"{}"}})", stream,
                                 codec::base64_encode(data), key));
  }
  // `more` begins with a comma.
  std::string iterator(std::string_view stream, std::string_view type, std::string_view more = "",
                       std::string_view shard = "shardId-000000000000") {
    const auto answer =
        life_.call("GetShardIterator",
                   fmt::format(R"({{"StreamName":"{}","ShardId":"{}","ShardIteratorType":"{}"{}}})",
                               stream, shard, type, more));
    return answer ? text_of(*answer, "ShardIterator")
                  : answer.error().name + " " + answer.error().message;
  }
  std::expected<Json, aws::Fault> get(std::string_view it, std::string_view more = "") {
    return life_.call("GetRecords", fmt::format(R"({{"ShardIterator":"{}"{}}})", it, more));
  }
  static std::vector<std::string> data_of(const Json& answer) {
    std::vector<std::string> all;
    for (const Json& record : *answer.find("Records")->if_array()) {
      all.push_back(codec::base64_decode(text_of(record, "Data")).value_or("not base64"));
    }
    return all;
  }
  // The records that the iterator reads in one call.
  std::vector<std::string> read(std::string_view it, std::string_view more = "") {
    const auto answer = get(it, more);
    if (!answer) return {answer.error().name + " " + answer.error().message};
    return data_of(*answer);
  }
  static std::int64_t behind(const Json& answer) {
    return answer.find("MillisBehindLatest")->as_integer().value_or(-1);
  }

  using Texts = std::vector<std::string>;
  sys::SimDisk disk_;
  sys::SimRuntime runtime_;
  StreamsLife life_;
};

TEST_F(DataTest, WhatIsPutIsReadBackInOrderWithItsNumberAndTime) {
  make("s");
  const auto first = put("s", "one", "a");
  const auto second = put("s", "two", "b");
  ASSERT_TRUE(first && second);
  EXPECT_EQ(text_of(*first, "ShardId"), "shardId-000000000000");
  EXPECT_LT(text_of(*first, "SequenceNumber"), text_of(*second, "SequenceNumber"));
  const auto answer = get(iterator("s", "TRIM_HORIZON"));
  ASSERT_TRUE(answer);
  EXPECT_EQ(data_of(*answer), (Texts{"one", "two"}));
  EXPECT_EQ(behind(*answer), 0);
  const Json& record = answer->find("Records")->if_array()->at(0);
  EXPECT_EQ(text_of(record, "SequenceNumber"), text_of(*first, "SequenceNumber"));
  EXPECT_EQ(text_of(record, "PartitionKey"), "a");
  const auto sequence = Sequence::parse(text_of(record, "SequenceNumber"));
  ASSERT_TRUE(sequence);
  EXPECT_EQ(sequence->index, 1u);
  EXPECT_EQ(sequence->arrived_s, runtime_.clock().wall().time_since_epoch().count() / 1'000'000);
}

TEST_F(DataTest, RecordsGoToTheShardOfTheirHash) {
  make("three", 3);
  const std::pair<std::string_view, std::string_view> rows[] = {
      {"a", "shardId-000000000000"},
      {"b", "shardId-000000000001"},
      {"f", "shardId-000000000001"},
      {"e", "shardId-000000000002"},
  };
  for (const auto& [key, shard] : rows) {
    const auto answer = put("three", key, key);
    ASSERT_TRUE(answer);
    EXPECT_EQ(text_of(*answer, "ShardId"), shard) << key;
  }
  EXPECT_EQ(read(iterator("three", "TRIM_HORIZON", "", "1")), (Texts{"b", "f"}));
  const std::string last =
      life_.ask("PutRecord", R"({"StreamName":"three","Data":"","PartitionKey":"a",)"
                             R"("ExplicitHashKey":"340282366920938463463374607431768211455"})");
  EXPECT_TRUE(last.contains("shardId-000000000002")) << last;
  EXPECT_EQ(
      life_.ask("PutRecord", R"({"StreamName":"three","Data":"","PartitionKey":"a",)"
                             R"("ExplicitHashKey":"340282366920938463463374607431768211456"})"),
      "InvalidArgumentException 400 Invalid ExplicitHashKey. ExplicitHashKey must be in the "
      "range: [0, 2^128-1]. Specified value was 340282366920938463463374607431768211456");
}

TEST_F(DataTest, PutRecordsAnswersEachEntryInTheOrderOfTheRequest) {
  make("three", 3);
  const auto answer = life_.call(
      "PutRecords", R"({"StreamName":"three","Records":[{"Data":"MQ==","PartitionKey":"a"},)"
                    R"({"Data":"Mg==","PartitionKey":"e"},{"Data":"Mw==","PartitionKey":"a"}]})");
  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_EQ(answer->find("FailedRecordCount")->as_integer(), 0);
  const Json::Array& records = *answer->find("Records")->if_array();
  ASSERT_EQ(records.size(), 3u);
  EXPECT_EQ(text_of(records[0], "ShardId"), "shardId-000000000000");
  EXPECT_EQ(text_of(records[1], "ShardId"), "shardId-000000000002");
  EXPECT_EQ(text_of(records[2], "ShardId"), "shardId-000000000000");
  EXPECT_EQ(read(iterator("three", "TRIM_HORIZON")), (Texts{"1", "3"}));
  EXPECT_EQ(Sequence::parse(text_of(records[1], "SequenceNumber"))->index, 2u);
}

TEST_F(DataTest, LatestIsTheTipOfItsCallHoweverLateTheReadComes) {
  make("s");
  ASSERT_TRUE(put("s", "before"));
  const std::string it = iterator("s", "LATEST");
  EXPECT_EQ(read(it), Texts{});
  ASSERT_TRUE(put("s", "behind"));
  EXPECT_EQ(read(it), Texts{"behind"});
  EXPECT_EQ(read(it), Texts{"behind"}) << "an iterator may be used twice";
}

TEST_F(DataTest, SequenceNumbersArePositions) {
  make("s");
  const auto one = put("s", "one");
  ASSERT_TRUE(put("s", "two"));
  const auto three = put("s", "three");
  ASSERT_TRUE(one && three);
  const auto at = [&](std::string_view type, std::string_view sequence) {
    return read(iterator("s", type, fmt::format(R"(,"StartingSequenceNumber":"{}")", sequence)));
  };
  EXPECT_EQ(at("AT_SEQUENCE_NUMBER", text_of(*one, "SequenceNumber")),
            (Texts{"one", "two", "three"}));
  EXPECT_EQ(at("AFTER_SEQUENCE_NUMBER", text_of(*one, "SequenceNumber")), (Texts{"two", "three"}));
  EXPECT_EQ(at("AFTER_SEQUENCE_NUMBER", text_of(*three, "SequenceNumber")), Texts{});

  // Numbers that are no record's: the shard's first, and one behind the tip.
  Sequence number = *Sequence::parse(text_of(*one, "SequenceNumber"));
  number.index = 0;
  EXPECT_EQ(at("AT_SEQUENCE_NUMBER", number.decimal()).size(), 3u);
  number.index = Sequence::kIndexMax;
  const std::string tip =
      iterator("s", "AFTER_SEQUENCE_NUMBER",
               fmt::format(R"(,"StartingSequenceNumber":"{}")", number.decimal()));
  ASSERT_TRUE(put("s", "four"));
  EXPECT_EQ(read(tip), Texts{"four"});
}

TEST_F(DataTest, ForeignSequenceNumbersAreRefusedInAwssWords) {
  make("s", 2);
  const auto one = put("s", "one", "a");
  ASSERT_TRUE(one);
  const Sequence good = *Sequence::parse(text_of(*one, "SequenceNumber"));
  const auto at = [&](std::string_view sequence) {
    return iterator("s", "AT_SEQUENCE_NUMBER",
                    fmt::format(R"(,"StartingSequenceNumber":"{}")", sequence));
  };
  EXPECT_EQ(at("0"), "InternalFailure ") << "AWS's own answer to its oldest layout";
  EXPECT_EQ(at("50000000000000000000000000000000000000000"),
            "InvalidArgumentException StartingSequenceNumber "
            "50000000000000000000000000000000000000000 used in GetShardIterator on shard "
            "shardId-000000000000 in stream s under account 123456789012 is invalid.");
  Sequence other = good;
  other.shard = 1;
  EXPECT_EQ(at(other.decimal()),
            "InvalidArgumentException Invalid StartingSequenceNumber. It encodes "
            "shardId-000000000001, while it was used in a call to a shard with "
            "shardId-000000000000");
  Sequence older = good;
  older.created_s -= 100;
  EXPECT_TRUE(
      at(older.decimal()).ends_with("is invalid because it did not come from this stream."));
}

TEST_F(DataTest, TypesAndTheirArgumentsMustFit) {
  make("s");
  const std::string_view both =
      "InvalidArgumentException Must either specify (1) AT_SEQUENCE_NUMBER or "
      "AFTER_SEQUENCE_NUMBER and StartingSequenceNumber or (2) TRIM_HORIZON or LATEST and no "
      "StartingSequenceNumber. Request specified ";
  EXPECT_EQ(iterator("s", "LATEST", R"(,"StartingSequenceNumber":"0")"),
            std::string(both) + "LATEST and also a StartingSequenceNumber.");
  EXPECT_EQ(iterator("s", "AT_SEQUENCE_NUMBER"),
            std::string(both) + "AT_SEQUENCE_NUMBER and no StartingSequenceNumber.");
  EXPECT_EQ(
      iterator("s", "AT_TIMESTAMP"),
      "InvalidArgumentException Must specify timestampInMillis parameter for iterator of type "
      "AT_TIMESTAMP. Current request has no timestamp parameter.");
  EXPECT_TRUE(iterator("s", "AT_TIMESTAMP", R"(,"Timestamp":9000000000.5)")
                  .starts_with("InvalidArgumentException The timestampInMillis parameter cannot be "
                               "greater than the currentTimestampInMillis. timestampInMillis: "
                               "9000000000500, currentTimestampInMillis: "));
  EXPECT_EQ(iterator("s", "LATEST", "", "1"),
            "ResourceNotFoundException Shard shardId-000000000001 in stream s under account "
            "123456789012 does not exist");
  EXPECT_EQ(iterator("t", "LATEST", "", "0"),
            "ResourceNotFoundException Shard shardId-000000000000 in stream t under account "
            "123456789012 does not exist");
  EXPECT_EQ(iterator("t", "LATEST", "", "shardId-x"),
            "ResourceNotFoundException Could not find shard shardId-x in stream t under account "
            "123456789012.");
}

TEST_F(DataTest, TimeFindsTheFirstRecordThatIsNewEnough) {
  make("s");
  std::vector<double> times;
  for (int i = 0; i < 5; ++i) {
    life_.pass(std::chrono::seconds(10));
    ASSERT_TRUE(put("s", std::to_string(i)));
    times.push_back(static_cast<double>(runtime_.clock().wall().time_since_epoch().count()) / 1e6);
  }
  life_.pass(std::chrono::seconds(10));
  const auto at = [&](double seconds) {
    return read(iterator("s", "AT_TIMESTAMP", fmt::format(R"(,"Timestamp":{:.3f})", seconds)));
  };
  EXPECT_EQ(at(times[3] - 5), (Texts{"3", "4"}));
  EXPECT_EQ(at(times[0] - 3600).size(), 5u) << "older than the stream";
  EXPECT_EQ(at(times[4] + 5), Texts{}) << "nothing is newer: the tip";
}

TEST_F(DataTest, LimitCutsAndMillisBehindLatestSaysHowFar) {
  make("s");
  ASSERT_TRUE(put("s", "one"));
  life_.pass(std::chrono::seconds(3));
  ASSERT_TRUE(put("s", "two"));
  const auto first = get(iterator("s", "TRIM_HORIZON"), R"(,"Limit":1)");
  ASSERT_TRUE(first);
  EXPECT_EQ(data_of(*first), Texts{"one"});
  EXPECT_GE(behind(*first), 3'000);
  const auto second = get(text_of(*first, "NextShardIterator"), R"(,"Limit":1)");
  ASSERT_TRUE(second);
  EXPECT_EQ(data_of(*second), Texts{"two"});
  EXPECT_EQ(behind(*second), 0);
  const auto third = get(text_of(*second, "NextShardIterator"));
  ASSERT_TRUE(third);
  EXPECT_EQ(data_of(*third), Texts{});
  EXPECT_NE(text_of(*third, "NextShardIterator"), text_of(*second, "NextShardIterator"));
}

TEST_F(DataTest, AnAnswerHoldsTenMebibytes) {
  make("s");
  const std::string megabyte(1'000'000, 'x');
  for (int i = 0; i < 12; ++i) ASSERT_TRUE(put("s", megabyte));
  const auto first = get(iterator("s", "TRIM_HORIZON"));
  ASSERT_TRUE(first);
  EXPECT_LE(data_of(*first).size(), 10u);
  std::size_t seen = data_of(*first).size();
  std::string next = text_of(*first, "NextShardIterator");
  while (seen < 12) {
    const auto more = get(next);
    ASSERT_TRUE(more);
    ASSERT_FALSE(data_of(*more).empty());
    seen += data_of(*more).size();
    next = text_of(*more, "NextShardIterator");
  }
  EXPECT_EQ(seen, 12u);
}

TEST_F(DataTest, WhatIsOlderThanADayIsNotReturnedThoughTheLogStillHasIt) {
  make("s");
  ASSERT_TRUE(put("s", "old"));
  const std::string sequence = text_of(*put("s", "old too"), "SequenceNumber");
  life_.pass(std::chrono::hours(20));
  ASSERT_TRUE(put("s", "new"));
  EXPECT_EQ(read(iterator("s", "TRIM_HORIZON")), (Texts{"old", "old too", "new"}));
  life_.pass(std::chrono::hours(5));
  EXPECT_EQ(read(iterator("s", "TRIM_HORIZON")), Texts{"new"});
  EXPECT_EQ(read(iterator("s", "AT_SEQUENCE_NUMBER",
                          fmt::format(R"(,"StartingSequenceNumber":"{}")", sequence))),
            Texts{"new"});
  life_.pass(std::chrono::hours(20));
  EXPECT_EQ(read(iterator("s", "TRIM_HORIZON")), Texts{});
  ASSERT_TRUE(put("s", "newer"));
  EXPECT_EQ(read(iterator("s", "TRIM_HORIZON")), Texts{"newer"});
}

TEST_F(DataTest, IteratorsLiveFiveMinutes) {
  make("s");
  const std::string it = iterator("s", "TRIM_HORIZON");
  life_.pass(std::chrono::seconds(299));
  EXPECT_EQ(read(it), Texts{});
  life_.pass(std::chrono::seconds(2));
  const std::string gone = life_.ask("GetRecords", fmt::format(R"({{"ShardIterator":"{}"}})", it));
  EXPECT_TRUE(gone.starts_with(
      "ExpiredIteratorException 400 Iterator expired. The iterator was created at time "))
      << gone;
  EXPECT_TRUE(
      gone.ends_with(" which is further in the future than the tolerated delay of 300000 "
                     "milliseconds."));
  EXPECT_TRUE(gone.contains(" UTC 2026 while right now it is ")) << gone;
}

TEST_F(DataTest, IteratorsThatAreNotOursAreRefused) {
  make("s");
  std::string it = iterator("s", "TRIM_HORIZON");
  EXPECT_LE(it.size(), 512u);
  EXPECT_TRUE(it.starts_with("AAAAAAAAAA"));
  it[40] = it[40] == 'A' ? 'B' : 'A';
  for (const std::string& bad : {it, std::string("x"), std::string("AAAAAAAAAAE=")}) {
    EXPECT_EQ(read(bad), Texts{"InvalidArgumentException Invalid ShardIterator."}) << bad;
  }
}

TEST_F(DataTest, AnIteratorNeverReadsAnotherStreamOfTheSameName) {
  make("s");
  ASSERT_TRUE(put("s", "first life"));
  const std::string it = iterator("s", "TRIM_HORIZON");
  EXPECT_EQ(life_.ask("DeleteStream", R"({"StreamName":"s"})"), "{}");
  make("s");
  ASSERT_TRUE(put("s", "second life"));
  EXPECT_EQ(read(it), Texts{"ResourceNotFoundException Shard shardId-000000000000 in stream s "
                            "under account 123456789012 does not exist"});
  EXPECT_EQ(read(iterator("s", "TRIM_HORIZON")), Texts{"second life"});
}

TEST_F(DataTest, SizesAreLimitedByDataAndKeyTogether) {
  make("s");
  EXPECT_TRUE(put("s", std::string((1u << 20) - 1, 'x'), "k"));
  const auto refused = put("s", std::string(1u << 20, 'x'), "k");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().name, "ValidationException");
  EXPECT_EQ(refused.error().message,
            "1 validation error detected: Value 'java.nio.HeapByteBuffer[pos=0 lim=1048576 "
            "cap=1048576]' at 'data' failed to satisfy constraint: Member must have length less "
            "than or equal to 1048576");
  EXPECT_EQ(life_.ask("CreateStream",
                      R"({"StreamName":"large","ShardCount":1,"MaxRecordSizeInKiB":2048})"),
            "{}");
  EXPECT_TRUE(put("large", std::string(1u << 20, 'x'), "k"));
  EXPECT_TRUE(put("s", "")) << "no data is legal";

  std::string records;
  const std::string data = codec::base64_encode(std::string(1'000'000, 'x'));
  for (int i = 0; i < 11; ++i) {
    records += fmt::format(R"({}{{"Data":"{}","PartitionKey":"k"}})", i == 0 ? "" : ",", data);
  }
  EXPECT_EQ(
      life_.ask("PutRecords", fmt::format(R"({{"StreamName":"large","Records":[{}]}})", records)),
      "InvalidArgumentException 400 Records size exceeds 10 MB limit");
}

TEST_F(DataTest, SequenceNumberForOrderingMustBeAbleToExist) {
  make("s");
  const auto one = put("s", "one");
  ASSERT_TRUE(one);
  const auto after = [&](std::string_view sequence) {
    return life_.ask("PutRecord", fmt::format(R"({{"StreamName":"s","Data":"","PartitionKey":"k",)"
                                              R"("SequenceNumberForOrdering":"{}"}})",
                                              sequence));
  };
  EXPECT_TRUE(after(text_of(*one, "SequenceNumber")).contains("SequenceNumber"));
  Sequence future = *Sequence::parse(text_of(*one, "SequenceNumber"));
  future.arrived_s += 1000;
  EXPECT_EQ(after(future.decimal()),
            "InvalidArgumentException 400 ExclusiveMinimumSequenceNumber " + future.decimal() +
                " used in PutRecord on stream s under account 123456789012 is invalid.");
}

TEST_F(DataTest, AMissingStreamIsNamedWithItsAccount) {
  const auto answer = put("none", "x");
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().name, "ResourceNotFoundException");
  EXPECT_EQ(answer.error().message, "Stream none under account 123456789012 not found.");
  EXPECT_FALSE(answer.error().ours);
}

class FullLogTest : public DataTest {
 protected:
  FullLogTest() : DataTest({.log_bytes_max = 1u << 20}) {}
};

// An SDK backs off on it; an API's response mapping never turns it into a success.
TEST_F(FullLogTest, AtTheLogsLimitTheWholeCallIsRefusedAsThrottledAndOurs) {
  make("s");
  std::optional<aws::Fault> fault;
  for (int i = 0; i < 200 && !fault; ++i) {
    const auto answer = put("s", std::string(50'000, 'x'));
    if (!answer) fault = answer.error();
  }
  ASSERT_TRUE(fault);
  EXPECT_EQ(fault->name, "ProvisionedThroughputExceededException");
  EXPECT_EQ(fault->status, 400);
  EXPECT_EQ(fault->message,
            "Rate exceeded for shard shardId-000000000000 in stream s under account 123456789012.");
  EXPECT_TRUE(fault->ours);
  EXPECT_EQ(fault->code, base::Code::exhausted);
}

}  // namespace
}  // namespace hyd::streams

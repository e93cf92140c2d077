// Changes of what a stream is, where a case cannot tell them: time, restarts, transitions.
#include "streams/testing/streams_life.h"

#include <fmt/core.h>
#include <gtest/gtest.h>

#include <chrono>
#include <optional>
#include <string>

namespace hyd::streams {
namespace {

using testing::StreamsLife;
using testing::text_of;

class SettingsTest : public ::testing::Test {
 protected:
  explicit SettingsTest(StreamsLife::Options options = {})
      : runtime_({.seed = 13, .on_end = {}}, disk_), options_(options) {
    restart();
    EXPECT_EQ(ask("CreateStream", R"({"StreamName":"s","ShardCount":1})"), "{}");
  }
  void restart() {
    life_.reset();
    life_.emplace(runtime_, options_);
  }
  std::string ask(std::string_view operation, std::string_view input) {
    return life_->ask(operation, input);
  }
  std::string keep(std::string_view how, int hours) {
    return ask(fmt::format("{}StreamRetentionPeriod", how),
               fmt::format(R"({{"StreamName":"s","RetentionPeriodHours":{}}})", hours));
  }
  void put(std::string_view key) {
    ask("PutRecord", fmt::format(R"({{"StreamName":"s","Data":"","PartitionKey":"{}"}})", key));
  }
  // The keys that a reader from the horizon finds.
  std::string read() {
    const auto it =
        life_->call("GetShardIterator",
                    R"({"StreamName":"s","ShardId":"0","ShardIteratorType":"TRIM_HORIZON"})");
    if (!it) return it.error().message;
    const auto got = life_->call(
        "GetRecords", fmt::format(R"({{"ShardIterator":"{}"}})", text_of(*it, "ShardIterator")));
    if (!got) return got.error().message;
    std::string keys;
    for (const codec::Json& record : *got->find("Records")->if_array()) {
      keys += text_of(record, "PartitionKey");
    }
    return keys;
  }
  std::string status() {
    const auto answer = life_->call("DescribeStreamSummary", R"({"StreamName":"s"})");
    return answer ? text_of(*answer->find("StreamDescriptionSummary"), "StreamStatus")
                  : answer.error().name;
  }
  // Of the consumer "c".
  std::string consumer() {
    const auto answer = life_->call(
        "DescribeStreamConsumer", fmt::format(R"({{"StreamARN":"{}","ConsumerName":"c"}})", kArn));
    return answer ? text_of(*answer->find("ConsumerDescription"), "ConsumerStatus")
                  : answer.error().name;
  }
  std::string on_consumer(std::string_view operation) {
    return ask(operation, fmt::format(R"({{"StreamARN":"{}","ConsumerName":"c"}})", kArn));
  }

  static constexpr std::string_view kArn = "arn:aws:kinesis:us-east-1:123456789012:stream/s";
  sys::SimDisk disk_;
  sys::SimRuntime runtime_;
  StreamsLife::Options options_;
  std::optional<StreamsLife> life_;
};

TEST_F(SettingsTest, RetentionDecidesWhatIsReadAndWhatIsGoneStaysGone) {
  put("a");
  EXPECT_EQ(keep("Increase", 48), "{}");
  life_->pass(std::chrono::hours(30));
  put("b");
  EXPECT_EQ(read(), "ab");
  EXPECT_EQ(keep("Decrease", 24), "{}");
  EXPECT_EQ(read(), "b") << "at once";
  EXPECT_EQ(keep("Increase", 72), "{}");
  EXPECT_EQ(read(), "b") << "it does not come back";
  life_->pass(std::chrono::hours(40));
  EXPECT_EQ(read(), "b");
  restart();
  EXPECT_EQ(read(), "b");
  life_->pass(std::chrono::hours(33));
  EXPECT_EQ(read(), "");
}

TEST_F(SettingsTest, TheLogKeepsWhatALongerRetentionShows) {
  EXPECT_EQ(keep("Increase", 96), "{}");
  put("a");
  life_->journal().start_letting_go();
  // Segments are let go of when they are older than a day and nobody holds them.
  for (int day = 0; day < 3; ++day) {
    for (int i = 0; i < 5; ++i) {
      ask("PutRecord", fmt::format(R"({{"StreamName":"s","Data":"{}","PartitionKey":"-"}})",
                                   std::string(80'000, 'A')));
    }
    life_->pass(std::chrono::hours(25));
    life_->loop().pass(std::chrono::minutes(11));
    life_->settle();
  }
  EXPECT_EQ(read().substr(0, 1), "a");
}

TEST_F(SettingsTest, EverythingIsThereAfterARestart) {
  EXPECT_EQ(keep("Increase", 48), "{}");
  ask("EnableEnhancedMonitoring", R"({"StreamName":"s","ShardLevelMetrics":["OutgoingBytes"]})");
  ask("StartStreamEncryption", R"({"StreamName":"s","EncryptionType":"KMS","KeyId":"alias/k"})");
  on_consumer("RegisterStreamConsumer");
  ask("PutResourcePolicy", fmt::format(R"({{"ResourceARN":"{}","Policy":"{{}}"}})", kArn));
  const std::string before = ask("DescribeStreamSummary", R"({"StreamName":"s"})");
  restart();
  EXPECT_EQ(ask("DescribeStreamSummary", R"({"StreamName":"s"})"), before);
  EXPECT_EQ(consumer(), "ACTIVE");
  EXPECT_EQ(ask("GetResourcePolicy", fmt::format(R"({{"ResourceARN":"{}"}})", kArn)),
            R"({"Policy":"{}"})");
}

// Two changes on their way at once: the second one is decided on what the first one left.
TEST_F(SettingsTest, ChangesOfOneStreamAreMadeOneAfterTheOther) {
  auto first = std::make_shared<StreamsLife::Answer>();
  auto second = std::make_shared<StreamsLife::Answer>();
  life_->start("AddTagsToStream", R"({"StreamName":"s","Tags":{"a":"1"}})", first);
  life_->start("AddTagsToStream", R"({"StreamName":"s","Tags":{"b":"2"}})", second);
  life_->settle();
  ASSERT_TRUE(*first && *second);
  EXPECT_EQ(ask("ListTagsForStream", R"({"StreamName":"s"})"),
            R"({"Tags":[{"Key":"a","Value":"1"},{"Key":"b","Value":"2"}],"HasMoreTags":false})");
}

TEST_F(SettingsTest, AConsumerThatIsMadeAgainHasAnotherArn) {
  const auto arn = [&] {
    on_consumer("RegisterStreamConsumer");
    const auto answer = life_->call(
        "DescribeStreamConsumer", fmt::format(R"({{"StreamARN":"{}","ConsumerName":"c"}})", kArn));
    return answer ? text_of(*answer->find("ConsumerDescription"), "ConsumerARN") : "";
  };
  const std::string first = arn();
  EXPECT_EQ(on_consumer("DeregisterStreamConsumer"), "{}");
  restart();
  EXPECT_NE(arn(), first) << "in the same second, after a restart";
}

class SlowSettingsTest : public SettingsTest {
 protected:
  SlowSettingsTest() : SettingsTest({.transition = std::chrono::milliseconds(500)}) { wait(); }
  void wait() {
    life_->loop().pass(std::chrono::milliseconds(500));
    life_->settle();
  }
};

TEST_F(SlowSettingsTest, AChangedStreamIsUpdatingForTheTransition) {
  EXPECT_EQ(keep("Increase", 48), "{}");
  EXPECT_EQ(status(), "UPDATING");
  put("a");
  EXPECT_EQ(read(), "a");
  EXPECT_EQ(keep("Increase", 50),
            "ResourceInUseException 400 Stream s under account 123456789012 not ACTIVE, instead in "
            "state UPDATING");
  EXPECT_EQ(ask("AddTagsToStream", R"({"StreamName":"s","Tags":{"a":"1"}})"), "{}");
  wait();
  EXPECT_EQ(status(), "ACTIVE");
  EXPECT_EQ(keep("Decrease", 30), "{}");
  restart();
  EXPECT_EQ(status(), "ACTIVE") << "a start ends the transition";
  EXPECT_TRUE(ask("DescribeStreamSummary", R"({"StreamName":"s"})").contains("Hours\":30"));
}

TEST_F(SlowSettingsTest, AConsumerComesAndGoesInItsTime) {
  EXPECT_TRUE(on_consumer("RegisterStreamConsumer").contains("CREATING"));
  EXPECT_EQ(consumer(), "CREATING");
  EXPECT_EQ(status(), "ACTIVE");
  wait();
  EXPECT_EQ(consumer(), "ACTIVE");
  EXPECT_EQ(on_consumer("DeregisterStreamConsumer"), "{}");
  EXPECT_EQ(consumer(), "DELETING");
  wait();
  EXPECT_EQ(consumer(), "ResourceNotFoundException");
  EXPECT_TRUE(on_consumer("RegisterStreamConsumer").contains("CREATING"));
  restart();
  EXPECT_EQ(consumer(), "ACTIVE") << "a start ends the transition";
  EXPECT_EQ(on_consumer("DeregisterStreamConsumer"), "{}");
  restart();
  EXPECT_EQ(consumer(), "ResourceNotFoundException") << "this one too";
}

}  // namespace
}  // namespace hyd::streams

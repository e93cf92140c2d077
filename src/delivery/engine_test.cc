#include "delivery/engine.h"

#include "delivery/testing/delivery_fixture.h"

#include <gtest/gtest.h>

namespace hyd::delivery {
namespace {

constexpr std::string_view kSecond = R"(,"BufferingHints":{"SizeInMBs":1,"IntervalInSeconds":1})";

class EngineTest : public DeliveryFixture {};

TEST_F(EngineTest, RecordsOfAllShardsBecomeOneObject) {
  log_.put(1, "before");
  create("d", kSecond);
  delivery_->start();
  log_.put(1, "one ");
  log_.put(2, "two ");
  log_.put(1, "three");
  EXPECT_TRUE(wait_until([&] { return !objects().empty(); }));
  ASSERT_EQ(objects().size(), 1u);
  const StoredObject object = objects()[0];
  EXPECT_EQ(object.body, "one two three");
  EXPECT_TRUE(object.headers.contains("x-amz-meta-hydrant-first: 1:2.0,2:3.0\n")) << object.headers;
  EXPECT_TRUE(object.key.starts_with("2027/01/15/08/d-1-2027-01-15-08-00-00-")) << object.key;
  EXPECT_TRUE(wait_until([&] { return status().owed_records == 0; }));
  EXPECT_EQ(status().low, 4u);
  EXPECT_EQ(status().objects, 1u);
  EXPECT_EQ(log_.held(1, 1), 4u);
  EXPECT_EQ(log_.held(1, 2), 3u);
}

TEST_F(EngineTest, NothingIsWrittenWhileNothingArrives) {
  create("d", kSecond);
  delivery_->start();
  pause(std::chrono::seconds(10));
  const auto steps = catalog_.runtime().baton().now();
  pause(std::chrono::hours(1));
  EXPECT_GT(catalog_.runtime().baton().now(), steps);
  EXPECT_TRUE(objects().empty());
}

TEST_F(EngineTest, ItWaitsForItsBucketAndThenDelivers) {
  store_.set_bucket("later");
  create("d", kSecond);
  delivery_->start();
  log_.put(1, "a");
  EXPECT_TRUE(wait_until([&] { return !status().last_error.empty(); }));
  EXPECT_TRUE(status().last_error.contains("there is no bucket events")) << status().last_error;
  pause(std::chrono::minutes(10));
  EXPECT_EQ(status().owed_records, 1u);
  EXPECT_EQ(log_.held(1, 1), 0u);
  store_.set_bucket("events");
  EXPECT_TRUE(wait_until([&] { return status().owed_records == 0; }));
  EXPECT_EQ(objects().size(), 1u);
  EXPECT_EQ(status().last_error, "");
}

TEST_F(EngineTest, AtTheWindowItReadsNoFurther) {
  options_.open_intents_max = 3;
  options_.buffer_bytes_max = 1;
  open();
  store_.set_bucket("later");
  create("d", kSecond);
  delivery_->start();
  for (int i = 0; i < 10; ++i) log_.put(1, "x");
  pause(std::chrono::minutes(5));
  EXPECT_EQ(status().open_intents, 3u);
  store_.set_bucket("events");
  EXPECT_TRUE(wait_until([&] { return status().end == 11 && status().owed_records == 0; }));
  EXPECT_EQ(objects().size(), 10u);
}

TEST_F(EngineTest, AStartStoresOpenIntentsUnderTheSameKey) {
  store_.set_bucket("later");
  create("d", kSecond);
  delivery_->start();
  log_.put(1, "a");
  EXPECT_TRUE(wait_until([&] { return !status().last_error.empty(); }));
  const std::vector<Intent> before = *read_intents(catalog_.reader(), DeliveryId(1));
  ASSERT_EQ(before.size(), 1u);
  store_.set_bucket("events");
  open();
  EXPECT_GE(read_attempt(catalog_.reader(), before[0].batch)->number, 1u);
  delivery_->start();
  EXPECT_TRUE(wait_until([&] { return objects().size() == 1; }));
  EXPECT_EQ(objects()[0].key, before[0].key);
}

TEST_F(EngineTest, DamageStopsOnlyTheIntentThatOwesIt) {
  options_.buffer_bytes_max = 1;
  open();
  store_.set_bucket("later");
  create("d", kSecond);
  delivery_->start();
  log_.put(1, "a");
  log_.put(1, "b");
  log_.put(1, "c");
  EXPECT_TRUE(wait_until([&] { return status().open_intents == 3; }));
  log_.damage(2);
  store_.set_bucket("events");
  EXPECT_TRUE(wait_until([&] { return objects().size() == 2; }));
  pause(std::chrono::minutes(5));
  EXPECT_EQ(objects()[0].body + objects()[1].body, "ac");
  EXPECT_EQ(status().damaged_intents, 1u);
  EXPECT_TRUE(status().last_error.contains("place 2 is damaged")) << status().last_error;
  log_.put(1, "d");
  EXPECT_TRUE(wait_until([&] { return objects().size() == 3; }));
  EXPECT_EQ(log_.held(1, 1), 1u) << "what is owed is held";
}

TEST_F(EngineTest, ADeletionDeliversFirst) {
  create("d", R"(,"BufferingHints":{"SizeInMBs":1,"IntervalInSeconds":900})");
  delivery_->start();
  log_.put(1, "a");
  log_.put(2, "b");
  EXPECT_EQ(ask("DeleteDeliveryStream", R"({"DeliveryStreamName":"d"})"), "{}");
  log_.put(1, "too late");
  EXPECT_EQ(ask("DeleteDeliveryStream", R"({"DeliveryStreamName":"d"})"), "{}");
  EXPECT_TRUE(wait_until([&] { return delivery_->status().empty(); }, std::chrono::seconds(20)));
  ASSERT_EQ(objects().size(), 1u);
  EXPECT_EQ(objects()[0].body, "ab");
  pause(std::chrono::seconds(1));
  EXPECT_EQ(ask("DescribeDeliveryStream", R"({"DeliveryStreamName":"d"})"),
            "ResourceNotFoundException Firehose d under account 123456789012 not found.");
  EXPECT_EQ(log_.held(1, 1), UINT64_MAX);
  EXPECT_TRUE(read_streams(catalog_.reader())->empty());
  EXPECT_TRUE(create("d").contains("arn:aws:firehose:us-east-1:123456789012:deliverystream/d"));
  EXPECT_EQ(log_.held(2, 1), 3u) << "a new one of the same name begins anew";
  pause(std::chrono::minutes(30));
  EXPECT_EQ(objects().size(), 1u);
}

TEST_F(EngineTest, ADeletionGoesOnAfterARestart) {
  create("d", R"(,"BufferingHints":{"SizeInMBs":1,"IntervalInSeconds":900})");
  log_.put(1, "a");
  EXPECT_EQ(ask("DeleteDeliveryStream", R"({"DeliveryStreamName":"d"})"), "{}");
  open();
  delivery_->start();
  EXPECT_TRUE(wait_until([&] { return delivery_->status().empty(); }));
  EXPECT_EQ(objects().size(), 1u);
}

TEST_F(EngineTest, ADeletionThatCannotDeliverFailsAndGoesOnDelivering) {
  store_.set_bucket("later");
  create("d", kSecond);
  delivery_->start();
  log_.put(1, "a");
  ask("DeleteDeliveryStream", R"({"DeliveryStreamName":"d"})");
  EXPECT_TRUE(wait_until([&] { return status().state == "DELETING_FAILED"; }));
  pause(std::chrono::seconds(1));
  const std::string shown = ask("DescribeDeliveryStream", R"({"DeliveryStreamName":"d"})");
  EXPECT_TRUE(shown.contains(R"("DeliveryStreamStatus":"DELETING_FAILED","FailureDescription":)"
                             R"({"Type":"UNKNOWN_ERROR","Details":"Not delivered in time: 1)"))
      << shown;
  store_.set_bucket("events");
  EXPECT_TRUE(wait_until([&] { return objects().size() == 1; }));
  EXPECT_EQ(ask("DeleteDeliveryStream", R"({"DeliveryStreamName":"d"})"), "{}");
  EXPECT_TRUE(wait_until([&] { return delivery_->status().empty(); }));
}

TEST_F(EngineTest, AForcedDeletionIsDoneAtOnce) {
  store_.set_bucket("later");
  create("d", kSecond);
  delivery_->start();
  log_.put(1, "a");
  EXPECT_TRUE(wait_until([&] { return status().open_intents == 1; }));
  EXPECT_EQ(ask("DeleteDeliveryStream", R"({"DeliveryStreamName":"d","AllowForceDelete":true})"),
            "{}");
  EXPECT_TRUE(delivery_->status().empty());
  store_.set_bucket("events");
  pause(std::chrono::minutes(2));
  EXPECT_TRUE(objects().empty());
  EXPECT_EQ(log_.held(1, 1), UINT64_MAX);
}

// --- streams that are deleted

Source gone_source(std::uint32_t shard, std::uint64_t first, std::uint64_t last) {
  Source source{.stream = base::Uid({static_cast<std::uint8_t>(shard)}),
                .arn = kTestStream,
                .gone = true,
                .shards = {}};
  source.shards.push_back(
      {.number = log::ShardNumber(shard), .first = log::Place(first), .last = log::Place(last)});
  return source;
}

TEST_F(EngineTest, AStreamThatCameAndWentBetweenTwoLooksIsDelivered) {
  create("d", kSecond);
  delivery_->start();
  log_.put(1, "a");
  EXPECT_TRUE(wait_until([&] { return objects().size() == 1; }));
  log_.put(7, "b");
  log_.put(8, "c");
  sources_.set({gone_source(1, 1, 1), gone_source(7, 2, 2), gone_source(8, 3, 3)});
  EXPECT_TRUE(wait_until([&] { return objects().size() == 2; }));
  EXPECT_EQ(objects().at(1).body, "bc");
}

TEST_F(EngineTest, AStreamIsForgottenWhenItIsDeliveredAndTheLogHasLetGo) {
  store_.set_bucket("later");
  create("d", kSecond);
  delivery_->start();
  log_.put(1, "a");
  Source gone = gone_source(1, 1, 1);
  // Closed as it was made, as a step of a longer change of shards.
  gone.shards.push_back(
      {.number = log::ShardNumber(9), .first = log::Place(9), .last = log::Place(8)});
  sources_.set({gone});
  pause(std::chrono::minutes(10));
  EXPECT_EQ(sources_.gone().size(), 1u) << "it is owed";
  store_.set_bucket("events");
  EXPECT_TRUE(wait_until([&] { return objects().size() == 1; }));
  pause(std::chrono::minutes(10));
  EXPECT_EQ(sources_.gone().size(), 1u) << "the log has a record of it";
  EXPECT_EQ(read_marks(catalog_.reader(), DeliveryId(1))->size(), 1u);
  open();  // the next life goes on waiting
  delivery_->start();
  log_.lose(1, 1);
  EXPECT_TRUE(wait_until([&] { return sources_.gone().empty(); }));
  log_.put(2, "wakes the reader");
  EXPECT_TRUE(wait_until([&] { return read_marks(catalog_.reader(), DeliveryId(1))->empty(); }));
}

TEST_F(EngineTest, WithoutADeliveryStreamTheLogAloneKeepsAStreamThatIsGone) {
  delivery_->start();
  log_.put(1, "a");
  sources_.set({gone_source(1, 1, 1)});
  pause(std::chrono::minutes(10));
  EXPECT_EQ(sources_.gone().size(), 1u);
  log_.lose(1, 1);
  EXPECT_TRUE(wait_until([&] { return sources_.gone().empty(); }));
}

// The log lets go of what is old as soon as everyone has said what they need.
TEST_F(EngineTest, AStartHoldsWhatCameBehindTheLastLook) {
  create("d", kSecond);
  sources_.set_shards(3);
  open();
  EXPECT_EQ(log_.held(1, 3), 0u);
}

TEST_F(EngineTest, TwoDeliveryStreamsOfOneStreamBothGetEverything) {
  create("a", kSecond);
  create("b", kSecond);
  delivery_->start();
  for (int i = 0; i < 5; ++i) log_.put(static_cast<std::uint32_t>(1 + i % 2), std::to_string(i));
  EXPECT_TRUE(wait_until([&] { return objects().size() == 2; }));
  EXPECT_EQ(objects()[0].body, "01234");
  EXPECT_EQ(objects()[1].body, "01234");
}

}  // namespace
}  // namespace hyd::delivery

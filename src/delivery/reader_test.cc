#include "delivery/reader.h"

#include "catalog/testing/simulated_catalog.h"
#include "delivery/delivery.h"
#include "delivery/testing/memory_log.h"
#include "delivery/testing/ports.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace hyd::delivery {
namespace {

class ReaderTest : public ::testing::Test {
 protected:
  ReaderTest() {
    EXPECT_TRUE(catalog_.open({.schemas = {delivery_schema(), CatalogStore::schema()}}));
    journal_.emplace(*catalog_, store_);
    sources_.set_shards(2);
    for (const std::uint32_t shard : {1u, 2u, 3u}) {
      log_.open_shard(log::ShardNumber(shard), {}, [](auto) {});
    }
    stream_.key = {.region = "us-east-1", .name = "d"};
    stream_.source_arn = kTestStream;
    stream_.start = 1;
    stream_.destination.role_arn = "arn:aws:iam::123456789012:role/r";
    stream_.destination.bucket_arn = "arn:aws:s3:::events";
    EXPECT_TRUE(catalog_->write_and_wait([&](catalog::Transaction& in) -> base::Result<void> {
      ASSIGN_OR_RETURN(stream_.id, add_stream(in, stream_));
      return {};
    }));
    auto plan = plan_of(stream_);
    EXPECT_TRUE(plan);
    plan_ = *plan;
    plan_.buffer_bytes = 10;
    plan_.interval_ms = 60'000;
  }

  // A start: what was buffered is forgotten.
  void open() {
    const auto marks = read_marks(catalog_.reader(), stream_.id);
    ASSERT_TRUE(marks) << marks.error().what;
    reader_.emplace(
        Reader::Parts{
            .runtime = catalog_.runtime(), .log = log_, .sources = sources_, .journal = *journal_},
        Reader::Of{
            .id = stream_.id, .source_arn = kTestStream, .start = stream_.start, .plan = plan_},
        *marks);
  }
  Reader::Slice read(std::size_t intents_max = 64, std::uint64_t drain_to = 0) {
    if (!reader_) open();
    const auto slice =
        reader_->slice({.bytes_max = slice_bytes_,
                        .intents_max = intents_max,
                        .drain_to = drain_to,
                        .now_ms = log_.now_ms(),
                        .stopping = [] { return false; },
                        .opened = [this](const Intent& intent) { intents_.push_back(intent); }});
    error_ = slice ? "" : slice.error().what;
    return slice ? *slice : Reader::Slice{};
  }
  // "shard:first-last x count" of each range of each intent.
  std::string intents() const {
    std::string text;
    for (const Intent& intent : intents_) {
      if (!text.empty()) text += " | ";
      for (const Range& range : intent.inputs) {
        if (!text.empty() && text.back() != ' ') text += " ";
        text += std::to_string(range.shard.raw()) + ":" + std::to_string(range.first) + "-" +
                std::to_string(range.last) + "x" + std::to_string(range.count);
      }
    }
    return text;
  }

  catalog::SimulatedCatalog catalog_;
  MemoryLog log_;
  FixedSources sources_;
  CatalogStore store_;
  std::optional<JournalInCatalog> journal_;
  DeliveryStream stream_;
  Plan plan_;
  std::optional<Reader> reader_;
  std::vector<Intent> intents_;
  std::uint64_t slice_bytes_ = 4u << 20;
  std::string error_;
};

TEST_F(ReaderTest, ABufferClosesWithTheRecordThatReachesItsSize) {
  log_.put(1, "12345");  // place 1
  log_.put(2, "1234");
  EXPECT_TRUE(read().caught_up);
  EXPECT_EQ(intents(), "");
  log_.put(1, "1");  // ten bytes
  log_.put(1, "12345678901234567890");
  log_.put(2, "");
  EXPECT_TRUE(read().caught_up);
  EXPECT_EQ(intents(), "1:1-3x2 2:2-2x1 | 1:4-4x1");
  EXPECT_EQ(reader_->buffer().records(), 1u) << "an empty record is a record";
}

TEST_F(ReaderTest, TheDelimiterCountsTowardsTheSize) {
  plan_.delimiter = "\n";
  for (int i = 0; i < 5; ++i) log_.put(1, "1");
  EXPECT_TRUE(read().caught_up);
  EXPECT_EQ(intents(), "1:1-5x5");
}

TEST_F(ReaderTest, ABufferClosesBeforeARecordThatArrivedAnIntervalLater) {
  log_.put(1, "a");
  log_.pass_ms(59'999);
  log_.put(2, "b");
  log_.pass_ms(1);
  log_.put(1, "c");
  EXPECT_TRUE(read().caught_up);
  EXPECT_EQ(intents(), "1:1-1x1 2:2-2x1");
  EXPECT_EQ(intents_[0].oldest_ms, 1'800'000'000'000);
  EXPECT_EQ(reader_->buffer().first_place(), 3u);
}

TEST_F(ReaderTest, AtTheMarkABufferClosesWhenItsIntervalHasPassed) {
  log_.put(1, "a");
  EXPECT_TRUE(read().caught_up);
  log_.pass_ms(59'999);
  read();
  EXPECT_EQ(intents(), "");
  log_.pass_ms(1);
  read();
  EXPECT_EQ(intents(), "1:1-1x1");
  log_.pass_ms(1'000'000);
  read();
  EXPECT_EQ(intents_.size(), 1u) << "no empty objects";
}

// Catching up makes the objects that live delivery would have made.
TEST_F(ReaderTest, HowOftenItReadsChangesNothing) {
  base::FastRng rng(7);
  std::string live;
  for (int round = 0; round < 2; ++round) {
    if (round == 1) {
      live = intents();
      intents_.clear();
      ASSERT_TRUE(catalog_->write_and_wait([&](catalog::Transaction& in) -> base::Result<void> {
        RETURN_IF_ERROR(remove_stream(in, stream_.id));
        ASSIGN_OR_RETURN(stream_.id, add_stream(in, stream_));
        return {};
      }));
      slice_bytes_ = 200;
      open();
      while (!read().caught_up) ASSERT_EQ(error_, "");
      break;
    }
    for (int i = 0; i < 200; ++i) {
      log_.put(static_cast<std::uint32_t>(1 + rng.below(2)), std::string(rng.below(6), 'x'));
      log_.pass_ms(static_cast<std::int64_t>(rng.below(20'000)));
      read();
    }
  }
  EXPECT_EQ(intents(), live);
  EXPECT_GT(intents_.size(), 40u);
}

TEST_F(ReaderTest, WithoutRoomForAnIntentItStandsStill) {
  for (int i = 0; i < 3; ++i) log_.put(1, "1234567890");
  const Reader::Slice slice = read(1);
  EXPECT_TRUE(slice.full);
  EXPECT_FALSE(slice.caught_up);
  EXPECT_EQ(intents(), "1:1-1x1");
  EXPECT_TRUE(read(0).full);
  EXPECT_TRUE(read().caught_up);
  EXPECT_EQ(intents(), "1:1-1x1 | 1:2-2x1 | 1:3-3x1");
}

TEST_F(ReaderTest, AfterARestartItGoesOnBehindTheLastIntent) {
  log_.put(1, "1234567890");
  log_.put(1, "a");
  read();
  open();
  log_.put(2, "123456789");
  read();
  EXPECT_EQ(intents(), "1:1-1x1 | 1:2-2x1 2:3-3x1");
}

TEST_F(ReaderTest, ANewShardIsReadFromItsFirstPlace) {
  log_.put(1, "a");
  log_.put(3, "b");  // nobody lists it yet
  read();
  log_.put(3, "c");
  sources_.set_shards(3);
  read();
  log_.pass_ms(60'000);
  read();
  EXPECT_EQ(intents(), "1:1-1x1 3:2-3x2");
}

TEST_F(ReaderTest, ADeletedStreamIsReadToItsEnd) {
  log_.put(1, "a");
  read();
  log_.put(1, "b");
  sources_.set({});
  open();  // even after a restart
  EXPECT_TRUE(read().caught_up);
  log_.pass_ms(60'000);
  read();
  EXPECT_EQ(intents(), "1:1-2x2");
}

// Between two looks the stream was deleted, made again, filled and deleted, and made again: what
// was acknowledged meanwhile is owed like everything else.
TEST_F(ReaderTest, AStreamThatCameAndWentBetweenTwoLooksIsDelivered) {
  const auto life = [](std::uint32_t shard, std::uint64_t first, std::optional<log::Place> last) {
    Source source{.stream = base::Uid({static_cast<std::uint8_t>(shard)}),
                  .arn = kTestStream,
                  .gone = last.has_value(),
                  .shards = {}};
    source.shards.push_back(
        {.number = log::ShardNumber(shard), .first = log::Place(first), .last = last});
    return source;
  };
  sources_.set({life(1, 1, std::nullopt)});
  log_.put(1, "a");
  read();
  log_.put(1, "b");
  log_.put(2, "c");
  log_.put(2, "d");
  log_.put(3, "e");
  sources_.set({life(1, 1, log::Place(2)), life(2, 3, log::Place(4)), life(3, 5, std::nullopt)});
  EXPECT_TRUE(read().caught_up) << error_;
  log_.pass_ms(60'000);
  read();
  EXPECT_EQ(intents(), "1:1-2x2 2:3-4x2 3:5-5x1");
  EXPECT_EQ(log_.held(stream_.id.raw(), 2), 2u) << "what came and went is held";
}

TEST_F(ReaderTest, OnlyMarksThatOweNothingAreRetired) {
  log_.put(1, "1234567890");
  read();
  ASSERT_EQ(intents(), "1:1-1x1");
  sources_.set({});  // both shards are forgotten, one of them too early
  log_.put(2, "");
  read();
  EXPECT_EQ(read_marks(catalog_.reader(), stream_.id)->size(), 2u) << "one owed, one in the buffer";
  log_.pass_ms(60'000);
  read();
  open();
  for (const Intent& intent : intents_) {
    const auto staged = store_.stage(
        {.bucket = "events", .key = intent.key, .headers = {}, .body = {}, .token = {}});
    ASSERT_TRUE(journal_->commit(intent, **staged));
  }
  read();
  EXPECT_TRUE(read_marks(catalog_.reader(), stream_.id)->empty());
  log_.put(1, "nobody's");
  log_.pass_ms(60'000);
  read();
  EXPECT_EQ(intents_.size(), 2u);
}

TEST_F(ReaderTest, AClosedShardThatTheLogHasForgottenHoldsNothingUp) {
  Source source = sources_.find(kTestStream).at(0);
  source.shards.push_back(
      {.number = log::ShardNumber(9), .index = 2, .first = log::Place(1), .last = log::Place(1)});
  sources_.set({source});
  log_.put(1, "1234567890");
  EXPECT_TRUE(read().caught_up) << error_;
  EXPECT_EQ(intents(), "1:1-1x1");
}

TEST_F(ReaderTest, AnOpenShardThatTheLogDoesNotKnowIsWaitedFor) {
  Source source = sources_.find(kTestStream).at(0);
  source.shards.push_back({.number = log::ShardNumber(9), .index = 2, .first = log::Place(1)});
  sources_.set({source});
  log_.put(1, "1234567890");
  EXPECT_FALSE(read().caught_up);
  EXPECT_EQ(error_, "no such shard");
}

TEST_F(ReaderTest, DrainingStopsAtItsPlaceAndClosesAtOnce) {
  log_.put(1, "a");
  log_.put(2, "b");
  log_.put(1, "c");
  EXPECT_EQ(read(64, 3).read_to, 3u);
  EXPECT_EQ(intents(), "1:1-1x1 2:2-2x1");
  EXPECT_TRUE(reader_->buffer().empty());
}

TEST_F(ReaderTest, ADamagedPlaceStopsItWhereItIs) {
  log_.put(1, "1234567890");
  log_.put(1, "x");
  log_.damage(2);
  read();
  EXPECT_EQ(error_, "place 2 is damaged");
  EXPECT_EQ(intents(), "1:1-1x1");
}

TEST_F(ReaderTest, WhatIsBehindLowIsHeld) {
  log_.put(1, "1234567890");
  read();
  EXPECT_EQ(log_.held(stream_.id.raw(), 1), 0u);
  EXPECT_EQ(log_.held(stream_.id.raw(), 2), 0u);
}

TEST_F(ReaderTest, TheHighestPlaceOfTheRowsIsFound) {
  log_.put(1, "1234567890");
  log_.put(1, "1234567890");
  read();
  EXPECT_EQ(*place_max(catalog_.reader()), 2u);
}

}  // namespace
}  // namespace hyd::delivery

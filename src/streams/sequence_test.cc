#include "streams/sequence.h"

#include "streams/shard_id.h"

#include <gtest/gtest.h>

#include <string>

namespace hyd::streams {
namespace {

constexpr std::int64_t kCreated = 1'700'000'000;

struct Row {
  std::string_view decimal;
  Sequence sequence;
};
const Row kVectors[] = {
    {"49646437577108476416916876405825929425585429676275269634",
     {.created_s = kCreated, .shard = 0, .index = 0, .arrived_s = kCreated}},
    {"49646437577130777162115407028967465143858078037781250066",
     {.created_s = kCreated, .shard = 1, .index = 0, .arrived_s = kCreated}},
    {"49646437577108476416916876405831974054683503028307230722",
     {.created_s = kCreated, .shard = 0, .index = 5, .arrived_s = kCreated + 3}},
    {"49646437577119626789516141717395488358902146099801227266",
     {.created_s = kCreated,
      .shard = 0,
      .index = Sequence::kIndexMax,
      .arrived_s = kCreated + 100}},
};

TEST(Sequence, IsLaidOutAsAwsDoes) {
  for (const Row& row : kVectors) {
    EXPECT_EQ(row.sequence.decimal(), row.decimal);
    EXPECT_EQ(Sequence::parse(row.decimal), row.sequence) << row.decimal;
  }
}

TEST(Sequence, OrderInAShardIsTheOrderOfPlacesWhateverTheClockSays) {
  const Sequence early{.created_s = kCreated, .shard = 2, .index = 7, .arrived_s = kCreated + 900};
  const Sequence late{.created_s = kCreated, .shard = 2, .index = 8, .arrived_s = kCreated + 100};
  EXPECT_EQ(early.decimal().size(), late.decimal().size());
  EXPECT_LT(early.decimal(), late.decimal());
}

TEST(Sequence, LargeShardsAndPlacesComeBack) {
  const Sequence sequence{.created_s = Sequence::kSecondsEnd - 1,
                          .shard = 0x7fffffff,
                          .index = Sequence::kIndexMax - 1,
                          .arrived_s = (std::int64_t{1} << 36) - 1};
  EXPECT_EQ(Sequence::parse(sequence.decimal()), sequence);
}

TEST(Sequence, NumbersOfOlderLayoutsAreKnownByTheirShardAndTime) {
  // 1 | 006553f10 0 … : version 0, its leading digit left out of the number.
  const auto zero = Sequence::parse("0");
  ASSERT_TRUE(zero);
  EXPECT_EQ(*zero, (Sequence{.created_s = 0, .shard = 0, .version = 0}));
  const auto one = Sequence::parse("1");
  ASSERT_TRUE(one);
  EXPECT_EQ(one->shard, 1u);
  EXPECT_EQ(one->version, 0);
}

TEST(Sequence, WhatNoLayoutHasIsRefused) {
  for (const std::string_view bad : {
           "", "x", "-1",
           "49646437577108476416916876405825929425585429676275269635",   // version 3
           "99646437577108476416916876405825929425585429676275269634",   // leading digit 4
           "496464375771084764169168764058259294255854296762752696340",  // too long
           "24823218788554238208458438202912964712792714838137634817",   // leading digit 1
           "50000000000000000000000000000000000000000",                  // between the layouts
       }) {
    EXPECT_EQ(Sequence::parse(bad), std::nullopt) << bad;
  }
  const Sequence never{.created_s = Sequence::kSecondsEnd};
  EXPECT_EQ(Sequence::parse(never.decimal()), std::nullopt);
  const Sequence wide{.created_s = kCreated, .index = std::uint64_t{1} << 63};
  EXPECT_EQ(Sequence::parse(wide.decimal()), std::nullopt);
}

TEST(ShardId, IsReadLeniently) {
  EXPECT_EQ(shard_id(0), "shardId-000000000000");
  EXPECT_EQ(shard_id(2'147'483'647), "shardId-002147483647");
  for (const std::string_view zero : {"0", "shard-0", "x-00000000000", "shardId-000000000000"}) {
    EXPECT_EQ(parse_shard_id(zero), 0u) << zero;
  }
  EXPECT_EQ(parse_shard_id("shardId-12"), 12u);
  for (const std::string_view bad : {"", "shardId", "shardId-", "a-b-1", "2147483648", "-1x"}) {
    EXPECT_EQ(parse_shard_id(bad), std::nullopt) << bad;
  }
}

}  // namespace
}  // namespace hyd::streams

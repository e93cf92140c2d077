// What shards become: examples of the documentation, and laws over many changes.
#include "streams/reshard.h"

#include "base/rng.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

namespace hyd::streams {
namespace {

constexpr std::int64_t kNowMs = 1'700'000'000'000;

Stream stream_of(std::uint32_t shards) {
  Stream stream;
  for (std::uint32_t i = 0; i < shards; ++i) {
    stream.shards.push_back({.number = log::ShardNumber(i + 1),
                             .index = i,
                             .range = tile({.index = i, .count = shards}),
                             .created_ms = kNowMs - 2'000,
                             .first = log::Place(1)});
  }
  stream.make_routes();
  return stream;
}

// As the catalog and the log would make it true.
void carry_out(Stream& stream, const Reshard& what, std::int64_t now_ms = kNowMs) {
  const ReshardPlan plan = plan_reshard(stream, what);
  Closed closed{.ends = {}, .next = log::Place(100 * (stream.shards.size() + 1)), .now_ms = now_ms};
  for (const std::uint32_t index : plan.closed) {
    closed.ends.push_back(
        {.number = stream.shards[index].number, .end = log::Place(closed.next.raw() - 1)});
  }
  const ShardChange change = change_of(stream, plan, closed);
  std::vector<Shard> added = change.added;
  for (Shard& shard : added) {
    shard.number = log::ShardNumber(static_cast<std::uint32_t>(stream.shards.size()) + 1 +
                                    (shard.index - change.added.front().index));
  }
  apply(stream, change, added);
}

std::string open_of(const Stream& stream) {
  std::string all;
  for (const std::uint32_t index : stream.routes) all += std::to_string(index) + " ";
  return all;
}

// Open shards tile the space; every closed one has children which cover it; a child's second is
// behind its parents' and its first place behind their ends.
void expect_sound(const Stream& stream) {
  HashKey next;
  for (const std::uint32_t index : stream.routes) {
    const HashRange& range = stream.shards[index].range;
    ASSERT_EQ(range.first, next) << index;
    next = range.last.next();
  }
  ASSERT_EQ(next, HashKey()) << "the last one ends with the space";
  for (const Shard& shard : stream.shards) {
    ASSERT_EQ(shard.open(), shard.closed_ms == 0);
    const std::vector<const Shard*> children = stream.children(shard);
    ASSERT_EQ(children.empty(), shard.open()) << shard.index;
    if (children.size() == 2) {
      const HashKey at = children[1]->range.first;
      ASSERT_EQ(children[0]->range.last, at.previous());
      ASSERT_GT(at, shard.range.first.next()) << "AWS refuses such a split";
      ASSERT_LT(at, shard.range.last) << "AWS refuses such a split";
    }
    for (const std::optional<std::uint32_t> parent : {shard.parent, shard.adjacent_parent}) {
      if (!parent) continue;
      const Shard& of = stream.shards[*parent];
      ASSERT_LT(of.index, shard.index);
      ASSERT_LT(of.created_ms / 1000, shard.created_ms / 1000);
      ASSERT_LT(of.end.value_or(log::Place(UINT64_MAX)), shard.first);
    }
  }
}

std::size_t depth_of(const Stream& stream, const Shard& shard) {
  std::size_t depth = 0;
  for (const auto parent : {shard.parent, shard.adjacent_parent}) {
    if (parent) depth = std::max(depth, 1 + depth_of(stream, stream.shards[*parent]));
  }
  return depth;
}

// A delete ends every shard, those of earlier reshards again; the catalog keeps the first end.
TEST(Reshard, AShardThatHasAnEndKeepsIt) {
  Stream stream = stream_of(2);
  apply(stream, {.ends = {{.number = log::ShardNumber(1), .end = log::Place(7)}}, .closed_ms = 5},
        {});
  apply(stream,
        {.ends = {{.number = log::ShardNumber(1), .end = log::Place(9)},
                  {.number = log::ShardNumber(2), .end = log::Place(9)}}},
        {});
  EXPECT_EQ(stream.shards[0].end, log::Place(7));
  EXPECT_EQ(stream.shards[0].closed_ms, 5);
  EXPECT_EQ(stream.shards[1].end, log::Place(9));
}

TEST(Reshard, TheLowerChildOfASplitComesFirst) {
  Stream stream = stream_of(1);
  carry_out(stream, {.kind = Reshard::Kind::split, .shard = 0, .at = {.high = 1}});
  EXPECT_EQ(open_of(stream), "1 2 ");
  EXPECT_EQ(stream.shards[1].range.last, (HashKey{.high = 0, .low = UINT64_MAX}));
  EXPECT_EQ(stream.shards[2].range.first, (HashKey{.high = 1}));
  EXPECT_EQ(stream.shards[2].parent, 0u);
  EXPECT_FALSE(stream.shards[2].adjacent_parent);
  EXPECT_EQ(stream.shards[1].created_ms, kNowMs + 1'000);
  expect_sound(stream);
}

TEST(Reshard, TwoShardsBecomeThreeAsDocumented) {
  Stream stream = stream_of(2);
  carry_out(stream, {.kind = Reshard::Kind::count, .count = 3});
  EXPECT_EQ(open_of(stream), "2 6 5 ");
  EXPECT_EQ(stream.shards[6].parent, 3u);
  EXPECT_EQ(stream.shards[6].adjacent_parent, 4u);
  EXPECT_TRUE(stream.shards[3].never_had_records());
  EXPECT_FALSE(stream.shards[0].never_had_records());
  for (std::uint32_t i = 0; i < 3; ++i) {
    EXPECT_EQ(stream.shards[stream.routes[i]].range, tile({.index = i, .count = 3}));
  }
  expect_sound(stream);
}

TEST(Reshard, OneBecomesTenThousandInShortLineages) {
  Stream stream = stream_of(1);
  carry_out(stream, {.kind = Reshard::Kind::count, .count = 10'000});
  ASSERT_EQ(stream.routes.size(), 10'000u);
  expect_sound(stream);
  std::size_t depth = 0;
  for (const std::uint32_t index : stream.routes) {
    depth = std::max(depth, depth_of(stream, stream.shards[index]));
  }
  EXPECT_LE(depth, 14u);
  EXPECT_LE(stream.shards.back().created_ms, kNowMs + 15'000);
}

TEST(Reshard, TwiceAsManyNeedsOneSplitEachAndBackOneMergeEach) {
  Stream stream = stream_of(4);
  carry_out(stream, {.kind = Reshard::Kind::count, .count = 8});
  EXPECT_EQ(stream.shards.size(), 12u);
  carry_out(stream, {.kind = Reshard::Kind::count, .count = 4});
  EXPECT_EQ(stream.shards.size(), 16u);
  expect_sound(stream);
}

// A fifth is not two tenths when both are rounded down: the borders lie side by side.
TEST(Reshard, NoShardIsSplitAtItsEdge) {
  for (const auto& [from, to] :
       {std::pair(5u, 10u), std::pair(10u, 5u), std::pair(7u, 21u), std::pair(3u, 999u)}) {
    SCOPED_TRACE(to);
    Stream stream = stream_of(from);
    carry_out(stream, {.kind = Reshard::Kind::count, .count = to});
    expect_sound(stream);
    ASSERT_EQ(stream.routes.size(), to);
    for (std::uint32_t i = 0; i < to; ++i) {
      ASSERT_EQ(stream.shards[stream.routes[i]].range, tile({.index = i, .count = to}));
    }
  }
}

// Any order of splits, merges and counts, several in one second.
TEST(Reshard, EveryOrderOfChangesKeepsTheLaws) {
  for (unsigned seed = 0; seed < 40; ++seed) {
    SCOPED_TRACE(seed);
    base::FastRng draw(seed);
    Stream stream = stream_of(1 + static_cast<std::uint32_t>(draw.below(5)));
    for (int step = 0; step < 30; ++step) {
      const std::size_t at = draw.below(stream.routes.size());
      const Shard& shard = stream.shards[stream.routes[at]];
      Reshard what{.kind = Reshard::Kind::count,
                   .count = 1 + static_cast<std::uint32_t>(draw.below(17))};
      if (const auto kind = draw.below(3); kind == 0 && at + 1 < stream.routes.size()) {
        what = {
            .kind = Reshard::Kind::merge, .shard = shard.index, .adjacent = stream.routes[at + 1]};
      } else if (kind == 1 && shard.range.last.high > shard.range.first.high + 2) {
        what = {.kind = Reshard::Kind::split,
                .shard = shard.index,
                .at = {.high = shard.range.first.high + 1 +
                               draw.below(shard.range.last.high - shard.range.first.high - 1)}};
      }
      const auto read = Reshard::parse(what.text());
      ASSERT_TRUE(read);
      ASSERT_EQ(*read, what);
      carry_out(stream, what, kNowMs + step * 10);
      expect_sound(stream);
      if (what.kind == Reshard::Kind::count) {
        ASSERT_EQ(stream.routes.size(), what.count);
      }
    }
  }
}

TEST(Reshard, WhatIsKeptOfOneCanBeReadAndNothingElse) {
  for (const std::string_view bad : {"", "split", "split 1", "split x 1", "merge 1", "merge 1 2 3",
                                     "count", "count -1", "count 1x", "grow 1 2"}) {
    EXPECT_FALSE(Reshard::parse(bad)) << bad;
  }
}

TEST(Stream, RoutesToTheOpenShardThatHoldsTheKey) {
  Stream stream = stream_of(3);
  carry_out(stream, {.kind = Reshard::Kind::count, .count = 7});
  base::FastRng draw(3);
  for (int i = 0; i < 1'000; ++i) {
    const HashKey key{.high = draw.next(), .low = draw.next()};
    const Shard& shard = stream.route(key);
    EXPECT_TRUE(shard.open());
    EXPECT_TRUE(shard.range.holds(key));
  }
}

}  // namespace
}  // namespace hyd::streams

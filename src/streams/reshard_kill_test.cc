// The program ends between the steps of a reshard, or the disk fails there. Afterwards the stream
// has its old shards or its new ones, whole; it is ACTIVE, takes records, and has each acknowledged
// one once.
#include "streams/testing/sim_life.h"

#include <fmt/core.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>

namespace hyd::streams {
namespace {

using testing::Life;
using testing::live;
using testing::StreamsLife;

std::string put_of(int number) {
  return fmt::format(R"({{"StreamName":"s","Data":"","PartitionKey":"{}"}})", number);
}

struct Change {
  std::string_view name;
  std::string_view operation;
  std::string_view input;
  std::size_t open_before = 2;
  std::size_t open_after = 0;
};
constexpr Change kChanges[] = {
    {"split", "SplitShard", R"({"StreamName":"s","ShardToSplit":"0","NewStartingHashKey":"77"})", 2,
     3},
    {"merge", "MergeShards", R"({"StreamName":"s","ShardToMerge":"0","AdjacentShardToMerge":"1"})",
     2, 1},
    {"count", "UpdateShardCount",
     R"({"StreamName":"s","TargetShardCount":5,"ScalingType":"UNIFORM_SCALING"})", 2, 5},
};

// Puts before, a change, puts while and after it. Tells what was answered.
void work(StreamsLife& streams, sys::SimProcess& process, const Change& change) {
  int number = 0;
  const auto put = [&] {
    if (streams.ask("PutRecord", put_of(number)).contains("SequenceNumber")) {
      process.tell(fmt::format("kept {}", number));
    }
    ++number;
  };
  streams.ask("CreateStream", R"({"StreamName":"s","ShardCount":2})");
  for (int i = 0; i < 4; ++i) put();
  auto changed = std::make_shared<StreamsLife::Answer>();
  streams.start(change.operation, change.input, changed);
  streams.loop().run_pending();
  for (int i = 0; i < 4; ++i) put();
  streams.settle();
  if (*changed && (*changed)->has_value()) process.tell("changed");
  put();
}

// Everything a start finds of the stream must hold together.
void check(const Life& before, const Change& change, bool must_have_changed) {
  const Life after =
      live(before.disk, {.seed = 23}, [&](StreamsLife& streams, sys::SimProcess& process) {
        const StreamPtr stream = streams.streams().newest()->find("us-east-1", "s");
        HYD_CHECK(stream != nullptr && stream->status == Status::active);
        testing::must_be_whole(*stream);
        const std::size_t open = stream->routes.size();
        process.tell(open == change.open_after    ? "new"
                     : open == change.open_before ? "old"
                                                  : "half");
        HYD_CHECK(streams.ask("PutRecord", put_of(1'000)).contains("SequenceNumber"));
        const auto found = testing::keys_in_log(streams, process, *stream);
        for (const auto& [key, times] : found) {
          HYD_CHECK(times == 1);
          process.tell("has " + key);
        }
      });
  EXPECT_FALSE(after.ledger.starts_with("half"));
  if (must_have_changed || before.ledger.contains("changed")) {
    EXPECT_TRUE(after.ledger.starts_with("new"));
  }
  for (int number = 0; number < 9; ++number) {
    if (!before.ledger.contains(fmt::format("kept {}\n", number))) continue;
    EXPECT_TRUE(after.ledger.contains(fmt::format("has {}\n", number))) << number;
  }
  EXPECT_TRUE(after.ledger.contains("has 1000\n"));
}

TEST(ReshardKill, AKillAtEachStepLeavesTheOldShardsOrTheNewOnes) {
  struct Point {
    std::string_view name;
    bool changed;
  };
  constexpr Point kPoints[] = {
      {"streams.reshard.sealed", false}, {"streams.reshard.drained", false},
      {"streams.reshard.closed", false}, {"streams.reshard.stored", true},
      {"streams.reshard.opened", true},  {"streams.reshard.shown", true},
  };
  for (const Change& change : kChanges) {
    for (const Point& point : kPoints) {
      SCOPED_TRACE(fmt::format("{} {}", change.name, point.name));
      const Life life = live(
          "", {.seed = 3, .fail_points = std::string(point.name) + ":1:kill"},
          [&](StreamsLife& streams, sys::SimProcess& process) { work(streams, process, change); });
      EXPECT_EQ(life.how, sys::SimEnd::How::killed);
      check(life, change, point.changed);
    }
  }
}

TEST(ReshardKill, AnErrorBeforeTheDurableStepOpensTheParentsAgain) {
  for (const Change& change : kChanges) {
    SCOPED_TRACE(change.name);
    const Life life = live(
        "", {.seed = 5, .fail_points = "streams.reshard.closed:1:error"},
        [&](StreamsLife& streams, sys::SimProcess& process) { work(streams, process, change); });
    EXPECT_FALSE(life.ledger.contains("changed"));
    for (int number = 0; number < 9; ++number) {
      EXPECT_TRUE(life.ledger.contains(fmt::format("kept {}\n", number))) << number;
    }
    check(life, change, false);
  }
}

TEST(ReshardKill, WhatAStreamIsToBecomeIsCarriedOutByTheNextStart) {
  for (const Change& change : kChanges) {
    SCOPED_TRACE(change.name);
    const Life life = live("", {.seed = 6, .fail_points = "streams.reshard.pending:1:kill"},
                           [&](StreamsLife& streams, sys::SimProcess& process) {
                             streams.ask("CreateStream", R"({"StreamName":"s","ShardCount":2})");
                             streams.loop().pass(std::chrono::seconds(1));
                             streams.settle();
                             streams.ask(change.operation, change.input);
                             process.tell("answered");
                           },
                           {.transition = std::chrono::seconds(1)});
    EXPECT_EQ(life.how, sys::SimEnd::How::killed);
    check(life, change, true);
  }
}

// Killed at many steps of one life, with the disk losing what was not durable.
TEST(ReshardKill, WhatWasAnsweredIsTrueAfterAKillAtAnyStep) {
  const Change& change = kChanges[2];
  const auto body = [&](StreamsLife& streams, sys::SimProcess& process) {
    work(streams, process, change);
  };
  ASSERT_TRUE(live("", {.seed = 9}, body).ledger.ends_with("changed\nkept 8\n"));
  int killed = 0;
  for (std::uint64_t step = 200; step < 6'000; step += 13) {
    const Life life = live("", {.seed = 9, .kill_at_step = step}, body);
    if (life.how != sys::SimEnd::How::killed) break;
    if (!life.ledger.contains("kept 0")) continue;  // the stream may not be there yet
    ++killed;
    SCOPED_TRACE(fmt::format("{}: {}", step, life.ledger));
    check(life, change, false);
  }
  EXPECT_GT(killed, 15);
}

}  // namespace
}  // namespace hyd::streams

// Random histories: puts, splits, merges, counts, consumers, retention, and kills at any step, life
// after life on one simulated disk. Goal: whatever was answered holds in every later life, and a
// stream is always whole.
#include "base/rng.h"
#include "streams/testing/sim_life.h"

#include <fmt/core.h>
#include <gtest/gtest.h>

#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace hyd::streams {
namespace {

using testing::Life;
using testing::live;
using testing::StreamsLife;

struct Answered {
  std::string what;  // told once the answer has come
  std::shared_ptr<StreamsLife::Answer> answer;
};

// One call of a history.
class History {
 public:
  History(StreamsLife& streams, sys::SimProcess& process, std::uint64_t seed, int life)
      : streams_(streams),
        process_(process),
        draw_(seed * 31 + static_cast<unsigned>(life)),
        life_(life) {}

  void run(int calls) {
    for (int i = 0; i < calls; ++i) {
      step(i);
      streams_.loop().run_pending();
      if (draw_.below(3) == 0) streams_.pass(std::chrono::microseconds(draw_.below(2'000)));
      tell();
    }
    for (int i = 0; i < 3; ++i) streams_.settle();
    tell();
    HYD_CHECK(waiting_.empty());
  }

 private:
  StreamPtr stream() const { return streams_.streams().newest()->find("us-east-1", "s"); }

  void start(std::string what, std::string_view operation, const std::string& input) {
    waiting_.push_back({std::move(what), std::make_shared<StreamsLife::Answer>()});
    streams_.start(operation, input, waiting_.back().answer);
  }

  void step(int number) {
    const StreamPtr now = stream();
    const std::size_t at = draw_.below(now->routes.size());
    const Shard& shard = now->shards[now->routes[at]];
    switch (draw_.below(10)) {
      case 0: {
        const std::uint64_t low = shard.range.first.high;
        const std::uint64_t width = shard.range.last.high - low;
        if (width < 4) return;
        return start(
            "split", "SplitShard",
            fmt::format(R"({{"StreamName":"s","ShardToSplit":"{}",)"
                        R"("NewStartingHashKey":"{}"}})",
                        shard.index, HashKey{.high = low + 1 + draw_.below(width - 1)}.decimal()));
      }
      case 1:
        if (at + 1 == now->routes.size()) return;
        return start("merge", "MergeShards",
                     fmt::format(R"({{"StreamName":"s","ShardToMerge":"{}",)"
                                 R"("AdjacentShardToMerge":"{}"}})",
                                 shard.index, now->routes[at + 1]));
      case 2:
        return start("count", "UpdateShardCount",
                     fmt::format(R"({{"StreamName":"s","TargetShardCount":{},)"
                                 R"("ScalingType":"UNIFORM_SCALING"}})",
                                 1 + draw_.below(9)));
      case 3:
        return start(fmt::format("consumer c{}-{}", life_, number), "RegisterStreamConsumer",
                     fmt::format(R"({{"StreamARN":"{}","ConsumerName":"c{}-{}"}})", now->arn, life_,
                                 number));
      default:
        return start(fmt::format("kept k{}-{}", life_, number), "PutRecord",
                     fmt::format(R"({{"StreamName":"s","Data":"","PartitionKey":"k{}-{}"}})", life_,
                                 number));
    }
  }

  // Nobody is refused but by what another call made of the shards meanwhile.
  void tell() {
    std::erase_if(waiting_, [&](const Answered& one) {
      if (!one.answer->has_value()) return false;
      const auto& answer = **one.answer;
      const bool put = one.what.starts_with("kept");
      HYD_CHECK(answer.has_value() || !put);
      if (answer) process_.tell(one.what);
      return true;
    });
  }

  StreamsLife& streams_;
  sys::SimProcess& process_;
  base::FastRng draw_;
  const int life_;
  std::vector<Answered> waiting_;
};

std::set<std::string> told(std::string_view ledger, std::string_view head) {
  std::set<std::string> all;
  while (!ledger.empty()) {
    const std::string_view line = ledger.substr(0, ledger.find('\n'));
    ledger.remove_prefix(std::min(ledger.size(), line.size() + 1));
    if (line.starts_with(head)) all.emplace(line.substr(head.size()));
  }
  return all;
}

TEST(ReshardSim, WhateverIsKilledTheStreamIsWholeAndKeepsWhatItAnswered) {
  int killed = 0;
  for (std::uint64_t seed = 0; seed < 24; ++seed) {
    SCOPED_TRACE(fmt::format("seed {}", seed));
    base::FastRng draw(seed);
    Life life = live("", {.seed = seed}, [](StreamsLife& streams, sys::SimProcess&) {
      streams.ask("CreateStream", R"({"StreamName":"s","ShardCount":2})");
    });
    std::set<std::string> kept;
    std::set<std::string> consumers;
    for (int number = 0; number < 4; ++number) {
      const std::uint64_t kill = number == 3 ? 0 : 300 + draw.below(1'500);
      life = live(life.disk, {.seed = seed + 100, .kill_at_step = kill},
                  [&](StreamsLife& streams, sys::SimProcess& process) {
                    History(streams, process, seed, number).run(25);
                  });
      if (life.how == sys::SimEnd::How::killed) ++killed;
      kept.merge(told(life.ledger, "kept "));
      consumers.merge(told(life.ledger, "consumer "));
    }
    const Life last =
        live(life.disk, {.seed = 1}, [](StreamsLife& streams, sys::SimProcess& process) {
          const StreamPtr stream = streams.streams().newest()->find("us-east-1", "s");
          HYD_CHECK(stream != nullptr && stream->status == Status::active);
          testing::must_be_whole(*stream);
          for (const auto& [key, times] : testing::keys_in_log(streams, process, *stream)) {
            HYD_CHECK(times == 1);
            process.tell("has " + key);
          }
          for (const auto& [name, consumer] : stream->settings.consumers) {
            process.tell("consumer " + name);
          }
        });
    const std::set<std::string> has = told(last.ledger, "has ");
    for (const std::string& key : kept) EXPECT_TRUE(has.contains(key)) << key;
    const std::set<std::string> listed = told(last.ledger, "consumer ");
    for (const std::string& name : consumers) EXPECT_TRUE(listed.contains(name)) << name;
    EXPECT_GT(kept.size(), 10u);
  }
  EXPECT_GT(killed, 20);
}

}  // namespace
}  // namespace hyd::streams

// What every Log must do, asked through the interface alone. A room with an implementation makes a
// LogWorld of it and instantiates the suite:
//
//   INSTANTIATE_TEST_SUITE_P(Mine, LogContract, ::testing::Values(LogEngine{"mine", make_world}));
//
// What ends a life here is a stop; that nothing answered is lost in a crash is each engine's own
// simulation.
#pragma once

#include "log/log.h"
#include "sys/loop.h"
#include "sys/runtime.h"
#include "sys/wait_for.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <functional>
#include <memory>
#include <ostream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hyd::log {

// One life of a log, as a thread that is no loop's sees it.
struct LogTester {
  using Records = std::vector<std::pair<std::uint32_t, std::string>>;

  Log& log;
  sys::Runtime& runtime;
  std::vector<sys::Loop*> loops;               // running, at least two
  std::function<void(std::string_view)> tell;  // a line of what `live` returns

  static std::string key_of(std::string_view data) {
    return "key of " + std::string(data.substr(0, 10));
  }
  template <class T, class Start>
  base::Result<T> wait(Start start) {
    return sys::wait_for<T>(runtime, std::move(start));
  }
  void open(std::uint32_t shard) {
    const auto opened = wait<void>([&](auto done) {
      log.open_shard(ShardNumber(shard), {.stream = {}, .index = shard}, std::move(done));
    });
    if (!opened) tell("open: " + std::string(base::name(opened.error().code)));
  }
  base::Result<Appended> append(std::size_t loop, Records records) {
    return wait<Appended>([&](auto done) {
      sys::Loop& from = *loops[loop];
      from.post([this, &from, records, done = std::move(done)]() mutable {
        std::vector<std::string> keys;
        for (const auto& [shard, data] : records) keys.push_back(key_of(data));
        std::vector<NewRecord> call;
        for (std::size_t i = 0; i < records.size(); ++i) {
          const auto& [shard, data] = records[i];
          call.push_back({.shard = ShardNumber(shard), .key = keys[i], .data = data});
        }
        log.append(from, call, std::move(done));
      });
    });
  }
  base::Result<ReadResult> read(const ReadRequest& request) {
    return wait<ReadResult>([&](auto done) { log.read(nullptr, request, std::move(done)); });
  }
  // The data of every record of the shard, or why it cannot be read.
  std::string all(std::uint32_t shard, std::size_t records_max = 1000, Mark up_to = Mark::durable) {
    std::string text;
    ReadRequest request{
        .shard = ShardNumber(shard), .from = Place(1), .records_max = records_max, .up_to = up_to};
    for (;;) {
      const auto got = read(request);
      if (!got) return text + std::string(base::name(got.error().code));
      for (const ReadRecord& record : got->records) {
        if (record.place < request.from || record.key != key_of(record.data)) {
          return text + "?";
        }
        text += record.data;
      }
      if (got->caught_up) return text;
      if (got->next <= request.from) return text + "no progress";
      request.from = got->next;
    }
  }
  // Level `process` syncs in its own time.
  void until_durable() {
    const base::MonoTime end = runtime.clock().mono() + std::chrono::seconds(60);
    while (log.end(Mark::durable) < log.end(Mark::readable) && runtime.clock().mono() < end) {
      runtime.sleep_until(runtime.clock().mono() + std::chrono::milliseconds(50));
    }
  }
};

// Where logs of one storage live one after the other.
class LogWorld {
 public:
  virtual ~LogWorld() = default;
  // Runs `body` over what the life before left; no shard is open. What it told, a line each.
  virtual std::string live(const std::function<void(LogTester&)>& body) = 0;
};

struct LogEngine {
  std::string name;
  std::function<std::unique_ptr<LogWorld>()> make;
  friend void PrintTo(const LogEngine& engine, std::ostream* out) { *out << engine.name; }
};

class LogContract : public ::testing::TestWithParam<LogEngine> {
 protected:
  LogContract() : world_(GetParam().make()) {}
  std::string live(const std::function<void(LogTester&)>& body) { return world_->live(body); }

 private:
  std::unique_ptr<LogWorld> world_;
};
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(LogContract);

TEST_P(LogContract, RecordsOfACallAreAdjacentAndPlacesOfAShardRise) {
  const std::string seen = live([](LogTester& it) {
    it.open(1);
    it.open(2);
    const auto first = it.append(0, {{1, "a"}, {2, "b"}, {1, "c"}});
    const auto second = it.append(1, {{1, "d"}});
    if (!first || !second) return it.tell("refused");
    it.tell(second->first.raw() >= first->first.raw() + 3 ? "later is larger" : "not in order");
    it.tell(second->arrival_ms >= first->arrival_ms ? "time goes on" : "time goes back");
    it.until_durable();
    const auto got = it.read({.shard = ShardNumber(1), .from = first->first});
    if (!got || got->records.size() != 3) return it.tell("not all there");
    for (const ReadRecord& record : got->records) {
      it.tell(std::to_string(record.place.raw() - first->first.raw()) + std::string(record.data));
    }
    it.tell(got->caught_up && got->next > second->first ? "caught up" : "not caught up");
  });
  const std::string end = seen.substr(0, seen.find("0a"));
  EXPECT_EQ(end, "later is larger\ntime goes on\n");
  EXPECT_TRUE(seen.contains("0a\n2c\n")) << seen;
  EXPECT_TRUE(seen.ends_with("d\ncaught up\n")) << seen;
}

TEST_P(LogContract, WhatWasAnsweredIsThereInTheNextLifeAndPlacesGoOnBehindIt) {
  const std::string before = live([](LogTester& it) {
    it.open(1);
    it.open(2);
    for (const char* const data : {"a", "b", "c"}) {
      const auto done = it.append(0, {{1, data}, {2, "x"}});
      it.tell(done ? std::to_string(done->first.raw()) : "refused");
    }
    it.until_durable();
  });
  const std::string after = live([](LogTester& it) {
    it.open(1);
    it.open(2);
    it.tell(it.all(1) + " " + it.all(2));
    const std::uint64_t end = it.log.end(Mark::readable).raw();
    const auto done = it.append(1, {{1, "d"}});
    it.tell(done && done->first.raw() >= end ? "behind" : "not behind");
    it.until_durable();
    it.tell(it.all(1));
  });
  EXPECT_EQ(std::ranges::count(before, '\n'), 3) << before;
  EXPECT_EQ(after, "abc xxx\nbehind\nabcd\n");
}

TEST_P(LogContract, ReadsAreBoundedAndGoOnWhereTheyEnded) {
  EXPECT_EQ(
      live([](LogTester& it) {
        it.open(1);
        it.open(2);
        for (char c = 'a'; c < 'k'; ++c) {
          static_cast<void>(it.append(0, {{1, std::string(1, c)}, {2, "-"}}));
        }
        it.until_durable();
        it.tell(it.all(1, 1) + " " + it.all(1, 3));
        const auto small = it.read({.shard = ShardNumber(1), .from = Place(1), .bytes_max = 1});
        it.tell(small ? std::to_string(small->records.size()) : "refused");
        const auto tip = it.read({.shard = ShardNumber(1), .from = it.log.end(Mark::durable)});
        it.tell(tip && tip->records.empty() && tip->caught_up ? "nothing" : "something");
      }),
      "abcdefghij abcdefghij\n1\nnothing\n");
}

TEST_P(LogContract, ACallWithAnUnknownShardIsRefusedWhole) {
  EXPECT_EQ(live([](LogTester& it) {
              it.open(1);
              it.tell(base::name(it.append(0, {{1, "a"}, {9, "b"}}).error().code));
              it.tell(it.all(9));
              it.tell(it.append(0, {{1, "c"}}) ? "kept" : "refused");
              it.until_durable();
              it.tell(it.all(1));
            }),
            "not_found\nnot_found\nkept\nc\n");
}

TEST_P(LogContract, AClosedShardTakesNothingMoreAndIsReadToItsEnd) {
  const auto body = [](LogTester& it) {
    it.open(1);
    it.open(1);  // again is no error
    const auto last = it.append(0, {{1, "a"}, {1, "b"}});
    const auto end =
        it.wait<Place>([&](auto done) { it.log.close_shard(ShardNumber(1), std::move(done)); });
    if (!last || !end) return it.tell("refused");
    it.tell(end->raw() >= last->first.raw() + 1 ? "behind its last" : "before its last");
    it.tell(end->raw() < it.log.end(Mark::durable).raw() ? "durable" : "not durable");
    it.tell(base::name(it.append(1, {{1, "c"}}).error().code));
    it.tell(it.all(1));
    const auto unknown =
        it.wait<Place>([&](auto done) { it.log.close_shard(ShardNumber(9), std::move(done)); });
    it.tell(unknown ? "closed" : base::name(unknown.error().code));
  };
  EXPECT_EQ(live(body), "behind its last\ndurable\nnot_found\nab\nnot_found\n");
}

TEST_P(LogContract, TimeFindsTheFirstRecordThatIsNewEnough) {
  EXPECT_EQ(live([](LogTester& it) {
              it.open(1);
              it.open(2);
              std::vector<Appended> at;
              for (int i = 0; i < 3; ++i) {
                const auto done = it.append(0, {{1, "t"}});
                if (!done) return it.tell("refused");
                at.push_back(*done);
                it.runtime.sleep_until(it.runtime.clock().mono() + std::chrono::milliseconds(30));
                static_cast<void>(it.append(1, {{2, "other"}}));
              }
              it.until_durable();
              const auto find = [&](std::int64_t ms) {
                const auto found = it.wait<Place>([&](auto done) {
                  it.log.find_by_time(nullptr, ShardNumber(1), ms, std::move(done));
                });
                return found ? *found : Place(0);
              };
              it.tell(find(0) == at[0].first ? "oldest" : "wrong");
              it.tell(find(at[1].arrival_ms) == at[1].first ? "exact" : "wrong");
              it.tell(find(at[1].arrival_ms + 1) == at[2].first ? "next" : "wrong");
              it.tell(find(at[2].arrival_ms + 1) == it.log.end(Mark::readable) ? "tip" : "wrong");
            }),
            "oldest\nexact\nnext\ntip\n");
}

TEST_P(LogContract, ACallThatIsTooLargeIsRefusedAndLeavesNothing) {
  EXPECT_EQ(live([](LogTester& it) {
              it.open(1);
              const auto refused = it.append(0, {{1, std::string(kCallBytesMax + 1, 'x')}});
              it.tell(refused ? "kept" : base::name(refused.error().code));
              it.tell(it.all(1));
            }),
            "invalid\n\n");
}

// A holder that is stated before letting go keeps what it needs; one that is dropped does not
// disturb. How long the rest stays is the engine's retention.
TEST_P(LogContract, WhatIsHeldStays) {
  EXPECT_EQ(live([](LogTester& it) {
              it.open(1);
              it.log.hold(HolderId(1), ShardNumber(1), Place(0));
              it.log.hold(HolderId(2), ShardNumber(1), Place(0));
              it.log.start_letting_go();
              static_cast<void>(it.append(0, {{1, "a"}}));
              it.until_durable();
              it.log.drop_holder(HolderId(2));
              it.runtime.sleep_until(it.runtime.clock().mono() + std::chrono::seconds(1));
              it.tell(it.all(1));
              it.tell(it.log.has_room() ? "room" : "no room");
            }),
            "a\nroom\n");
}

}  // namespace hyd::log

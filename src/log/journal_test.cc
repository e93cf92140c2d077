// The journal in one life: what it answers, in which order, and what readers see.
#include "log/journal.h"

#include "log/testing/log_life.h"
#include "log/verify.h"

#include <gtest/gtest.h>

#include <functional>
#include <set>
#include <string>

namespace hyd::log {
namespace {

constexpr JournalOptions kSmall{.segment_bytes = 64u << 10};

// Runs `body` in a simulated process and expects it to return; its ledger is the observation.
std::string in_life(const std::function<void(LogLife&, sys::SimProcess&)>& body,
                    JournalOptions options = kSmall) {
  const sys::SimEnd end = sys::run_process("", {.seed = 11}, [&](sys::SimProcess& process) {
    LogLife life(process, options);
    body(life, process);
    life.stop();
  });
  EXPECT_EQ(end.how, sys::SimEnd::How::returned) << end.why;
  return end.ledger;
}

TEST(Journal, PlacesCountOverAllShardsFromOneAndRecordsOfACallAreAdjacent) {
  const std::string seen = in_life([](LogLife& life, sys::SimProcess& process) {
    const auto first = life.append(0, {{1, "a"}, {2, "b"}, {1, "c"}});
    const auto second = life.append(1, {{3, "d"}});
    process.tell(std::to_string(first->first.raw()) + " " + std::to_string(second->first.raw()));
    for (const std::uint32_t shard : {1u, 2u, 3u}) {
      for (const auto& [place, data] : life.read_all(shard)) {
        process.tell(std::to_string(shard) + "/" + std::to_string(place) + "=" + data);
      }
    }
  });
  EXPECT_EQ(seen, "1 4\n1/1=a\n1/3=c\n2/2=b\n3/4=d\n");
}

TEST(Journal, ReadsGoOnOverSegmentsFromMemoryAndFromDisk) {
  for (const std::uint64_t hot : {std::uint64_t{0}, std::uint64_t{1} << 20}) {
    const std::string seen = in_life(
        [](LogLife& life, sys::SimProcess& process) {
          for (int i = 0; i < 60; ++i) {
            const auto done = life.append(
                0, {{1, std::string(3000, 'x') + std::to_string(i)}, {2, std::to_string(i)}});
            HYD_CHECK(done.has_value());
          }
          const auto all = life.read_all(1);
          bool in_order = all.size() == 60;
          for (std::size_t i = 0; in_order && i < all.size(); ++i) {
            in_order = all[i].second == std::string(3000, 'x') + std::to_string(i);
          }
          process.tell(in_order ? "all in order" : "broken");
          process.tell(std::to_string(life.read_all(2).size()));
        },
        {.segment_bytes = 64u << 10, .hot_bytes_max = hot});
    EXPECT_EQ(seen, "all in order\n60\n") << hot;
  }
}

TEST(Journal, AnUnknownOrClosedShardIsRefusedAndNothingIsWritten) {
  const std::string seen = in_life([](LogLife& life, sys::SimProcess& process) {
    process.tell(base::name(life.append(0, {{1, "a"}, {9, "b"}}).error().code));
    const auto closed = sys::wait_for<Place>(life.runtime(), [&](auto done) {
      life.journal().close_shard(ShardNumber(2), std::move(done));
    });
    HYD_CHECK(closed.has_value());
    process.tell(base::name(life.append(1, {{2, "c"}}).error().code));
    process.tell(std::to_string(life.append(0, {{1, "d"}})->first.raw()));
    process.tell(std::to_string(life.read_all(1).size()));
  });
  EXPECT_EQ(seen, "not_found\nnot_found\n1\n1\n");
}

TEST(Journal, ACallLargerThanASegmentGetsASlotOfItsOwn) {
  const std::string seen = in_life([](LogLife& life, sys::SimProcess& process) {
    const auto done = life.append(0, {{1, std::string(200u << 10, 'y')}});
    process.tell(done ? "kept" : done.error().what);
    const auto all = life.read_all(1);
    process.tell(std::to_string(all.size()) + " " + std::to_string(all.at(0).second.size()));
    process.tell(life.append(0, {{1, "after"}}) ? "kept" : "lost");
  });
  EXPECT_EQ(seen, "kept\n1 204800\nkept\n");
}

// The long slot was made ready last and used first, so its number is out of order.
TEST(Journal, AfterARestartRecordsAreReadInTheOrderOfTheLogNotOfTheSlots) {
  const auto lives = [](std::string_view disk, const std::function<void(LogLife&)>& body,
                        std::string* ledger) {
    const sys::SimEnd end = sys::run_process(disk, {.seed = 11}, [&](sys::SimProcess& process) {
      LogLife life(process, kSmall);
      body(life);
      for (const auto& [place, data] : life.read_all(1)) process.tell(data.substr(0, 2));
      life.stop();
    });
    EXPECT_EQ(end.how, sys::SimEnd::How::returned) << end.why;
    *ledger = end.ledger;
    return end.disk;
  };
  std::string before;
  const std::string disk = lives(
      "",
      [](LogLife& life) {
        HYD_CHECK(life.append(0, {{1, "0."}}).has_value());
        HYD_CHECK(life.append(0, {{1, "1." + std::string(200u << 10, 'y')}}).has_value());
        for (int i = 2; i < 9; ++i) {
          HYD_CHECK(life.append(0, {{1, std::to_string(i) + "." + std::string(30'000, 'y')}})
                        .has_value());
        }
      },
      &before);
  EXPECT_EQ(before, "0.\n1.\n2.\n3.\n4.\n5.\n6.\n7.\n8.\n");
  std::string after;
  lives(disk, [](LogLife&) {}, &after);
  EXPECT_EQ(after, before);
}

// What a restored or lost log no longer holds may still be named by the rooms above.
TEST(Journal, AfterARestartPlacesGoOnBehindEveryPlaceThatTheCatalogNames) {
  constexpr std::uint64_t kBlock = std::uint64_t{1} << 32;
  constexpr std::uint64_t kNamed = 1'000'000'000 * kBlock + 5;
  const auto run = [&](std::string_view disk, std::uint64_t named) {
    return sys::run_process(disk, {.seed = 11}, [&](sys::SimProcess& process) {
      LogLife life(process, kSmall);
      process.tell(std::to_string(life.append(0, {{1, "a"}})->first.raw()));
      life.stop();
      if (named > 0) HYD_CHECK(life.catalog().name_place(named).has_value());
    });
  };
  const sys::SimEnd before = run("", kNamed);
  EXPECT_EQ(before.ledger, "1\n");
  EXPECT_EQ(run(before.disk, 0).ledger, std::to_string((kNamed / kBlock + 1) * kBlock) + "\n");
}

// At that level the durable mark would name what no one has synced.
constexpr JournalOptions kProcess{.durability = sys::Durability::process,
                                  .segment_bytes = 64u << 10};

TEST(Journal, AtLevelProcessARecordIsReadAtOnceAndDurableWithTheNextSync) {
  const std::string seen = in_life(
      [](LogLife& life, sys::SimProcess& process) {
        const auto tell = [&] {
          const Journal& journal = life.journal();
          process.tell(
              std::to_string(life.read_all(1).size()) + " read, " +
              (journal.end(Mark::durable) < journal.end(Mark::readable) ? "not all" : "all") +
              " durable");
        };
        HYD_CHECK(life.append(0, {{1, "a"}}).has_value());
        tell();
        process.runtime.sleep_until(process.runtime.clock().mono() + std::chrono::seconds(2));
        tell();
        HYD_CHECK(life.append(1, {{1, "b"}}).has_value());
        tell();
      },
      kProcess);
  EXPECT_EQ(seen, "1 read, not all durable\n1 read, all durable\n2 read, not all durable\n");
}

// One record is synced, the next is not: a kill keeps both, a power cut may take the second.
TEST(Journal, AtLevelProcessAKillLosesNothingAndAPowerCutNothingThatIsDurable) {
  std::set<std::string> after_power;
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    const sys::SimEnd end = sys::run_process("", {.seed = seed}, [](sys::SimProcess& process) {
      LogLife life(process, kProcess);
      HYD_CHECK(life.append(0, {{1, "a"}}).has_value());
      process.runtime.sleep_until(process.runtime.clock().mono() + std::chrono::seconds(2));
      HYD_CHECK(life.append(0, {{1, "b"}}).has_value());
      process.runtime.die("as planned");
    });
    ASSERT_EQ(end.why, "as planned");
    for (const bool power : {false, true}) {
      auto disk = sys::SimDisk::load(end.disk, seed);
      power ? disk->lose_power() : disk->kill();
      const sys::SimEnd next =
          sys::run_process(disk->save(), {.seed = seed}, [](sys::SimProcess& process) {
            LogLife life(process, kProcess);
            std::string all;
            for (const auto& [place, data] : life.read_all(1)) all += data;
            process.tell(all);
            life.stop();
          });
      if (power) {
        after_power.insert(next.ledger);
      } else {
        EXPECT_EQ(next.ledger, "ab\n") << seed;
      }
    }
  }
  EXPECT_EQ(after_power, (std::set<std::string>{"a\n", "ab\n"}));
}

// What is on the medium after a failed write or sync is unknown: starting is recovery.
TEST(Journal, AtLevelProcessAFailedWriteEndsTheProcess) {
  const sys::SimEnd end =
      sys::run_process("", {.seed = 11, .fail_journal_write = 1}, [](sys::SimProcess& process) {
        LogLife life(process, kProcess);
        process.tell(life.append(0, {{1, "a"}}) ? "answered" : "refused");
      });
  EXPECT_EQ(end.how, sys::SimEnd::How::died);
  EXPECT_EQ(end.ledger, "");
}

TEST(Journal, ACallThatNoSlotIsLongEnoughForIsRefusedAndShorterOnesGoOn) {
  const std::string seen = in_life(
      [](LogLife& life, sys::SimProcess& process) {
        const auto put = [&](std::size_t bytes) {
          const auto done = life.append(0, {{1, std::string(bytes, 'x')}});
          process.tell(done ? "kept" : std::string(base::name(done.error().code)));
        };
        put(100'000);
        put(100'000);
        put(100);
        process.tell(std::to_string(life.read_all(1).size()));
      },
      {.segment_bytes = 64u << 10, .log_bytes_max = 300u << 10});
  EXPECT_EQ(seen, "kept\nexhausted\nkept\n2\n");
}

TEST(Journal, AtItsLimitPutsAreRefusedWholeAndRecordsStayReadable) {
  const std::string seen = in_life(
      [](LogLife& life, sys::SimProcess& process) {
        int kept = 0;
        base::Code refusal = base::Code::io;
        for (int i = 0; i < 400; ++i) {
          const auto done = life.append(0, {{1, std::string(3500, 'z')}});
          if (done) {
            ++kept;
          } else {
            refusal = done.error().code;
            break;
          }
        }
        process.tell(base::name(refusal));
        process.tell(life.read_all(1).size() == static_cast<std::size_t>(kept) ? "same" : "differ");
        process.tell(kept > 20 ? "some" : "few");
      },
      {.segment_bytes = 64u << 10, .log_bytes_max = 256u << 10});
  EXPECT_EQ(seen, "exhausted\nsame\nsome\n");
}

TEST(Journal, AgeLetsSegmentsGoButNeverWhatAHolderNeeds) {
  const std::string seen = in_life(
      [](LogLife& life, sys::SimProcess& process) {
        life.journal().hold(HolderId(1), ShardNumber(2), Place(0));
        life.journal().start_letting_go();
        for (int i = 0; i < 100; ++i) {
          const std::uint32_t shard = i < 40 ? 1 : 2;
          HYD_CHECK(life.append(0, {{shard, std::string(3500, 'q')}}).has_value());
        }
        process.runtime.sleep_until(process.runtime.clock().mono() + std::chrono::minutes(2));
        // The segment in which the held shard begins keeps its last few of the other.
        process.tell(life.read_all(1).size() < 16 ? "gone" : "there");
        process.tell(std::to_string(life.read_all(2).size()));
      },
      {.segment_bytes = 64u << 10, .retention_ms = 60'000});
  EXPECT_EQ(seen, "gone\n60\n");
}

TEST(Journal, TimeFindsTheFirstRecordThatIsNewEnough) {
  const std::string seen = in_life([](LogLife& life, sys::SimProcess& process) {
    std::vector<Appended> at;
    for (int i = 0; i < 30; ++i) {
      at.push_back(*life.append(0, {{1, std::string(3500, 't')}}));
      process.runtime.sleep_until(process.runtime.clock().mono() + std::chrono::seconds(1));
    }
    const auto find = [&](std::int64_t ms) {
      return sys::wait_for<Place>(life.runtime(), [&](auto done) {
        life.journal().find_by_time(nullptr, ShardNumber(1), ms, std::move(done));
      });
    };
    process.tell(*find(at[17].arrival_ms) == at[17].first ? "exact" : "wrong");
    process.tell(*find(at[17].arrival_ms + 1) == at[18].first ? "next" : "wrong");
    process.tell(*find(0) == at[0].first ? "oldest" : "wrong");
    process.tell(*find(at[29].arrival_ms + 1) == life.journal().end(Mark::readable) ? "tip"
                                                                                    : "wrong");
  });
  EXPECT_EQ(seen, "exact\nnext\noldest\ntip\n");
}

// The broken commit lies 300 KiB before what is looked for, in the same sealed segment: a search
// that reads the segment from its beginning meets it.
TEST(Journal, ASearchByTimeReadsOnlyBetweenTwoEntriesOfASegment) {
  constexpr JournalOptions kLarge{.segment_bytes = 1u << 20};
  std::int64_t wanted = 0;
  std::uint64_t at = 0;
  const sys::SimEnd written = sys::run_process("", {.seed = 11}, [&](sys::SimProcess& process) {
    LogLife life(process, kLarge);
    for (int i = 0; i < 300; ++i) {  // two blocks each: the first segment is full and sealed
      const auto done = life.append(0, {{1, std::string(5000, 't')}});
      if (i == 90) process.tell(std::to_string(done->arrival_ms));
      if (i == 90) process.tell(std::to_string(done->first.raw()));
      process.runtime.sleep_until(process.runtime.clock().mono() + std::chrono::seconds(1));
    }
    life.stop();
  });
  ASSERT_EQ(written.how, sys::SimEnd::How::returned) << written.why;
  const std::size_t line = written.ledger.find('\n');
  wanted = base::parse_int<std::int64_t>(written.ledger.substr(0, line)).value_or(0);
  at = base::parse_int<std::uint64_t>(
           written.ledger.substr(line + 1, written.ledger.size() - line - 2))
           .value_or(0);
  auto disk = sys::SimDisk::load(written.disk, 1);
  disk->flip_byte(slot_path(1), 50u * 2 * sys::kBlockBytes + 200);
  const sys::SimEnd found =
      sys::run_process(disk->save(), {.seed = 12}, [&](sys::SimProcess& process) {
        LogLife life(process, kLarge);
        const auto place = sys::wait_for<Place>(life.runtime(), [&](auto done) {
          life.journal().find_by_time(nullptr, ShardNumber(1), wanted, std::move(done));
        });
        process.tell(place ? std::to_string(place->raw()) : place.error().what);
        life.stop();
      });
  EXPECT_EQ(found.ledger, std::to_string(at) + "\n");
}

TEST(Journal, WhenNothingIsAppendedTheMemoryOfTheTailIsGivenBackAndReadsGoOn) {
  const std::string seen = in_life([](LogLife& life, sys::SimProcess& process) {
    for (int i = 0; i < 30; ++i)
      HYD_CHECK(life.append(0, {{1, std::string(3000, 'h')}}).has_value());
    process.tell(life.journal().probe().hot_bytes.load() > 0 ? "kept" : "gone");
    process.runtime.sleep_until(process.runtime.clock().mono() + std::chrono::seconds(12));
    process.tell(std::to_string(life.journal().probe().hot_bytes.load()));
    process.tell(std::to_string(life.read_all(1).size()));
    HYD_CHECK(life.append(0, {{1, "again"}}).has_value());
    process.tell(life.journal().probe().hot_bytes.load() > 0 ? "kept" : "gone");
  });
  EXPECT_EQ(seen, "kept\n0\n30\nkept\n");
}

// The index of every record is the largest thing that an idle log would keep.
TEST(Journal, WhenNothingIsAppendedALargeIndexOfTheOpenSegmentIsGivenBack) {
  for (const std::uint64_t most : {std::uint64_t{100}, std::uint64_t{1} << 20}) {
    const sys::SimEnd end = sys::run_process("", {.seed = 11}, [&](sys::SimProcess& process) {
      LogLife life(process, {.segment_bytes = 64u << 10, .idle_index_bytes_max = most});
      for (int i = 0; i < 6; ++i) HYD_CHECK(life.append(0, {{1, "a"}, {2, "b"}}).has_value());
      process.runtime.sleep_until(process.runtime.clock().mono() + std::chrono::seconds(12));
      process.tell(std::to_string(life.read_all(1).size()) + " " +
                   std::to_string(life.read_all(2).size()));
      HYD_CHECK(life.append(0, {{1, "c"}}).has_value());
      process.tell(std::to_string(life.read_all(1).size()));
      life.stop();
    });
    ASSERT_EQ(end.how, sys::SimEnd::How::returned) << end.why;
    EXPECT_EQ(end.ledger, "6 6\n7\n");
    const auto disk = sys::SimDisk::load(end.disk, 1);
    const auto found = verify(*disk);
    ASSERT_TRUE(found) << found.error().what;
    EXPECT_EQ(found->damaged(), 0u);
    ASSERT_EQ(found->segments.size(), most == 100 ? 2u : 1u);
    EXPECT_EQ(found->segments[0].sealed, most == 100);
  }
}

}  // namespace
}  // namespace hyd::log

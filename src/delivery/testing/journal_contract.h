// What every DeliveryJournal must do, asked through the interface alone. A room with an
// implementation makes a JournalWorld of it and instantiates the suite:
//
//   INSTANTIATE_TEST_SUITE_P(Mine, JournalContract,
//                            ::testing::Values(JournalEngine{"mine", make_world}));
#pragma once

#include "delivery/journal.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <ostream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hyd::delivery {

// A journal and what surrounds it: the control plane's delivery streams, and an object store that
// refuses to put a second object under a key.
class JournalWorld {
 public:
  virtual ~JournalWorld() = default;
  virtual DeliveryJournal& journal() = 0;
  // A delivery stream without any mark.
  virtual DeliveryId make_stream(std::string_view name) = 0;
  virtual void remove_stream(DeliveryId id) = 0;
  virtual std::unique_ptr<ObjectStore::Staged> stage(std::string_view key) = 0;
  virtual std::vector<std::string> stored_keys() = 0;
  // The process ends without a word and starts again.
  virtual void restart() = 0;
};

struct JournalEngine {
  std::string name;
  std::function<std::unique_ptr<JournalWorld>()> make;
  friend void PrintTo(const JournalEngine& engine, std::ostream* out) { *out << engine.name; }
};

class JournalContract : public ::testing::TestWithParam<JournalEngine> {
 protected:
  JournalContract() : world_(GetParam().make()), id_(world_->make_stream("d")) {}

  JournalWorld& world() { return *world_; }
  DeliveryJournal& journal() { return world_->journal(); }

  static Mark mark(std::uint32_t shard, std::uint64_t low, std::uint64_t assigned) {
    return {.shard = log::ShardNumber(shard), .low = low, .assigned = assigned};
  }
  static Range range(std::uint32_t shard, std::uint64_t first, std::uint64_t last) {
    return {.shard = log::ShardNumber(shard), .first = first, .last = last, .count = 1, .bytes = 3};
  }
  Intent intent(std::vector<Range> inputs) { return intent_of(id_, std::move(inputs)); }
  Intent intent_of(DeliveryId id, std::vector<Range> inputs) {
    const std::uint8_t n = ++intents_;
    return {.batch = base::Uid({n}),
            .delivery = id,
            .version = 1,
            .inputs = std::move(inputs),
            .key = "object " + std::to_string(n),
            .created_ms = n,
            .oldest_ms = 7};
  }
  // Whether it worked; an error's code as text.
  static std::string said(const base::Result<void>& result) {
    return result ? "done" : std::string(base::name(result.error().code));
  }
  std::string adopt(std::vector<Mark> marks) { return said(journal().adopt(id_, marks)); }
  std::string open(const Intent& one) { return said(journal().open(one)); }
  // "SHARD=LOW …", "not open", or why not.
  std::string commit(const Intent& one) {
    const std::unique_ptr<ObjectStore::Staged> staged = world().stage(one.key);
    const auto committed = journal().commit(one, *staged);
    if (!committed) return "refused";
    if (!*committed) return "not open";
    std::string text;
    for (const auto& [shard, low] : (*committed)->lows) {
      text += (text.empty() ? "" : " ") + std::to_string(shard.raw()) + "=" + std::to_string(low);
    }
    return text;
  }
  DeliveryJournal::Kept kept() { return kept_of(id_); }
  DeliveryJournal::Kept kept_of(DeliveryId id) {
    world().restart();
    auto all = journal().load();
    EXPECT_TRUE(all) << all.error().what;
    return all ? (*all)[id] : DeliveryJournal::Kept();
  }

  std::unique_ptr<JournalWorld> world_;
  DeliveryId id_;
  std::uint8_t intents_ = 0;
};
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(JournalContract);

TEST_P(JournalContract, WhatWasToldDoneIsThereAfterARestart) {
  ASSERT_EQ(adopt({mark(1, 4, 4), mark(2, 0, 0)}), "done");
  const Intent first = intent({range(1, 5, 9), range(2, 6, 6)});
  const Intent second = intent({range(1, 12, 12)});
  ASSERT_EQ(open(first), "done");
  ASSERT_EQ(open(second), "done");
  ASSERT_EQ(said(journal().attempt(second, {.number = 1, .first_ms = 77, .begun = false})), "done");
  const DeliveryJournal::Kept kept = this->kept();
  EXPECT_EQ(kept.marks, (std::vector{mark(1, 4, 12), mark(2, 0, 6)}));
  ASSERT_EQ(kept.open.size(), 2u);
  EXPECT_EQ(kept.open[0].intent, first);
  EXPECT_EQ(kept.open[0].attempt.number, 0u);
  EXPECT_EQ(kept.open[1].intent, second);
  EXPECT_EQ(kept.open[1].attempt.number, 1u);
  EXPECT_EQ(kept.open[1].attempt.first_ms, 77);
  EXPECT_FALSE(kept.open[1].attempt.begun);
}

TEST_P(JournalContract, AMarkThatIsThereStays) {
  ASSERT_EQ(adopt({mark(1, 4, 4)}), "done");
  ASSERT_EQ(open(intent({range(1, 5, 9)})), "done");
  ASSERT_EQ(adopt({mark(1, 0, 0), mark(2, 3, 3)}), "done");
  EXPECT_EQ(kept().marks, (std::vector{mark(1, 4, 9), mark(2, 3, 3)}));
}

TEST_P(JournalContract, RecordsAreGivenOutOnce) {
  ASSERT_EQ(adopt({mark(1, 0, 0), mark(2, 0, 0)}), "done");
  ASSERT_EQ(open(intent({range(1, 1, 5)})), "done");
  EXPECT_EQ(open(intent({range(2, 1, 1), range(1, 5, 6)})), "not_found") << "5 is given out";
  EXPECT_EQ(open(intent({range(3, 1, 1)})), "not_found") << "never adopted";
  EXPECT_EQ(open(intent({range(1, 6, 6)})), "done");
  const DeliveryJournal::Kept kept = this->kept();
  EXPECT_EQ(kept.marks, (std::vector{mark(1, 0, 6), mark(2, 0, 0)})) << "all of a frame or nothing";
  EXPECT_EQ(kept.open.size(), 2u);
}

TEST_P(JournalContract, LowStopsBelowTheOldestOpenIntent) {
  ASSERT_EQ(adopt({mark(1, 0, 0), mark(2, 0, 0)}), "done");
  const Intent a = intent({range(1, 1, 2), range(2, 3, 3)});
  const Intent b = intent({range(1, 4, 4)});
  const Intent c = intent({range(1, 6, 8)});
  for (const Intent* one : {&a, &b, &c}) ASSERT_EQ(open(*one), "done");
  EXPECT_EQ(commit(b), "1=0");
  EXPECT_EQ(commit(a), "1=5 2=3");
  EXPECT_EQ(kept().marks, (std::vector{mark(1, 5, 8), mark(2, 3, 3)}));
  EXPECT_EQ(commit(c), "1=8");
  EXPECT_TRUE(kept().open.empty());
}

TEST_P(JournalContract, AnIntentIsCommittedOnceTogetherWithItsObject) {
  ASSERT_EQ(adopt({mark(1, 0, 0)}), "done");
  const Intent one = intent({range(1, 1, 2)});
  ASSERT_EQ(open(one), "done");
  EXPECT_TRUE(world().stored_keys().empty());
  EXPECT_EQ(commit(one), "1=2");
  EXPECT_EQ(world().stored_keys(), std::vector{one.key});
  Intent late = one;  // as a worker that was held up would come
  late.key = "another object";
  EXPECT_EQ(commit(late), "not open");
  EXPECT_TRUE(kept().open.empty());
  EXPECT_EQ(world().stored_keys(), std::vector{one.key});
}

TEST_P(JournalContract, WithoutTheObjectNothingIsCommitted) {
  ASSERT_EQ(adopt({mark(1, 0, 0)}), "done");
  const Intent first = intent({range(1, 1, 2)});
  Intent same_key = intent({range(1, 3, 3)});
  same_key.key = first.key;
  ASSERT_EQ(open(first), "done");
  ASSERT_EQ(open(same_key), "done");
  ASSERT_EQ(commit(first), "1=2");
  EXPECT_EQ(commit(same_key), "refused");
  const DeliveryJournal::Kept kept = this->kept();
  EXPECT_EQ(kept.marks, std::vector{mark(1, 2, 3)});
  ASSERT_EQ(kept.open.size(), 1u);
  EXPECT_EQ(kept.open[0].intent, same_key);
}

TEST_P(JournalContract, TheNewestAttemptCountsAndGoesWithItsIntent) {
  ASSERT_EQ(adopt({mark(1, 0, 0)}), "done");
  const Intent one = intent({range(1, 1, 2)});
  ASSERT_EQ(open(one), "done");
  ASSERT_EQ(said(journal().attempt(one, {.number = 1, .first_ms = 77, .begun = false})), "done");
  ASSERT_EQ(said(journal().attempt(one, {.number = 2, .first_ms = 77, .begun = true})), "done");
  const DeliveryJournal::Kept kept = this->kept();
  ASSERT_EQ(kept.open.size(), 1u);
  EXPECT_EQ(kept.open[0].attempt.number, 2u);
  EXPECT_TRUE(kept.open[0].attempt.begun);
  ASSERT_EQ(commit(one), "1=2");
  EXPECT_EQ(said(journal().attempt(one, {.number = 3, .first_ms = 77, .begun = true})), "done");
  EXPECT_TRUE(this->kept().open.empty());
}

TEST_P(JournalContract, OnlyAShardOfWhichNothingIsOwedIsRetired) {
  ASSERT_EQ(adopt({mark(1, 0, 0), mark(2, 5, 5), mark(3, 0, 0)}), "done");
  const Intent one = intent({range(1, 1, 2)});
  ASSERT_EQ(open(one), "done");
  const std::vector both{log::ShardNumber(1), log::ShardNumber(2), log::ShardNumber(9)};
  const auto retired = journal().retire(id_, both);
  ASSERT_TRUE(retired) << retired.error().what;
  EXPECT_EQ(*retired, std::vector{log::ShardNumber(2)});
  EXPECT_EQ(kept().marks, (std::vector{mark(1, 0, 2), mark(3, 0, 0)}));
  ASSERT_EQ(commit(one), "1=2");
  ASSERT_EQ(journal().retire(id_, both)->size(), 1u);
  EXPECT_EQ(kept().marks, std::vector{mark(3, 0, 0)});
}

TEST_P(JournalContract, DeliveryStreamsOfOneSourceDoNotMix) {
  const DeliveryId other = world().make_stream("other");
  ASSERT_EQ(adopt({mark(1, 0, 0)}), "done");
  ASSERT_TRUE(journal().adopt(other, {mark(1, 2, 2)}));
  const Intent mine = intent({range(1, 1, 5)});
  const Intent theirs = intent_of(other, {range(1, 3, 4)});
  ASSERT_EQ(open(mine), "done");
  ASSERT_EQ(open(theirs), "done");
  EXPECT_EQ(commit(theirs), "1=4");
  EXPECT_EQ(kept_of(id_).marks, std::vector{mark(1, 0, 5)});
  EXPECT_EQ(kept_of(id_).open.size(), 1u);
  EXPECT_EQ(kept_of(other).marks, std::vector{mark(1, 4, 4)});
  EXPECT_TRUE(kept_of(other).open.empty());
}

TEST_P(JournalContract, NothingIsKeptOfADeliveryStreamThatIsGone) {
  ASSERT_EQ(adopt({mark(1, 0, 0)}), "done");
  const Intent one = intent({range(1, 1, 2)});
  ASSERT_EQ(open(one), "done");
  world().remove_stream(id_);
  EXPECT_EQ(adopt({mark(1, 0, 0)}), "not_found");
  EXPECT_EQ(open(intent({range(1, 3, 3)})), "not_found");
  EXPECT_EQ(said(journal().attempt(one, {.number = 1, .first_ms = 77, .begun = true})), "done");
  EXPECT_EQ(commit(one), "not open");
  EXPECT_TRUE(journal().retire(id_, {log::ShardNumber(1)})->empty());
  EXPECT_TRUE(world().stored_keys().empty());
  const DeliveryId successor = world().make_stream("d");
  EXPECT_NE(successor, id_) << "an id is never used again";
  EXPECT_TRUE(kept_of(successor).marks.empty());
}

}  // namespace hyd::delivery

#include "catalog/log_tables.h"

#include "catalog/testing/simulated_catalog.h"

#include <gtest/gtest.h>

#include <utility>
#include <vector>

namespace hyd::catalog {
namespace {

using base::Code;
using base::Result;

class LogTables : public testing::Test {
 protected:
  LogTables() { open(); }
  void open() {
    const auto opened = catalog_.open({.schemas = {log_schema()}});
    ASSERT_TRUE(opened) << opened.error().what;
  }
  std::uint64_t take(const base::Uid& uid) {
    std::uint64_t epoch = 0;
    const auto done = catalog_->write_and_wait([&](Transaction& in) -> Result<void> {
      ASSIGN_OR_RETURN(epoch, take_log_epoch(in, uid));
      return {};
    });
    EXPECT_TRUE(done) << done.error().what;
    return epoch;
  }
  Result<void> write(Mutation mutation) { return catalog_->write_and_wait(std::move(mutation)); }
  void free(LogFreed freed, std::uint32_t slot = 0) {
    EXPECT_TRUE(write([=](Transaction& in) { return free_log_segment(in, freed, slot); }));
  }
  LogState state() {
    auto read = read_log(catalog_.reader());
    EXPECT_TRUE(read);
    return read ? *std::move(read) : LogState();
  }
  base::Uid uid() { return base::Uid::random(catalog_.runtime().entropy()); }

  SimulatedCatalog catalog_;
};

TEST_F(LogTables, AnEpochNumberIsNeverGivenOutTwiceAndTheUidStays) {
  EXPECT_EQ(state().uid, base::Uid());
  const base::Uid first = uid();
  EXPECT_EQ(take(first), 1u);
  EXPECT_EQ(take(uid()), 2u);
  ASSERT_TRUE(write([](Transaction& in) { return forget_log_epochs(in, 2); }));
  open();
  EXPECT_EQ(take(uid()), 3u);
  EXPECT_EQ(state().uid, first);
  EXPECT_EQ(state().epochs, (std::vector<LogEpoch>{{.epoch = 3}}));
}

TEST_F(LogTables, AnEpochBeginsOnceItWasTaken) {
  take(uid());
  const LogEpoch begun{.epoch = 1, .first_commit = 7, .first_place = 1ull << 60};
  ASSERT_TRUE(write([=](Transaction& in) { return begin_log_epoch(in, begun); }));
  EXPECT_EQ(state().epochs, (std::vector<LogEpoch>{begun}));
  const auto early = write([](Transaction& in) { return begin_log_epoch(in, {.epoch = 2}); });
  ASSERT_FALSE(early);
  EXPECT_EQ(early.error().code, Code::not_found);
}

TEST_F(LogTables, ASlotKnowsTheSegmentItHoldsNext) {
  for (const LogSlot slot : {LogSlot{3, 10}, LogSlot{1, 11}, LogSlot{3, 12}}) {
    ASSERT_TRUE(write([=](Transaction& in) { return put_log_slot(in, slot); }));
  }
  EXPECT_EQ(state().slots, (std::vector<LogSlot>{{1, 11}, {3, 12}}));
  free({.first_commit = 1, .last_commit = 5}, 3);
  EXPECT_EQ(state().slots, (std::vector<LogSlot>{{1, 11}}));
}

TEST_F(LogTables, FreedRangesThatTouchBecomeOne) {
  free({10, 19});
  free({30, 39});
  EXPECT_EQ(state().freed, (std::vector<LogFreed>{{10, 19}, {30, 39}}));
  free({20, 29});
  EXPECT_EQ(state().freed, (std::vector<LogFreed>{{10, 39}}));
  free({12, 15});
  free({1, 8});
  EXPECT_EQ(state().freed, (std::vector<LogFreed>{{1, 8}, {10, 39}}));
  free({5, 50});
  EXPECT_EQ(state().freed, (std::vector<LogFreed>{{1, 50}}));
}

}  // namespace
}  // namespace hyd::catalog

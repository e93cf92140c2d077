#include "net/timer_wheel.h"

#include <gtest/gtest.h>

#include <vector>

namespace hyd::net {
namespace {

// A wheel with four entries that notes when each expires.
class Wheel : public ::testing::Test {
 protected:
  using Tick = TimerWheel::Tick;
  struct Item : TimerWheel::Entry {
    std::vector<Tick> expired;
  };
  ~Wheel() override {
    for (Item& item : items_) wheel_.remove(item);
  }
  void set(std::size_t item, Tick in) { wheel_.set(items_[item], wheel_.now() + in); }
  void turn(Tick by) {
    wheel_.advance(wheel_.now() + by, [this](TimerWheel::Entry& entry) {
      static_cast<Item&>(entry).expired.push_back(wheel_.now() - start_);
    });
  }
  const std::vector<Tick>& expired(std::size_t item) { return items_[item].expired; }

  TimerWheel wheel_;
  Tick start_ = wheel_.now();
  std::array<Item, 4> items_;
};
using Ticks = std::vector<TimerWheel::Tick>;

TEST_F(Wheel, ExpiresOnceAtTheDeadline) {
  set(0, 5);
  turn(4);
  EXPECT_EQ(expired(0), Ticks{});
  turn(900);
  EXPECT_EQ(expired(0), Ticks{5});
}

TEST_F(Wheel, DeadlineMovesLaterAndEarlier) {
  set(0, 5);
  set(1, 500);
  turn(3);
  set(0, 10);
  set(1, 4);
  turn(100);
  EXPECT_EQ(expired(0), Ticks{13});
  EXPECT_EQ(expired(1), Ticks{7});
}

TEST_F(Wheel, ClearedAndRemovedEntriesStaySilentUntilSetAgain) {
  set(0, 5);
  set(1, 5);
  wheel_.clear(items_[0]);
  wheel_.remove(items_[1]);
  turn(20);
  EXPECT_EQ(expired(0), Ticks{});
  EXPECT_EQ(expired(1), Ticks{});
  set(0, 5);
  turn(20);
  EXPECT_EQ(expired(0), Ticks{25});
}

TEST_F(Wheel, DeadlineBeyondOneRoundIsKept) {
  set(0, 3000);
  turn(2999);
  EXPECT_EQ(expired(0), Ticks{});
  turn(1);
  EXPECT_EQ(expired(0), Ticks{3000});
}

TEST_F(Wheel, LongStallExpiresEverythingThatIsDue) {
  set(0, 5);
  set(1, 900);
  turn(100'000);
  EXPECT_EQ(expired(0).size(), 1u);
  EXPECT_EQ(expired(1).size(), 1u);
}

TEST_F(Wheel, CallbackMayRemoveAnEntryOfTheSameSlot) {
  set(0, 5);
  set(1, 5);
  int calls = 0;
  wheel_.advance(wheel_.now() + 10, [&](TimerWheel::Entry&) {
    ++calls;
    wheel_.remove(items_[0]);
    wheel_.remove(items_[1]);
  });
  EXPECT_EQ(calls, 1);
}

}  // namespace
}  // namespace hyd::net

#include "sys/real/scratch.h"

#include <gtest/gtest.h>

#include <atomic>
#include <functional>
#include <string>
#include <vector>

namespace hyd::sys {
namespace {

using namespace std::chrono_literals;

class RealLoopTest : public testing::Test {
 protected:
  // Runs the loop on this thread until something calls `end`.
  void run() { loop_->run(); }
  void end() { loop_->stop(); }

  std::unique_ptr<Runtime> runtime_ = real_runtime();
  std::unique_ptr<Loop> loop_ = runtime_->make_loop("loop");
  std::string seen_;
};

TEST_F(RealLoopTest, TasksOfOneSenderRunInOrderWhileOthersSendToo) {
  constexpr int kEach = 20000;
  std::vector<int> last(3, -1);
  bool in_order = true;
  std::atomic<int> senders_left{3};
  std::vector<std::unique_ptr<Thread>> senders;
  for (std::size_t sender = 0; sender < last.size(); ++sender) {
    senders.push_back(runtime_->spawn("sender", [&, sender] {
      for (int i = 0; i < kEach; ++i) {
        loop_->post([&, sender, i] {
          in_order = in_order && last[sender] == i - 1;
          last[sender] = i;
        });
      }
      if (senders_left.fetch_sub(1) == 1) end();
    }));
  }
  run();
  senders.clear();
  EXPECT_TRUE(in_order);
  EXPECT_EQ(last, std::vector<int>(3, kEach - 1));
}

TEST_F(RealLoopTest, TimersRunByTimeAndThenByAge) {
  const base::MonoTime start = runtime_->clock().mono();
  loop_->after(30ms, [&] {
    seen_ += "30 ";
    end();
  });
  loop_->after(10ms, [&] { seen_ += "10 "; });
  loop_->after(20ms, [&] { seen_ += "20 "; });
  loop_->after(0ms, [&] { seen_ += "0a "; });
  loop_->after(-5ms, [&] { seen_ += "0b "; });
  run();
  EXPECT_EQ(seen_, "0a 0b 10 20 30 ");
  EXPECT_GE(runtime_->clock().mono() - start, 30ms);
}

TEST_F(RealLoopTest, ACancelledTimerNeverRunsAndCancellingTwiceIsNothing) {
  TimerId second = 0;
  const TimerId first = loop_->after(1ms, [&] { seen_ += "first "; });
  EXPECT_NE(first, 0u);
  loop_->after(2ms, [&] {
    loop_->cancel(second);
    loop_->cancel(second);
  });
  second = loop_->after(3ms, [&] { seen_ += "second "; });
  const TimerId done = loop_->after(4ms, [&] { seen_ += "third "; });
  loop_->after(5ms, [&] {
    loop_->cancel(done);
    end();
  });
  loop_->cancel(first);
  loop_->cancel(12345);
  run();
  EXPECT_EQ(seen_, "third ");
}

TEST_F(RealLoopTest, ATimerThatMakesATimerWithoutDelayDoesNotStarveTheLoop) {
  int rounds = 0;
  std::function<void()> again = [&] {
    ++rounds;
    loop_->after(0ns, [&] { again(); });
  };
  loop_->after(0ns, [&] { again(); });
  loop_->after(5ms, [&] { end(); });
  run();
  EXPECT_GT(rounds, 1);
}

TEST_F(RealLoopTest, AFarTimerDoesNotOverflow) {
  loop_->after(std::chrono::nanoseconds::max(), [&] { seen_ += "never "; });
  loop_->after(1ms, [&] { end(); });
  run();
  EXPECT_EQ(seen_, "");
}

TEST_F(RealLoopTest, WhatATurnServedIsFollowedByItsEndAndOnlyOnce) {
  loop_->post([&] {
    seen_ += "a ";
    loop_->at_turn_end([&] { seen_ += "end "; });
    loop_->post([&] { seen_ += "b "; });
  });
  loop_->post([&] { seen_ += "c "; });
  loop_->after(5ms, [&] { end(); });
  run();
  EXPECT_EQ(seen_, "a c b end ");
}

TEST_F(RealLoopTest, ATurnEndThatAsksForAnotherGetsItInTheNextTurnWithoutSleep) {
  int ends = 0;
  std::function<void()> again = [&] {
    if (++ends == 100) return end();
    loop_->at_turn_end([&] { again(); });
  };
  loop_->at_turn_end([&] { again(); });  // before run, and nothing else ever happens
  run();
  EXPECT_EQ(ends, 100);
}

TEST_F(RealLoopTest, ATurnIsBoundedEvenWhenTasksNeverEnd) {
  bool turned = false;
  std::function<void()> forever = [&] {
    if (turned) return end();
    loop_->post([&] { forever(); });
  };
  loop_->post([&] {
    loop_->at_turn_end([&] { turned = true; });
    forever();
  });
  run();
  EXPECT_TRUE(turned);
}

TEST_F(RealLoopTest, WhatIsLeftWhenItStopsIsDestroyedWithoutHavingRun) {
  auto held = std::make_shared<int>(0);
  const std::weak_ptr<int> watch = held;
  loop_->after(1h, [held] { ADD_FAILURE(); });
  loop_->post([&, held] {
    end();
    loop_->post([held] { ADD_FAILURE(); });
  });
  held.reset();
  run();
  EXPECT_TRUE(watch.expired());
}

TEST_F(RealLoopTest, KnowsItsThread) {
  EXPECT_FALSE(loop_->here());
  loop_->post([&] {
    EXPECT_TRUE(loop_->here());
    end();
  });
  const auto thread = runtime_->spawn("loop", [&] { run(); });
  thread->join();
  EXPECT_FALSE(loop_->here());
}

}  // namespace
}  // namespace hyd::sys

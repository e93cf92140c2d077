#include "sys/loops.h"

#include "sys/real/scratch.h"

#include <gtest/gtest.h>

#include <atomic>

namespace hyd::sys {
namespace {

TEST(Loops, NumberTheirLoopsFromZeroAndRunEachOnItsOwnThread) {
  const auto runtime = real_runtime();
  Loops loops(*runtime, {.count = 3});
  loops.start();
  ASSERT_EQ(loops.size(), 3u);
  for (std::size_t i = 0; i < loops.size(); ++i) {
    EXPECT_EQ(loops[i].index(), i);
    EXPECT_EQ(loops.all()[i], &loops[i]);
    EXPECT_FALSE(loops[i].here());
    on(*runtime, loops[i], [&] {
      for (std::size_t j = 0; j < loops.size(); ++j) EXPECT_EQ(loops[j].here(), i == j);
    });
  }
}

TEST(Loops, StopRunsWhatWasPostedBeforeAndEndsWithoutRunningWhatComesAfter) {
  const auto runtime = real_runtime();
  std::atomic<int> ran{0};
  auto held = std::make_shared<int>(0);
  const std::weak_ptr<int> watch = held;
  Loops loops(*runtime, {.count = 2});
  loops.start();
  for (int i = 0; i < 100; ++i) loops[1].post([&ran] { ran.fetch_add(1); });
  loops.stop();
  EXPECT_EQ(ran.load(), 100);
  loops[1].post([&ran, held = std::move(held)] { ran.fetch_add(1); });
  EXPECT_TRUE(watch.expired()) << "a task after the end is destroyed at once";
  EXPECT_EQ(ran.load(), 100);
}

TEST(Loops, ThatWereNeverStartedEndToo) {
  const auto runtime = real_runtime();
  auto held = std::make_shared<int>(0);
  const std::weak_ptr<int> watch = held;
  {
    Loops loops(*runtime, {.count = 2});
    loops[0].post([held = std::move(held)] { ADD_FAILURE() << "ran without a thread"; });
  }
  EXPECT_TRUE(watch.expired());
}

}  // namespace
}  // namespace hyd::sys

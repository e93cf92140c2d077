#include "sys/workers.h"

#include "sys/real/scratch.h"

#include <gtest/gtest.h>

#include <atomic>

namespace hyd::sys {
namespace {

TEST(Workers, RunEveryTaskThatWasTakenBeforeStopReturns) {
  const auto runtime = real_runtime();
  std::atomic<int> ran{0};
  Workers workers(*runtime, {.threads = 3, .queue_max = 1000});
  for (int i = 0; i < 500; ++i) {
    base::Task task = [&ran] { ran.fetch_add(1); };
    ASSERT_TRUE(workers.submit(task));
  }
  workers.stop();
  EXPECT_EQ(ran.load(), 500);
  base::Task late = [&ran] { ran.fetch_add(1); };
  EXPECT_FALSE(workers.submit(late));
  EXPECT_TRUE(late) << "a refused task stays with its sender";
}

TEST(Workers, RefuseWhatExceedsTheQueueWhileAllThreadsAreBusy) {
  const auto runtime = real_runtime();
  const auto busy = runtime->make_semaphore();
  const auto go_on = runtime->make_semaphore();
  Workers workers(*runtime, {.threads = 1, .queue_max = 2});
  base::Task blocks = [&] {
    busy->release();
    EXPECT_TRUE(go_on->acquire(patience(*runtime)));
  };
  ASSERT_TRUE(workers.submit(blocks));
  ASSERT_TRUE(busy->acquire(patience(*runtime)));
  std::atomic<int> ran{0};
  for (int i = 0; i < 3; ++i) {
    base::Task task = [&ran] { ran.fetch_add(1); };
    EXPECT_EQ(workers.submit(task), i < 2);
  }
  go_on->release();
  workers.stop();
  EXPECT_EQ(ran.load(), 2);
}

}  // namespace
}  // namespace hyd::sys

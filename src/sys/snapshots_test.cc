#include "sys/snapshots.h"

#include "sys/real/scratch.h"

#include <gtest/gtest.h>

#include <memory>

namespace hyd::sys {
namespace {

TEST(Snapshots, EveryLoopHasTheNewPictureBeforeAnyoneIsToldSo) {
  const auto runtime = real_runtime();
  Loops loops(*runtime, {.count = 3});
  Snapshots<int> snapshots(loops.all(), std::make_shared<const int>(0));
  loops.start();
  for (int round = 1; round <= 100; ++round) {
    const auto told = runtime->make_semaphore();
    snapshots.publish(std::make_shared<const int>(round), [&] {
      EXPECT_TRUE(loops[0].here());
      told->release();
    });
    ASSERT_TRUE(told->acquire(patience(*runtime)));
    for (Loop* loop : loops.all()) {
      on(*runtime, *loop, [&] { EXPECT_EQ(*snapshots.here(*loop), round); });
    }
  }
  loops.stop();
}

TEST(Snapshots, AReaderKeepsThePictureItHas) {
  const auto runtime = real_runtime();
  Loops loops(*runtime, {.count = 1});
  Snapshots<int> snapshots(loops.all(), std::make_shared<const int>(1));
  loops.start();
  std::shared_ptr<const int> mine;
  on(*runtime, loops[0], [&] { mine = snapshots.here(loops[0]); });
  const auto told = runtime->make_semaphore();
  snapshots.publish(std::make_shared<const int>(2), [&] { told->release(); });
  ASSERT_TRUE(told->acquire(patience(*runtime)));
  EXPECT_EQ(*mine, 1);
  loops.stop();
}

}  // namespace
}  // namespace hyd::sys

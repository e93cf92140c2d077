#include "catalog/vfs_locks.h"

#include <gtest/gtest.h>

namespace hyd::catalog {
namespace {

TEST(FileLocks, ManyReadAndOneMayPrepareToWrite) {
  FileLocks locks;
  FileLocks::Held a;
  FileLocks::Held b;
  EXPECT_TRUE(locks.lock(a, FileLocks::kShared));
  EXPECT_TRUE(locks.lock(b, FileLocks::kShared));
  EXPECT_FALSE(locks.reserved());
  EXPECT_TRUE(locks.lock(a, FileLocks::kReserved));
  EXPECT_TRUE(locks.reserved());
  EXPECT_FALSE(locks.lock(b, FileLocks::kReserved));
  locks.unlock(a, FileLocks::kNone);
  EXPECT_TRUE(locks.lock(b, FileLocks::kReserved));
}

TEST(FileLocks, AWriterThatWaitsForReadersLetsNoNewOneIn) {
  FileLocks locks;
  FileLocks::Held writer;
  FileLocks::Held reader;
  FileLocks::Held late;
  ASSERT_TRUE(locks.lock(reader, FileLocks::kShared));
  ASSERT_TRUE(locks.lock(writer, FileLocks::kShared));
  EXPECT_FALSE(locks.lock(writer, FileLocks::kExclusive));
  EXPECT_EQ(writer.level, FileLocks::kPending);
  EXPECT_FALSE(locks.lock(late, FileLocks::kShared));
  locks.unlock(reader, FileLocks::kNone);
  EXPECT_TRUE(locks.lock(writer, FileLocks::kExclusive));
  locks.unlock(writer, FileLocks::kShared);
  EXPECT_TRUE(locks.lock(late, FileLocks::kShared));
}

TEST(FileLocks, SlotsAreSharedByManyOrHeldByOneAllOrNone) {
  FileLocks locks;
  FileLocks::Held a;
  FileLocks::Held b;
  EXPECT_TRUE(locks.lock_slots(a, {.first = 3}, false));
  EXPECT_TRUE(locks.lock_slots(b, {.first = 3}, false));
  EXPECT_FALSE(locks.lock_slots(a, {.first = 1, .count = 5}, true));
  locks.unlock_slots(b, {.first = 3});
  FileLocks::Held c;
  EXPECT_FALSE(locks.lock_slots(c, {.first = 2, .count = 3}, true));
  EXPECT_TRUE(locks.lock_slots(b, {.first = 2}, true)) << "the refused call took nothing";
  locks.let_go(a);
  locks.let_go(b);
  EXPECT_TRUE(locks.lock_slots(c, {.first = 0, .count = FileLocks::kSlots}, true));
  EXPECT_FALSE(locks.lock_slots(a, {.first = 7}, false));
}

TEST(FileLocks, SharedMemoryIsZeroedAndTheSameForAll) {
  FileLocks locks;
  EXPECT_EQ(locks.region({.index = 1, .size = 64, .make = false}), nullptr);
  char* const region = locks.region({.index = 1, .size = 64, .make = true});
  ASSERT_NE(region, nullptr);
  EXPECT_EQ(region[63], '\0');
  region[63] = 'x';
  EXPECT_EQ(locks.region({.index = 1, .size = 64, .make = false}), region);
}

}  // namespace
}  // namespace hyd::catalog

#include "net/memory_budget.h"

#include "base/units.h"

#include <gtest/gtest.h>

#include <utility>

namespace hyd::net {
namespace {

TEST(MemoryBudget, KeepsItsLastEighthForSmallBodies) {
  MemoryBudget budget(base::mib(8));
  MemoryShare large;
  EXPECT_TRUE(large.hold(&budget, base::mib(7).bytes()));
  EXPECT_FALSE(large.hold(&budget, base::mib(7).bytes() + 1));
  EXPECT_EQ(large.bytes(), base::mib(7).bytes()) << "nothing changes when it is refused";
  EXPECT_FALSE(budget.has_room({.more = MemoryBudget::kSmallBytes + 1}));
  EXPECT_TRUE(budget.has_room({.more = MemoryBudget::kSmallBytes}));

  MemoryShare small[16];
  for (MemoryShare& one : small) EXPECT_TRUE(one.hold(&budget, MemoryBudget::kSmallBytes));
  EXPECT_EQ(budget.bytes(), budget.bytes_max());
  MemoryShare none;
  EXPECT_FALSE(none.hold(&budget, 1));
  EXPECT_FALSE(small[0].hold(&budget, MemoryBudget::kSmallBytes + 1)) << "a small one that grows";
}

TEST(MemoryBudget, GetsBackWhatAShareLetsGoOf) {
  MemoryBudget budget(base::mib(8));
  {
    MemoryShare share;
    EXPECT_TRUE(share.hold(&budget, 5000));
    EXPECT_TRUE(share.hold(&budget, 3000));
    EXPECT_EQ(budget.bytes(), 3000u);
    MemoryShare other = std::move(share);
    EXPECT_EQ(budget.bytes(), 3000u);
    share.reset();
    EXPECT_EQ(budget.bytes(), 3000u) << "it has moved";
  }
  EXPECT_EQ(budget.bytes(), 0u);
  EXPECT_EQ(budget.bytes_peak(), 5000u);
  MemoryShare unbounded;
  EXPECT_TRUE(unbounded.hold(nullptr, base::gib(1000).bytes()));
}

}  // namespace
}  // namespace hyd::net

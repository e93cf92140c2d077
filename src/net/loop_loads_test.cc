#include "net/loop_loads.h"

#include <gtest/gtest.h>

#include <vector>

namespace hyd::net {
namespace {

// All connections arrive at loop 0; returns how many each loop ends up with.
std::vector<std::size_t> spread(std::size_t loops, std::size_t connections) {
  LoopLoads loads(loops);
  for (std::size_t i = 0; i < connections; ++i) loads.add(loads.choose(0));
  std::vector<std::size_t> counts;
  for (std::size_t loop = 0; loop < loops; ++loop) counts.push_back(loads.of(loop));
  return counts;
}

TEST(LoopLoads, FavouredLoopKeepsAtMostHalfMoreThanTheAverage) {
  EXPECT_EQ(spread(2, 1), (std::vector<std::size_t>{1, 0}));
  EXPECT_EQ(spread(2, 4), (std::vector<std::size_t>{2, 2}));
  EXPECT_EQ(spread(4, 1), (std::vector<std::size_t>{1, 0, 0, 0}));
  for (const std::size_t loops : {2uz, 3uz, 8uz}) {
    const std::vector<std::size_t> counts = spread(loops, 100 * loops);
    EXPECT_LE(counts[0], 150u) << loops;
  }
}

TEST(LoopLoads, OneLoopKeepsEverything) { EXPECT_EQ(spread(1, 10), std::vector<std::size_t>{10}); }

}  // namespace
}  // namespace hyd::net

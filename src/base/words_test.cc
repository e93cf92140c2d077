// The small words of `base`: ids, numbers from text, randomness.
#include "base/check.h"
#include "base/named.h"
#include "base/parse_int.h"
#include "base/rng.h"
#include "base/uid.h"
#include "base/units.h"

#include <gtest/gtest.h>

#include <cstdint>

namespace hyd::base {
namespace {

TEST(ParseInt, TakesWholeDecimalNumbersOnly) {
  EXPECT_EQ(parse_int<int>("0"), 0);
  EXPECT_EQ(parse_int<int>("-12"), -12);
  EXPECT_EQ(parse_int<std::uint64_t>("18446744073709551615"), 18446744073709551615ULL);
  for (const char* bad : {"", "+1", " 1", "1 ", "1x", "0x1", "1.0", "99999999999"}) {
    EXPECT_FALSE(parse_int<int>(bad)) << bad;
  }
  EXPECT_FALSE(parse_int<std::uint64_t>("-1"));
}

TEST(Uid, PrintsAndParsesBackAndRefusesOtherText) {
  FastRng rng(7);
  const Uid uid = Uid::random(rng);
  EXPECT_EQ(Uid::parse(uid.hex()), uid);
  EXPECT_NE(Uid::random(rng), uid);
  EXPECT_FALSE(Uid::parse(""));
  EXPECT_FALSE(Uid::parse("ABCDEFABCDEFABCDEFABCDEFABCDEFAB"));
  EXPECT_FALSE(Uid::parse("0000000000000000000000000000000g"));
}

TEST(FastRng, RepeatsForOneSeedAndDiffersForAnother) {
  FastRng a(1);
  FastRng b(1);
  FastRng c(2);
  const std::uint64_t first = a.next();
  EXPECT_EQ(first, b.next());
  EXPECT_NE(first, c.next());
}

TEST(Named, OrdersLikeItsNumber) {
  using Step = Named<int, struct StepTag>;
  EXPECT_LT(Step(1), Step(2));
  EXPECT_EQ(Step(3).raw(), 3);
}

TEST(Units, MultiplesAreBinary) {
  EXPECT_EQ(mib(64).bytes(), 67108864u);
  EXPECT_EQ(kib(4) * 2, ByteCount(8192));
}

TEST(CheckDeathTest, ABrokenInvariantEndsTheProcessAndNamesItself) {
  EXPECT_DEATH(HYD_CHECK(1 + 1 == 3), "invariant broken at .*words_test.cc:[0-9]+: 1 \\+ 1 == 3");
}

}  // namespace
}  // namespace hyd::base

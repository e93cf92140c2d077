#include "streams/hash_key.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>

namespace hyd::streams {
namespace {

std::string decimal_of(std::string_view key) { return HashKey::of(key).decimal(); }

TEST(HashKey, IsTheMd5OfThePartitionKeyAsABigEndianNumber) {
  EXPECT_EQ(decimal_of("a"), "16955237001963240173058271559858726497");
  EXPECT_EQ(decimal_of("b"), "195289424170611159128911017612795795343");
  EXPECT_EQ(decimal_of("e"), "299611584147932843547128611849858313266");
  EXPECT_EQ(decimal_of("f"), "190917122200326810055233066464581373159");
  EXPECT_EQ(decimal_of("가"), "256244535720526573389341829523548905906");
}

TEST(HashKey, IsReadAndWrittenAsADecimalBelowTwoToThe128) {
  const std::string max = "340282366920938463463374607431768211455";
  EXPECT_EQ(HashKey::max().decimal(), max);
  EXPECT_EQ(HashKey::parse(max), HashKey::max());
  EXPECT_EQ(HashKey::parse("0"), HashKey{});
  EXPECT_EQ(HashKey{}.decimal(), "0");
  EXPECT_EQ(HashKey::parse("18446744073709551616"), (HashKey{.high = 1, .low = 0}));
  for (const std::string_view bad :
       {"", "-1", "1.0", "1x", "340282366920938463463374607431768211456",
        "999999999999999999999999999999999999999"}) {
    EXPECT_EQ(HashKey::parse(bad), std::nullopt) << bad;
  }
  const HashKey key{.high = 0x0123456789abcdef, .low = 0xfedcba9876543210};
  EXPECT_EQ(HashKey::from_bytes(key.bytes()), key);
}

TEST(HashKey, RangesTileTheSpaceAsAwsCutsIt) {
  EXPECT_EQ(tile({.index = 1, .count = 3}).first.decimal(),
            "113427455640312821154458202477256070485");
  EXPECT_EQ(tile({.index = 2, .count = 3}).first.decimal(),
            "226854911280625642308916404954512140970");
  for (const std::uint32_t count : {1u, 2u, 3u, 4u, 7u, 500u, 10'000u}) {
    EXPECT_EQ(tile({.index = 0, .count = count}).first, HashKey{});
    EXPECT_EQ(tile({.index = count - 1, .count = count}).last, HashKey::max());
    for (std::uint32_t i = 1; i < count; ++i) {
      HashKey behind = tile({.index = i - 1, .count = count}).last;
      if (++behind.low == 0) ++behind.high;
      ASSERT_EQ(tile({.index = i, .count = count}).first, behind) << i << " of " << count;
    }
  }
}

}  // namespace
}  // namespace hyd::streams

// UTF-16 as templates see it, over UTF-8.
#include "vtl/text.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace hyd::vtl {
namespace {

const std::string kMixed = "a\u00E9\uD55C\U0001F600b";  // 1 + 1 + 1 + 2 + 1 units

std::string units(std::size_t from, std::size_t to) {
  std::string out;
  append_units(kMixed, from, to, out);
  return out;
}

TEST(Text, CountsUtf16Units) {
  EXPECT_EQ(unit_count(kMixed), 6u);
  EXPECT_EQ(unit_offset(kMixed, 3), 6u);
  EXPECT_EQ(unit_offset(kMixed, 5), 10u);
  EXPECT_EQ(unit_at(kMixed, 2), 0xD55C);
  EXPECT_EQ(unit_at(kMixed, 3), 0xD83D);
  EXPECT_EQ(unit_at(kMixed, 4), 0xDE00);
}

TEST(Text, CutsPairsAndJoinsThemAgain) {
  EXPECT_EQ(units(1, 3), "\u00E9\uD55C");
  EXPECT_EQ(units(3, 5), "\U0001F600");
  EXPECT_EQ(units(0, 6), kMixed);
  const std::string high = units(2, 4);
  const std::string low = units(4, 6);
  EXPECT_EQ(unit_count(high), 2u);
  EXPECT_EQ(unit_count(low), 2u);
  EXPECT_TRUE(has_half(high));
  std::string joined = high;
  append_joined(low, joined);
  EXPECT_EQ(joined, "\uD55C\U0001F600b");
  std::string printed = low + "|" + high + low;
  replace_halves(printed);
  EXPECT_EQ(printed, "?b|\uD55C\U0001F600b");
}

TEST(Text, ReplacesMalformedBytesAsJavaDoes) {
  EXPECT_EQ(replace_malformed("a\xFF"
                              "b"),
            "a\uFFFDb");
  EXPECT_EQ(replace_malformed("\xE2\x82"), "\uFFFD");
  EXPECT_EQ(replace_malformed("\xE2\x28\xA1"), "\uFFFD(\uFFFD");
  EXPECT_EQ(replace_malformed("\xC0\xAF"), "\uFFFD\uFFFD");
  EXPECT_EQ(replace_malformed("\xED\xA0\x80."), "\uFFFD.");
  EXPECT_EQ(replace_malformed("\xF0\x9F\x98"), "\uFFFD");
  EXPECT_TRUE(is_well_formed(kMixed));
  EXPECT_FALSE(is_well_formed("\xF4\x90\x80\x80"));
}

TEST(Text, ComparesAndHashesByUnits) {
  EXPECT_EQ(compare_units("a", "c"), -2);
  EXPECT_EQ(compare_units("abc", "ab"), 1);
  EXPECT_EQ(compare_units("same", "same"), 0);
  // By units a pair stands before U+FF5E, by bytes behind it.
  EXPECT_LT(compare_units("\U0001F600", "\uFF5E"), 0);
  EXPECT_EQ(hash_units("abc"), 96354);
  EXPECT_EQ(hash_units("\U0001F600"), 1772899);
}

}  // namespace
}  // namespace hyd::vtl

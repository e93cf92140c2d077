#include "delivery/prefix.h"

#include "base/rng.h"
#include "codec/time_text.h"

#include <gtest/gtest.h>

#include <cctype>

namespace hyd::delivery {
namespace {

std::string dated(std::string_view pattern, std::string_view when = "2026-07-03T14:05:09.123456Z") {
  const auto parsed = DatePattern::parse(pattern);
  if (!parsed) return parsed.error().what;
  std::string out;
  parsed->append(*codec::parse_iso(when), out);
  return out;
}

// Expected texts follow java.time.format.DateTimeFormatter's documentation, Locale.US.
TEST(DatePattern, FormatsAsJavaDoes) {
  struct Row {
    std::string_view pattern;
    std::string_view text;
  };
  for (const Row& row : std::initializer_list<Row>{
           {"yyyy/MM/dd/HH/", "2026/07/03/14/"},
           {"y yy yyy yyyyy u", "2026 26 2026 02026 2026"},
           {"M L MM MMM MMMM MMMMM", "7 7 07 Jul July J"},
           {"d dd D DD DDD", "3 03 184 184 184"},
           {"Q QQ QQQ QQQQ QQQQQ", "3 03 Q3 3rd quarter 3"},
           {"E EEE EEEE EEEEE e ee c ccc", "Fri Fri Friday F 6 06 6 Fri"},
           {"w ww W F", "27 27 1 3"},
           {"h hh K k H HH a", "2 02 2 14 14 14 PM"},
           {"m mm s ss S SSS SSSSSSSSS", "5 05 9 09 1 123 123456000"},
           {"A n N", "50709123 123456000 50709123456000"},
           {"VV z O OOOO X XXX", "UTC UTC GMT GMT Z Z"},
           {"x xx xxx xxxx xxxxx", "+00 +0000 +00:00 +0000 +00:00"},
           {"Z ZZ ZZZ ZZZZ ZZZZZ", "+0000 +0000 +0000 GMT Z"},
           {"G GGGG GGGGG", "AD Anno Domini A"},
           {"'year='yyyy", "year=2026"},
           {"hh 'o''clock' ''", "02 o'clock '"},
           {"[yyyy][-MM]", "2026-07"},
           {"ppppd", "   3"},
       }) {
    EXPECT_EQ(dated(row.pattern), row.text) << row.pattern;
  }
}

TEST(DatePattern, HasTheEdgesOfDaysAndYears) {
  EXPECT_EQ(dated("h K k H a", "2026-01-01T00:00:00Z"), "12 0 24 0 AM");
  EXPECT_EQ(dated("h K k a", "2026-01-01T12:00:00Z"), "12 0 12 PM");
  // Sunday 28 December 2025 begins the week of 1 January 2026.
  EXPECT_EQ(dated("YYYY-ww yyyy", "2025-12-28T00:00:00Z"), "2026-01 2025");
  EXPECT_EQ(dated("YYYY-ww", "2025-12-27T23:59:59Z"), "2025-52");
  EXPECT_EQ(dated("YYYY-ww W", "2026-01-03T00:00:00Z"), "2026-01 1");
  EXPECT_EQ(dated("YYYY-ww W", "2026-01-04T00:00:00Z"), "2026-02 2");
  EXPECT_EQ(dated("D DDD", "2024-12-31T00:00:00Z"), "366 366");
}

TEST(DatePattern, RefusesWhatJavaRefuses) {
  EXPECT_EQ(dated("hour=HH"), "Unknown pattern letter: o");
  EXPECT_EQ(dated("MMMMMM"), "Too many pattern letters: M");
  EXPECT_EQ(dated("aa"), "Too many pattern letters: a");
  EXPECT_EQ(dated("V"), "Pattern letter count must be 2: V");
  EXPECT_EQ(dated("yyyy{"), "Pattern includes reserved character: '{'");
  EXPECT_EQ(dated("'x"), "Pattern ends with an incomplete string literal");
  EXPECT_EQ(dated("x]"), "Pattern invalid as it contains ] without previous [");
  EXPECT_EQ(dated("pp"), "Pad letter 'p' must be followed by valid pad pattern");
  EXPECT_EQ(dated("zzzz"), "Too many pattern letters: z");
}

std::string evaluated(std::string_view text) {
  base::FastRng rng(1);
  const auto prefix = Prefix::parse(text);
  if (!prefix) return prefix.error().what;
  return prefix->evaluate(*codec::parse_iso("2026-07-13T14:05:09Z"), rng);
}

TEST(Prefix, GetsTheHourUnlessItHasAnExpression) {
  EXPECT_EQ(evaluated(""), "2026/07/13/14/");
  EXPECT_EQ(evaluated("legacy"), "legacy2026/07/13/14/");
  EXPECT_EQ(evaluated("a/!{timestamp:yyyy}/b"), "a/2026/b");
  EXPECT_EQ(evaluated("dt=!{timestamp:yyyy-MM-dd}/hh=!{timestamp:HH}/"), "dt=2026-07-13/hh=14/");
}

TEST(Prefix, DrawsANewRandomStringForEachOccurrence) {
  const std::string two = evaluated("!{firehose:random-string}!{firehose:random-string}");
  ASSERT_EQ(two.size(), 22u);
  EXPECT_NE(two.substr(0, 11), two.substr(11));
  for (const char c : two) EXPECT_TRUE(std::isalnum(static_cast<unsigned char>(c))) << two;
}

TEST(Prefix, RefusesWhatItDoesNotKnow) {
  EXPECT_EQ(evaluated("!{x:y}"), "!{x:y}: unknown expression !{x:y}");
  EXPECT_EQ(evaluated("a!{timestamp:yyyy"), "an expression has no end: !{");
  EXPECT_EQ(evaluated("!{firehose:error-output-type}"),
            "!{firehose:error-output-type}: unknown expression !{firehose:error-output-type}");
  EXPECT_TRUE(Prefix::parse("e/!{firehose:error-output-type}/", Prefix::For::errors));
  const auto keys = Prefix::parse("!{partitionKeyFromQuery:k}");
  ASSERT_FALSE(keys);
  EXPECT_EQ(keys.error().code, base::Code::unsupported);
}

}  // namespace
}  // namespace hyd::delivery

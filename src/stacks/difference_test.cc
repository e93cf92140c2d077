#include "stacks/difference.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace hyd::stacks {
namespace {

// "path: before -> after"
std::string told(std::string_view before, std::string_view after) {
  const auto from = codec::parse_json(before);
  const auto to = codec::parse_json(after);
  if (!from || !to) return "no JSON";
  const Difference found = first_difference(*from, *to);
  std::string out;
  for (const std::string& step : found.path) out += "/" + step;
  const ShownPair pair = shown(found.before, found.after);
  return out + ": " + pair.before + " -> " + pair.after;
}

TEST(Difference, IsTheFirstMemberThatDiffersHoweverDeep) {
  EXPECT_EQ(
      told(R"({"a":1,"b":{"c":[{"d":1},{"d":2}]}})", R"({"b":{"c":[{"d":1},{"d":3}]},"a":1})"),
      "/b/c/1/d: 2 -> 3");
  EXPECT_EQ(told(R"({"a":"x","b":true})", R"({"a":"y","b":false})"), R"(/a: "x" -> "y")");
}

TEST(Difference, OfAMemberThatIsNewOrGoneSaysAbsent) {
  EXPECT_EQ(told(R"({"a":1})", R"({"a":1,"b":2})"), "/b: absent -> 2");
  EXPECT_EQ(told(R"({"a":1,"b":{"c":1}})", R"({"a":1,"b":{}})"), "/b/c: 1 -> absent");
}

TEST(Difference, OfAnotherKindOrLengthSaysWhatItIs) {
  EXPECT_EQ(told(R"({"a":[1,2]})", R"({"a":[1,2,3]})"), "/a: a list of 2 -> a list of 3");
  EXPECT_EQ(told(R"({"a":{"b":1}})", R"({"a":"b"})"), R"(/a: a map -> "b")");
}

TEST(Difference, OfLongTextsShowsWhereTheyPart) {
  const std::string head(100, 'x');
  const std::string got =
      told("{\"a\":\"" + head + "one" + head + "\"}", "{\"a\":\"" + head + "two" + head + "\"}");
  EXPECT_EQ(got, "/a: …" + std::string(20, 'x') + "one" + std::string(37, 'x') + "… -> …" +
                     std::string(20, 'x') + "two" + std::string(37, 'x') + "…");
  // In whole characters.
  EXPECT_EQ(told(R"({"a":"ééééééééééééééééééééééééééééééééééé"})", R"({"a":1})"),
            "/a: \"" + std::string("ééééééééééééééééééééééééééééé") + "… -> 1");
}

}  // namespace
}  // namespace hyd::stacks

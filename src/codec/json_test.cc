// JSON values: what is read is what is written, and what is refused says where and why.
#include "codec/json.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <string>
#include <string_view>

namespace hyd::codec {
namespace {

std::string echo(std::string_view text) {
  const auto value = parse_json(text);
  return value ? to_text(*value) : value.error().what;
}

TEST(Json, KeepsOrderDuplicatesAndTheTextOfNumbers) {
  EXPECT_EQ(echo(R"( { "b" : 1.10 , "a" : [ 1e5, -0, 12345678901234567890 ] , "b" : null } )"),
            R"({"b":1.10,"a":[1e5,-0,12345678901234567890],"b":null})");
}

TEST(Json, EscapesOnlyWhatMustBeEscaped) {
  EXPECT_EQ(echo(R"("\"\\\/\b\f\n\r\t\u0001\u001f\u007f\u00e9\uD83D\uDE00")"),
            "\"\\\"\\\\/\\b\\f\\n\\r\\t\\u0001\\u001f\x7F\u00E9\U0001F600\"");
  EXPECT_EQ(echo("\"\u1112\u1161\u11AB \u20A9 \U0001F600\""),
            "\"\u1112\u1161\u11AB \u20A9 \U0001F600\"");
  EXPECT_EQ(to_text(Json(std::string("a\0b", 3))), R"("a\u0000b")");
}

TEST(Json, RefusesWhatIsNotOneDocumentAndSaysWhereAndWhatWasExpected) {
  const struct {
    std::string_view text;
    std::string_view what;
  } rows[] = {
      {"", "line 1, column 1: expected a value, but the document ends here"},
      {"{} x", "line 1, column 4: expected the end of the document"},
      {"{\n \"a\" 1}", "line 2, column 6: expected ':'"},
      {"{'a':1}", "line 1, column 2: expected a member name in double quotes"},
      {"{\"a\":1,}", "line 1, column 8: expected a member name in double quotes"},
      {"[1 2]", "line 1, column 4: expected ',' or ']'"},
      {"[1,]", "line 1, column 4: expected a value"},
      {"{\"a\":1", "line 1, column 7: expected ',' or '}', but the document ends here"},
      {"01", "line 1, column 2: expected no digit after a leading zero"},
      {"-", "line 1, column 2: expected a digit, but the document ends here"},
      {"1.", "line 1, column 3: expected a digit, but the document ends here"},
      {"1e+x", "line 1, column 4: expected a digit"},
      {".5", "line 1, column 1: expected a value"},
      {"nul", "line 1, column 1: expected a value"},
      {"\"\u00E9\n\"", "line 1, column 3: expected an escape instead of a control character"},
      {"\"a", "line 1, column 3: expected '\"', but the document ends here"},
      {"\"\\x\"", "line 1, column 3: expected one of \" \\ / b f n r t u after a backslash"},
      {"\"\\u12g4\"", "line 1, column 6: expected four hexadecimal digits"},
      {"\"\\ud800\"", "line 1, column 2: expected a whole surrogate pair"},
      {"\"\\udc00\\ud800\"", "line 1, column 2: expected a whole surrogate pair"},
      {"\"\\ud800\\u0041\"", "line 1, column 2: expected a whole surrogate pair"},
      {"\"\xFF\"", "line 1, column 2: expected valid UTF-8"},
      {"\"\xC0\xAF\"", "line 1, column 2: expected valid UTF-8"},
      {"\"\xED\xA0\x80\"", "line 1, column 2: expected valid UTF-8"},
      {"\"\xF4\x90\x80\x80\"", "line 1, column 2: expected valid UTF-8"},
      {"\"\xE2\x82\"", "line 1, column 2: expected valid UTF-8"},
  };
  for (const auto& row : rows) {
    const auto value = parse_json(row.text);
    ASSERT_FALSE(value) << row.text;
    EXPECT_EQ(value.error().code, base::Code::invalid);
    EXPECT_EQ(value.error().what, row.what) << row.text;
  }
}

TEST(Json, NestsAsDeepAsTheLimitAndNoDeeper) {
  const auto nested = [](std::size_t depth) {
    return std::string(depth, '[') + std::string(depth, ']');
  };
  EXPECT_TRUE(parse_json(nested(512)));
  const auto deeper = parse_json(nested(513));
  ASSERT_FALSE(deeper);
  EXPECT_EQ(deeper.error().what, "line 1, column 513: expected at most 512 levels of nesting");
  EXPECT_FALSE(parse_json("[[1]]", {.depth_max = 1}));
  EXPECT_TRUE(parse_json("1", {.depth_max = 0}));
}

TEST(Json, FindSeesTheLastMemberOfAName) {
  const auto value = parse_json(R"({"a":1,"b":2,"a":3})");
  ASSERT_TRUE(value);
  ASSERT_NE(value->find("a"), nullptr);
  EXPECT_EQ(*value->find("a"), Json(3));
  EXPECT_EQ(value->find("c"), nullptr);
  EXPECT_EQ(Json("text").find("a"), nullptr);
}

TEST(Json, WholeNumbersAreIntegersHoweverTheyAreWritten) {
  const struct {
    const char* text;
    std::optional<std::int64_t> number;
  } rows[] = {
      {"0", 0},
      {"-0", 0},
      {"0.0", 0},
      {"0e99", 0},
      {"1.0", 1},
      {"1e3", 1000},
      {"1.5E+1", 15},
      {"-1200e-2", -12},
      {"1.5", std::nullopt},
      {"15e-1", std::nullopt},
      {"1e400", std::nullopt},
      {"1e99999999999", std::nullopt},
      {"9223372036854775807", std::numeric_limits<std::int64_t>::max()},
      {"-9223372036854775808", std::numeric_limits<std::int64_t>::min()},
      {"9223372036854775808", std::nullopt},
      {"922337203685477580.7e1", std::numeric_limits<std::int64_t>::max()},
  };
  for (const auto& row : rows) {
    EXPECT_EQ(Json(Json::Number{row.text}).as_integer(), row.number) << row.text;
  }
  EXPECT_EQ(Json("1").as_integer(), std::nullopt);
}

TEST(Json, IsBuiltMemberByMember) {
  Json value;
  value.set("StreamName", "class-stream");
  value.set("ShardCount", 2);
  value.set("Tags", Json::Array{Json(true), Json(), Json("x")});
  EXPECT_EQ(to_text(value),
            R"({"StreamName":"class-stream","ShardCount":2,"Tags":[true,null,"x"]})");
  EXPECT_EQ(to_text(Json(Json::Object{})), "{}");
  EXPECT_EQ(to_text(Json(Json::Array{})), "[]");
}

}  // namespace
}  // namespace hyd::codec

// What API Gateway's permissive reader makes of bodies, JSON or not. The expectations were recorded
// from json-smart 2.5.
#include "vtl/json_reader.h"

#include "vtl/program.h"
#include "vtl/render.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace hyd::vtl {
namespace {

// The body read to values and written as JSON, or "error".
std::string read(std::string_view body) {
  const auto program = parse("#set($x = $input.path('$'))$input.json('$')");
  EXPECT_TRUE(program);
  Inputs inputs;
  inputs.body = body;
  const auto rendered = render(**program, inputs);
  return rendered ? rendered->output : "error";
}

TEST(JsonReader, TakesWhatIsNoJsonForAText) {
  EXPECT_EQ(read("a=1&b=2"), R"("a=1&b=2")");
  EXPECT_EQ(read("  a=1,b:{2} "), R"("a=1,b:{2}")");
  EXPECT_EQ(read("true=1"), R"("true=1")");
  EXPECT_EQ(read("12abc"), R"("12abc")");
  EXPECT_EQ(read("1e"), R"("1e")");
  EXPECT_EQ(read("<xml/>"), R"("<xml/>")");
  EXPECT_EQ(read("\u2003x\u2003"), R"("x")");
}

TEST(JsonReader, TakesScalarsForWhatTheyAre) {
  EXPECT_EQ(read("true"), "true");
  EXPECT_EQ(read(" 007 "), "7");
  EXPECT_EQ(read("-"), "0");
  EXPECT_EQ(read("1."), "1.0");
  EXPECT_EQ(read("-.5"), "-0.5");
  EXPECT_EQ(read("12~"), "12");
  EXPECT_EQ(read("NaN"), "NaN");
  EXPECT_EQ(read("null"), "error");
  EXPECT_EQ(read("1e+"), "error");
}

TEST(JsonReader, IsLenientInsideContainers) {
  EXPECT_EQ(read("[1,,2,]"), "[1,2]");
  EXPECT_EQ(read("[1 2 \"a\" \"b\"]"), R"(["1 2 \"a\" \"b\""])");
  EXPECT_EQ(read("[\"a\" \"b\"]"), R"(["a","b"])");
  EXPECT_EQ(read("{a:b, 'c' : d e,,}"), R"({"a":"b","c":"d e"})");
  EXPECT_EQ(read("{\"a\":,\"b\":1}"), R"({"a":"","b":1})");
  EXPECT_EQ(read("{\"a\":1} trailing"), R"({"a":1})");
  EXPECT_EQ(read("{\"a\":1,\"b\":2,\"a\":3}"), R"({"a":3,"b":2})");
  EXPECT_EQ(read("\"a\"=1"), R"("a")");
}

TEST(JsonReader, RefusesContainersThatBreakOff) {
  for (const char* body : {"{", "{\"a\"", "{\"a\":", "{\"a\":1", "[1,2", "[\"a", "{a}=1", "{[:1}",
                           "[:]", "[}", "{\"a\":1]", ":", "]", "\"a", "{\"a\" 1}"}) {
    EXPECT_EQ(read(body), "error") << body;
  }
}

TEST(JsonReader, KeepsControlCharactersOnlyWhereNothingIsEscaped) {
  EXPECT_EQ(read("[\"a\tb\"]"), R"(["a\tb"])");
  EXPECT_EQ(read("[\"a\tb\\n\"]"), R"(["ab\n"])");
  EXPECT_EQ(read("[\"\\q\\x41\\u0041\\'\"]"), R"(["AA'"])");
  EXPECT_EQ(read("[\"\\u12g4\"]"), "error");
}

TEST(JsonReader, TakesTheControlCharacter26ForTheEnd) {
  EXPECT_EQ(read("ab\x1A"
                 "cd"),
            R"("ab")");
  EXPECT_EQ(read("[1,2\x1A]"), "error");
}

TEST(JsonReader, NumbersKeepWhatTheirTypesKeep) {
  EXPECT_EQ(read("[2147483648,9223372036854775808,-9223372036854775809]"),
            "[2147483648,9223372036854775808,-9223372036854775809]");
  EXPECT_EQ(read("[1.00000000000000000000E99999999999]"), "error");
  EXPECT_EQ(read("[1.10,1e5,3.14159265358979323846,1e400]"),
            "[1.1,100000.0,3.14159265358979323846,null]");
  EXPECT_EQ(read("[1e5\x01,2]"), "[100000.0,2]");
  EXPECT_EQ(read("[3.14159265358979323846\x01]"), "error");
}

}  // namespace
}  // namespace hyd::vtl

// JSONPath over codec::Json. What each path finds, as Jayway answers it, is in
// tests/cases/vtl/jsonpath.jsonl.
#include "codec/jsonpath.h"

#include "codec/json.h"
#include "codec/json_tree.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace hyd::codec {
namespace {

std::string find(std::string_view path, std::string_view document, std::uint64_t steps = 10'000) {
  const auto json = parse_json(document);
  EXPECT_TRUE(json);
  const auto compiled = JsonPath::compile(path);
  if (!compiled) return compiled.error().what;
  JsonValueTree tree(steps);
  const auto found = compiled->find(tree, JsonValueTree::node(*json));
  return found ? to_text(JsonValueTree::value(*found)) : std::string(name(found.error().code));
}

constexpr std::string_view kDocument = R"({"a":{"b":[1,2,{"c":"x"}]},"s":"t","a":{"b":[5]}})";

TEST(JsonPath, FindsValuesArraysAndNothing) {
  EXPECT_EQ(find("$.s", kDocument), R"("t")");
  EXPECT_EQ(find("a.b[0]", kDocument), "5");
  EXPECT_EQ(find("$..b", R"({"b":[{"b":1}]})"), R"([[{"b":1}],1])");
  EXPECT_EQ(find("$.x", kDocument), "not_found");
  EXPECT_EQ(find("$.x[*].y", kDocument), "not_found");
  EXPECT_EQ(find("$..x", kDocument), "[]");
}

TEST(JsonPath, SaysWhatIsWrongWithAPath) {
  EXPECT_EQ(find("$.a.", "{}"), "JSONPath $.a.: it must not end with a '.'");
  EXPECT_EQ(find("$['a", "{}"), "JSONPath $['a: a name is not closed");
  EXPECT_EQ(find("$.a[x]", "{}"),
            "JSONPath $.a[x]: a name, a number, '*' or '?' expected at character 5");
  EXPECT_EQ(find("$.a b", "{}"), "JSONPath $.a b: names with blanks need brackets: ['my name']");
  EXPECT_EQ(find("$.nope()", "{}"), "invalid");
  EXPECT_FALSE(JsonPath::compile(""));
}

TEST(JsonPath, FiltersCompareNumbersByValueAndTextsByText) {
  constexpr std::string_view kItems = R"([{"p":1.0},{"p":"1"},{"p":2},{"p":"x"},{}])";
  EXPECT_EQ(find("$[?(@.p == 1)]", kItems), R"([{"p":1.0},{"p":"1"}])");
  EXPECT_EQ(find("$[?(@.p === 1)]", kItems), R"([{"p":1.0}])");
  EXPECT_EQ(find("$[?(@.p)].p", kItems), R"([1.0,"1",2,"x"])");
  EXPECT_EQ(find("$[?(!@.p)]", kItems), "[{}]");
  EXPECT_EQ(find("$[?(@.p > 1e0 || @.p =~ /X/i)].p", kItems), R"([2,"x"])");
}

TEST(JsonPath, EndsWhenItHasTakenEnoughSteps) {
  std::string wide = "[";
  for (int i = 0; i < 1000; ++i) wide += "{\"a\":1},";
  wide.back() = ']';
  EXPECT_EQ(find("$..a", wide, 100), "exhausted");
  EXPECT_EQ(find("$[?(@.a == 1)]", wide, 100), "exhausted");
  EXPECT_EQ(
      find("$[?(@.a =~ /(1+)+[2-9]/)]", R"([{"a":"1111111111111111111111111111111111"}])", 200),
      "exhausted");
  std::string deep;
  for (int i = 0; i < 100; ++i) deep += "[?(@.a";
  EXPECT_FALSE(JsonPath::compile(deep));
}

TEST(JsonPath, KnowsWhetherItCanFindOneValueOnly) {
  EXPECT_TRUE(JsonPath::compile("$.a[0]['b','c']")->definite());
  EXPECT_TRUE(JsonPath::compile("$.a.length()")->definite());
  EXPECT_FALSE(JsonPath::compile("$.a[0,1]")->definite());
  EXPECT_FALSE(JsonPath::compile("$..a")->definite());
  EXPECT_TRUE(JsonPath::compile("$")->whole());
  EXPECT_EQ(JsonPath::compile("$['a b']")->single_name(), "a b");
}

}  // namespace
}  // namespace hyd::codec

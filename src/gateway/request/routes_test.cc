#include "gateway/request/routes.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

namespace hyd::gateway {
namespace {

class RoutesTest : public ::testing::Test {
 protected:
  void add(std::string_view verb, std::string_view path) {
    routes_.add(path, verb, static_cast<Routes::Target>(names_.size()));
    names_.push_back(std::string(verb) + " " + std::string(path));
  }
  // "POST /v1/{name} name=x", or "none".
  std::string find(std::string_view verb, std::string_view path) const {
    std::vector<PathValue> values;
    const auto target = routes_.find(verb, path, values);
    if (!target) return "none";
    std::string out = names_[*target];
    for (const PathValue& value : values) {
      out.append(" ").append(value.name).append("=").append(value.raw);
    }
    return out;
  }

  Routes routes_;
  std::vector<std::string> names_;
};

TEST_F(RoutesTest, PrefersLiteralsToParametersAndThoseToGreedyOnes) {
  add("GET", "/pets");
  add("GET", "/{kind}");
  add("GET", "/{kind}/old");
  add("GET", "/{proxy+}");
  EXPECT_EQ(find("GET", "/pets"), "GET /pets");
  EXPECT_EQ(find("GET", "/Pets"), "GET /{kind} kind=Pets");
  EXPECT_EQ(find("GET", "/pets/old"), "GET /{kind}/old kind=pets");
  EXPECT_EQ(find("GET", "/a/b/c"), "GET /{proxy+} proxy=a/b/c");
}

TEST_F(RoutesTest, StepsBackFromAResourceThatLacksTheVerb) {
  add("POST", "/test");
  add("ANY", "/{proxy+}");
  EXPECT_EQ(find("POST", "/test"), "POST /test");
  EXPECT_EQ(find("OPTIONS", "/test"), "ANY /{proxy+} proxy=test");
}

TEST_F(RoutesTest, StepsBackFromAWayThatEndsNowhere) {
  add("ANY", "/part1/{p}/x");
  add("ANY", "/{proxy+}");
  EXPECT_EQ(find("GET", "/part1/a/x"), "ANY /part1/{p}/x p=a");
  EXPECT_EQ(find("GET", "/part1/a/y"), "ANY /{proxy+} proxy=part1/a/y");
  EXPECT_EQ(find("GET", "/part1"), "ANY /{proxy+} proxy=part1");
}

TEST_F(RoutesTest, TakesTheExactVerbBeforeAnyAndNoVerbBeyondTheSeven) {
  add("ANY", "/");
  add("GET", "/");
  EXPECT_EQ(find("GET", "/"), "GET /");
  EXPECT_EQ(find("HEAD", "/"), "ANY /");
  EXPECT_EQ(find("PATCH", ""), "ANY /");
  EXPECT_EQ(find("TRACE", "/"), "none");
  EXPECT_EQ(find("get", "/"), "none");
}

TEST_F(RoutesTest, DerivesNoHeadFromGet) {
  add("GET", "/a");
  EXPECT_EQ(find("HEAD", "/a"), "none");
}

TEST_F(RoutesTest, CountsSlashesAsAwsDoes) {
  add("GET", "/a");
  add("GET", "/g/{proxy+}");
  EXPECT_EQ(find("GET", "/a/"), "GET /a");
  EXPECT_EQ(find("GET", "//a"), "GET /a");
  EXPECT_EQ(find("GET", "/a//"), "none");
  EXPECT_EQ(find("GET", "/g/proxy-value//double-slash"),
            "GET /g/{proxy+} proxy=proxy-value//double-slash");
  EXPECT_EQ(find("GET", "/g//x/"), "GET /g/{proxy+} proxy=/x");
  EXPECT_EQ(find("GET", "/g/"), "none") << "a greedy parameter is never empty";
  EXPECT_EQ(find("GET", "/g"), "none");
}

TEST_F(RoutesTest, NeverGivesAParameterAnEmptySegment) {
  add("GET", "/{a}/b");
  EXPECT_EQ(find("GET", "/x/b"), "GET /{a}/b a=x");
  EXPECT_EQ(find("GET", "//b"), "none");
}

TEST_F(RoutesTest, ComparesDecodedLiteralsAndKeepsValuesAsSent) {
  add("GET", "/a b/{name}");
  EXPECT_EQ(find("GET", "/a%20b/x%2Fy"), "GET /a b/{name} name=x%2Fy");
  EXPECT_EQ(find("GET", "/a%2/x"), "none");
}

TEST_F(RoutesTest, LeavesNoValueOfAWayItDidNotTake) {
  add("GET", "/{a}/{b}/end");
  add("GET", "/{proxy+}");
  EXPECT_EQ(find("GET", "/1/2/3"), "GET /{proxy+} proxy=1/2/3");
}

// Each level doubles the ways; the trie's nodes do not.
TEST_F(RoutesTest, StepsBackNoMoreOftenThanThereAreResources) {
  std::string literal;
  std::string variable;
  std::vector<std::string> paths;
  for (int depth = 0; depth < 200; ++depth) {
    literal += "/a";
    variable += "/{v}";
    paths.push_back(literal);
    paths.push_back(variable);
  }
  for (const std::string& path : paths) add("GET", path);
  std::string asked(200, 'a');
  std::string deep;
  for (const char c : asked) deep.append("/").append(1, c);
  EXPECT_TRUE(find("GET", deep).starts_with("GET /a/a"));
  EXPECT_EQ(find("POST", deep), "none");
}

}  // namespace
}  // namespace hyd::gateway

#include "aws/canonical.h"

#include <gtest/gtest.h>

namespace hyd::aws {
namespace {

std::string path(std::string_view raw, PathRule rule) {
  std::string out;
  append_canonical_path(raw, rule, out);
  return out;
}
std::string query(std::string_view raw, QueryRule rule = {}) {
  std::string out;
  append_canonical_query(raw, rule, out);
  return out;
}
std::string value(std::string_view raw) {
  std::string out;
  append_canonical_value(raw, out);
  return out;
}

// The cases of the SigV4 test suite's normalize-path folder, and what botocore does beyond them.
TEST(Canonical, OtherServicesRemoveDotsAndSlashesAndEncodeTwice) {
  const std::pair<std::string_view, std::string_view> kRows[] = {
      {"", "/"},
      {"/", "/"},
      {"//", "/"},
      {"/./", "/"},
      {"/example/..", "/"},
      {"/example1/example2/../..", "/"},
      {"/./example", "/example"},
      {"//example//", "/example/"},
      {"/../../x", "/x"},
      {"/a/./b/../c/", "/a/c/"},
      {"/restapis/ab%20c", "/restapis/ab%2520c"},
      {"/tags/arn%3Aaws", "/tags/arn%253Aaws"},
      {"/a b", "/a%20b"},
      {"/-._~", "/-._~"},
  };
  for (const auto& [raw, canonical] : kRows)
    EXPECT_EQ(path(raw, PathRule::twice), canonical) << raw;
}

TEST(Canonical, S3KeepsDotsAndSlashesAndEncodesOnce) {
  const std::pair<std::string_view, std::string_view> kRows[] = {
      {"", "/"},
      {"/", "/"},
      {"//", "//"},
      {"/b/./k", "/b/./k"},
      {"/b/../k//", "/b/../k//"},
      {"/b/a%20b", "/b/a%20b"},
      {"/b/a%2bb", "/b/a%2Bb"},
      {"/b/a+b", "/b/a%2Bb"},
      {"/b/a%2Fb", "/b/a%2Fb"},
      {"/b/%41", "/b/A"},
      {"/b/\xc3\xa9", "/b/%C3%A9"},
      {"/b/100%", "/b/100%25"},
  };
  for (const auto& [raw, canonical] : kRows) EXPECT_EQ(path(raw, PathRule::once), canonical) << raw;
  EXPECT_EQ(path("/b/a%2bb+c", PathRule::raw), "/b/a%2bb+c");
}

TEST(Canonical, QueriesAreRecodedAndSortedByNameThenValue) {
  EXPECT_EQ(query("b=2&a=2&a=1"), "a=1&a=2&b=2");
  EXPECT_EQ(query("acl"), "acl=");
  EXPECT_EQ(query("a-=1&a=2"), "a=2&a-=1") << "names are compared before values";
  EXPECT_EQ(query("prefix=a%2fb%20c"), "prefix=a%2Fb%20c");
  EXPECT_EQ(query("x=a=b"), "x=a%3Db");
  EXPECT_EQ(query("B=1&a=2"), "B=1&a=2") << "by bytes, not by letters";
  EXPECT_EQ(query("a=1&&b=2&"), "a=1&b=2");
  EXPECT_EQ(query("q=%zz"), "q=%25zz");
  EXPECT_EQ(query("q=a+b"), "q=a%2Bb");
  EXPECT_EQ(query("q=a+b", {.plus_is_space = true}), "q=a%20b");
  EXPECT_EQ(query("X-Amz-Signature=0&b=1", {.drop_signature = true}), "b=1");
  EXPECT_EQ(query("X-Amz-Signature=0"), "X-Amz-Signature=0");
}

TEST(Canonical, HeaderValuesAreTrimmedAndTheirBlanksCollapsed) {
  EXPECT_EQ(value("  a   b  c "), "a b c");
  EXPECT_EQ(value("\"a   b\""), "\"a b\"");
  EXPECT_EQ(value("\t a\t\tb"), "a b");
  EXPECT_EQ(value("   "), "");
  EXPECT_EQ(value(""), "");
}

TEST(Canonical, HeadersOfOneNameAreJoinedInOrderOfArrival) {
  const HeaderView headers[] = {
      {"My-Header1", "value2 "}, {"Host", "h"}, {"my-header1", " value1"}};
  std::string out = "x:";
  EXPECT_TRUE(append_canonical_header(headers, "my-header1", out));
  EXPECT_EQ(out, "x:value2,value1");
  EXPECT_FALSE(append_canonical_header(headers, "my-header", out));
  EXPECT_EQ(out, "x:value2,value1");
}

}  // namespace
}  // namespace hyd::aws

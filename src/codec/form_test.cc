#include "codec/form.h"

#include <gtest/gtest.h>

namespace hyd::codec {
namespace {

TEST(Form, KeepsOrderAndRepeatedNames) {
  const auto form = parse_form("b=2&a=1&b=3");
  ASSERT_TRUE(form);
  EXPECT_EQ(*form, (Form{{"b", "2"}, {"a", "1"}, {"b", "3"}}));
  EXPECT_EQ(*find(*form, "b"), "2");
  EXPECT_EQ(find(*form, "c"), nullptr);
}

TEST(Form, CutsAtTheFirstEqualsSignAndForgivesEmptyPieces) {
  EXPECT_EQ(*parse_form("x=1=2&flag&&=v&"), (Form{{"x", "1=2"}, {"flag", ""}, {"", "v"}}));
  EXPECT_EQ(*parse_form(""), Form{});
}

TEST(Form, DecodesNamesAndValues) {
  EXPECT_EQ(*parse_form("Tags.member.1.Key=a+b%26c&%3D=%2B"),
            (Form{{"Tags.member.1.Key", "a b&c"}, {"=", "+"}}));
}

TEST(Form, RefusesBadEscapesAndTooManyPairs) {
  const auto bad = parse_form("a=%zz");
  ASSERT_FALSE(bad);
  EXPECT_EQ(bad.error().code, base::Code::invalid);
  const auto many = parse_form("a&b&c", {.pairs_max = 2});
  ASSERT_FALSE(many);
  EXPECT_EQ(many.error().code, base::Code::exhausted);
}

TEST(Form, WhatIsWrittenIsReadBack) {
  const Form form{{"Action", "PutRolePolicy"}, {"Doc", "{\"a\": \"+&=%\"}"}, {"n", ""}};
  EXPECT_EQ(*parse_form(to_text(form)), form);
}

}  // namespace
}  // namespace hyd::codec

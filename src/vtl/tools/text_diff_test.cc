// Goal: a difference is read at a glance, also where it is white space.
#include "vtl/tools/text_diff.h"

#include <gtest/gtest.h>

#include <string>

namespace hyd::vtl {
namespace {

TEST(TextDiff, EqualTextsHaveNone) { EXPECT_EQ(text_diff("a\nb\n", "a\nb\n"), ""); }

TEST(TextDiff, ShowsTheLinesThatDifferBetweenThoseThatDoNot) {
  EXPECT_EQ(text_diff("1\n2\n3\nold\n5\n6\n7\n8\n", "1\n2\n3\nnew\n5\n6\n7\n8\n"),
            "(- expected, + came out)\n"
            "  ...\n"
            "  2\n"
            "  3\n"
            "- old\n"
            "+ new\n"
            "  5\n"
            "  6\n"
            "  ...\n");
}

TEST(TextDiff, WhiteSpaceThatDiffersIsMadeVisible) {
  EXPECT_EQ(text_diff("a \nb", "a\nb\n"),
            "(- expected, + came out)\n"
            "- a\\s\n"
            "- b   (no line end)\n"
            "+ a\n"
            "+ b\n");
}

TEST(TextDiff, ALineThatMovedIsNotTwoTextsThatDiffer) {
  EXPECT_EQ(text_diff("a\nb\nc\n", "b\nc\nd\n"),
            "(- expected, + came out)\n"
            "- a\n"
            "  b\n"
            "  c\n"
            "+ d\n");
}

}  // namespace
}  // namespace hyd::vtl

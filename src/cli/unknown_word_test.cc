#include "cli/unknown_word.h"

#include <gtest/gtest.h>

namespace hyd::cli {
namespace {

constexpr CommandName kKnown[] = {{"", "up"}, {"", "status"}, {"vtl", "render"}, {"vtl", "lint"}};

TEST(UnknownWord, IsNamedWithTheCommandThatWasProbablyMeant) {
  EXPECT_EQ(wrong_command({"statsu"}, kKnown),
            "unknown command statsu; did you mean hydrant status?");
  EXPECT_EQ(wrong_command({"vtl", "rendr", "file"}, kKnown),
            "unknown command vtl rendr; did you mean hydrant vtl render?");
}

TEST(UnknownWord, IsNamedWithAllCommandsWhereNoneIsNear) {
  EXPECT_EQ(wrong_command({"foo"}, kKnown),
            "unknown command foo; the commands are up, status, vtl (see --help)");
  EXPECT_EQ(wrong_command({"vtl", "foo"}, kKnown),
            "unknown command vtl foo; hydrant vtl has render, lint (see --help)");
}

TEST(UnknownWord, MissingIsSaidWithAllThatCouldStandThere) {
  EXPECT_EQ(wrong_command({}, kKnown), "expected a command: hydrant up|status|vtl (see --help)");
  EXPECT_EQ(wrong_command({"vtl"}, kKnown),
            "expected a command: hydrant vtl render|lint (see --help)");
}

TEST(UnknownWord, IsNoneOfACommandOrAFlag) {
  EXPECT_EQ(wrong_command({"up", "file.yaml"}, kKnown), std::nullopt);
  EXPECT_EQ(wrong_command({"vtl", "render"}, kKnown), std::nullopt);
  EXPECT_EQ(wrong_command({"vtl", "--help"}, kKnown), std::nullopt);
  EXPECT_EQ(wrong_command({"--help"}, kKnown), std::nullopt);
}

}  // namespace
}  // namespace hyd::cli

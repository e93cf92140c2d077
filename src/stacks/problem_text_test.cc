#include "stacks/problem_text.h"

#include <gtest/gtest.h>

#include <vector>

namespace hyd::stacks {
namespace {

constexpr std::string_view kText = "Resources:\n  Post:\n\tType: x\r\n  Größe: 1\n";

TEST(ProblemText, TheCaretStandsUnderThePlace) {
  EXPECT_EQ(to_text(Problem{.mark = {2, 3}, .path = "Resources/Post", .what = "Odd"},
                    {.file = "t.yaml", .text = kText}),
            "t.yaml:2:3: Resources/Post: Odd\n  2 |   Post:\n    |   ^");
  EXPECT_EQ(to_text(Problem{.mark = {3, 2}, .path = "", .what = "Odd"},
                    {.file = "t.yaml", .text = kText}),
            "t.yaml:3:2: Odd\n  3 | \tType: x\n    | \t^");
  EXPECT_EQ(to_text(Problem{.mark = {4, 10}, .path = "", .what = "Odd"},
                    {.file = "t.yaml", .text = kText}),
            "t.yaml:4:10: Odd\n  4 |   Größe: 1\n    |          ^");
}

TEST(ProblemText, ALineThatIsNoTextIsNotShown) {
  EXPECT_EQ(to_text(Problem{.mark = {1, 2}, .path = "", .what = "Odd"},
                    {.file = "t", .text = "a\x1b[2J\n"}),
            "t:1:2: Odd");
}

TEST(ProblemText, WithoutAPlaceThereIsNoCaret) {
  const ProblemSource source{.file = "t.yaml", .text = kText};
  EXPECT_EQ(to_text(Problem{.mark = {}, .path = "", .what = "Odd"}, source), "t.yaml: Odd");
  EXPECT_EQ(to_text(Problem{.mark = {9, 1}, .path = "", .what = "Odd"}, source), "t.yaml:9:1: Odd");
}

TEST(ProblemText, ANameThatIsMissingIsToldOnceWithAllLinesThatUseIt) {
  const std::vector<Problem> problems = {
      {.mark = {7, 1}, .path = "", .what = "No X", .missing = "X"},
      {.mark = {5, 9}, .path = "", .what = "No Y", .missing = "Y"},
      {.mark = {3, 4}, .path = "", .what = "No X", .missing = "X"},
      {.mark = {3, 8}, .path = "", .what = "No X", .missing = "X"},
      {.mark = {6, 1}, .path = "", .what = "No X", .missing = "X"}};
  EXPECT_EQ(to_text(problems, {.file = "t", .text = ""}),
            "t:3:4: No X (and in line 6, 7)\nt:5:9: No Y\n");
}

TEST(ProblemText, SeveralComeInTheOrderOfTheFile) {
  const std::vector<Problem> problems = {{.mark = {9, 1}, .path = "", .what = "c"},
                                         {.mark = {8, 2}, .path = "", .what = "b"},
                                         {.mark = {}, .path = "", .what = "a"}};
  EXPECT_EQ(to_text(problems, {.file = "t", .text = ""}), "t: a\nt:8:2: b\nt:9:1: c\n");
}

}  // namespace
}  // namespace hyd::stacks

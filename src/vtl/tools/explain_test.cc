// Goal: each byte of the output is told by the line that printed it, whatever the request holds.
#include "vtl/tools/explain.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

namespace hyd::vtl {
namespace {

// "line: output" of each part, and "<- lines" where its value came through variables.
std::vector<std::string> told(std::string_view text, std::string_view body = "{}") {
  Inputs inputs{};
  inputs.body = body;
  const auto explained = explain(text, inputs);
  if (!explained) return {"fails: " + explained.error().what};
  std::vector<std::string> out;
  for (const Printed& part : explained->parts) {
    std::string line =
        std::to_string(place_of(text, part.source).line) + ": " +
        explained->output.substr(part.output.begin, part.output.end - part.output.begin);
    for (const std::uint32_t through : part.through) line += " <- " + std::to_string(through);
    out.push_back(line);
  }
  return out;
}

TEST(Explain, TheOutputIsWhatARenderPrints) {
  const std::string_view text = "#set($x = \"a${x}b\")\n$x#foreach($i in [1..3])[$i]#end\nend\n";
  const auto explained = explain(text, {});
  ASSERT_TRUE(explained);
  EXPECT_EQ(explained->output, "ab[1][2][3]end\n");
  std::size_t at = 0;
  for (const Printed& part : explained->parts) {
    EXPECT_EQ(part.output.begin, at);
    at = part.output.end;
  }
  EXPECT_EQ(at, explained->output.size());
}

TEST(Explain, ATextOfSeveralLinesIsToldLineByLine) {
  EXPECT_EQ(told("a\nb\nc"), (std::vector<std::string>{"1: a\n", "2: b\n", "3: c"}));
}

TEST(Explain, AValueIsFollowedThroughItsVariables) {
  EXPECT_EQ(told("#set($a = $input.path('$.n'))\n#set($b = \"<$a>\")\n$b", "{\"n\":7}"),
            std::vector<std::string>{"3: <7> <- 1 <- 2"});
  EXPECT_EQ(told("#set($s = '')\n#foreach($i in [1..2])\n#set($s = \"$s$i\")\n#end\n$s"),
            std::vector<std::string>{"5: 12 <- 1 <- 2 <- 3"});
}

TEST(Explain, OnlyTheAssignmentsThatRanCount) {
  EXPECT_EQ(told("#if(false)\n#set($a = 1)\n#else\n#set($a = 2)\n#end\n$a"),
            std::vector<std::string>{"6: 2 <- 4"});
}

TEST(Explain, LinesThatTheRequestDoesNotReachAreNamed) {
  const auto explained = explain("#if(false)\nnever\n#end\nalways", {});
  ASSERT_TRUE(explained);
  EXPECT_EQ(explained->unreached, std::set<std::uint32_t>{2});
}

TEST(Explain, NoRequestCanForgeAMark) {
  const std::string body =
      "\xff"
      "0;x";
  EXPECT_EQ(told("[$input.body]", body), (std::vector<std::string>{"1: [",
                                                                   "1: \xef\xbf\xbd"
                                                                   "0;x",
                                                                   "1: ]"}));
}

TEST(Explain, FailsAsTheRenderDoes) {
  EXPECT_EQ(told("#set($l = [1])$l[3]").front().substr(0, 6), "fails:");
  EXPECT_EQ(told("#if(").front().substr(0, 6), "fails:");
}

}  // namespace
}  // namespace hyd::vtl

// The tables of functions and directives: every row's example is true.
#include "vtl/directives/table.h"

#include "vtl/functions/table.h"
#include "vtl/program.h"
#include "vtl/render.h"

#include <gtest/gtest.h>

#include <set>
#include <string>
#include <string_view>
#include <tuple>

namespace hyd::vtl {
namespace {

// "template -> output".
void expect_example(std::string_view example) {
  constexpr std::string_view kArrow = " -> ";
  const std::size_t arrow = example.rfind(kArrow);
  ASSERT_NE(arrow, std::string_view::npos) << example;
  const NameValue path[] = {{"id", "7"}};
  const auto program = parse(example.substr(0, arrow));
  ASSERT_TRUE(program) << example << ": " << to_text(program.error());
  const auto rendered = render(**program, {.body = R"({"a":{"b":1}})",
                                           .path = path,
                                           .query = {},
                                           .headers = {},
                                           .context = {},
                                           .stage_variables = {}});
  ASSERT_TRUE(rendered) << example << ": " << rendered.error().what;
  EXPECT_EQ(rendered->output, example.substr(arrow + kArrow.size())) << example;
}

TEST(FunctionTable, EveryRowHasADocAndATrueExample) {
  for (const FunctionRow& row : functions()) {
    EXPECT_FALSE(row.doc.empty()) << row.name;
    EXPECT_LE(row.arguments_min, row.arguments_max) << row.name;
    if (!row.example.empty()) expect_example(row.example);
  }
}

TEST(FunctionTable, NoTwoRowsAnswerTheSameCall) {
  std::set<std::tuple<Receiver, std::string_view, int>> calls;
  for (const FunctionRow& row : functions()) {
    for (int count = row.arguments_min; count <= row.arguments_max; ++count) {
      EXPECT_TRUE(calls.emplace(row.receiver, row.name, count).second)
          << name(row.receiver) << "." << row.name << " with " << count;
    }
  }
}

TEST(DirectiveTable, EveryRowHasADocAndATrueExample) {
  for (const DirectiveRow& row : directives()) {
    EXPECT_FALSE(row.doc.empty()) << row.name;
    EXPECT_EQ(find_directive(row.name), &row);
    if (!row.example.empty()) expect_example(row.example);
  }
  EXPECT_EQ(find_directive("nope"), nullptr);
}

}  // namespace
}  // namespace hyd::vtl

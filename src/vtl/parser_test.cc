// What is wrong with a template, and where.
#include "vtl/program.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace hyd::vtl {
namespace {

std::string error_of(std::string_view text) {
  const auto program = parse(text);
  return program ? "none" : to_text(program.error());
}

TEST(Parser, SaysWhereATemplateIsWrongAndWhatItExpected) {
  const struct {
    std::string_view text;
    std::string_view error;
  } rows[] = {
      {"${x", "line 1, column 4: the template ends here, expected '}'"},
      {"$x[abc", "line 1, column 4: this character cannot stand here"},
      {"#if true", "line 1, column 5: \"true\" found, expected '('"},
      {"#if($a == )x#end",
       "line 1, column 11: \")\" found, expected a quoted text or a number or a name"},
      {"#set($x)", "line 1, column 8: \")\" found, expected '='"},
      {"#set($x = 1", "line 1, column 12: the template ends here, expected ')'"},
      {"#set($x = [1,])",
       "line 1, column 14: \"]\" found, expected a quoted text or a number or a name"},
      {"#set($x = {'a' 1})", "line 1, column 16: \"1\" found, expected ':'"},
      {"\uD55C\uAE00 #else", "line 1, column 4: \"#else\" found, expected the end of the template"},
      {"#foreach $x in $y", "line 1, column 9: expected '(' behind #foreach"},
      {"#foreach($x in $y)", "line 1, column 19: the template ends here, expected '#end'"},
      {"#define()x#end", "line 1, column 1: #define needs one variable"},
      {"#break(1, 2)", "line 1, column 1: #break takes one scope at most"},
      {"#macro('m')x#end",
       "line 1, column 8: the first argument of #macro is its name, a bare word"},
      {"#set($x = \"\\u00\")", "line 1, column 12: expected four hexadecimal digits behind \\u"},
      {"a ## b #",
       "line 1, column 9: the template ends inside a token: a '$', '#' or comment is not finished"},
      {"#nope(", "line 1, column 7: the template ends here, expected ')'"},
      {"$x.foo(1 2)", "line 1, column 10: \"2\" found, expected ',' or ')'"},
  };
  for (const auto& row : rows) EXPECT_EQ(error_of(row.text), row.error) << row.text;
}

TEST(Parser, PlacesErrorsOfQuotedTemplatesInTheWholeOne) {
  EXPECT_EQ(
      error_of("\n#set($x = \"a\"\"b $y[\")"),
      "line 2, column 20: the template ends here, expected a quoted text or a number or a name");
  EXPECT_EQ(error_of("#set($x = \"\\u0041\n #if($y)\")"),
            "line 2, column 9: the template ends here, expected '#elseif' or '#else' or '#end'");
}

TEST(Program, KnowsWhetherItReadsTheContext) {
  EXPECT_FALSE((*parse("$input.body"))->reads_context());
  EXPECT_TRUE((*parse("\"$context.stage\""))->reads_context());
  EXPECT_TRUE((*parse("#set($x = \"a$stageVariables.b\")"))->reads_stage_variables());
}

}  // namespace
}  // namespace hyd::vtl

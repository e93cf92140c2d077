// Goal: every rule finds what it is for and nothing in what it recommends. Method: the rows' own
// examples, then templates in use, by the rules and places that they are told.
#include "vtl/tools/lint.h"

#include "vtl/tools/rules/table.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

namespace hyd::vtl {
namespace {

// "rule line:column" of each finding.
std::vector<std::string> told(std::string_view text, Stream stream = Stream::unknown) {
  std::vector<std::string> out;
  for (const Finding& finding : lint(text, stream)) {
    const Place place = place_of(text, finding.range.begin);
    out.push_back(std::string(finding.rule) + " " + std::to_string(place.line) + ":" +
                  std::to_string(place.column));
  }
  return out;
}

TEST(Lint, EveryRuleFindsItsExampleAndNothingInTheMendedForm) {
  for (const RuleRow& row : rules()) {
    SCOPED_TRACE(row.name);
    const auto found = lint(row.example);
    EXPECT_EQ(std::ranges::count(found, row.name, &Finding::rule), 1);
    for (const Finding& finding : found) {
      EXPECT_LT(finding.range.begin, finding.range.end);
      EXPECT_FALSE(finding.mended.empty());
      EXPECT_FALSE(finding.why.empty());
    }
    EXPECT_EQ(told(row.mended), std::vector<std::string>());
  }
}

struct Row {
  std::string_view text;
  std::vector<std::string> expected;
};

TEST(Lint, TellsWhatBitesByPlace) {
  const Row rows[] = {
      {"$elem.partition-key and $my-name", {}},
      {"#set($my-name = 1)$my-name", {}},
      {"#set($l = [1])\n$l.size-1", {"hyphen-in-name 2:4"}},
      {"#if($foreach.hasNext)a#end#if(!$l.isEmpty())b#end", {}},
      {"#set($on = true)#if($on)a#end", {}},
      {"#if($a == 1 && $b)x#end", {"bare-condition 1:16"}},
      {"$util.base64Encode(5)", {"base64-of-no-text 1:20"}},
      {"#set($u = $input.path('$.u'))$util.base64Encode($u)", {"base64-of-no-text 1:49"}},
      {"#set($u = $input.path('$.u'))$util.base64Encode(\"$u\")", {}},
      {"$input.body.split('\\.')", {}},
      {"$input.body.replaceAll('.', '-')", {"split-pattern 1:24"}},
      {"$input.body.split('. ')$input.body.split(' ')", {"split-pattern 1:19"}},
      {"#set($n = 1)$n-$n", {"hyphen-in-name 1:13"}},
      {"#evaluate('$x')\n#parse('a')\n#include('b')",
       {"inert-directive 1:1", "inert-directive 2:1", "inert-directive 3:1"}},
      {"#set($d = '\"')#set($s = \"$input.body\")${d}$s${d}", {"unescaped-value 1:43"}},
      {"#set($a = $util.urlDecode($x))$util.urlDecode($a)", {"decoded-twice 1:31"}},
      {"{\"n\":$input.path('$.n')}", {"unescaped-value 1:6"}},
      {"{\"n\":$input.path('$.n.length()')}", {}},
      {"{\"n\":\"$input.json('$.n')\"}", {"unescaped-value 1:7"}},
      {"{\"n\":\"$context.requestId\"}", {}},
      {"<a href=\"$input.params('u')\">", {}},
      {"#set($q = '\"')#set($s = \"{${q}k${q}:${q}$input.params('k')${q}}\")$s",
       {"unescaped-value 1:41"}},
      {"$input.body.split('\\n', 9).size()", {}},
      {"#set($x = \"$input.body\\n\")", {"written-line-end 1:11"}},
      {"#foreach($i in [1..1001])$i#end", {"long-loop 1:16"}},
      {"#foreach($i in [1..1000])$i#end", {}},
      {"$util.nothing", {"unknown-function 1:7"}},
      {"$util.urlEncode('a', 'b')", {"unknown-function 1:7"}},
      {"$input.bodyy", {"unknown-function 1:8"}},
      {"a\n#if($x == null)b#end", {"syntax 2:11"}},
      {"#if(true)#set($context.requestOverride.header.a = 1)#else#set($context.requestOverride."
       "header.a = 2)#end",
       {}},
  };
  for (const Row& row : rows) EXPECT_EQ(told(row.text), row.expected) << row.text;
}

TEST(Lint, WhetherRecordsNeedALineEndIsToldByTheTarget) {
  const std::string_view text = "{\"Data\":\"$util.base64Encode($input.body)\"}";
  EXPECT_EQ(told(text), std::vector<std::string>());
  EXPECT_EQ(told(text, Stream::yes), std::vector<std::string>{"no-line-end 1:29"});
  EXPECT_EQ(told("{\"StreamName\":\"$util.base64Encode($input.body)\"}", Stream::no),
            std::vector<std::string>());
}

// The form template that many copied: each of its ways to lose an event has a name.
TEST(Lint, TheClassicFormTemplateIsToldHowItLosesEvents) {
  constexpr std::string_view kText =
      "#set ( $d = '\"')\n"
      "#set ( $enter = \"\n"
      "\")\n"
      "#set($jsonInnerStr = \"\")\n"
      "#foreach( $token in $input.path('$').split('&') )\n"
      "#set( $keyVal = $token.split('=') )\n"
      "#set( $keyValSize = $keyVal.size() )\n"
      "#if( $keyValSize >= 1 )\n"
      "#set( $key = $util.urlDecode($util.urlDecode($keyVal[0]) ))\n"
      "#if( $keyValSize >= 2 )\n"
      "#set( $val = $util.urlDecode($util.urlDecode($keyVal[1])) )\n"
      "#else\n"
      "#set( $val = '' )\n"
      "#end\n"
      "#set($jsonInnerStr = \"${jsonInnerStr}${d}${key}${d} : ${d}${val}${d}\")\n"
      "#if($foreach.hasNext) #set($jsonInnerStr = \"$jsonInnerStr,\")#end\n"
      "#end\n"
      "#end\n"
      "#set($json = \"{$jsonInnerStr}$enter\")\n"
      "{\n"
      "\"Data\": \"$util.base64Encode(\"$json\")\",\n"
      "\"PartitionKey\": \"$input.params('X-Amzn-Trace-Id')\",\n"
      "\"StreamName\": \"$input.params('stream-name')\"\n"
      "}";
  EXPECT_EQ(told(kText),
            (std::vector<std::string>{
                "long-loop 5:21", "split-of-document 5:21", "split-without-limit 6:24",
                "decoded-twice 9:14", "decoded-twice 11:14", "unescaped-value 15:42",
                "unescaped-value 15:59", "unescaped-value 22:18", "unescaped-value 23:16"}));
}

TEST(Lint, ThePageNamesEveryRule) {
  std::ifstream file(HYDRANT_SOURCE_DIR "/docs/templates.md");
  std::stringstream page;
  page << file.rdbuf();
  const std::string text = page.str();
  ASSERT_FALSE(text.empty());
  for (const RuleRow& row : rules()) {
    EXPECT_NE(text.find("\n| `" + std::string(row.name) + "` |"), std::string::npos) << row.name;
  }
}

TEST(Lint, AMethodWithoutAnErrorResponseIsTold) {
  MethodTemplates method;
  method.type = "AWS";
  method.responses = {{.status = "200", .pattern = ""}};
  EXPECT_EQ(lint_method(method).size(), 1u);
  method.responses.push_back({.status = "400", .pattern = "4\\d{2}"});
  EXPECT_TRUE(lint_method(method).empty());
}

// Templates of the greatest size that would cost the square of it, double at each step, or need a
// deep stack, if variables or operators were followed without a bound.
TEST(Lint, NoTemplateMakesItHangOrRunOutOfStack) {
  std::string chain = "#set($a0 = $input.body)\n";
  std::string doubling = "#set($a0 = '')\n";
  for (int i = 1; i < 2'000; ++i) {
    const std::string before = std::to_string(i - 1);
    chain += "#set($a" + std::to_string(i) + " = \"$a" + before + "\")\n";
    doubling += "#set($a" + std::to_string(i) + " = \"$a" + before + "$a" + before + "\")\n";
  }
  std::string sum = "#set($s = $input.body";
  std::string condition = "#if($a";
  for (int i = 0; i < 15'000; ++i) {
    sum += "+$s";
    condition += "||$a";
  }
  std::string loops;
  for (int i = 0; i < 2'000; ++i) loops += "#foreach($i in $l)#end";
  const std::string mesh_row = "#set($a = \"$b$c$d\")#set($b = \"$c$d$a\")#set($c = \"$d$a$b\")";
  std::string mesh;
  for (int i = 0; i < 500; ++i) mesh += mesh_row;
  for (const std::string& text :
       {chain + "{\"k\":\"$a1999\"}", doubling + "{\"k\":\"$a1999\"}", sum + ")",
        condition + ")#end", "#set($l = $input.path('$'))" + loops, mesh + "{\"k\":\"$a\"}"}) {
    EXPECT_LE(lint(text).size(), kFindingsMax);
  }
}

TEST(Lint, AFindingIsShownWithItsLineUnderlined) {
  const std::string text = "#set($n = 5)\n  $n-1";
  const Origin origin{.file = "a.vtl", .text = {}, .lines = {}, .begins = {}};
  const auto found = lint(text);
  ASSERT_EQ(found.size(), 1u);
  const std::string shown = to_text(found[0], origin, text, true);
  EXPECT_TRUE(shown.starts_with("a.vtl:2:3: warning: ")) << shown;
  EXPECT_NE(shown.find("[hyphen-in-name]\n  2 |   $n-1\n    |   ^^^^\n"), std::string::npos)
      << shown;
}

}  // namespace
}  // namespace hyd::vtl

// Rendering as a whole: limits, places of failures, what survives a render and what does not.
#include "vtl/render.h"

#include "vtl/program.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace hyd::vtl {
namespace {

std::unique_ptr<const Program> program_of(std::string_view text) {
  auto program = parse(text);
  EXPECT_TRUE(program) << to_text(program.error());
  return program ? *std::move(program) : nullptr;
}

std::string output_of(std::string_view text, std::string_view body = "") {
  Inputs inputs;
  inputs.body = body;
  const auto rendered = render(*program_of(text), inputs);
  return rendered ? rendered->output : "failed: " + rendered.error().what;
}

Failure failure_of(std::string_view text, const Limits& limits = {}, std::string_view body = "") {
  Inputs inputs;
  inputs.body = body;
  const auto rendered = render(*program_of(text), inputs, limits);
  EXPECT_FALSE(rendered) << rendered->output;
  return rendered ? Failure{} : rendered.error();
}

TEST(Render, AFailureNamesItsReasonAndPlace) {
  const Failure failure = failure_of("#set($l = [1])\nok $l[0]\n  $l[7]");
  EXPECT_EQ(failure.reason, Failure::Reason::template_error);
  EXPECT_EQ(failure.place, (Place{3, 5}));
  EXPECT_EQ(failure.what, "index 7 of a list of 1");
}

TEST(Render, AFailureInsideABlockIsPlacedInTheBlock) {
  EXPECT_EQ(failure_of("#define($b)\nx $l[1]#end#set($l = [1])\n$b").place, (Place{2, 5}));
  EXPECT_EQ(failure_of("#set($l = [1])\n#set($x = \"a\nb $l[1]\")").place, (Place{3, 5}));
}

TEST(Render, StepsAreBounded) {
  const std::string loops = "#foreach($i in [1..1000])#foreach($j in [1..1000])x#end#end";
  const Failure failure = failure_of(loops, {.steps_max = kStepsMaxOnLoop});
  EXPECT_EQ(failure.reason, Failure::Reason::steps);
  EXPECT_EQ(failure_of("#foreach($i in [1..2000000000])#end", {.steps_max = 1000}).reason,
            Failure::Reason::steps);
}

TEST(Render, RegularExpressionsThatBacktrackRunOutOfSteps) {
  const std::string text =
      "#set($s = 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!')$s.matches('(a+)+[b-z]')";
  EXPECT_EQ(failure_of(text, {.steps_max = kStepsMaxOnLoop}).reason, Failure::Reason::steps);
}

TEST(Render, TextsThatDoubleEachRoundEndAtTheOutputLimit) {
  const std::string text = "#set($s = 'xxxxxxxxxx')#foreach($i in [1..100])#set($s = \"$s$s\")#end";
  EXPECT_EQ(failure_of(text).reason, Failure::Reason::too_large);
  const std::string added = "#set($s = 'xxxxxxxxxx')#foreach($i in [1..100])#set($s = $s + $s)#end";
  EXPECT_EQ(failure_of(added).reason, Failure::Reason::too_large);
  const std::string lists =
      "#set($l = ['xxxxxxxxxx'])#foreach($i in [1..100])#set($l = [$l, $l])#end$l";
  EXPECT_NE(failure_of(lists).reason, Failure::Reason::template_error);
}

TEST(Render, NumbersThatSquareEachRoundRunOutOfSteps) {
  const std::string text = "#set($n = 99999999999)#foreach($i in [1..60])#set($n = $n * $n)#end$n";
  EXPECT_EQ(failure_of(text, {.steps_max = 1'000'000}).reason, Failure::Reason::steps);
}

TEST(Render, AValueThatContainsItselfPrintsLikeJavaAndACycleFails) {
  EXPECT_EQ(output_of("#set($l = [])#set($x = $l.add($l))$l"), "[(this Collection)]");
  EXPECT_EQ(output_of("#set($m = {})#set($m.self = $m)$m"), "{self=(this Map)}");
  const std::string cycle = "#set($a = [])#set($b = [$a])#set($x = $a.add($b))";
  EXPECT_EQ(failure_of(cycle + "$a").reason, Failure::Reason::too_deep);
  EXPECT_EQ(failure_of(cycle + "#set($c = [])#set($d = [$c])#set($x = $c.add($d))#if($a == $c)#end")
                .reason,
            Failure::Reason::too_deep);
  EXPECT_EQ(failure_of(cycle + "$a.hashCode()").reason, Failure::Reason::too_deep);
}

TEST(Render, JsonNestsAsDeepAsTheLimit) {
  const auto nested = [](std::size_t depth) {
    return std::string(depth, '[') + std::string(depth, ']');
  };
  EXPECT_EQ(output_of("$input.json('$')", nested(200)), nested(200));
  EXPECT_EQ(failure_of("$input.json('$')", {}, nested(201)).reason, Failure::Reason::too_deep);
  EXPECT_EQ(failure_of("$input.path('$..x')", {}, nested(5000)).reason, Failure::Reason::too_deep);
}

TEST(Render, LoopsAreCutAtTheirLimitAndSaySo) {
  const auto program = program_of("#foreach($i in [1..12])$i #end");
  const auto rendered = render(*program, {}, {.loop_rounds_max = 3});
  ASSERT_TRUE(rendered);
  EXPECT_EQ(rendered->output, "1 2 3 ");
  EXPECT_EQ(rendered->loops_cut, 1u);
  EXPECT_EQ(render(*program, {})->loops_cut, 0u);
}

// Ten times the input may cost eleven times the steps, not a hundred times.
TEST(Render, TheCostOfAFormGrowsLinearly) {
  const auto program = program_of(
      "#set($s = '')#foreach($p in $input.path('$').split('&'))"
      "#set($kv = $p.split('='))#set($s = \"$s${kv[0]}:${kv[1]},\")#end$s");
  const auto steps = [&](int pairs) {
    std::string body;
    for (int i = 0; i < pairs; ++i) body += "key" + std::to_string(i) + "=value&";
    Inputs inputs;
    inputs.body = body;
    const auto rendered = render(*program, inputs);
    EXPECT_TRUE(rendered);
    return rendered ? rendered->steps : 0;
  };
  EXPECT_LT(steps(1000), 11 * steps(100));
  EXPECT_LT(steps(100), 11 * steps(10));
}

TEST(Render, ARendererRemembersNothingOfTheLastRender) {
  Renderer renderer;
  const auto first = program_of("#set($x = 'secret')#foreach($i in [1,2])#break#end$x");
  const auto second = program_of("[$x][$i][$foreach]");
  const auto failing = program_of("#foreach($i in [1])\"$i.foo(\"a#if($i)$i[0]#end\")$l[1]\"#end");
  for (int round = 0; round < 3; ++round) {
    ASSERT_TRUE(renderer.render(*first, {}));
    EXPECT_EQ(renderer.render(*second, {})->output, "[][][]");
    (void)renderer.render(*failing, {});
    EXPECT_EQ(renderer.render(*second, {})->output, "[][][]");
  }
}

TEST(Render, OneProgramServesManyThreads) {
  const auto program =
      program_of("#foreach($t in $input.path('$').split('&'))$t.replaceAll('[a-z]+', '<$0>');#end");
  std::vector<std::jthread> threads;
  std::vector<int> wrong(4, 0);
  for (int& mine : wrong) {
    threads.emplace_back([&program, &mine] {
      Renderer renderer;
      Inputs inputs;
      inputs.body = "abc&1d2";
      for (int i = 0; i < 500; ++i) {
        const auto rendered = renderer.render(*program, inputs);
        if (!rendered || rendered->output != "<abc>;1<d>2;") ++mine;
      }
    });
  }
  threads.clear();
  EXPECT_EQ(wrong, std::vector<int>(4, 0));
}

TEST(Render, OverridesAreReportedOnlyWhenTheContextWasTouched) {
  const ContextField context[] = {{"", "stage", "prod"}};
  Inputs inputs;
  inputs.context = context;
  EXPECT_FALSE(render(*program_of("$context.stage"), inputs)->overrides.has_value());
  const auto written = render(*program_of("#set($context.responseOverride.header.X = ['a', 'b'])"
                                          "#set($context.requestOverride.path.id = 7)"),
                              inputs);
  ASSERT_TRUE(written && written->overrides);
  EXPECT_EQ(codec::to_text(written->overrides->response), R"({"header":{"X":["a","b"]}})");
  inputs.overrides = &*written->overrides;
  EXPECT_EQ(render(*program_of("$context.requestOverride.path.id "
                               "$context.responseOverride.header.X.get(1)"),
                   inputs)
                ->output,
            "7 b");
}

TEST(Render, BytesThatAreNoUtf8BecomeReplacements) {
  EXPECT_EQ(output_of("a\xFF"), "a\uFFFD");
  EXPECT_EQ(output_of("$input.body", "\xC3("), "\uFFFD(");
  const NameValue headers[] = {{"X", "\xE9t\xE9"}};
  Inputs inputs;
  inputs.headers = headers;
  EXPECT_EQ(render(*program_of("$input.params('X')"), inputs)->output, "\uFFFDt\uFFFD");
}

TEST(Render, HalvesOfSurrogatePairsJoinAgainOrPrintAsQuestionMarks) {
  const std::string emoji =
      "#set($s = '\U0001F600')#set($a = $s.substring(0, 1))"
      "#set($b = $s.substring(1))";
  EXPECT_EQ(output_of(emoji + "$a|$b"), "?|?");
  EXPECT_EQ(output_of(emoji + "$a$b"), "\U0001F600");
  EXPECT_EQ(output_of(emoji + "#set($c = $a + $b)$c.equals($s) $util.base64Encode(\"$a$b\")"),
            "true 8J+YgA==");
}

TEST(Render, ATextThatGrowsDoesNotChangeItsOldSelf) {
  EXPECT_EQ(output_of("#set($s = 'a')#set($s = \"${s}b\")#set($old = $s)#set($s = \"${s}c\")"
                      "#set($t = \"${old}d\")#set($s = \"$s$s\")$old $s $t"),
            "ab abcabc abd");
  EXPECT_EQ(output_of("#set($s = \"x\")#set($s = \"$s#set($s = \"\"$s!\"\")?\")$s"), "x?");
  EXPECT_EQ(output_of("#set($s = 1)#set($s = \"$s,2\")#set($s = $s + '3')#set($s = $s + 4)$s"),
            "1,234");
}

TEST(Render, StopAndBreakInsideQuotedTextsLeaveNothingBehind) {
  EXPECT_EQ(output_of("a#set($s = \"b#stop\")c"), "a");
  EXPECT_EQ(output_of("#foreach($i in [1..3])#set($q = \"a#break b\")$i#end|$q"), "|");
  EXPECT_EQ(output_of("#define($d)#break x#end#foreach($i in [1,2])$d$i#end|"), "12|");
}

TEST(Render, ABigTemplateIsRefusedAndALargeOneIsNot) {
  EXPECT_FALSE(parse(std::string(kTemplateBytesMax + 1, 'x')));
  std::string sum = "#set($x = 0";
  for (int i = 0; i < 20'000; ++i) sum += "+1";
  EXPECT_EQ(output_of(sum + ")$x"), "20000");
  std::string nested;
  for (int i = 0; i < 300; ++i) nested += "#if(true)";
  const auto deep = parse(nested);
  ASSERT_FALSE(deep);
  EXPECT_EQ(deep.error().what, "nested deeper than 200 levels");
}

}  // namespace
}  // namespace hyd::vtl

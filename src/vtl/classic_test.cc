#include "vtl/classic.h"

#include <gtest/gtest.h>

#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace hyd::vtl {
namespace {

class Folder final : public TemplateFiles {
 public:
  std::map<std::string, std::string, std::less<>> files;

  std::optional<std::string> read(std::string_view path) override {
    const auto found = files.find(path);
    if (found == files.end()) return std::nullopt;
    return found->second;
  }
};

struct Classic : testing::Test {
  Folder folder;
  codec::Json variables;
  std::string macros;

  std::string render(std::string_view text) {
    const auto rendered =
        render_classic(text, {.variables = &variables, .files = &folder, .macros = macros});
    if (rendered) return rendered->output;
    const ClassicFailure& failure = rendered.error();
    return "! " + failure.file + ":" + std::to_string(failure.place.line) + ":" +
           std::to_string(failure.place.column) + " " + failure.what;
  }
};

TEST_F(Classic, AReferenceWithoutAValuePrintsItsSource) {
  EXPECT_EQ(render("$x $!x ${x.y} $x.foo('a')"), "$x  ${x.y} $x.foo('a')");
  EXPECT_EQ(render("\\$x #set($x = 1)\\$x"), "\\$x$x");
  EXPECT_EQ(render("$\\!x $\\\\!x"), "$!x $\\!x");
  EXPECT_EQ(render("#set($s = \"[$x]\")$s #if($x)yes#{else}no#end"), "[$x] no");
  EXPECT_EQ(render("#set($y = 1)#set($y = $x)$y"), "1");
}

TEST_F(Classic, VariablesComeFromAnObject) {
  variables = *codec::parse_json(R"({"a":1,"l":["x",null],"m":{"k":2.5},"input":"mine"})");
  EXPECT_EQ(render("$a $l $m $m.k $input $util"), "1 [x, null] {k=2.5} 2.5 mine $util");
}

TEST_F(Classic, MacrosTakeTheirArgumentsByName) {
  EXPECT_EQ(render("#macro(m $a)#set($x = 2)$a#end#set($x = 1)#m(\"$x\")"), "2");
  EXPECT_EQ(render("#macro(m $a $b)[$a|$b]#end#m(1)#m(1 2 3)#m($none)"), "[1|$b][1|2][$none|$b]");
  EXPECT_EQ(render("#m('x') #macro(m $a)<$a>#end#nobody('x')"), "<x> #nobody('x')");
}

TEST_F(Classic, AMacroIsDefinedWhereNothingIsRendered) {
  EXPECT_EQ(render("#if(false)#macro(m)a#end#end#foreach($x $l)#macro(n)b#end#end#m()#n()"), "ab");
}

TEST_F(Classic, AnArgumentMayCallMacrosItself) {
  EXPECT_EQ(render("#macro(m $a $b)$a+$b#end#m(\"#m(1 2)\" 'x')"), "1+2+x");
}

TEST_F(Classic, AMacroAssignsForEveryoneAroundIt) {
  EXPECT_EQ(render("#macro(m $a)#set($a = 'new')#set($b = 1)$a#end#m('old')$a$b"), "newnew1");
}

TEST_F(Classic, AMacroFindsItsBlock) {
  EXPECT_EQ(render("#macro(m)<$bodyContent>#end#set($x = 1)#@m()body $x#end"), "<body 1>");
}

TEST_F(Classic, RecursionEndsWithAnError) {
  EXPECT_EQ(render("#macro(m)#m()#end#m()"), "! :1:10 macro #m is called 20 levels deep");
}

TEST_F(Classic, ALibraryIsNotReplacedByTheTemplate) {
  macros = "#macro(m)old#end#macro(m)lib#end";
  EXPECT_EQ(render("#macro(m)mine#end#m()"), "lib");
  macros = "#macro(m";
  EXPECT_EQ(render("x").substr(0, 9), "! macros:");
}

TEST_F(Classic, ATextIsEvaluatedWhereItStands) {
  EXPECT_EQ(render("#set($t = '#set($x = 5)$x')#evaluate($t)$x"), "55");
  EXPECT_EQ(render("#evaluate('#if(')").substr(0, 18), "! :1:1 #evaluate: ");
  // Each round is known already.
  EXPECT_EQ(render("#foreach($i in [1..5000])#evaluate('$!none')#{end}ok"), "ok");
}

TEST_F(Classic, FilesComeFromTheFolderOnly) {
  folder.files = {{"a.vm", "A$x#set($y = 2)"}, {"s/b.txt", "$x#if"}, {"bad.vm", "\n#if(1"}};
  EXPECT_EQ(render("#set($x = 1)#parse('a.vm')$y#include('./s/../s/b.txt')"), "A12$x#if");
  EXPECT_EQ(render("#include('../a.vm')"), "! :1:1 #include: there is no file \"../a.vm\"");
  EXPECT_EQ(render("#parse('none')"), "! :1:1 #parse: there is no file \"none\"");
  EXPECT_NE(render("#parse('bad.vm')").find("line 2"), std::string::npos);
  folder.files["loop.vm"] = "x#parse('loop.vm')";
  EXPECT_EQ(render("#parse('loop.vm')"), "xxxxxxxxx");
}

TEST_F(Classic, TheFailureNamesTheFile) {
  folder.files = {{"a.vm", "one\n  $l.get(7)"}};
  EXPECT_EQ(render("#set($l = [1])#parse('a.vm')").substr(0, 11), "! a.vm:2:6 ");
}

TEST_F(Classic, LoopsHaveNoLimitButStepsDo) {
  EXPECT_EQ(render("#foreach($i in [1..1500])#if($foreach.last)$i#end#end"), "1500");
  const Limits few = {.steps_max = 1000};
  EXPECT_FALSE(render_classic("#foreach($i in [1..1500])#end", {}, few));
}

}  // namespace
}  // namespace hyd::vtl

#include "stacks/yaml.h"

#include <gtest/gtest.h>

#include <string>

namespace hyd::stacks {
namespace {

std::string json(std::string_view text) {
  const Read read = read_text(text);
  EXPECT_TRUE(read.problems.empty()) << read.problems.front().what;
  return codec::to_text(to_json(read.root));
}

// "line:column path: what" of the only problem.
std::string problem(std::string_view text, ReadLimits limits = {}) {
  const Read read = read_text(text, limits);
  if (read.problems.size() != 1) return std::to_string(read.problems.size()) + " problems";
  const Problem& only = read.problems.front();
  return std::to_string(only.mark.line) + ":" + std::to_string(only.mark.column) + " " + only.path +
         ": " + only.what;
}

TEST(Yaml, ScalarsKeepTheirSourceText) {
  EXPECT_EQ(json("[2012-10-17, 000000000000, 0755, 1:30, 0x1F, 1_000, 4, -1.5e3, 1.0, .5]"),
            R"(["2012-10-17","000000000000","0755","1:30","0x1F","1_000",4,-1.5e3,1.0,".5"])");
  EXPECT_EQ(json("[yes, Off, true, 'yes', ~, null, '', \"4\", y]"),
            R"([true,false,true,"yes",null,null,"","4","y"])");
  EXPECT_EQ(json("{yes: 1, 2: b}"), R"({"yes":1,"2":"b"})");
}

TEST(Yaml, ShortTagsBecomeTheirLongForms) {
  EXPECT_EQ(json("!Ref A"), R"({"Ref":"A"})");
  EXPECT_EQ(json("!Condition A"), R"({"Condition":"A"})");
  EXPECT_EQ(json("!GetAtt A.Outputs.B"), R"({"Fn::GetAtt":["A","Outputs.B"]})");
  EXPECT_EQ(json("!GetAtt [A, B]"), R"({"Fn::GetAtt":["A","B"]})");
  EXPECT_EQ(json("!If [C, !Ref A, {Fn::Base64: !Sub '${X}'}]"),
            R"({"Fn::If":["C",{"Ref":"A"},{"Fn::Base64":{"Fn::Sub":"${X}"}}]})");
  EXPECT_EQ(json("{a: !Ref AWS::AccountId}"), R"({"a":{"Ref":"AWS::AccountId"}})");
}

TEST(Yaml, AnchorsAndMergeKeysAreExpanded) {
  EXPECT_EQ(json("a: &x {p: 1, q: 2}\nb: {<<: *x, q: 3}\nc: *x\n"),
            R"({"a":{"p":1,"q":2},"b":{"q":3,"p":1},"c":{"p":1,"q":2}})");
  EXPECT_EQ(json(R"({"<<": 1})"), R"({"<<":1})");
  EXPECT_EQ(problem("a: *x"), "1:4 a: There is no anchor &x before this alias");
  EXPECT_EQ(problem("a: {<<: 1}"), "1:9 a/<<: Only maps can be merged by <<");
  EXPECT_EQ(problem("a: &x [*x]"), "1:8 a/0: There is no anchor &x before this alias");
}

TEST(Yaml, JsonIsReadTheSameWay) {
  EXPECT_EQ(json("{\n\t\"a\":\"\\u00e9\\/\\ud83d\\ude00\",\"b\":[1,{}],\"c\":\"\\\\ud83d\"}\n"),
            "{\"a\":\"é/😀\",\"b\":[1,{}],\"c\":\"\\\\ud83d\"}");
}

TEST(Yaml, NodesKnowTheirPlaces) {
  const Read read = read_text("Resources:\n  Bucket:\n    Type: AWS::S3::Bucket\n");
  const Entry& bucket = read.root.find("Resources")->entries.at(0);
  EXPECT_EQ(bucket.key_mark, (Mark{2, 3}));
  EXPECT_EQ(bucket.value.find("Type")->mark, (Mark{3, 11}));
}

TEST(Yaml, MistakesAreNamedWithTheirPlaces) {
  EXPECT_EQ(problem("a: 1\nb: 2\na: 3\n"), "3:1 a: The key a is already in line 1");
  EXPECT_EQ(problem(R"({"a":{"b":1,"b":2}})"), "1:13 a/b: The key b is already in line 1");
  EXPECT_EQ(problem("a:\n  Prefix: !{timestamp:yyyy}/\n"),
            "2:11 a/Prefix: Quote this value: a plain text cannot begin with !");
  EXPECT_EQ(problem("a: !Rfe x"),
            "1:4 a: There is no function !Rfe; did you mean Ref?; a value that begins with ! must "
            "be quoted");
  EXPECT_EQ(problem("a: !!binary x"), "1:4 a: Templates cannot use the tag !!binary");
  EXPECT_EQ(problem("a: !Base64 !Sub x"),
            "1:12 : A short tag cannot follow another one directly: write the outer function in "
            "its long form (Fn::Base64: !Sub ...)");
  EXPECT_EQ(problem("a:\n\tb: 1\n"), "2:1 a: A tab cannot indent YAML: use spaces");
  EXPECT_EQ(problem("a:\n    b: 1\n   c: 2\n"),
            "3:4 : Nothing above is indented as far as this line; the map around it begins in line "
            "1 and has its keys in column 1");
  EXPECT_EQ(problem("a: %x"), "1:4 a: Quote this value: a plain text cannot begin with %");
  EXPECT_EQ(problem("a: {{resolve:ssm:x}}"),
            "1:5 a: A key must be a text; a value that begins with { must be quoted");
  EXPECT_EQ(problem(""), "1:1 : The template is empty");
  EXPECT_EQ(problem("a: 1\n---\nb: 2\n"),
            "2:1 : A template is one YAML document, a second one begins here");
  EXPECT_EQ(problem("a: [1, 2\nb: 3\n").substr(0, 4), "2:2 ");
  EXPECT_EQ(problem(std::string_view("a: \0", 4)).substr(0, 4), "1:4 ");
}

TEST(Yaml, SeveralProblemsAreToldAtOnce) {
  EXPECT_EQ(read_text("a: !Foo 1\na: 2\nb: !!set {}\n").problems.size(), 3u);
}

TEST(Yaml, WhatOneTextCanCostIsBounded) {
  EXPECT_EQ(problem("a: 1", {.bytes_max = 3}),
            "0:0 : The template has 4 bytes, at most 3 can be read");
  const std::string deep(200, '[');
  EXPECT_TRUE(problem(deep).ends_with("Lists and maps are nested more than 100 deep"));
  // Nine levels of ten aliases each would be a thousand million values.
  std::string bomb = "a0: &a0 [x]\n";
  for (int level = 1; level < 10; ++level) {
    const std::string n = std::to_string(level);
    bomb += "a" + n + ": &a" + n + " [";
    for (int i = 0; i < 10; ++i) bomb += "*a" + std::to_string(level - 1) + ", ";
    bomb += "]\n";
  }
  EXPECT_TRUE(problem(bomb).ends_with("values or 8388608 bytes of text"));
  std::string long_text = "a: &a " + std::string(100'000, 'x') + "\nb: [";
  for (int i = 0; i < 100; ++i) long_text += "*a, ";
  EXPECT_TRUE(problem(long_text + "]").ends_with("values or 8388608 bytes of text"));
}

}  // namespace
}  // namespace hyd::stacks

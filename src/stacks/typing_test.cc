#include "stacks/typing.h"

#include "stacks/yaml.h"

#include <gtest/gtest.h>

#include <string>

namespace hyd::stacks {
namespace {

constexpr std::string_view kModes[] = {"PROVISIONED", "ON_DEMAND"};
constexpr Property kTag[] = {{.name = "Key", .required = true}, {.name = "Value"}};
constexpr Property kProperties[] = {
    {.name = "Name"},
    {.name = "Count", .want = Want::integer, .min = 1, .max = 10},
    {.name = "Rate", .want = Want::number},
    {.name = "Enabled", .want = Want::boolean},
    {.name = "Mode", .one_of = kModes},
    {.name = "Tags", .want = Want::list, .of = Want::object, .members = kTag},
    {.name = "Action", .want = Want::list, .lone = true},
    {.name = "Variables", .want = Want::map},
    {.name = "Declared", .want = Want::map, .of = Want::boolean},
    {.name = "Policy", .want = Want::json},
    {.name = "Text", .want = Want::json_text},
    {.name = "Tracing", .ignored = true},
};

Typed typed(std::string_view yaml) {
  return to_typed(read_text(yaml).root, kProperties, "Resources/A/Properties");
}

std::string json(std::string_view yaml) {
  const Typed out = typed(yaml);
  return out.problems.empty() ? codec::to_text(out.value) : out.problems.front().what;
}

// "line:column path: what" of the first problem, below the properties.
std::string problem(std::string_view yaml) {
  const Typed out = typed(yaml);
  if (out.problems.empty()) return "none";
  const Problem& first = out.problems.front();
  return std::to_string(first.mark.line) + ":" + std::to_string(first.mark.column) + " " +
         first.path.substr(std::string_view("Resources/A/Properties").size()) + ": " + first.what;
}

TEST(Typing, ScalarsBecomeWhatIsWanted) {
  EXPECT_EQ(json("{Count: 4}"), R"({"Count":4})");
  EXPECT_EQ(json("{Count: '4'}"), R"({"Count":4})");
  EXPECT_EQ(json("{Count: 4.0}"), R"({"Count":4})");
  EXPECT_EQ(json("{Rate: '1.5'}"), R"({"Rate":1.5})");
  EXPECT_EQ(json("{Enabled: true}"), R"({"Enabled":true})");
  EXPECT_EQ(json("{Enabled: 'False'}"), R"({"Enabled":false})");
  EXPECT_EQ(json("{Name: 200}"), R"({"Name":"200"})");
  EXPECT_EQ(json("{Name: 0012}"), R"({"Name":"0012"})");
  EXPECT_EQ(json("{Name: true}"), R"({"Name":"true"})");
}

TEST(Typing, ListsMapsAndDocumentsAreTypedInside) {
  EXPECT_EQ(json("{Tags: [{Key: a, Value: 1}]}"), R"({"Tags":[{"Key":"a","Value":"1"}]})");
  EXPECT_EQ(json("{Action: s3:Get}"), R"({"Action":["s3:Get"]})");
  EXPECT_EQ(json("{Variables: {a: 1, b: x}}"), R"({"Variables":{"a":"1","b":"x"}})");
  EXPECT_EQ(json("{Declared: {a: true, b: '''*''', c: 'false'}}"),
            R"({"Declared":{"a":true,"b":false,"c":false}})");
  EXPECT_EQ(json("{Policy: {Version: 2012-10-17, N: 1}}"),
            R"({"Policy":{"Version":"2012-10-17","N":1}})");
  EXPECT_EQ(json(R"({"Policy": "{\"a\": 1}"})"), R"({"Policy":{"a":1}})");
  EXPECT_EQ(json("{Policy: ''}"), "{}");
  EXPECT_EQ(json("{Text: {a: [1]}}"), R"({"Text":"{\"a\":[1]}"})");
}

TEST(Typing, WhatDoesNotFitIsNamedWithItsPlace) {
  EXPECT_EQ(problem("{Count: four}"), R"(1:9 /Count: Expected an integer, found "four")");
  EXPECT_EQ(problem("{Count: 4.5}"), R"(1:9 /Count: Expected an integer, found "4.5")");
  EXPECT_EQ(problem("{Count: 11}"), "1:9 /Count: 11 is more than 10");
  EXPECT_EQ(problem("{Enabled: yes please}"),
            R"(1:11 /Enabled: Expected true or false, found "yes please")");
  EXPECT_EQ(problem("{Name: [a]}"), "1:8 /Name: Expected a text, found a list");
  EXPECT_EQ(problem("{Tags: a}"), R"(1:8 /Tags: Expected a list, found "a")");
  EXPECT_EQ(problem("{Tags: [{Value: 1}]}"), "1:9 /Tags/0: The required property Key is missing");
  EXPECT_EQ(problem("{Mode: ON_DEMND}"),
            "1:8 /Mode: Expected one of PROVISIONED, ON_DEMAND, found \"ON_DEMND\"; did you mean "
            "ON_DEMAND?");
  EXPECT_EQ(problem("{Nmae: x}"),
            "1:2 /Nmae: Encountered unsupported property Nmae; did you mean Name?");
  EXPECT_EQ(problem("{Policy: 'x'}").substr(0, 48),
            "1:10 /Policy: Expected a document or JSON text: ");
}

TEST(Typing, AllThatIsWrongIsToldAtOnce) {
  EXPECT_EQ(typed("{Count: x, Nmae: y, Tags: [{}, {Key: [a]}]}").problems.size(), 4u);
}

TEST(Typing, WhatHasNoEffectIsListedAndNotKept) {
  const Typed out = typed("{Tracing: {Mode: x}, Name: a}");
  EXPECT_EQ(codec::to_text(out.value), R"({"Name":"a"})");
  EXPECT_EQ(out.ignored, (std::vector<std::string>{"Tracing"}));
}

}  // namespace
}  // namespace hyd::stacks

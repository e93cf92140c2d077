#include "stacks/evaluate.h"

#include "stacks/problem_text.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

namespace hyd::stacks {
namespace {

constexpr std::string_view kFiles = HYDRANT_SOURCE_DIR "/tests/cases/stacks/files";

std::string content(const std::filesystem::path& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::string all(const std::vector<Problem>& problems) {
  return to_text(problems, {.file = "", .text = ""});
}

// A stream's name and ARN, as its service would answer; of all others only that they were asked.
class FakeAttributes final : public Attributes {
 public:
  std::string ref(std::string_view logical_id) override {
    return logical_id == "Stream" ? "events-prod" : std::string(logical_id);
  }
  std::optional<std::string> get_att(std::string_view logical_id,
                                     std::string_view attribute) override {
    if (attribute == "NoSuch") return std::nullopt;
    if (logical_id != "Stream") return std::string(logical_id) + "." + std::string(attribute);
    return "arn:aws:kinesis:us-east-1:123456789012:stream/" + ref(logical_id);
  }
};

const StackPlace kPlace = {.account = "123456789012",
                           .region = "us-east-1",
                           .stack_name = "intrinsics",
                           .stack_id =
                               "arn:aws:cloudformation:us-east-1:123456789012:stack/"
                               "intrinsics/1"};

// A template and what it comes to with these parameters.
struct Evaluated {
  explicit Evaluated(std::string_view text, const std::map<std::string, std::string>& given = {}) {
    parsed = parse_template(text);
    if (!parsed.problems.empty()) return;
    BoundParameters bound = bind_parameters(parsed.value, given);
    made = make_scope(parsed.value, std::move(bound.values), kPlace);
    problems = all(bound.problems) + all(made.problems);
    if (!problems.empty()) return;
    ordered = order(parsed.value, made.scope);
    problems = all(ordered.problems);
  }

  ParsedTemplate parsed;
  MadeScope made;
  Ordered ordered;
  std::string problems;
};

TEST(Evaluate, EveryFunctionComesToItsExpectedValue) {
  const Evaluated it(content(std::filesystem::path(kFiles) / "intrinsics.yaml"));
  ASSERT_EQ(all(it.parsed.problems) + it.problems, "");
  FakeAttributes attributes;
  codec::Json found;
  for (const Output& output : it.parsed.value.outputs) {
    if (!it.made.scope.exists(output.condition)) continue;
    const ResolvedText text =
        resolve_text(output.value, "Outputs/" + output.name, it.made.scope, attributes);
    EXPECT_EQ(all(text.problems), "");
    found.set(output.name, text.value);
  }
  const auto expected =
      codec::parse_json(content(std::filesystem::path(kFiles) / "intrinsics.expected.json"));
  ASSERT_TRUE(expected);
  EXPECT_EQ(codec::to_text(found), codec::to_text(*expected));
  ASSERT_EQ(it.ordered.resources.size(), 1u);
  const Resource& stream = *it.ordered.resources[0];
  const Resolved properties = resolve(stream.properties, "P", it.made.scope, attributes);
  EXPECT_EQ(codec::to_text(to_json(*properties.value)),
            R"({"Name":"events-prod","ShardCount":"4"})");
}

TEST(Evaluate, AConditionMakesResourcesAppear) {
  const Evaluated it(content(std::filesystem::path(kFiles) / "intrinsics.yaml"), {{"Env", "dev"}});
  ASSERT_EQ(it.problems, "");
  EXPECT_EQ(it.ordered.resources.size(), 2u);
  EXPECT_NE(it.made.scope.existing("DevOnly"), nullptr);
}

// Templates of CDK, SAM (expanded), Serverless and by hand: all are read, ordered and, but for the
// imports of other stacks' exports, resolved.
TEST(Evaluate, TemplatesOfGeneratorsAreRead) {
  std::size_t files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(kFiles)) {
    const std::string name = entry.path().filename();
    if (name == "intrinsics.expected.json") continue;
    ++files;
    const Evaluated it(content(entry.path()));
    ASSERT_EQ(all(it.parsed.problems) + it.problems, "") << name;
    FakeAttributes attributes;
    for (const Resource* resource : it.ordered.resources) {
      for (const Problem& problem :
           resolve(resource->properties, resource->logical_id, it.made.scope, attributes)
               .problems) {
        EXPECT_EQ(problem.what, "Fn::ImportValue is not supported") << name << problem.path;
      }
    }
  }
  EXPECT_EQ(files, 9u);
}

TEST(Evaluate, ResourcesComeBehindWhatTheyReferTo) {
  const Evaluated it(R"(
Resources:
  Last: {Type: T::T::T, DependsOn: [Middle], Properties: {A: !Sub '${First}'}}
  Middle: {Type: T::T::T, Properties: {Deep: [{B: {Fn::Join: ['', [!GetAtt First.Arn]]}}]}}
  Alone: {Type: T::T::T}
  First: {Type: T::T::T}
)");
  ASSERT_EQ(it.problems, "");
  std::string names;
  for (const Resource* resource : it.ordered.resources) names += resource->logical_id + " ";
  EXPECT_EQ(names, "Alone First Middle Last ");
}

TEST(Evaluate, ReferencesLeaveOutTheBranchThatIsNotTaken) {
  const Evaluated it(R"(
Conditions: {Same: !Equals [a, a]}
Resources:
  A: {Type: T::T::T}
  B: {Type: T::T::T}
  C: {Type: T::T::T, Properties: {X: !If [Same, !Ref A, !GetAtt B.Arn], Y: !Sub ['${Z}', {Z: a}]}}
)");
  ASSERT_EQ(it.problems, "");
  const auto names = references(it.parsed.value.find_resource("C")->properties, it.made.scope);
  EXPECT_EQ(names, (std::set<std::string, std::less<>>{"A"}));
}

TEST(Evaluate, WhatFunctionsBlowUpIsBounded) {
  std::string text =
      "Parameters: {P: {Type: String}}\nResources: {A: {Type: T::T::T, Properties: {X: !Sub '";
  for (int i = 0; i < 2000; ++i) text += "${P}";
  const Evaluated it(text + "'}}}", {{"P", std::string(4096, 'x')}});
  ASSERT_EQ(it.problems, "");
  FakeAttributes attributes;
  const Resolved resolved =
      resolve(it.ordered.resources[0]->properties, "P", it.made.scope, attributes);
  ASSERT_EQ(resolved.problems.size(), 1u);
  EXPECT_EQ(resolved.problems[0].what, "The values here come to more than 4194304 bytes");
}

TEST(Evaluate, AChainOfConditionsIsBounded) {
  std::string text = "Resources: {A: {Type: T::T::T}}\nConditions:\n";
  for (int i = 0; i < 5000; ++i) {
    text += "  C" + std::to_string(i) + ": !Condition C" + std::to_string(i + 1) + "\n";
  }
  const Evaluated it(text + "  C5000: !Equals [a, a]\n");
  EXPECT_TRUE(it.problems.contains("Conditions are nested more than 200 deep")) << it.problems;
}

}  // namespace
}  // namespace hyd::stacks

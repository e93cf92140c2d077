// Stacks on a simulated catalog and fake services: what calls a file leads to,
// and what is left after a failure.
#include "stacks/stacks.h"

#include "aws/testing/test_call.h"
#include "aws/testing/test_loop.h"
#include "catalog/testing/simulated_catalog.h"
#include "stacks/tables.h"
#include "stacks/testing/example.h"
#include "stacks/testing/fake_services.h"
#include "sys/real_runtime.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace hyd::stacks {
namespace {

using base::Code;
using ::testing::ElementsAre;
using testing::example_with;
using testing::example_without;
using testing::FakeServices;
using ::testing::HasSubstr;
using testing::kExample;

class StacksTest : public ::testing::Test {
 protected:
  StacksTest() : dispatcher_(authorizer_) { start(); }

  // A start of the program over what the disk holds; the services live on.
  void start() {
    stacks_ = nullptr;
    ASSERT_TRUE(catalog_.open({.schemas = {stacks_schema()}}));
    stacks_ = std::make_unique<Stacks>(Stacks::Parts{.runtime = catalog_.runtime(),
                                                     .catalog = *catalog_,
                                                     .dispatcher = dispatcher_,
                                                     .loop = loop_,
                                                     .account = aws::testing::kTestAccount,
                                                     .region = "us-east-1"},
                                       &services_);
  }

  using Given = std::map<std::string, std::string>;
  base::Result<Stacks::Up> up(std::string_view text, Given parameters = {}) {
    services_.forget_calls();
    return stacks_->up({.file = "clicks.yaml",
                        .text = std::string(text),
                        .stack = "clicks",
                        .parameters = std::move(parameters)});
  }
  // The text of the refusal; empty when there was none.
  std::string refusal(std::string_view text, Given parameters = {}) {
    const auto outcome = up(text, std::move(parameters));
    if (outcome) return {};
    EXPECT_EQ(outcome.error().code, Code::invalid) << outcome.error().what;
    EXPECT_TRUE(outcome.error().what.ends_with("\nNothing has been changed."));
    return outcome.error().what;
  }
  Stack stack() {
    auto all = stacks_->all();
    return all && all->size() == 1 ? all->front() : Stack{};
  }
  std::string physical(std::string_view logical_id) {
    const Stack now = stack();
    const Record* const record = now.find(logical_id);
    return record == nullptr ? "none" : record->physical_id;
  }
  static std::string line_of(std::string_view text, std::string_view words) {
    const std::size_t at = text.find(words);
    return std::to_string(1 + std::ranges::count(text.substr(0, at), '\n'));
  }

  void fail_everywhere(bool after);

  catalog::SimulatedCatalog catalog_;
  aws::testing::TestLoop loop_;
  aws::RootOnly authorizer_;
  aws::Dispatcher dispatcher_;
  FakeServices services_;
  std::unique_ptr<Stacks> stacks_;
};

TEST_F(StacksTest, AFileBecomesItsResourcesInAnOrderThatServesThem) {
  const auto done = up(kExample);
  ASSERT_TRUE(done) << done.error().what;
  EXPECT_THAT(services_.operations(),
              ElementsAre("CreateStream", "CreateBucket", "CreateRole", "PutRolePolicy",
                          "CreateDeliveryStream", "CreateRestApi", "CreateResource", "PutMethod",
                          "PutMethod", "CreateDeployment", "CreateStage"));
  const std::string api = physical("Api");
  ASSERT_EQ(done->outputs.size(), 2u);
  EXPECT_EQ(done->outputs[0].value,
            "https://" + api + ".execute-api.us-east-1.amazonaws.com/prod/events");
  EXPECT_EQ(done->outputs[1].value, physical("Bucket"));
  EXPECT_TRUE(physical("Bucket").starts_with("clicks-bucket-")) << physical("Bucket");
  EXPECT_EQ(physical("Stream"), "clicks");
  EXPECT_TRUE(services_.things().contains("apigateway/" + api + "/stage/prod"));
  EXPECT_THAT(done->lines, ::testing::Contains(HasSubstr("CloudWatchLoggingOptions")));
}

TEST_F(StacksTest, AMethodIsPutWholeInOneCall) {
  ASSERT_TRUE(up(kExample));
  const std::string key = "apigateway/" + physical("Api") + "/method/" + physical("Events");
  EXPECT_EQ(services_.things().at(key + "/POST"),
            R"({"restApiId":")" + physical("Api") + R"(","resourceId":")" + physical("Events") +
                R"(","httpMethod":"POST","authorizationType":"NONE",)"
                R"("methodResponses":{"200":{"statusCode":"200"},"500":{"statusCode":"500"}},)"
                R"("methodIntegration":{"type":"AWS","httpMethod":"POST",)"
                R"("uri":"arn:aws:apigateway:us-east-1:kinesis:action/PutRecord",)"
                R"("requestTemplates":{"application/json":"{\"Data\": \"$input.body\"}"},)"
                R"("integrationResponses":{"200":{"statusCode":"200",)"
                R"("responseTemplates":{"application/json":"{\"ok\":true}"}},)"
                R"("500":{"statusCode":"500","selectionPattern":"5\\d\\d"}}}})");
}

// The file that people are pointed to first.
TEST_F(StacksTest, TheExampleOfTheTreeComesUp) {
  const auto runtime = sys::make_real_runtime();
  ASSERT_TRUE(runtime) << runtime.error().what;
  const auto dir = (*runtime)->open_dir(HYDRANT_SOURCE_DIR "/examples");
  ASSERT_TRUE(dir) << dir.error().what;
  const auto file = (*dir)->open("clickstream.yaml", sys::Open::read);
  ASSERT_TRUE(file) << file.error().what;
  const auto size = (*file)->size();
  ASSERT_TRUE(size);
  std::string text(*size, '\0');
  ASSERT_TRUE((*file)->read_at(0, std::span<char>(text)));
  const auto done = up(text);
  ASSERT_TRUE(done) << done.error().what;
  ASSERT_EQ(done->outputs.size(), 2u);
  EXPECT_TRUE(services_.things().contains("stream/class-stream"));
  EXPECT_TRUE(services_.things().contains("delivery/class-stream-to-objects"));
  ASSERT_TRUE(up(text));
  EXPECT_THAT(services_.calls(), ElementsAre());
}

TEST_F(StacksTest, TheSameFileAgainChangesNothing) {
  ASSERT_TRUE(up(kExample));
  const FakeServices::Things before = services_.things();
  start();
  const auto again = up(kExample);
  ASSERT_TRUE(again) << again.error().what;
  EXPECT_THAT(services_.calls(), ElementsAre());
  EXPECT_THAT(again->lines, ElementsAre());
  EXPECT_EQ(again->outputs.size(), 2u);
  EXPECT_EQ(services_.things(), before);
}

TEST_F(StacksTest, WhatOnlyLooksDifferentChangesNothing) {
  ASSERT_TRUE(up(kExample));
  for (const auto& [from, to] : {std::pair("  Stream:\n", "  # a comment\n  Stream:\n"),
                                 std::pair("      Name: clicks\n      ShardCount: 2\n",
                                           "      ShardCount: '2'\n      Name: clicks\n"),
                                 std::pair("StatusCode: 500,", "StatusCode: '500',")}) {
    const auto again = up(example_with(from, to));
    ASSERT_TRUE(again) << again.error().what;
    EXPECT_THAT(services_.calls(), ElementsAre()) << to;
  }
}

TEST_F(StacksTest, AChangedTemplateLineIsDeployedAgain) {
  ASSERT_TRUE(up(kExample));
  const std::string first = physical("Deployment");
  const std::string api = physical("Api");
  const auto changed = up(example_with("$input.body", "$input.body!"));
  ASSERT_TRUE(changed) << changed.error().what;
  EXPECT_THAT(services_.operations(),
              ElementsAre("PutMethod", "CreateDeployment", "UpdateStage", "DeleteDeployment"));
  const std::string second = physical("Deployment");
  EXPECT_NE(first, second);
  EXPECT_EQ(physical("Api"), api);
  EXPECT_EQ(services_.calls()[2], R"(UpdateStage {"restApiId":")" + api +
                                      R"(","stageName":"prod","patchOperations":)"
                                      R"([{"op":"replace","path":"/deploymentId","value":")" +
                                      second + R"("}]})");
  EXPECT_THAT(services_.calls()[3], HasSubstr(first));
  EXPECT_THAT(changed->lines, ::testing::Contains(HasSubstr("deployed Deployment again")));
}

TEST_F(StacksTest, AMethodThatLeavesIsNotInTheNewDeployment) {
  ASSERT_TRUE(up(kExample));
  std::string text = example_without("Options", "Outputs:");
  text.replace(text.find("[Post, Options]"), 15, "[Post]");
  const auto changed = up(text);
  ASSERT_TRUE(changed) << changed.error().what;
  EXPECT_THAT(services_.operations(),
              ElementsAre("DeleteMethod", "CreateDeployment", "UpdateStage", "DeleteDeployment"));
  const std::string& frozen = services_.things().at("apigateway/" + physical("Api") +
                                                    "/deployment/" + physical("Deployment"));
  EXPECT_FALSE(frozen.contains("OPTIONS"));
}

// A path's change replaces the resource, and with it the methods that stand on
// it.
TEST_F(StacksTest, AReplacedResourceTakesItsMethodsAlong) {
  ASSERT_TRUE(up(kExample));
  const auto changed = up(example_with("PathPart: events", "PathPart: clicks"));
  ASSERT_TRUE(changed) << changed.error().what;
  EXPECT_THAT(
      services_.operations(),
      ElementsAre("CreateResource", "PutMethod", "PutMethod", "DeleteMethod", "DeleteMethod",
                  "DeleteResource", "CreateDeployment", "UpdateStage", "DeleteDeployment"));
  const std::string& frozen = services_.things().at("apigateway/" + physical("Api") +
                                                    "/deployment/" + physical("Deployment"));
  EXPECT_FALSE(frozen.contains("\"pathPart\\\":\\\"events"));
}

TEST_F(StacksTest, ARenamedLogicalIdIsTheSameResource) {
  ASSERT_TRUE(up(kExample));
  std::string text = example_with("  Post:\n", "  PostEvents:\n");
  text.replace(text.find("[Post,"), 6, "[PostEvents,");
  const FakeServices::Things before = services_.things();
  const auto changed = up(text);
  ASSERT_TRUE(changed) << changed.error().what;
  EXPECT_THAT(services_.calls(), ElementsAre());
  EXPECT_EQ(services_.things(), before);
  EXPECT_NE(physical("PostEvents"), "none");
}

TEST_F(StacksTest, ARolesPoliciesAreUpdatedInPlace) {
  ASSERT_TRUE(up(kExample));
  const std::string role = physical("DeliveryRole");
  const auto changed = up(example_with("PolicyName: deliver", "PolicyName: write"));
  ASSERT_TRUE(changed) << changed.error().what;
  EXPECT_THAT(services_.operations(), ElementsAre("DeleteRolePolicy", "PutRolePolicy"));
  EXPECT_EQ(physical("DeliveryRole"), role);
}

TEST_F(StacksTest, WhatCannotBeChangedYetIsRefusedAtItsLineAndNothingChanges) {
  ASSERT_TRUE(up(kExample));
  const FakeServices::Things before = services_.things();
  struct Row {
    std::string_view from;
    std::string_view to;
    std::string_view path;
  };
  const Row rows[] = {
      {"ShardCount: 2", "ShardCount: 4",
       "Resources/Stream/Properties/ShardCount: ShardCount of an AWS::Kinesis::Stream that is "
       "there "
       "cannot be changed by this version: it is 2, and this file says 4\n"},
      {"Prefix: events/\n", "\n",
       "ExtendedS3DestinationConfiguration/Prefix: ExtendedS3DestinationConfiguration of an "
       "AWS::KinesisFirehose::DeliveryStream that is there cannot be changed by this version: "
       "Prefix "
       "is \"events/\", and this file says absent\n"},
      {"Name: clicks\n      Shard", "Name: other\n      Shard", "Resources/Stream/Properties/Name"},
      {"SizeInMBs: 1,", "SizeInMBs: 2,",
       "Resources/Delivery/Properties/ExtendedS3DestinationConfiguration/BufferingHints/SizeInMBs: "
       "ExtendedS3DestinationConfiguration of an AWS::KinesisFirehose::DeliveryStream that is "
       "there "
       "cannot be changed by this version: BufferingHints/SizeInMBs is 1, and this file says 2\n"},
      {"ShardCount: 2", "ShardCount: 2\n      RetentionPeriodHours: 48",
       "Resources/Stream/Properties/RetentionPeriodHours"},
  };
  for (const Row& row : rows) {
    const std::string text = example_with(row.from, row.to);
    const std::string why = refusal(text);
    EXPECT_TRUE(why.starts_with("clicks.yaml:")) << why;
    EXPECT_THAT(why, HasSubstr(row.path));
    EXPECT_EQ(std::ranges::count(why, '^'), 1) << why;
  }
  EXPECT_THAT(refusal(example_with("ShardCount: 2", "ShardCount: 4")),
              HasSubstr("clicks.yaml:" + line_of(kExample, "ShardCount: 2") + ":"));
  EXPECT_THAT(refusal(example_without("Delivery", "  Api:")), HasSubstr("cannot leave its stack"));
  EXPECT_EQ(services_.things(), before);
  ASSERT_TRUE(up(kExample));
  EXPECT_THAT(services_.calls(), ElementsAre());
}

TEST_F(StacksTest, AParameterKeepsWhatItWasGivenUntilItIsGivenAnother) {
  ASSERT_TRUE(up(kExample, {{"Stage", "live"}}));
  const std::string stage = "apigateway/" + physical("Api") + "/stage/";
  EXPECT_TRUE(services_.things().contains(stage + "live"));
  start();
  for (const std::string& text :
       {std::string(kExample), example_with("Default: prod", "Default: test")}) {
    const auto again = up(text);
    ASSERT_TRUE(again) << again.error().what;
    EXPECT_THAT(services_.calls(), ElementsAre());
    EXPECT_THAT(again->lines,
                ElementsAre("kept     parameter Stage = live: given at an earlier start"));
  }
  ASSERT_TRUE(up(kExample, {{"Stage", "prod"}}));
  EXPECT_TRUE(services_.things().contains(stage + "prod"));
  EXPECT_FALSE(services_.things().contains(stage + "live"));
}

TEST_F(StacksTest, AParameterThatWasNeverGivenFollowsItsDefault) {
  ASSERT_TRUE(up(kExample));
  const auto changed = up(example_with("Default: prod", "Default: live"));
  ASSERT_TRUE(changed) << changed.error().what;
  EXPECT_TRUE(services_.things().contains("apigateway/" + physical("Api") + "/stage/live"));
}

TEST_F(StacksTest, AValueGivenEarlierThatIsNotAllowedAnyMoreIsRefusedWithAWayOut) {
  ASSERT_TRUE(up(kExample, {{"Stage", "live"}}));
  const std::string text =
      example_with("Default: prod", "Default: prod, AllowedValues: [prod, test]");
  const std::string why = refusal(text);
  EXPECT_THAT(why, HasSubstr("must be one of AllowedValues: prod, test"));
  EXPECT_THAT(why, HasSubstr("its value was given at an earlier start, --parameter Stage=... "
                             "gives another"));
  // A parameter that leaves the file is forgotten, and begins anew when it comes back.
  std::string without(kExample);
  without.erase(without.find("Parameters:"),
                without.find("Resources:") - without.find("Parameters:"));
  without.replace(without.find("!Ref Stage\n"), 10, "prod");
  ASSERT_TRUE(up(without));
  EXPECT_TRUE(stack().parameters.empty());
  EXPECT_TRUE(up(text));
}

TEST_F(StacksTest, AValueWithNoEchoIsKeptAndNeverShown) {
  std::string text = example_with("Value: data}", "Value: !Ref Secret}");
  text.replace(text.find("  Stage: {"), 0, "  Secret: {Type: String, NoEcho: true}\n");
  const auto first = up(text, {{"Secret", "hush-hush"}});
  ASSERT_TRUE(first) << first.error().what;
  EXPECT_THAT(services_.things().at("stream/clicks"), HasSubstr("hush-hush"));
  const auto again = up(text);
  ASSERT_TRUE(again) << again.error().what;
  EXPECT_THAT(services_.calls(), ElementsAre());
  EXPECT_THAT(again->lines,
              ElementsAre("kept     parameter Secret = ****: given at an earlier start"));
  const std::string why = refusal(text, {{"Secret", "and-another"}});
  EXPECT_THAT(why,
              HasSubstr("Tags/0/Value: Tags of an AWS::Kinesis::Stream that is there cannot be "
                        "changed by this version: 0/Value is \"****\", and this file says "
                        "\"****\""));
  EXPECT_THAT(why, ::testing::Not(HasSubstr("hush")));
  EXPECT_THAT(why, ::testing::Not(HasSubstr("another")));
  // A text that is no number is quoted by the one who wants one.
  std::string number = text;
  number.replace(number.find("ShardCount: 2"), 13, "ShardCount: !Ref Secret");
  EXPECT_THAT(refusal(number), HasSubstr("Expected an integer, found \"****\""));
}

TEST_F(StacksTest, AllProblemsOfAFileAreToldAtOnceAndNothingIsMade) {
  std::string text = example_with("AWS::S3::Bucket", "AWS::S3::Buckett");
  text.replace(text.find("HttpMethod: POST"), 10, "HttpMethd");
  text.replace(text.find("ShardCount: 2"), 13, "ShardCount: two");
  const std::string why = refusal(text);
  EXPECT_THAT(why, HasSubstr("Unrecognized resource types: [AWS::S3::Buckett]"));
  EXPECT_THAT(why, HasSubstr("did you mean AWS::S3::Bucket?"));
  EXPECT_THAT(why, HasSubstr("HttpMethd"));
  EXPECT_THAT(why, HasSubstr("ShardCount"));
  EXPECT_THAT(why, HasSubstr("clicks.yaml:" + line_of(text, "ShardCount: two") + ":"));
  EXPECT_TRUE(services_.things().empty());
  EXPECT_TRUE(stack().name.empty());
}

TEST_F(StacksTest, ANameThatIsTakenIsRefusedBeforeAnythingIsMade) {
  services_.replay(R"(CreateStream {"StreamName":"clicks"})");
  const std::string why = refusal(kExample);
  EXPECT_THAT(why, HasSubstr("Resource of type 'AWS::Kinesis::Stream' with identifier 'clicks' "
                             "already exists."));
  EXPECT_EQ(services_.things().size(), 1u);
}

// The n-th call fails, before or after it did its work: nothing of the stack is
// left.
void StacksTest::fail_everywhere(bool after) {
  std::size_t nth = 1;
  for (;; ++nth) {
    SCOPED_TRACE(nth);
    services_.fail_call(nth, after);
    const auto outcome = up(kExample);
    services_.fail_call(0);
    if (outcome) break;
    EXPECT_EQ(outcome.error().code, Code::unavailable);
    EXPECT_THAT(outcome.error().what, HasSubstr("InternalFailure"));
    EXPECT_TRUE(outcome.error().what.starts_with("clicks.yaml:")) << outcome.error().what;
    ASSERT_TRUE(services_.things().empty()) << services_.things().begin()->first;
    ASSERT_TRUE(stack().name.empty());
  }
  EXPECT_EQ(nth, 12u);
}

TEST_F(StacksTest, AFailureBeforeAnyCallLeavesNothingBehind) { fail_everywhere(false); }
TEST_F(StacksTest, AnAnswerThatIsLostLeavesNothingBehind) { fail_everywhere(true); }

// Only what is cleared away at the end is not worth undoing: it is left for the
// next start.
TEST_F(StacksTest, AFailureAtAnyCallOfAnUpdateBringsTheFormerStateBack) {
  ASSERT_TRUE(up(kExample));
  const FakeServices::Things before = services_.things();
  const Stack stack_before = stack();
  std::string text = example_with("PathPart: events", "PathPart: clicks");
  text.replace(text.find("PolicyName: deliver"), 19, "PolicyName: write");
  text.replace(text.find("{stream: !Ref Stream}"), 21, "{other: !Ref Stream}");
  for (std::size_t nth = 1; nth <= 10; ++nth) {
    for (const bool after : {false, true}) {
      SCOPED_TRACE(std::to_string(nth) + (after ? " after" : " before"));
      services_.fail_call(nth, after);
      const auto outcome = up(text);
      services_.fail_call(0);
      ASSERT_FALSE(outcome);
      EXPECT_EQ(outcome.error().code, Code::unavailable);
      ASSERT_EQ(services_.things(), before);
      ASSERT_EQ(stack(), stack_before);
    }
  }
  // The eleventh removes the former deployment.
  services_.fail_call(11);
  const std::string former = physical("Deployment");
  const auto outcome = up(text);
  ASSERT_TRUE(outcome) << outcome.error().what;
  EXPECT_THAT(outcome->lines, ::testing::Contains(HasSubstr(former)));
  start();
  ASSERT_TRUE(stacks_->resume());
  EXPECT_FALSE(
      services_.things().contains("apigateway/" + physical("Api") + "/deployment/" + former));
}

}  // namespace
}  // namespace hyd::stacks

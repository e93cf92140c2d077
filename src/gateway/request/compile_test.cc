#include "gateway/request/compiled_stage.h"
#include "gateway/request/testing/fake_kinesis.h"
#include "gateway/request/testing/stage_builder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>

namespace hyd::gateway {
namespace {

using Kind = CompiledIntegration::Kind;
using ::testing::HasSubstr;
using testing::integration_of;
using testing::StageBuilder;

class CompileTest : public ::testing::Test {
 protected:
  CompileTest() { dispatcher_.add(testing::fake_kinesis_table(), kinesis_); }

  // The only method's integration.
  const CompiledIntegration& compiled() {
    stage_ = api_.build(dispatcher_).compiled;
    return stage_->methods.front().integration;
  }
  std::string warnings() const {
    std::string all;
    for (const StageWarning& one : stage_->warnings) {
      all.append(one.where).append(": ").append(one.what).append("\n");
    }
    return all;
  }

  testing::FakeKinesis kinesis_;
  aws::RootOnly authorizer_;
  aws::Dispatcher dispatcher_{authorizer_};
  StageBuilder api_;
  std::shared_ptr<const CompiledStage> stage_;
};

TEST_F(CompileTest, FindsTheTargetOnce) {
  api_.kinesis("POST", "/v1/{name}");
  const CompiledIntegration& integration = compiled();
  EXPECT_EQ(integration.kind, Kind::action);
  EXPECT_TRUE(integration.target);
  EXPECT_EQ(integration.region, "eu-west-1");
  EXPECT_EQ(stage_->methods.front().resource_path, "/v1/{name}");
  EXPECT_EQ(stage_->methods.front().resource_id, "/v1/{name}");
}

TEST_F(CompileTest, ReplacesStageVariablesInUris) {
  integration_of(api_.kinesis("POST", "/")).uri =
      "arn:aws:apigateway:${stageVariables.region}:kinesis:action/Put${stageVariables.what}";
  api_.variables() = {{"region", "us-west-2"}, {"what", "Record"}};
  EXPECT_EQ(compiled().region, "us-west-2");
  EXPECT_TRUE(compiled().target);
  api_.variables().erase("what");
  EXPECT_EQ(compiled().why, "kinesis has no action Put") << "a missing one is empty";
}

TEST_F(CompileTest, KeepsWhatIsBrokenAndSaysSo) {
  struct {
    const char* uri;
    const char* why;
  } const cases[] = {
      {"arn:aws:apigateway:eu-west-1:sqs:action/SendMessage", "there is no service sqs here"},
      {"arn:aws:apigateway:eu-west-1:kinesis:action/putRecord", "kinesis has no action putRecord"},
      {"arn:aws:apigateway:eu-west-1:kinesis:path/x", "only actions of services"},
      {"arn:aws:apigateway:eu-west-1:kinesis:action/{a}", "Invalid endpoint address"},
      {"http://example.com/", "Invalid endpoint address"},
      {"", "Invalid endpoint address"},
  };
  Method& method = api_.kinesis("POST", "/put");
  for (const auto& [uri, why] : cases) {
    integration_of(method).uri = uri;
    EXPECT_EQ(compiled().kind, Kind::broken) << uri;
    EXPECT_THAT(compiled().why, HasSubstr(why));
    EXPECT_THAT(warnings(), HasSubstr("POST /put: "));
    EXPECT_THAT(warnings(), HasSubstr(why));
  }
  integration_of(method).uri = "arn:aws-cn:apigateway:cn-north-1:sub.kinesis:action/PutRecord";
  EXPECT_EQ(compiled().kind, Kind::action) << "other partitions, and a subdomain";
}

TEST_F(CompileTest, NamesThePlaceOfAMistakeInATemplate) {
  Method& method = api_.kinesis("POST", "/put");
  integration_of(method).templates["application/json"] = "{\n#if(";
  const CompiledIntegration& integration = compiled();
  ASSERT_EQ(integration.templates.size(), 1u);
  EXPECT_EQ(integration.templates.front().program, nullptr);
  EXPECT_THAT(warnings(), HasSubstr("POST /put: the request template of application/json: line 2"));
}

TEST_F(CompileTest, WarnsOfWhatHidesOrLosesEvents) {
  Method& method = api_.kinesis("POST", "/put");
  compiled();
  EXPECT_THAT(warnings(), HasSubstr("its refusals too, reaches the client as 200"));
  EXPECT_THAT(warnings(), HasSubstr("WHEN_NO_MATCH"));
  integration_of(method).passthrough_behavior = "NEVER";
  StageBuilder::respond(method, "400", "4\\d{2}");
  compiled();
  EXPECT_EQ(warnings(), "");
  method.responses.erase("400");
  method.authorization_type = "AWS_IAM";
  method.validator_id = "val123";
  compiled();
  EXPECT_THAT(warnings(), HasSubstr("no method response is declared for status 400"));
  EXPECT_THAT(warnings(), HasSubstr("authorization is not evaluated yet"));
  EXPECT_THAT(warnings(), HasSubstr("request validation is not evaluated yet"));
}

TEST_F(CompileTest, KeepsTheFirstResponseWithoutAPatternAsTheDefault) {
  Method& method = api_.kinesis("POST", "/put");
  StageBuilder::respond(method, "201");
  StageBuilder::respond(method, "400", "(");
  const CompiledIntegration& integration = compiled();
  EXPECT_EQ(integration.default_response, 0u);
  EXPECT_EQ(integration.responses.front().status, 200);
  EXPECT_FALSE(integration.responses.back().pattern.has_value());
  EXPECT_THAT(warnings(), HasSubstr("the selection pattern of 400"));
}

// A pattern that cannot be read matches nothing; it must not become a second default.
TEST_F(CompileTest, TakesABrokenPatternForNoDefault) {
  Method& method = api_.kinesis("POST", "/put");
  integration_of(method).responses.clear();
  StageBuilder::respond(method, "200", "(");
  EXPECT_FALSE(compiled().default_response.has_value());
}

TEST_F(CompileTest, LetsGoOfARequestThatNothingLooksBackAt) {
  Method& method = api_.kinesis("POST", "/put");
  compiled();
  EXPECT_FALSE(stage_->methods.front().looks_back);
  integration_of(method).responses["200"].parameters["method.response.header.X"] =
      "context.requestId";
  compiled();
  EXPECT_TRUE(stage_->methods.front().looks_back);
  integration_of(method).responses["200"].parameters.clear();
  integration_of(method).responses["200"].templates["application/json"] = "x";
  compiled();
  EXPECT_TRUE(stage_->methods.front().looks_back);
  integration_of(method).responses["200"].templates.clear();
  api_.definition().gateway_responses["DEFAULT_5XX"];
  compiled();
  EXPECT_TRUE(stage_->methods.front().looks_back);
}

TEST_F(CompileTest, GivesDefaultsOfAClassToTypesThatAreNotConfigured) {
  auto& responses = api_.definition().gateway_responses;
  responses["DEFAULT_4XX"].status_code = "418";
  responses["UNAUTHORIZED"].status_code = "";
  api_.mock("GET", "/");
  compiled();
  const auto of = [&](GatewayFailure failure) -> const CompiledGatewayResponse& {
    return stage_->gateway_responses[static_cast<std::size_t>(failure)];
  };
  EXPECT_EQ(of(GatewayFailure::missing_authentication_token).status, 418);
  EXPECT_EQ(of(GatewayFailure::unauthorized).status, 401);
  EXPECT_EQ(of(GatewayFailure::api_configuration_error).status, 500);
  EXPECT_EQ(of(GatewayFailure::request_too_large).status, 413) << "nobody can change it";
}

TEST(OutgoingName, RemapsWhatAwsRemaps) {
  EXPECT_EQ(outgoing_name("date", Kind::mock), "x-amzn-Remapped-date");
  EXPECT_EQ(outgoing_name("Connection", Kind::action), "x-amzn-Remapped-Connection");
  EXPECT_EQ(outgoing_name("Host", Kind::action), "x-amzn-Remapped-Host");
  EXPECT_EQ(outgoing_name("Host", Kind::mock), "Host");
  EXPECT_EQ(outgoing_name("Transfer-Encoding", Kind::action), "");
  EXPECT_EQ(outgoing_name("X-Any", Kind::action), "X-Any");
}

TEST(ForbiddenHeaders, AreMoreForServices) {
  EXPECT_TRUE(is_forbidden_to_backend("content-length", Kind::mock));
  EXPECT_TRUE(is_forbidden_to_backend("Authorization", Kind::action));
  EXPECT_FALSE(is_forbidden_to_backend("Authorization", Kind::mock));
  EXPECT_FALSE(is_forbidden_to_backend("X-Amz-Target", Kind::action));
}

}  // namespace
}  // namespace hyd::gateway

// An account's APIs over a simulated catalog, asked through the dispatcher as stacks ask them.
#pragma once

#include "aws/dispatcher.h"
#include "aws/testing/test_call.h"
#include "aws/testing/test_loop.h"
#include "catalog/testing/simulated_catalog.h"
#include "codec/json.h"
#include "gateway/apis.h"
#include "gateway/ops/operations.h"
#include "gateway/tables.h"

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <string>
#include <string_view>

namespace hyd::gateway::testing {

class ControlPlane : public ::testing::Test {
 protected:
  ControlPlane() : call_(aws::testing::test_call(loop_, clock_)) { open(); }

  // A start of the program over what the disk holds.
  void open() {
    apis_ = nullptr;
    const auto opened = catalog_.open({.schemas = {gateway_schema()}});
    ASSERT_TRUE(opened) << opened.error().what;
    auto apis = Apis::open({.catalog = *catalog_,
                            .entropy = catalog_.runtime().entropy(),
                            .loops = {&loop_},
                            .account = aws::testing::kTestAccount,
                            .region = "us-east-1",
                            .compile = compile()});
    ASSERT_TRUE(apis) << apis.error().what;
    apis_ = *std::move(apis);
    dispatcher_ = std::make_unique<aws::Dispatcher>(authorizer_);
    dispatcher_->add(apigateway_table(), *apis_);
  }

  // What makes the request path's form; tests of the control plane have none.
  virtual Compile compile() { return {}; }

  // The answer as JSON text, or "NAME STATUS message".
  std::string ask(std::string_view operation, std::string_view input) {
    std::string answer = "no answer";
    const auto document = codec::parse_json(input);
    if (!document) return document.error().what;
    dispatcher_->invoke("apigateway", operation, call_, *document,
                        [&](std::expected<codec::Json, aws::Fault> outcome) {
                          answer = outcome ? codec::to_text(*outcome)
                                           : outcome.error().name + " " +
                                                 std::to_string(outcome.error().status) + " " +
                                                 outcome.error().message;
                        });
    settle();
    return answer;
  }
  // Lets everything that was asked be decided, shown and answered.
  void settle() {
    // The writer works in order, so behind this everything of ours has been told.
    EXPECT_TRUE(
        catalog_->write_and_wait([](catalog::Transaction&) { return base::Result<void>(); }));
    loop_.run_pending();
  }

  // A text member of an answer.
  static std::string member(std::string_view answer, std::string_view name) {
    const auto document = codec::parse_json(answer);
    if (!document) return "no document: " + std::string(answer);
    const codec::Json* const value = document->find(name);
    const std::string* const text = value == nullptr ? nullptr : value->if_string();
    return text == nullptr ? "no " + std::string(name) : *text;
  }

  // The API "a1b2c3d4e5" whose root answers POST with a constant.
  static constexpr std::string_view kApi = "a1b2c3d4e5";
  void make_api() {
    ask("CreateRestApi", R"({"id":"a1b2c3d4e5","rootResourceId":"rootrootro","name":"collect"})");
    put_mock("rootrootro", "POST");
  }
  void put_mock(std::string_view resource, std::string_view verb) {
    const std::string method = R"("restApiId":"a1b2c3d4e5","resourceId":")" +
                               std::string(resource) + R"(","httpMethod":")" + std::string(verb) +
                               "\"";
    EXPECT_TRUE(ask("PutMethod", "{" + method + R"(,"authorizationType":"NONE"})")
                    .starts_with(R"({"httpMethod")"));
    EXPECT_TRUE(ask("PutIntegration", "{" + method + R"(,"type":"MOCK"})")
                    .starts_with(R"({"type":"MOCK")"));
  }
  // Deploys it to that stage; the deployment's id.
  std::string deploy(std::string_view stage) {
    return member(ask("CreateDeployment",
                      R"({"restApiId":"a1b2c3d4e5","stageName":")" + std::string(stage) + "\"}"),
                  "id");
  }
  const ServedStage* served(std::string_view stage) {
    return apis_->served(loop_)->find(kApi, stage);
  }

  catalog::SimulatedCatalog catalog_;
  aws::testing::TestLoop loop_;
  aws::testing::TestClock clock_;
  aws::RootOnly authorizer_;
  aws::Call call_;
  std::unique_ptr<Apis> apis_;
  std::unique_ptr<aws::Dispatcher> dispatcher_;
};

inline constexpr std::string_view kDone = "{}";

}  // namespace hyd::gateway::testing

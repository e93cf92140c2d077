// Deployments and stages: what is frozen stays, what is served follows every answer, a restart
// finds the same.
#include "gateway/testing/control_plane.h"

#include <set>
#include <vector>

namespace hyd::gateway {
namespace {

using testing::kDone;

class StagesTest : public testing::ControlPlane {
 protected:
  StagesTest() {
    open();  // now with this fixture's compile
    make_api();
  }
  Compile compile() override {
    return [this](const DeployedStage& stage) {
      compiled_.push_back(stage.api_id + "/" + stage.stage + "/" + stage.deployment_id);
      // The request path's form is its own; here it is only told apart, never looked into.
      const auto token = std::make_shared<int>(0);
      return std::shared_ptr<const CompiledStage>(
          token, reinterpret_cast<const CompiledStage*>(token.get()));
    };
  }
  std::string update(std::string_view stage, std::string_view patches) {
    return ask("UpdateStage", R"({"restApiId":"a1b2c3d4e5","stageName":")" + std::string(stage) +
                                  R"(","patchOperations":)" + std::string(patches) + "}");
  }
  std::int64_t count(std::string_view sql) {
    auto rows = catalog_.reader().query(sql);
    EXPECT_TRUE(rows && rows->step());
    return rows->int64(0);
  }

  std::vector<std::string> compiled_;
};

TEST_F(StagesTest, ADeploymentIsServedWithTheAnswer) {
  EXPECT_EQ(served("prod"), nullptr) << "editing an API serves nothing";
  const std::string id = deploy("prod");
  const ServedStage* const stage = served("prod");
  ASSERT_NE(stage, nullptr);
  EXPECT_EQ(stage->what.deployment_id, id);
  EXPECT_EQ(stage->what.api_name, "collect");
  EXPECT_TRUE(stage->what.definition->resources.at("rootrootro").methods.contains("POST"));
  ASSERT_NE(stage->compiled, nullptr);
  EXPECT_EQ(compiled_, std::vector<std::string>{"a1b2c3d4e5/prod/" + id});
  EXPECT_EQ(apis_->newest()->find_by_name("prod"), apis_->newest()->find("A1B2C3D4E5", "prod"))
      << "ids are compared whatever their case";
  EXPECT_EQ(ask("GetStage", R"({"restApiId":"a1b2c3d4e5","stageName":"prod"})"),
            R"({"deploymentId":")" + id +
                R"(","stageName":"prod","cacheClusterEnabled":false,)"
                R"("cacheClusterStatus":"NOT_AVAILABLE","methodSettings":{},)"
                R"("tracingEnabled":false,"createdDate":1700000000,"lastUpdatedDate":1700000000})");
  EXPECT_EQ(ask("GetDeployment", R"({"restApiId":"a1b2c3d4e5","deploymentId":")" + id + "\"}"),
            R"({"id":")" + id + R"(","createdDate":1700000000})");
}

TEST_F(StagesTest, EditsShowInTheNextDeploymentOnly) {
  deploy("prod");
  const auto frozen = served("prod")->what.definition;
  const Definition as_it_was = *frozen;
  const auto picture = apis_->newest();
  put_mock("rootrootro", "GET");
  ask("DeleteMethod",
      R"({"restApiId":"a1b2c3d4e5","resourceId":"rootrootro","httpMethod":"POST"})");
  EXPECT_EQ(served("prod")->what.definition, frozen);
  EXPECT_EQ(*frozen, as_it_was);
  EXPECT_EQ(apis_->newest(), picture) << "an edit leaves what is served untouched";
  EXPECT_EQ(compiled_.size(), 1u);

  open();
  EXPECT_EQ(*served("prod")->what.definition, as_it_was) << "after a restart";
  deploy("prod");
  EXPECT_FALSE(
      served("prod")->what.definition->resources.at("rootrootro").methods.contains("POST"));
  EXPECT_TRUE(served("prod")->what.definition->resources.at("rootrootro").methods.contains("GET"));
  EXPECT_EQ(*frozen, as_it_was) << "a request in flight keeps its picture";
}

TEST_F(StagesTest, AStageIsCompiledOnceForEachDeploymentAndItsVariables) {
  const std::string first = deploy("prod");
  update("prod", R"([{"op":"replace","path":"/description","value":"d"}])");
  deploy("other");
  EXPECT_EQ(compiled_.size(), 2u) << "a description changes nothing that is served";
  update("prod", R"([{"op":"add","path":"/variables/stream","value":"clicks"}])");
  ASSERT_EQ(compiled_.size(), 3u);
  EXPECT_EQ(compiled_.back(), "a1b2c3d4e5/prod/" + first);
  EXPECT_EQ(served("prod")->what.variables.at("stream"), "clicks");
  EXPECT_EQ(served("prod")->what.definition, served("other")->what.definition)
      << "equal definitions are one";
  open();
  EXPECT_EQ(compiled_.size(), 5u) << "a start compiles each stage once";
  EXPECT_EQ(served("prod")->what.definition, served("other")->what.definition);
}

TEST_F(StagesTest, WhatCannotBeDeployedIsToldWhy) {
  ask("DeleteIntegration",
      R"({"restApiId":"a1b2c3d4e5","resourceId":"rootrootro","httpMethod":"POST"})");
  EXPECT_EQ(ask("CreateDeployment", R"({"restApiId":"a1b2c3d4e5"})"),
            "BadRequestException 400 No integration defined for method");
  ask("DeleteMethod",
      R"({"restApiId":"a1b2c3d4e5","resourceId":"rootrootro","httpMethod":"POST"})");
  EXPECT_EQ(ask("CreateDeployment", R"({"restApiId":"a1b2c3d4e5","stageName":"prod"})"),
            "BadRequestException 400 The REST API doesn't contain any methods");
  EXPECT_EQ(served("prod"), nullptr);
  EXPECT_EQ(ask("CreateDeployment", R"({"restApiId":"zzzzzzzzzz"})"),
            "NotFoundException 404 Invalid API identifier specified 123456789012:zzzzzzzzzz");
  EXPECT_EQ(ask("CreateDeployment", R"({"restApiId":"a1b2c3d4e5","canarySettings":{}})"),
            "BadRequestException 400 A canary release is not supported by Hydrant yet");
}

TEST_F(StagesTest, RepeatingADeploymentMakesNoSecondOne) {
  const std::string_view create =
      R"({"restApiId":"a1b2c3d4e5","id":"dep001","description":"first","stageName":"prod"})";
  const std::string made = ask("CreateDeployment", create);
  EXPECT_EQ(made, R"({"id":"dep001","description":"first","createdDate":1700000000})");
  put_mock("rootrootro", "GET");
  const auto picture = apis_->newest();
  clock_.pass(std::chrono::seconds(60));
  EXPECT_EQ(ask("CreateDeployment", create), made);
  EXPECT_EQ(apis_->newest(), picture) << "it is the snapshot that it was";
  EXPECT_EQ(
      ask("CreateDeployment", R"({"restApiId":"a1b2c3d4e5","id":"dep001","description":"second"})"),
      "ConflictException 409 Another object already has the id dep001");
}

TEST_F(StagesTest, ADeploymentInUseIsKept) {
  const std::string first = deploy("prod");
  const std::string second = deploy("prod");
  const auto remove = [&](const std::string& id) {
    return ask("DeleteDeployment", R"({"restApiId":"a1b2c3d4e5","deploymentId":")" + id + "\"}");
  };
  EXPECT_EQ(remove(second),
            "BadRequestException 400 Active stages pointing to this deployment must be moved or "
            "deleted");
  EXPECT_EQ(count("SELECT count(*) FROM snapshot"), 1) << "both froze the same";
  EXPECT_EQ(remove(first), kDone);
  EXPECT_EQ(remove(first), "NotFoundException 404 Invalid Deployment identifier specified");
  EXPECT_EQ(count("SELECT count(*) FROM snapshot"), 1) << "the other deployment names it";
  EXPECT_EQ(ask("DeleteStage", R"({"restApiId":"a1b2c3d4e5","stageName":"prod"})"), kDone);
  EXPECT_EQ(served("prod"), nullptr);
  EXPECT_EQ(ask("DeleteStage", R"({"restApiId":"a1b2c3d4e5","stageName":"prod"})"),
            "NotFoundException 404 Invalid stage identifier specified");
  EXPECT_EQ(remove(second), kDone);
  EXPECT_EQ(count("SELECT count(*) FROM snapshot"), 0);
}

TEST_F(StagesTest, AStageMovesBackToAnOldDeploymentAfterARestart) {
  const std::string first = deploy("prod");
  put_mock("rootrootro", "GET");
  const std::string second = deploy("prod");
  open();
  const std::string moved =
      update("prod", R"([{"op":"replace","path":"/deploymentId","value":")" + first + "\"}]");
  EXPECT_EQ(member(moved, "deploymentId"), first) << moved;
  EXPECT_FALSE(served("prod")->what.definition->resources.at("rootrootro").methods.contains("GET"));
  EXPECT_EQ(update("prod", R"([{"op":"replace","path":"/deploymentId","value":"nobody"}])"),
            "BadRequestException 400 Deployment id does not exist");
  EXPECT_EQ(served("prod")->what.deployment_id, first);
}

TEST_F(StagesTest, AStageIsMadeOnceAndAgainByItsMakerOnly) {
  const std::string id = member(ask("CreateDeployment", R"({"restApiId":"a1b2c3d4e5"})"), "id");
  const auto create = [&](std::string_view pin, std::string_view more = "") {
    return ask("CreateStage", R"({"restApiId":"a1b2c3d4e5","stageName":"prod","deploymentId":")" +
                                  id + "\"" + std::string(pin) + std::string(more) + "}");
  };
  const std::string made = create(R"(,"id":"stack-Stage-1")", R"(,"variables":{"a":"1"})");
  EXPECT_EQ(made, R"({"deploymentId":")" + id +
                      R"(","stageName":"prod","cacheClusterEnabled":false,)"
                      R"("cacheClusterStatus":"NOT_AVAILABLE","methodSettings":{},)"
                      R"("variables":{"a":"1"},"tracingEnabled":false,)"
                      R"("createdDate":1700000000,"lastUpdatedDate":1700000000})");
  clock_.pass(std::chrono::seconds(60));
  EXPECT_EQ(create(R"(,"id":"stack-Stage-1")", R"(,"variables":{"a":"1"})"), made);
  const std::string exists = "ConflictException 409 Stage already exists";
  EXPECT_EQ(create(R"(,"id":"stack-Stage-1")"), exists) << "another content";
  EXPECT_EQ(create(R"(,"id":"stack-Stage-2")", R"(,"variables":{"a":"1"})"), exists);
  EXPECT_EQ(create("", R"(,"variables":{"a":"1"})"), exists);
  open();
  EXPECT_EQ(create(R"(,"id":"stack-Stage-1")", R"(,"variables":{"a":"1"})"), made)
      << "after a restart too";
  EXPECT_EQ(
      ask("CreateStage", R"({"restApiId":"a1b2c3d4e5","stageName":"x","deploymentId":"nobody"})"),
      "BadRequestException 400 Deployment id does not exist");
}

TEST_F(StagesTest, StagesAreListedAndPatched) {
  const std::string first = deploy("a");
  const std::string second = deploy("b");
  const std::string all = ask("GetStages", R"({"restApiId":"a1b2c3d4e5"})");
  EXPECT_TRUE(all.starts_with(R"({"item":[{"deploymentId":")" + first)) << all;
  EXPECT_TRUE(all.contains(R"("stageName":"b")")) << all;
  EXPECT_FALSE(ask("GetStages", R"({"restApiId":"a1b2c3d4e5","deploymentId":")" + second + "\"}")
                   .contains(R"("stageName":"a")"));
  clock_.pass(std::chrono::seconds(5));
  const std::string patched = update("a", R"([{"op":"replace","path":"/description","value":"d"},)"
                                          R"({"op":"replace","path":"/variables/x","value":"1"},)"
                                          R"({"op":"add","path":"/variables/y","value":"2"},)"
                                          R"({"op":"remove","path":"/variables/x"}])");
  EXPECT_TRUE(patched.contains(R"("description":"d")")) << patched;
  EXPECT_TRUE(patched.contains(R"("variables":{"y":"2"})")) << patched;
  EXPECT_TRUE(patched.contains(R"("createdDate":1700000000,"lastUpdatedDate":1700000005)"));

  const std::pair<std::string_view, std::string_view> kBad[] = {
      {R"([{"op":"replace","path":"/x","value":"1"}])",
       "Invalid method setting path: /x. Must be one of: [/deploymentId, /description, "
       "/variables/{name}]"},
      {R"([{"op":"replace","path":"/tracingEnabled","value":"true"}])",
       "The stage setting /tracingEnabled is not supported by Hydrant yet"},
      {R"([{"op":"replace","path":"/*/*/logging/loglevel","value":"INFO"}])",
       "The stage setting /*/*/logging/loglevel is not supported by Hydrant yet"},
      {R"([{"op":"add","path":"/variables/a b","value":"1"}])",
       "Invalid stage variable name: a b: only a-zA-Z0-9_, at most 64 characters"},
      {R"([{"op":"add","path":"/variables/a","value":"<"}])",
       "Invalid value of the stage variable a: only a-zA-Z0-9-._~:/?#&=, and at most 512 "
       "characters"},
  };
  for (const auto& [patches, text] : kBad) {
    EXPECT_EQ(update("a", patches), "BadRequestException 400 " + std::string(text));
  }
  EXPECT_EQ(update("nobody", "[]"), "NotFoundException 404 Invalid stage identifier specified");
  EXPECT_EQ(ask("CreateDeployment", R"({"restApiId":"a1b2c3d4e5","stageName":"$default"})"),
            "BadRequestException 400 Stage name only allows a-zA-Z0-9_-, at most 128 characters");
}

TEST_F(StagesTest, TwoApisMayHaveAStageOfOneName) {
  deploy("prod");
  ask("CreateRestApi", R"({"id":"bbbbbbbbbb","rootResourceId":"rootrootro","name":"other"})");
  ask("PutMethod", R"({"restApiId":"bbbbbbbbbb","resourceId":"rootrootro","httpMethod":"GET",)"
                   R"("authorizationType":"NONE","methodIntegration":{"type":"MOCK"}})");
  ask("CreateDeployment", R"({"restApiId":"bbbbbbbbbb","stageName":"prod"})");
  const auto served = apis_->newest();
  ASSERT_EQ(served->stages.size(), 2u);
  EXPECT_EQ(served->find_by_name("prod"), nullptr) << "it does not say which";
  EXPECT_NE(served->find("bbbbbbbbbb", "prod"), nullptr);
  EXPECT_EQ(served->find("bbbbbbbbbb", "Prod"), nullptr);
  EXPECT_TRUE(served->has_api("a1b2c3d4e5"));
  EXPECT_FALSE(served->has_api("zzzzzzzzzz"));
  EXPECT_EQ(ask("DeleteRestApi", R"({"restApiId":"a1b2c3d4e5"})"), kDone);
  EXPECT_EQ(apis_->newest()->find_by_name("prod")->what.api_name, "other");
  EXPECT_EQ(count("SELECT (SELECT count(*) FROM stage) + (SELECT count(*) FROM deployment)"
                  " + (SELECT count(*) FROM snapshot) + (SELECT count(*) FROM rest_api)"),
            4)
      << "nothing of the removed one is left";
}

TEST_F(StagesTest, ChangesThatAreQueuedTogetherSeeEachOther) {
  const std::vector<std::string> parts{"a", "b", "a"};
  std::vector<std::string> answers(parts.size());
  for (std::size_t i = 0; i < parts.size(); ++i) {
    dispatcher_->invoke(
        "apigateway", "CreateResource", call_,
        *codec::parse_json(R"({"restApiId":"a1b2c3d4e5","parentId":"rootrootro","pathPart":")" +
                           parts[i] + "\"}"),
        [&answers, i](std::expected<codec::Json, aws::Fault> outcome) {
          answers[i] = outcome ? "made" : outcome.error().message;
        });
  }
  settle();
  EXPECT_EQ(answers,
            (std::vector<std::string>{
                "made", "made", "Another resource with the same parent already has this name: a"}));
}

}  // namespace
}  // namespace hyd::gateway

// A stack's steps, cut off by a kill or a power cut at any step of the disk and taken up again.
//
// A first life runs the steps until it is ended; the second starts again with the first step that
// was not answered, as a stack does. Whatever happened to that step, the end must be the same as
// that of an undisturbed life: no step may fail for having been done, nothing may be there twice,
// and what was served after an answer is served after the next start.
#include "aws/dispatcher.h"
#include "aws/testing/test_call.h"
#include "aws/testing/test_loop.h"
#include "base/rng.h"
#include "catalog/catalog.h"
#include "codec/json.h"
#include "gateway/apis.h"
#include "gateway/definition_json.h"
#include "gateway/ops/operations.h"
#include "gateway/tables.h"
#include "sys/sim/sim_process.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <string_view>

namespace hyd::gateway {
namespace {

constexpr std::uint64_t kStride = 3;  // of the steps at which a life is ended; a fork each

struct Step {
  std::string_view operation;
  std::string_view input;
};
constexpr Step kSteps[] = {
    {"CreateRestApi", R"({"id":"a1b2c3d4e5","rootResourceId":"rootrootro","name":"collect"})"},
    {"CreateResource",
     R"({"id":"aaaaaa","restApiId":"a1b2c3d4e5","parentId":"rootrootro","pathPart":"v1"})"},
    {"PutMethod", R"({"restApiId":"a1b2c3d4e5","resourceId":"aaaaaa","httpMethod":"POST",)"
                  R"("authorizationType":"NONE","overwrite":true,)"
                  R"("methodIntegration":{"type":"MOCK"}})"},
    {"CreateDeployment", R"({"id":"dep001","restApiId":"a1b2c3d4e5","description":"first"})"},
    {"CreateStage", R"({"id":"stack-Stage","restApiId":"a1b2c3d4e5","stageName":"prod",)"
                    R"("deploymentId":"dep001"})"},
    {"PutMethod", R"({"restApiId":"a1b2c3d4e5","resourceId":"aaaaaa","httpMethod":"GET",)"
                  R"("authorizationType":"NONE","overwrite":true,)"
                  R"("methodIntegration":{"type":"MOCK"}})"},
    {"CreateDeployment", R"({"id":"dep002","restApiId":"a1b2c3d4e5"})"},
    {"UpdateStage", R"({"restApiId":"a1b2c3d4e5","stageName":"prod","patchOperations":)"
                    R"([{"op":"replace","path":"/deploymentId","value":"dep002"}]})"},
};

// What is there and what is served, as one line.
std::string picture(const Apis& apis, const sys::Loop& loop) {
  std::string text;
  if (const ApiPtr api = apis.find(loop, "a1b2c3d4e5")) {
    text += definition_text(api->definition);
    for (const auto& [id, deployment] : api->deployments) {
      text += " " + id + "=" + deployment.snapshot;
    }
  }
  for (const ServedStage& one : apis.served(loop)->stages) {
    text += " " + one.what.stage + "=" + one.what.deployment_id + ":" +
            definition_text(*one.what.definition);
  }
  return text;
}

// One life: takes the steps from `first` on, and tells of each that was answered.
void live(sys::SimProcess& process, std::size_t first) {
  auto catalog =
      catalog::Catalog::open(process.runtime, process.disk, {.schemas = {gateway_schema()}});
  if (!catalog) return process.tell("wrong " + catalog.error().what);
  aws::testing::TestLoop loop;
  const aws::testing::TestClock clock;
  auto apis = Apis::open({.catalog = **catalog,
                          .entropy = process.runtime.entropy(),
                          .loops = {&loop},
                          .account = aws::testing::kTestAccount,
                          .region = "us-east-1"});
  if (!apis) return process.tell("wrong " + apis.error().what);
  process.tell("found " + picture(**apis, loop));
  const aws::RootOnly authorizer;
  aws::Dispatcher dispatcher(authorizer);
  dispatcher.add(apigateway_table(), **apis);
  const aws::Call call = aws::testing::test_call(loop, clock);

  for (std::size_t i = first; i < std::size(kSteps); ++i) {
    std::string wrong = "no answer";
    dispatcher.invoke("apigateway", kSteps[i].operation, call, *codec::parse_json(kSteps[i].input),
                      [&](std::expected<codec::Json, aws::Fault> outcome) {
                        wrong = outcome ? "" : outcome.error().message;
                      });
    if (!(*catalog)->write_and_wait([](catalog::Transaction&) { return base::Result<void>(); })) {
      return process.tell("wrong the catalog is gone");
    }
    loop.run_pending();
    if (!wrong.empty()) return process.tell("wrong step " + std::to_string(i) + ": " + wrong);
    process.tell("shows " + picture(**apis, loop));
    process.tell("answered");
  }
  process.tell("ended");
}

// The rest of the last line that begins with `word`; of the first one with `first`.
std::string line(std::string_view ledger, std::string_view word, bool first = false) {
  std::string found;
  while (!ledger.empty()) {
    const std::size_t end = std::min(ledger.find('\n'), ledger.size());
    if (ledger.starts_with(word)) {
      found = ledger.substr(word.size(), end - word.size());
      if (first) return found;
    }
    ledger.remove_prefix(std::min(end + 1, ledger.size()));
  }
  return found;
}

std::size_t answers(std::string_view ledger) {
  std::size_t count = 0;
  for (std::size_t at = ledger.find("answered\n"); at != std::string_view::npos;
       at = ledger.find("answered\n", at + 1)) {
    ++count;
  }
  return count;
}

TEST(GatewayPower, StepsThatWereCutOffAreTakenAgainAndEndAlike) {
  const sys::SimEnd whole =
      sys::run_process("", {.seed = 1}, [](sys::SimProcess& process) { live(process, 0); });
  ASSERT_TRUE(whole.ledger.ends_with("ended\n")) << whole.ledger << whole.why;
  const std::string end = line(whole.ledger, "shows ");
  ASSERT_TRUE(end.contains("prod=dep002"));

  std::size_t cut_between = 0;
  base::FastRng rng(1);
  for (std::uint64_t at = 1; at < whole.steps; at += kStride) {
    SCOPED_TRACE(at);
    const sys::SimEnd cut = sys::run_process("", {.seed = 1, .kill_at_step = at},
                                             [](sys::SimProcess& process) { live(process, 0); });
    ASSERT_FALSE(cut.ledger.contains("wrong ")) << cut.ledger;
    const std::size_t done = answers(cut.ledger);
    std::string disk = cut.disk;
    if (rng.below(2) == 0) {
      const auto dark = sys::SimDisk::load(disk, rng.next());
      dark->lose_power();
      disk = dark->save();
    }
    const sys::SimEnd again = sys::run_process(
        disk, {.seed = 2}, [done](sys::SimProcess& process) { live(process, done); });
    ASSERT_TRUE(again.ledger.ends_with("ended\n")) << again.ledger << again.why;
    const std::string found = line(again.ledger, "found ", true);
    if (done > 0 && found != line(cut.ledger, "shows ")) ++cut_between;
    EXPECT_EQ(done < std::size(kSteps) ? line(again.ledger, "shows ") : found, end);
  }
  EXPECT_GT(cut_between, 0u) << "some step was durable and not answered, or nothing is tested";
}

}  // namespace
}  // namespace hyd::gateway

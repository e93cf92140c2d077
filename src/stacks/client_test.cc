// Calls through the dispatcher from a thread that waits, while a loop of its own runs them.
#include "stacks/client.h"

#include "aws/authorizer.h"
#include "aws/testing/echo_service.h"
#include "aws/testing/test_call.h"
#include "sys/sim/sim_disk.h"
#include "sys/sim/sim_runtime.h"

#include <gtest/gtest.h>

#include <memory>

namespace hyd::stacks {
namespace {

using codec::Json;

// A service of the process may call what it likes; the root may too, so only that nobody else is
// taken for one shows here.
class ClientTest : public ::testing::Test {
 protected:
  ClientTest()
      : disk_(1),
        runtime_({.seed = 1, .on_end = {}}, disk_),
        loop_(runtime_.make_loop("loop")),
        thread_(runtime_.spawn("loop", [this] { loop_->run(); })),
        dispatcher_(authorizer_),
        client_({.runtime = runtime_,
                 .dispatcher = dispatcher_,
                 .loop = *loop_,
                 .account = aws::testing::kTestAccount,
                 .region = "eu-west-1"}) {
    dispatcher_.add(aws::testing::echo_table(), service_);
  }
  ~ClientTest() override { stop(); }
  void stop() {
    if (thread_ == nullptr) return;
    loop_->stop();
    thread_->join();
    thread_ = nullptr;
  }

  static Json said(std::string_view text) {
    Json input;
    input.set("Text", text);
    return input;
  }

  sys::SimDisk disk_;
  sys::SimRuntime runtime_;
  std::unique_ptr<sys::Loop> loop_;
  std::unique_ptr<sys::Thread> thread_;
  aws::RootOnly authorizer_;
  aws::testing::EchoService service_;
  aws::Dispatcher dispatcher_;
  DispatcherClient client_;
};

TEST_F(ClientTest, WaitsForTheAnswerOfAnOperation) {
  const auto answer = client_.call("echo", "Secret", said("ab"));
  ASSERT_TRUE(answer) << answer.error().name;
  EXPECT_EQ(codec::to_text(*answer), R"({"Text":"ab","Region":"eu-west-1"})");
}

TEST_F(ClientTest, GivesFaultsBackAsTheyAre) {
  Json how;
  how.set("How", "named");
  const auto answer = client_.call("echo", "Fail", how);
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().name, "ResourceNotFoundException");
  EXPECT_EQ(client_.call("echo", "Say", said("")).error().name, "ValidationException");
}

TEST_F(ClientTest, NamesAnOperationThatDoesNotExist) {
  const auto answer = client_.call("echo", "Sing", said("ab"));
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().name, "UnknownOperationException");
  EXPECT_EQ(answer.error().message, "echo has no operation Sing");
}

TEST_F(ClientTest, IsAnsweredByALoopThatHasStopped) {
  stop();
  const auto answer = client_.call("echo", "Say", said("ab"));
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().status, 503);
}

}  // namespace
}  // namespace hyd::stacks

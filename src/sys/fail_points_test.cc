#include "sys/fail_points.h"

#include <gtest/gtest.h>

#include <string>

namespace hyd::sys {
namespace {

class FailPointsTest : public testing::Test {
 protected:
  std::string seen_;
  FailPoints points_{{.kill = [this] { seen_ += "kill "; },
                      .stop = [this] { seen_ += "stop "; },
                      .delay =
                          [this](std::chrono::milliseconds ms) {
                            seen_ += "delay=" + std::to_string(ms.count()) + " ";
                          }}};
};

TEST_F(FailPointsTest, ActAtTheNthPassAndAtNoOther) {
  ASSERT_TRUE(points_.arm("commit:3:error"));
  EXPECT_TRUE(points_.pass("commit"));
  EXPECT_TRUE(points_.pass("another"));
  EXPECT_TRUE(points_.pass("commit"));
  const auto third = points_.pass("commit");
  ASSERT_FALSE(third);
  EXPECT_EQ(third.error().code, base::Code::io);
  EXPECT_EQ(third.error().what, "fail point commit");
  EXPECT_TRUE(points_.pass("commit"));
}

TEST_F(FailPointsTest, TakeSeveralPointsAndEveryAction) {
  ASSERT_TRUE(points_.arm("a:1:kill,b:1:stop,c:1:delay,d:1:delay=7,b:2:kill"));
  for (const char* name : {"d", "c", "b", "a", "b"}) EXPECT_TRUE(points_.pass(name));
  EXPECT_EQ(seen_, "delay=7 delay=100 stop kill kill ");
}

TEST_F(FailPointsTest, RefuseASpecAndNameThePartThatIsWrong) {
  for (const char* part : {"x", "x:1", ":1:kill", "x:0:kill", "x:one:kill", "x::kill",
                           "x:1:explode", "x:1:delay7", "x:1:delay=", "x:1:delay=fast", "x:1:"}) {
    const auto armed = points_.arm("good:1:error," + std::string(part));
    ASSERT_FALSE(armed) << part;
    EXPECT_EQ(armed.error().code, base::Code::invalid);
    EXPECT_TRUE(armed.error().what.contains("'" + std::string(part) + "'")) << armed.error().what;
  }
  EXPECT_TRUE(points_.pass("good")) << "a refused spec arms nothing";
}

TEST_F(FailPointsTest, AnEmptySpecDisarms) {
  ASSERT_TRUE(points_.arm("a:1:error"));
  ASSERT_TRUE(points_.arm(""));
  EXPECT_TRUE(points_.pass("a"));
}

}  // namespace
}  // namespace hyd::sys

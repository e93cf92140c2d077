// Goal: a client that is slow is not waited for, and one that waits for us is not punished.
#include "net/testing/server_fixture.h"

#include <gtest/gtest.h>

#include <string>

namespace hyd::net {
namespace {

using namespace testing;
using namespace std::chrono_literals;
class ServerTimeout : public ServerTest {};

TEST_F(ServerTimeout, SlowHeadTimesOutAndSaysSo) {
  const WirePtr wire = loop.connect();
  for (int i = 0; i < 9; ++i) {
    send(wire, "G");
    loop.advance(1s);
  }
  EXPECT_EQ(wire->from_server, "");
  loop.advance(1500ms);
  EXPECT_EQ(summary(wire->from_server), "408!:The request did not arrive in time.");
  EXPECT_EQ(server->probe().timeouts.head, 1u);
}

TEST_F(ServerTimeout, SilentConnectionTimesOutWithoutAWord) {
  const WirePtr fresh = loop.connect();
  loop.advance(11s);
  EXPECT_TRUE(fresh->server_closed);
  EXPECT_EQ(fresh->from_server, "");

  const WirePtr idle = send(get("/"));
  idle->take();
  loop.advance(74s);
  EXPECT_FALSE(idle->server_closed);
  loop.advance(1500ms);
  EXPECT_TRUE(idle->server_closed);
  EXPECT_EQ(idle->from_server, "");
  EXPECT_EQ(server->probe().timeouts.idle, 1u);
}

TEST_F(ServerTimeout, NothingTimesOutWhileTheHandlerWorks) {
  defer();
  const WirePtr wire = send(post("/a", "body"));
  loop.advance(500s);
  EXPECT_FALSE(wire->server_closed);
  handler.answer(0, "late");
  EXPECT_TRUE(loop.settle());
  EXPECT_EQ(summary(wire->from_server), "200:late");
}

TEST_F(ServerTimeout, StalledBodyTimesOut) {
  const WirePtr wire = send(post("/a", std::string(900, 'x')).substr(0, 500));
  loop.advance(29s);
  send(wire, "x");
  loop.advance(29s);
  EXPECT_EQ(wire->from_server, "");
  loop.advance(1500ms);
  EXPECT_TRUE(summary(wire->from_server).starts_with("408!"));
  EXPECT_EQ(server->probe().timeouts.body_stall, 1u);
  EXPECT_TRUE(handler.seen.empty());
}

TEST_F(ServerTimeout, BodyMustKeepTheLeastRate) {
  handler.body_bytes_max = 1 << 20;
  const auto drip = [this](std::size_t bytes_per_second) {
    const WirePtr wire = send(post("/a", std::string(1 << 20, 'x')).substr(0, 60));
    for (int second = 0; second < 130 && wire->from_server.empty(); ++second) {
      send(wire, std::string(bytes_per_second, 'x'));
      loop.advance(1s);
    }
    return summary(wire->from_server);
  };
  EXPECT_TRUE(drip(1000).starts_with("408!"));
  EXPECT_EQ(server->probe().timeouts.body_rate, 1u);
  EXPECT_EQ(drip(1100), "");
}

TEST_F(ServerTimeout, ClientThatReadsNothingTimesOut) {
  const WirePtr wire = loop.connect();
  wire->room = 10;
  send(wire, get("/"));
  loop.advance(59s);
  wire->room = 1;  // some progress: the time starts again
  EXPECT_TRUE(loop.settle());
  loop.advance(59s);
  EXPECT_FALSE(wire->server_closed);
  loop.advance(2s);
  EXPECT_TRUE(wire->server_closed);
  EXPECT_EQ(server->probe().timeouts.write_stall, 1u);
}

TEST_F(ServerTimeout, IdleLoopSetsNoTimer) {
  EXPECT_EQ(loop.timers(), 0u);
  const WirePtr wire = send(get("/", "Connection: close\r\n"));
  EXPECT_TRUE(wire->server_closed);
  loop.advance(1s);
  EXPECT_EQ(loop.timers(), 0u);
}

}  // namespace
}  // namespace hyd::net

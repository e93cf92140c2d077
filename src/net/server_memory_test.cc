// Goal: what bodies hold stays within the process's budget, whatever clients announce or send, and
// small requests go on meanwhile.
#include "base/units.h"
#include "net/exchange_internal.h"
#include "net/memory_budget.h"
#include "net/testing/server_fixture.h"

#include <gtest/gtest.h>

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

namespace hyd::net {
namespace {

using namespace testing;

class ServerMemory : public ServerTest {
 protected:
  ServerMemory() { handler.body_bytes_max = 1 << 20; }
  void SetUp() override { start({.body_memory = &budget}); }
  void TearDown() override {
    handler.calls.clear();
    server.reset();
    EXPECT_EQ(budget.bytes(), 0u) << "everything is given back";
  }
  // Takes what large bodies may have.
  void fill(MemoryShare& by) {
    ASSERT_TRUE(by.hold(&budget, budget.bytes_max() - budget.bytes_max() / 8));
  }

  MemoryBudget budget{base::mib(2)};
};

TEST_F(ServerMemory, ManyLargeBodiesStayWithinTheBudgetAndSmallOnesGoOn) {
  const std::string request = post("/large", std::string(300'000, 'x'));
  const std::string chunks =
      chunked("/chunks", "493e0\r\n" + std::string(300'000, 'x') + "\r\n0\r\n\r\n");
  std::vector<WirePtr> wires;
  for (int i = 0; i < 60; ++i) wires.push_back(loop.connect());
  const std::size_t half = 200'000;
  for (std::size_t at = 0; at < half; at += 20'000) {
    for (std::size_t i = 0; i < wires.size(); ++i) {
      send(wires[i], (i % 2 == 0 ? request : chunks).substr(at, 20'000));
    }
    ASSERT_LE(budget.bytes(), budget.bytes_max());
    EXPECT_EQ(summary(send(post("/in-block", std::string(8'000, 's')))->from_server),
              "200:</in-block>");
    EXPECT_EQ(summary(send(post("/small", std::string(40'000, 's')))->from_server), "200:</small>");
  }
  std::size_t refused = 0;
  std::size_t answered = 0;
  for (std::size_t i = 0; i < wires.size(); ++i) {
    send(wires[i], (i % 2 == 0 ? request : chunks).substr(half));
    const std::string& got = wires[i]->from_server;
    if (summary(got).starts_with("503!")) {
      EXPECT_TRUE(got.contains("Retry-After: 1\r\n"));
      ++refused;
    } else {
      EXPECT_TRUE(summary(got) == "200:</large>" || summary(got) == "200:</chunks>") << got;
      ++answered;
    }
  }
  EXPECT_GE(refused, 40u);
  EXPECT_GE(answered, 3u);
  EXPECT_LE(budget.bytes_peak(), budget.bytes_max());
  EXPECT_EQ(budget.bytes(), 0u) << "answered and refused ones have given everything back";
  EXPECT_EQ(budget.refused(), refused);
  EXPECT_EQ(server->probe().bodies_without_memory, refused);
}

TEST_F(ServerMemory, WhatWasAnnouncedCostsNothing) {
  for (int i = 0; i < 200; ++i) {
    send("POST /a HTTP/1.1\r\nHost: h\r\nContent-Length: 1000000\r\n\r\n");
  }
  EXPECT_EQ(budget.bytes(), 0u);
}

TEST_F(ServerMemory, ARequestHoldsItsShareUntilItIsLetGoOf) {
  defer();
  const WirePtr wire = send(post("/a", std::string(200'000, 'x')));
  ASSERT_EQ(handler.calls.size(), 1u);
  EXPECT_GE(budget.bytes(), 200'000u);
  handler.answer(0, "a");
  EXPECT_TRUE(loop.settle());
  EXPECT_EQ(summary(wire->from_server), "200:a");
  EXPECT_GE(budget.bytes(), 200'000u) << "the handler still reads it";
  handler.calls.clear();
  EXPECT_EQ(budget.bytes(), 0u);

  send(post("/b", std::string(200'000, 'x')))->broken = true;
  const WirePtr cut = send(post("/c", std::string(200'000, 'x')).substr(0, 100'000));
  EXPECT_GE(budget.bytes(), 300'000u);
  cut->broken = true;
  EXPECT_TRUE(loop.settle());
  EXPECT_LT(budget.bytes(), 300'000u) << "of a connection that is gone";
}

TEST_F(ServerMemory, SaysSoBeforeTheBodyIsSent) {
  MemoryShare others;
  fill(others);
  const WirePtr wire =
      send("POST /a HTTP/1.1\r\nHost: h\r\nContent-Length: 500000\r\nExpect: 100-continue\r\n\r\n");
  EXPECT_EQ(summary(wire->from_server), "503!:There is no memory for the body now.");
  EXPECT_TRUE(handler.seen.empty());
  others.reset();
  EXPECT_EQ(summary(send(post("/a", std::string(500'000, 'x')))->from_server), "200:</a>");
}

TEST_F(ServerMemory, SkipsAShortBodyThatFindsNothingAndKeepsTheConnection) {
  MemoryShare others;
  fill(others);
  std::vector<MemoryShare> small(4);
  for (MemoryShare& one : small) ASSERT_TRUE(one.hold(&budget, MemoryBudget::kSmallBytes));
  const WirePtr wire = send(post("/a", std::string(40'000, 'x')) + get("/b"));
  EXPECT_EQ(summary(wire->from_server), "503:There is no memory for the body now. 200:</b>");
}

// Exchanges are used again; assigning an empty text to a long one would keep its memory.
TEST_F(ServerMemory, AnExchangeThatIsKeptKeepsNoBody) {
  Exchange exchange;
  exchange.own_body.assign(1 << 20, 'x');
  exchange.response.body.assign(1 << 20, 'x');
  exchange.recycle();
  EXPECT_LT(exchange.own_body.capacity(), 100u);
  EXPECT_LE(exchange.response.body.capacity(), 64u * 1024);
}

}  // namespace
}  // namespace hyd::net

// Goal: a body is planned before it is read, and goes where the plan says, or nowhere.
#include "net/testing/server_fixture.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>

namespace hyd::net {
namespace {

using namespace testing;
using namespace std::chrono_literals;
class ServerBody : public ServerTest {};

TEST_F(ServerBody, Says100ContinueBeforeTheBodyAndOnlyWhenItIsWanted) {
  const std::string request = post("/a", "hello", "Expect: 100-continue\r\n");
  const std::string head = request.substr(0, request.size() - 5);
  const WirePtr wire = send(head);
  EXPECT_EQ(wire->take(), "HTTP/1.1 100 Continue\r\n\r\n");
  send(wire, "hello");
  EXPECT_EQ(summary(wire->take()), "200:</a>");

  send(wire, request);  // the body came along: nobody waits
  EXPECT_EQ(summary(wire->take()), "200:</a>");

  handler.on_plan = [](const RequestHead&) { return BodyPlan::refuse(with(403, "no")); };
  send(wire, head);
  EXPECT_EQ(summary(wire->take()), "403!:no");
}

TEST_F(ServerBody, Says100ContinueBehindTheEarlierAnswers) {
  defer();
  const std::string request = post("/b", "hello", "Expect: 100-continue\r\n");
  const WirePtr wire = send(get("/a") + request.substr(0, request.size() - 5));
  EXPECT_EQ(wire->from_server, "");
  handler.answer(0, "a");
  EXPECT_TRUE(loop.settle());
  EXPECT_EQ(summary(wire->take()), "200:a 100");
  send(wire, "hello");
  handler.answer(1, "b");
  EXPECT_TRUE(loop.settle());
  EXPECT_EQ(summary(wire->take()), "200:b");
}

TEST_F(ServerBody, RefusesALargeBodyBeforeItIsRead) {
  handler.body_bytes_max = 10;
  const WirePtr wire = send(
      "POST /a HTTP/1.1\r\nHost: h\r\nContent-Length: 5368709120\r\nExpect: 100-continue\r\n\r\n");
  EXPECT_EQ(summary(wire->from_server), "413!:The body is too large.");
  EXPECT_TRUE(handler.seen.empty());
  EXPECT_EQ(handler.planned, (Lines{"/a"}));

  const WirePtr chunks = send(chunked("/b", "6\r\n123456\r\n6\r\n123456\r\n0\r\n\r\n"));
  EXPECT_EQ(summary(chunks->from_server), "413!:The body is too large.");
  EXPECT_EQ(server->probe().bodies_too_large, 2u);
}

TEST_F(ServerBody, SkipsAShortBodyThatNobodyWants) {
  handler.body_bytes_max = 10;
  const WirePtr wire = send(post("/a", std::string(5000, 'x')) + get("/b"));
  EXPECT_EQ(summary(wire->from_server), "413:The body is too large. 200:</b>");
  EXPECT_FALSE(wire->server_shut);

  const WirePtr slow = loop.connect();
  send_in_steps(slow, post("/a", std::string(5000, 'x')) + get("/b"), 100);
  EXPECT_EQ(summary(slow->from_server), "413:The body is too large. 200:</b>");
}

TEST_F(ServerBody, StreamsABodyIntoASink) {
  SinkLog log;
  stream_to(log);
  const std::string big(200'000, 's');
  const WirePtr wire = loop.connect();
  wire->read_bytes_max = 9'999;
  send(wire, post("/up", big) + get("/next"));
  EXPECT_EQ(log.bytes, big);
  EXPECT_EQ(log.events, "start end gone");
  EXPECT_EQ(log.request[0].head().target, "/up");
  log.respond[0].send(with(200, "stored"));
  EXPECT_TRUE(loop.settle());
  EXPECT_EQ(summary(wire->from_server), "200:stored 200:</next>");

  SinkLog chunks;
  stream_to(chunks);
  send(wire, chunked("/up", "3\r\nabc\r\n4\r\ndefg\r\n0\r\n\r\n"));
  EXPECT_EQ(chunks.bytes, "abcdefg");
  EXPECT_EQ(chunks.events, "start end gone");
}

TEST_F(ServerBody, PausedSinkStopsTheReadingUntilItResumes) {
  SinkLog log;
  stream_to(log);
  log.pause_next = true;
  const WirePtr wire = loop.connect();
  wire->read_bytes_max = 1000;
  send(wire, post("/up", std::string(5000, 's')));
  EXPECT_LT(log.bytes.size(), 1000u);
  const std::size_t reads = wire->reads;
  loop.advance(200s);  // our fault, not the client's: no time-out
  EXPECT_EQ(wire->reads, reads);
  EXPECT_FALSE(wire->server_closed);
  log.respond[0].resume_body();
  EXPECT_TRUE(loop.settle());
  EXPECT_EQ(log.bytes.size(), 5000u);
  EXPECT_EQ(log.events, "start end gone");
}

TEST_F(ServerBody, SinkMayAnswerBeforeTheEnd) {
  SinkLog log;
  stream_to(log);
  const std::string request = post("/up", std::string(5000, 's'));
  const WirePtr wire = send(request.substr(0, 1000));
  log.respond[0].send(with(507, "full"));
  EXPECT_TRUE(loop.settle());
  EXPECT_EQ(summary(wire->from_server), "507!:full");
  EXPECT_TRUE(wire->server_shut);
  log.request.clear();
  EXPECT_EQ(log.events, "start gone");
}

TEST_F(ServerBody, SinkIsToldWhyItsBodyEndsEarly) {
  SinkLog gone;
  stream_to(gone);
  const WirePtr cut = send(post("/up", std::string(100, 's')).substr(0, 100));
  cut->client_closed = true;
  EXPECT_TRUE(loop.settle());
  EXPECT_EQ(gone.events, "start abort:io gone");
  EXPECT_TRUE(cut->server_closed);
  EXPECT_EQ(cut->from_server, "");

  SinkLog bad;
  stream_to(bad);
  const WirePtr wrong = send(chunked("/up", "3\r\nabc\r\nx"));
  EXPECT_EQ(bad.events, "start abort:invalid gone");
  EXPECT_TRUE(summary(wrong->from_server).starts_with("400!"));

  SinkLog large;
  stream_to(large, 5);
  const WirePtr much = send(chunked("/up", "3\r\nabc\r\n3\r\ndef\r\n"));
  EXPECT_EQ(large.events, "start abort:exhausted gone");
  EXPECT_TRUE(summary(much->from_server).starts_with("413!"));

  SinkLog stopped;
  stream_to(stopped);
  const WirePtr open = send(post("/up", "abcdefgh").substr(0, 53));
  server.reset();
  EXPECT_EQ(stopped.events, "start abort:cancelled gone");
  EXPECT_TRUE(open->server_closed);
}

}  // namespace
}  // namespace hyd::net

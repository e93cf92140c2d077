// Goal: what a client sees of the server, byte by byte: which answers, in which order, in how many
// writes, and how the connection ends.
#include "net/testing/server_fixture.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>

namespace hyd::net {
namespace {

using namespace testing;
using namespace std::chrono_literals;
class Server : public ServerTest {};

TEST_F(Server, AnswersWithDateAndLengthAndKeepsTheConnection) {
  const WirePtr wire = send(get("/a"));
  EXPECT_EQ(
      wire->take(),
      "HTTP/1.1 200 OK\r\nDate: Sun, 06 Nov 1994 09:49:37 GMT\r\nContent-Length: 4\r\n\r\n</a>");
  send(wire, get("/b"));
  EXPECT_EQ(summary(wire->take()), "200:</b>");
  EXPECT_FALSE(wire->server_closed);
}

TEST_F(Server, PipelinedRequestsAreAnsweredInOneWrite) {
  std::string requests;
  std::string answers;
  for (int i = 0; i < 16; ++i) {
    requests += post("/" + std::to_string(i), "body");
    answers += (i == 0 ? "200:</" : " 200:</") + std::to_string(i) + ">";
  }
  const WirePtr wire = send(requests);
  EXPECT_EQ(summary(wire->from_server), answers);
  EXPECT_EQ(wire->writes, 1u);
}

TEST_F(Server, ServesAtMostSixteenRequestsOfAConnectionInATurn) {
  const WirePtr wire = loop.connect();
  for (int i = 0; i < 40; ++i) wire->to_server += get("/");
  loop.turn();
  EXPECT_EQ(handler.seen.size(), 16u);
  EXPECT_TRUE(loop.settle());
  EXPECT_EQ(handler.seen.size(), 40u);
  EXPECT_EQ(wire->writes, 3u);
}

TEST_F(Server, AnswersKeepTheOrderOfTheRequestsWhateverOrderTheyAreMadeIn) {
  defer();
  const WirePtr wire = send(get("/0") + get("/1") + get("/2"));
  handler.answer(2, "two");
  handler.answer(1, "one");
  EXPECT_TRUE(loop.settle());
  EXPECT_EQ(wire->from_server, "");
  handler.answer(0, "zero");
  EXPECT_TRUE(loop.settle());
  EXPECT_EQ(summary(wire->from_server), "200:zero 200:one 200:two");
  EXPECT_EQ(wire->writes, 1u);
}

TEST_F(Server, UnansweredRequestsStopTheReading) {
  defer();
  const WirePtr wire = loop.connect();
  for (int i = 0; i < 20; ++i) wire->to_server += get("/" + std::to_string(i));
  EXPECT_TRUE(loop.settle());
  ASSERT_EQ(handler.calls.size(), kPipelineMax);
  send(wire, get("/20"));
  EXPECT_FALSE(wire->to_server.empty());  // not even read
  for (std::size_t i = 0; i < 21; ++i) {
    ASSERT_LT(i, handler.calls.size());
    handler.answer(i, std::to_string(i));
    EXPECT_TRUE(loop.settle());
  }
  EXPECT_TRUE(summary(wire->from_server).ends_with("200:19 200:20"));
}

TEST_F(Server, RequestsMayArriveInAnyPieces) {
  const std::string requests = get("/first") + post("/second", "the body") +
                               chunked("/third", "4\r\nfour\r\n5;x\r\n five\r\n0\r\nt: r\r\n\r\n") +
                               get("/last");
  for (const std::size_t step : {1uz, 2uz, 7uz, 1000uz}) {
    handler.seen.clear();
    const WirePtr wire = loop.connect();
    send_in_steps(wire, requests, step);
    EXPECT_EQ(handler.seen,
              (Lines{"GET /first", "POST /second the body", "POST /third four five", "GET /last"}))
        << step;
    EXPECT_EQ(summary(wire->from_server), "200:</first> 200:</second> 200:</third> 200:</last>");
  }
}

TEST_F(Server, LargeHeadsAndBodiesArriveWhole) {
  handler.body_bytes_max = 1 << 20;
  const std::string big(300'000, 'b');
  const std::string wide(12'000, 'w');
  std::string chunks;
  for (int i = 0; i < 30; ++i) chunks += "2710\r\n" + std::string(10'000, 'c') + "\r\n";
  const std::string requests = get("/wide", "A: " + wide + "\r\nB: " + wide + "\r\n") +
                               post("/big", big) +
                               post("/wide", big.substr(0, 15'000), "A: " + wide + "\r\n") +
                               chunked("/chunks", chunks + "0\r\n\r\n") + get("/last");
  for (const std::size_t read_bytes : {100uz, 5'000uz, 1'000'000uz}) {
    handler.seen.clear();
    const WirePtr wire = loop.connect();
    wire->read_bytes_max = read_bytes;
    send(wire, requests);
    EXPECT_EQ(handler.seen,
              (Lines{"GET /wide", "POST /big " + big, "POST /wide " + big.substr(0, 15'000),
                     "POST /chunks " + std::string(300'000, 'c'), "GET /last"}))
        << read_bytes;
  }
}

TEST_F(Server, BytesOfARequestLiveAsLongAsTheRequest) {
  defer();
  const WirePtr wire = send(post("/kept?q", "kept body", "X: kept value\r\n"));
  wire->broken = true;
  send(wire, "x");
  server.reset();
  ASSERT_TRUE(wire->server_closed);
  const Request& request = handler.calls[0].request;
  EXPECT_EQ(request.head().target, "/kept?q");
  EXPECT_EQ(request.head().find("x"), "kept value");
  EXPECT_EQ(request.body(), "kept body");
  EXPECT_EQ(request.peer().remote.host, "192.0.2.7");
  EXPECT_EQ(request.peer().local_port, 8080);
  EXPECT_FALSE(handler.calls[0].respond.open());
  handler.answer(0, "to nobody");
}

TEST_F(Server, HeadIsAnsweredWithoutItsBody) {
  const WirePtr wire = send("HEAD /a HTTP/1.1\r\nHost: h\r\n\r\n" + get("/b"));
  EXPECT_TRUE(wire->from_server.contains("Content-Length: 4\r\n\r\nHTTP/1.1 200 OK\r\n"));
  EXPECT_TRUE(wire->from_server.ends_with("</b>"));
}

TEST_F(Server, ClosesWhenTheClientSaysSo) {
  const WirePtr one = send(get("/a", "Connection: close\r\n") + get("/ignored"));
  EXPECT_EQ(summary(one->from_server), "200!:</a>");
  EXPECT_TRUE(one->server_shut);  // half closed, since unread bytes would make it a reset
  const WirePtr old = send("GET /b HTTP/1.0\r\n\r\n");
  EXPECT_EQ(summary(old->from_server), "200!:</b>");
  EXPECT_TRUE(old->server_closed);
  const WirePtr kept = send("GET /c HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
  EXPECT_TRUE(kept->from_server.contains("Connection: keep-alive\r\n"));
  EXPECT_FALSE(kept->server_closed);
}

TEST_F(Server, ResponderThatSaysNothingClosesBehindTheEarlierAnswers) {
  defer();
  const WirePtr wire = send(get("/0") + get("/1") + get("/2"));
  handler.calls[1].respond.close();
  EXPECT_TRUE(loop.settle());
  EXPECT_FALSE(wire->server_shut);
  handler.answer(0, "zero");
  EXPECT_TRUE(loop.settle());
  EXPECT_EQ(summary(wire->from_server), "200:zero");
  EXPECT_TRUE(wire->server_closed);
  EXPECT_FALSE(handler.calls[2].respond.open());
  handler.answer(2, "too late");
  EXPECT_EQ(server->probe().closed_unanswered, 1u);

  handler.calls.clear();
  const WirePtr dropped = send(get("/"));
  handler.calls.clear();
  EXPECT_TRUE(loop.settle());
  EXPECT_EQ(dropped->from_server, "");
  EXPECT_TRUE(dropped->server_closed);
}

TEST_F(Server, HandlerMayCloseBehindItsAnswer) {
  defer();
  const WirePtr wire = send(get("/0") + get("/1"));
  Response last = with(200, "bye");
  last.close = true;
  handler.calls[0].respond.send(std::move(last));
  handler.answer(1, "unheard");
  EXPECT_TRUE(loop.settle());
  EXPECT_EQ(summary(wire->from_server), "200!:bye");
}

TEST_F(Server, HalfClosedClientStillGetsItsAnswers) {
  defer();
  const WirePtr wire = send(get("/0") + get("/1"));
  wire->client_closed = true;
  EXPECT_TRUE(loop.settle());
  EXPECT_FALSE(wire->server_closed);
  handler.answer(0, "zero");
  handler.answer(1, "one");
  EXPECT_TRUE(loop.settle());
  EXPECT_EQ(summary(wire->from_server), "200:zero 200:one");
  EXPECT_TRUE(wire->server_closed);
}

TEST_F(Server, HalfClosedClientGetsEveryAnswerOfALongPipeline) {
  const WirePtr wire = loop.connect();
  for (int i = 0; i < 40; ++i) wire->to_server += get("/");
  wire->client_closed = true;
  EXPECT_TRUE(loop.settle());
  EXPECT_EQ(handler.seen.size(), 40u);
  EXPECT_TRUE(wire->server_closed);
}

TEST_F(Server, CutOffRequestIsNeverHandled) {
  for (const std::string& part :
       {get("/a").substr(0, 20), post("/a", "body").substr(0, 50), chunked("/a", "4\r\nfo")}) {
    const WirePtr wire = send(get("/whole") + part);
    wire->client_closed = true;
    EXPECT_TRUE(loop.settle());
    EXPECT_EQ(summary(wire->from_server), "200:</whole>");
    EXPECT_TRUE(wire->server_closed);
  }
  EXPECT_EQ(handler.seen, (Lines{"GET /whole", "GET /whole", "GET /whole"}));
}

TEST_F(Server, RefusesBehindTheEarlierAnswersAndReadsNoMore) {
  const WirePtr wire =
      send(get("/a") + "GET /b HTTP/1.1\r\nHost: h\r\nHost: g\r\n\r\n" + get("/c"));
  EXPECT_EQ(summary(wire->from_server), "200:</a> 400!:There is more than one Host header.");
  EXPECT_TRUE(wire->server_shut);
  EXPECT_EQ(handler.seen, (Lines{"GET /a"}));
  EXPECT_EQ(server->probe().refusals[std::to_underlying(Refusal::repeated_host)], 1u);

  const WirePtr chunks = send(chunked("/d", "5\r\nhello!\r\n0\r\n\r\n"));
  EXPECT_EQ(summary(chunks->from_server), "400!:A chunk does not end in CR LF.");
}

TEST_F(Server, LingersAfterARefusalSoThatItIsRead) {
  const WirePtr wire = send("nonsense\r\n\r\n");
  EXPECT_TRUE(wire->server_shut);
  EXPECT_FALSE(wire->server_closed);
  send(wire, std::string(1000, 'x'));  // swallowed
  EXPECT_FALSE(wire->server_closed);
  wire->client_closed = true;
  EXPECT_TRUE(loop.settle());
  EXPECT_TRUE(wire->server_closed);

  const WirePtr patient = send("nonsense\r\n\r\n");
  loop.advance(3s);
  EXPECT_TRUE(patient->server_closed);
}

TEST_F(Server, ParkedConnectionIsReadWhenThereIsRoomAgain) {
  bool room = true;
  start({.may_read = [&room] { return room; }});
  const WirePtr wire = loop.connect();
  room = false;
  send(wire, get("/a"));
  EXPECT_EQ(wire->reads, 0u);
  loop.advance(100s);  // back-pressure is not the client's fault
  EXPECT_EQ(wire->reads, 0u);
  EXPECT_FALSE(wire->server_closed);
  room = true;
  server->resume_reading();
  EXPECT_TRUE(loop.settle());
  EXPECT_EQ(summary(wire->take()), "200:</a>");

  room = false;
  send(wire, get("/b"));
  EXPECT_EQ(wire->take(), "");
  room = true;
  loop.advance(200ms);  // the wheel notices by itself
  EXPECT_EQ(summary(wire->take()), "200:</b>");
  EXPECT_EQ(server->probe().reads_parked, 2u);
}

TEST_F(Server, FullServerLeavesConnectionsInTheKernel) {
  start({.connections_max = 2});
  const WirePtr one = loop.connect();
  EXPECT_TRUE(loop.accepting);
  const WirePtr two = loop.connect();
  EXPECT_FALSE(loop.accepting);
  one->client_closed = true;
  EXPECT_TRUE(loop.settle());
  EXPECT_TRUE(loop.accepting);
}

TEST_F(Server, FullServerWithoutBackPressureClosesWhatIsTooMuch) {
  loop.listeners_can_wait = false;
  start({.connections_max = 1});
  const WirePtr one = loop.connect();
  const WirePtr two = loop.connect();
  EXPECT_FALSE(one->server_closed);
  EXPECT_TRUE(two->server_closed);
  EXPECT_EQ(server->probe().connections_over_limit, 1u);
}

TEST_F(Server, FavouredLoopPassesConnectionsOn) {
  FakeLoop other_loop(1);
  LoopLoads loads(2);
  ScriptedHandler other_handler;
  HttpServer other(other_loop, other_loop, other_handler, {.loads = &loads});
  start({.loads = &loads, .pass_on = [&other](PassedOn passed) {
           EXPECT_EQ(passed.loop, 1u);
           other.adopt(std::move(passed));
         }});
  const WirePtr first = loop.connect();
  const WirePtr second = loop.connect();
  second->to_server = get("/passed");
  EXPECT_TRUE(other_loop.settle());
  EXPECT_EQ(summary(second->from_server), "200:</passed>");
  EXPECT_EQ(other_handler.seen, (Lines{"GET /passed"}));
  EXPECT_EQ(server->connections(), 1u);
  EXPECT_EQ(other.connections(), 1u);
  server.reset();
  EXPECT_EQ(loads.of(0), 0u);
}

TEST_F(Server, DrainAnswersWhatIsInWorkAndClosesTheRest) {
  defer();
  const WirePtr idle = loop.connect();
  const WirePtr busy = send(get("/a"));
  const WirePtr arriving = send(get("/b").substr(0, 10));
  bool drained = false;
  server->drain([&drained] { drained = true; });
  EXPECT_FALSE(loop.accepting);
  EXPECT_TRUE(idle->server_closed);
  EXPECT_TRUE(loop.settle());
  EXPECT_FALSE(drained);
  handler.answer(0, "a");
  send(arriving, get("/b").substr(10));
  handler.answer(1, "b");
  EXPECT_TRUE(loop.settle());
  EXPECT_EQ(summary(busy->from_server), "200!:a");
  EXPECT_EQ(summary(arriving->from_server), "200!:b");
  busy->client_closed = arriving->client_closed = true;
  EXPECT_TRUE(loop.settle());
  EXPECT_TRUE(drained);
  EXPECT_EQ(server->connections(), 0u);
}

TEST_F(Server, DrainAnswersEveryRequestOfAPipelineThatIsInWork) {
  defer();
  const WirePtr wire = send(get("/0") + get("/1"));
  server->drain([] {});
  handler.answer(0, "zero");
  EXPECT_TRUE(loop.settle());
  handler.answer(1, "one");
  EXPECT_TRUE(loop.settle());
  EXPECT_EQ(summary(wire->from_server), "200:zero 200!:one");
  EXPECT_TRUE(wire->server_shut);
}

TEST_F(Server, DrainEndsAConnectionWhoseUnwantedBodyIsStillArriving) {
  handler.body_bytes_max = 10;
  const std::string request = post("/a", std::string(5000, 'x'));
  const WirePtr wire = send(request.substr(0, 1000));
  server->drain([] {});
  send(wire, request.substr(1000));
  EXPECT_EQ(summary(wire->from_server), "413:The body is too large.");
  EXPECT_TRUE(wire->server_shut);
}

TEST_F(Server, DrainOfAnIdleServerIsDoneAtOnce) {
  bool drained = false;
  server->drain([&drained] { drained = true; });
  EXPECT_TRUE(loop.settle());
  EXPECT_TRUE(drained);
}

TEST_F(Server, BrokenConnectionEndsQuietly) {
  defer();
  const WirePtr wire = send(get("/a"));
  wire->broken = true;
  EXPECT_TRUE(loop.settle());
  EXPECT_TRUE(wire->server_closed);
  handler.answer(0, "to nobody");
  EXPECT_TRUE(loop.settle());
  EXPECT_EQ(server->probe().connections_lost, 1u);
  EXPECT_EQ(server->connections(), 0u);
}

}  // namespace
}  // namespace hyd::net

// Goal: what a client sees of the server, byte by byte: which answers, in which order, in how many
// writes, and when the connection ends. On a scripted loop, where a turn passes when the test says.
#include "net/server.h"

#include "base/parse_int.h"
#include "net/testing/fake_loop.h"
#include "net/testing/scripted_handler.h"

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hyd::net {
namespace {

using namespace std::chrono_literals;
using testing::FakeLoop;
using testing::ScriptedHandler;
using testing::ScriptedSink;
using testing::SinkLog;
using testing::Wire;

using WirePtr = std::shared_ptr<Wire>;
using Lines = std::vector<std::string>;

std::string get(std::string_view target, std::string_view more = "") {
  return "GET " + std::string(target) + " HTTP/1.1\r\nHost: h\r\n" + std::string(more) + "\r\n";
}
std::string post(std::string_view target, std::string_view body, std::string_view more = "") {
  return "POST " + std::string(target) +
         " HTTP/1.1\r\nHost: h\r\nContent-Length: " + std::to_string(body.size()) + "\r\n" +
         std::string(more) + "\r\n" + std::string(body);
}
std::string chunked(std::string_view target, std::string_view wire_body) {
  return "POST " + std::string(target) +
         " HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n" + std::string(wire_body);
}

// The bodies of the answers in `bytes`, with their statuses: "200:<a> 413:…"; "?" where `bytes` is
// no sequence of answers.
std::string summary(std::string_view bytes) {
  std::string out;
  while (!bytes.empty()) {
    const std::size_t end = bytes.find("\r\n\r\n");
    if (end == std::string_view::npos || !bytes.starts_with("HTTP/1.1 ")) return out + "?";
    const std::string_view head = bytes.substr(0, end + 2);
    if (!out.empty()) out += " ";
    out += bytes.substr(9, 3);
    if (head.contains("Connection: close\r\n")) out += "!";
    bytes.remove_prefix(end + 4);
    const std::size_t at = head.find("Content-Length: ");
    if (at == std::string_view::npos) continue;
    const std::string_view digits = head.substr(at + 16, head.find("\r\n", at) - at - 16);
    const std::size_t length = base::parse_int<std::size_t>(digits).value_or(0);
    if (length == 0) continue;
    out.append(":").append(bytes.substr(0, length));
    if (out.back() == '\n') out.pop_back();
    bytes.remove_prefix(std::min(length, bytes.size()));
  }
  return out;
}

class Server : public ::testing::Test {
 protected:
  void SetUp() override { start({}); }
  void start(ServerOptions options) {
    server.reset();
    server = std::make_unique<HttpServer>(loop, loop, handler, std::move(options));
    const auto local = server->listen({.host = "127.0.0.1", .port = 0}, {});
    ASSERT_TRUE(local);
    EXPECT_EQ(local->port, 8080);
  }
  // A connection on which `bytes` have arrived and everything that follows has happened.
  WirePtr send(std::string_view bytes) {
    WirePtr wire = loop.connect();
    send(wire, bytes);
    return wire;
  }
  void send(const WirePtr& wire, std::string_view bytes) {
    wire->to_server += bytes;
    EXPECT_TRUE(loop.settle());
  }
  void send_in_steps(const WirePtr& wire, std::string_view bytes, std::size_t step) {
    for (std::size_t at = 0; at < bytes.size(); at += step) send(wire, bytes.substr(at, step));
  }
  void defer() { handler.answer_at_once = false; }
  void stream_to(SinkLog& log, std::uint64_t bytes_max = 1 << 30) {
    handler.on_plan = [&log, bytes_max](const RequestHead&) {
      return BodyPlan::stream(std::make_unique<ScriptedSink>(log), bytes_max);
    };
  }
  static Response with(std::uint16_t status, std::string body) {
    Response response;
    response.status = status;
    response.body = std::move(body);
    return response;
  }

  FakeLoop loop;
  ScriptedHandler handler;
  std::unique_ptr<HttpServer> server;
};

// ---- Requests and answers

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

// ---- Writing

TEST_F(Server, WritesTheRestWhenTheSocketHasRoomAgain) {
  const std::string big(100'000, 'b');
  handler.answer_at_once = false;
  const WirePtr wire = send(get("/0") + get("/1"));
  wire->room = 50;
  Response first = with(200, big);
  first.shared = sys::SharedBytes::copy_of("shared");
  handler.calls[0].respond.send(std::move(first));
  EXPECT_TRUE(loop.settle());
  handler.answer(1, "one");
  for (int i = 0; i < 2000; ++i) {
    wire->room += 77;
    EXPECT_TRUE(loop.settle());
  }
  EXPECT_EQ(summary(wire->from_server), "200:" + big + "shared 200:one");
}

TEST_F(Server, ReadsNothingWhileAnAnswerIsStuck) {
  const WirePtr wire = send(get("/0"));
  wire->room = 5;
  send(wire, get("/1"));
  const std::size_t reads = wire->reads;
  send(wire, get("/2"));
  EXPECT_EQ(wire->reads, reads);
  wire->room = 1'000'000;
  EXPECT_TRUE(loop.settle());
  EXPECT_EQ(summary(wire->from_server), "200:</0> 200:</1> 200:</2>");
}

// Gives `pieces`, at once or when the test says.
class Source final : public BodySource {
 public:
  explicit Source(std::vector<std::string> pieces, base::Done<sys::SharedBytes>* held = nullptr)
      : pieces_(std::move(pieces)), held_(held) {}
  void next(base::Done<sys::SharedBytes> done) override {
    if (held_ != nullptr) {
      *held_ = std::move(done);
      return;
    }
    if (at_ == pieces_.size()) return done(base::fail(base::Code::io, "the disk is gone"));
    done(sys::SharedBytes::copy_of(pieces_[at_++]));
  }

 private:
  std::vector<std::string> pieces_;
  base::Done<sys::SharedBytes>* held_;
  std::size_t at_ = 0;
};

TEST_F(Server, StreamsABodyPieceByPiece) {
  defer();
  const WirePtr wire = send(get("/0") + get("/1"));
  Response streamed = with(200, "made, ");
  streamed.length = 6 + 40 * 5000;
  streamed.source = std::make_unique<Source>(std::vector<std::string>(40, std::string(5000, 's')));
  handler.calls[0].respond.send(std::move(streamed));
  handler.answer(1, "one");
  wire->room = 3000;
  for (int i = 0; i < 300; ++i) {
    EXPECT_TRUE(loop.settle());
    wire->room += 1000;
  }
  EXPECT_EQ(summary(wire->from_server), "200:made, " + std::string(200'000, 's') + " 200:one");
}

TEST_F(Server, SourceThatFailsCutsTheBodyShortAndCloses) {
  defer();
  const WirePtr wire = send(get("/0"));
  Response streamed = with(200, "");
  streamed.length = 10;
  streamed.source = std::make_unique<Source>(std::vector<std::string>{"half;"});
  handler.calls[0].respond.send(std::move(streamed));
  EXPECT_TRUE(loop.settle());
  EXPECT_TRUE(wire->from_server.ends_with("\r\n\r\nhalf;"));
  EXPECT_TRUE(wire->server_closed);
}

TEST_F(Server, PieceThatComesAfterTheEndIsDropped) {
  defer();
  const WirePtr wire = send(get("/0"));
  base::Done<sys::SharedBytes> held;
  Response streamed = with(200, "");
  streamed.length = 10;
  streamed.source = std::make_unique<Source>(std::vector<std::string>{}, &held);
  handler.calls[0].respond.send(std::move(streamed));
  EXPECT_TRUE(loop.settle());
  server.reset();
  ASSERT_TRUE(held);
  held(sys::SharedBytes::copy_of("0123456789"));
  EXPECT_FALSE(wire->from_server.contains("0123"));
}

// ---- Bodies

TEST_F(Server, Says100ContinueBeforeTheBodyAndOnlyWhenItIsWanted) {
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

TEST_F(Server, Says100ContinueBehindTheEarlierAnswers) {
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

TEST_F(Server, RefusesALargeBodyBeforeItIsRead) {
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

TEST_F(Server, SkipsAShortBodyThatNobodyWants) {
  handler.body_bytes_max = 10;
  const WirePtr wire = send(post("/a", std::string(5000, 'x')) + get("/b"));
  EXPECT_EQ(summary(wire->from_server), "413:The body is too large. 200:</b>");
  EXPECT_FALSE(wire->server_shut);

  const WirePtr slow = loop.connect();
  send_in_steps(slow, post("/a", std::string(5000, 'x')) + get("/b"), 100);
  EXPECT_EQ(summary(slow->from_server), "413:The body is too large. 200:</b>");
}

TEST_F(Server, StreamsABodyIntoASink) {
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

TEST_F(Server, PausedSinkStopsTheReadingUntilItResumes) {
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

TEST_F(Server, SinkMayAnswerBeforeTheEnd) {
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

TEST_F(Server, SinkIsToldWhyItsBodyEndsEarly) {
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

// ---- Time

TEST_F(Server, SlowHeadTimesOutAndSaysSo) {
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

TEST_F(Server, SilentConnectionTimesOutWithoutAWord) {
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

TEST_F(Server, NothingTimesOutWhileTheHandlerWorks) {
  defer();
  const WirePtr wire = send(post("/a", "body"));
  loop.advance(500s);
  EXPECT_FALSE(wire->server_closed);
  handler.answer(0, "late");
  EXPECT_TRUE(loop.settle());
  EXPECT_EQ(summary(wire->from_server), "200:late");
}

TEST_F(Server, StalledBodyTimesOut) {
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

TEST_F(Server, BodyMustKeepTheLeastRate) {
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

TEST_F(Server, ClientThatReadsNothingTimesOut) {
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

TEST_F(Server, IdleLoopSetsNoTimer) {
  EXPECT_EQ(loop.timers(), 0u);
  const WirePtr wire = send(get("/", "Connection: close\r\n"));
  EXPECT_TRUE(wire->server_closed);
  loop.advance(1s);
  EXPECT_EQ(loop.timers(), 0u);
}

// ---- Connections

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

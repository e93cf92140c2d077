// Goal: whatever the socket takes at a time, the client gets every answer whole and in order.
#include "net/testing/server_fixture.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

namespace hyd::net {
namespace {

using namespace testing;
class ServerOutput : public ServerTest {};

TEST_F(ServerOutput, WritesTheRestWhenTheSocketHasRoomAgain) {
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

TEST_F(ServerOutput, ReadsNothingWhileAnAnswerIsStuck) {
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

TEST_F(ServerOutput, StreamsABodyPieceByPiece) {
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

TEST_F(ServerOutput, Says100ContinueBehindAStreamedAnswer) {
  defer();
  const std::string request = post("/b", "hello", "Expect: 100-continue\r\n");
  const WirePtr wire = send(get("/a") + request.substr(0, request.size() - 5));
  Response streamed = with(200, "");
  streamed.length = 6;
  streamed.source = std::make_unique<Source>(std::vector<std::string>{"stre", "am"});
  handler.calls[0].respond.send(std::move(streamed));
  EXPECT_TRUE(loop.settle());
  EXPECT_EQ(summary(wire->take()), "200:stream 100");
}

TEST_F(ServerOutput, SourceThatFailsCutsTheBodyShortAndCloses) {
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

TEST_F(ServerOutput, PieceThatComesAfterTheEndIsDropped) {
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

}  // namespace
}  // namespace hyd::net

// Goal: no mixture of body kinds, splits, short writes, pauses and late answers changes what the
// client gets. Each seed is one connection with some dozens of requests; the answers must be those
// that a server without any of the trouble would give. A failing seed is printed.
#include "base/rng.h"
#include "net/testing/server_fixture.h"

#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace hyd::net {
namespace {

using namespace testing;

std::string answer_to(std::string_view target, std::string_view body) {
  std::uint64_t hash = 14695981039346656037ULL;
  for (const char c : body) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211ULL;
  // Some answers are large, so that they are sent from where they lie.
  return std::string(target) + " " + std::to_string(hash) + std::string(hash % 4 * 1500, '.');
}

class TroubledHandler final : public Handler {
 public:
  explicit TroubledHandler(base::Rng& rng) : rng_(rng) {}

  BodyPlan plan(const RequestHead& head, const Peer&) override {
    if (!head.path.starts_with("/sink")) return BodyPlan::buffer(1 << 20);
    return BodyPlan::stream(std::make_unique<Sink>(*this), 1 << 20);
  }
  void handle(Request request, Responder respond) override {
    answer(request.head().target, request.body(), std::move(respond));
    if (rng_.below(3) == 0) held_.push_back(std::move(request));
  }

  // One thing that was put off happens. False when there is none.
  bool catch_up() {
    if (paused_ != nullptr && rng_.below(2) == 0) {
      std::exchange(paused_, nullptr)->resume_body();
      return true;
    }
    if (!held_.empty()) held_.erase(held_.begin());
    if (late_.empty()) return paused_ != nullptr;
    const auto at = late_.begin() + static_cast<std::ptrdiff_t>(rng_.below(late_.size()));
    send(std::move(at->second), std::move(at->first));
    late_.erase(at);
    return true;
  }

 private:
  class Sink final : public BodySink {
   public:
    explicit Sink(TroubledHandler& handler) : handler_(handler) {}
    void start(Request request, Responder respond) override {
      target_ = request.head().target;
      respond_.emplace(std::move(respond));
    }
    Flow on_bytes(std::string_view bytes) override {
      body_ += bytes;
      if (handler_.rng_.below(4) != 0) return Flow::more;
      handler_.paused_ = &*respond_;
      return Flow::pause;
    }
    void on_end() override {
      handler_.paused_ = nullptr;
      handler_.answer(target_, body_, *std::move(respond_));
    }
    void on_abort(base::Code why) override { ADD_FAILURE() << base::name(why); }

   private:
    TroubledHandler& handler_;
    std::string target_;
    std::string body_;
    std::optional<Responder> respond_;
  };

  void answer(std::string_view target, std::string_view body, Responder respond) {
    std::string text = answer_to(target, body);
    if (rng_.below(2) == 0) return send(std::move(respond), std::move(text));
    late_.emplace_back(std::move(text), std::move(respond));
  }
  static void send(Responder respond, std::string text) {
    Response response;
    response.body = std::move(text);
    respond.send(std::move(response));
  }

  base::Rng& rng_;
  std::vector<std::pair<std::string, Responder>> late_;
  std::vector<Request> held_;
  Responder* paused_ = nullptr;
};

// A request of a random kind; its answer joins `expected`.
std::string random_request(base::Rng& rng, std::size_t number, std::string& expected) {
  const std::string target = (rng.below(3) == 0 ? "/sink" : "/") + std::to_string(number);
  const std::size_t scale = std::size_t{1} << rng.below(16);
  std::string body(rng.below(scale * 2), 'a');
  for (char& c : body) c = static_cast<char>('a' + rng.below(26));
  std::string request;
  switch (rng.below(3)) {
    case 0:
      body.clear();
      request = get(target, rng.below(4) == 0 ? "X: " + std::string(9000, 'x') + "\r\n" : "");
      break;
    case 1: request = post(target, body); break;
    default: {
      std::string wire;
      for (std::size_t at = 0; at < body.size();) {
        const std::size_t n = std::min<std::size_t>(body.size() - at, 1 + rng.below(scale));
        constexpr std::string_view kHex = "0123456789abcdef";
        std::string digits;
        for (std::size_t left = n; left != 0; left /= 16) digits.insert(0, 1, kHex[left % 16]);
        wire += digits + "\r\n" + body.substr(at, n) + "\r\n";
        at += n;
      }
      request = chunked(target, wire + "0\r\n\r\n");
    }
  }
  expected += (expected.empty() ? "200:" : " 200:") + answer_to(target, body);
  return request;
}

void run(std::uint64_t seed) {
  SCOPED_TRACE(seed);
  base::FastRng rng(seed);
  FakeLoop loop;
  TroubledHandler handler(rng);
  bool room_to_read = true;
  HttpServer server(loop, loop, handler, {.may_read = [&] { return room_to_read; }});
  ASSERT_TRUE(server.listen({.host = "127.0.0.1", .port = 0}, {}));
  const WirePtr wire = loop.connect();

  std::string expected;
  std::string bytes;
  for (std::size_t i = 0; i < 30; ++i) bytes += random_request(rng, i, expected);
  wire->room = 0;
  std::size_t sent = 0;
  std::size_t quiet = 0;
  while (quiet < 200) {
    const std::size_t n =
        std::min<std::size_t>(bytes.size() - sent, 1 + rng.below(std::size_t{1} << rng.below(18)));
    wire->to_server += bytes.substr(sent, n);
    sent += n;
    if (sent == bytes.size()) wire->client_closed = true;
    wire->read_bytes_max = 1 + rng.below(std::size_t{1} << rng.below(18));
    wire->room += rng.below(std::size_t{1} << rng.below(16));
    room_to_read = rng.below(5) != 0;
    if (room_to_read) server.resume_reading();
    for (std::uint64_t turns = rng.below(4); turns > 0; --turns) loop.turn();
    const bool more = handler.catch_up() || sent != bytes.size() || !wire->to_server.empty();
    quiet = more ? 0 : quiet + 1;
  }
  wire->room = bytes.size() + (1 << 20);
  EXPECT_TRUE(loop.settle());
  EXPECT_EQ(summary(wire->from_server), expected);
  EXPECT_TRUE(wire->server_closed);
}

TEST(ServerUnderTrouble, GivesTheAnswersOfACalmServer) {
  for (std::uint64_t seed = 1; seed <= 150 && !::testing::Test::HasFailure(); ++seed) run(seed);
}

}  // namespace
}  // namespace hyd::net

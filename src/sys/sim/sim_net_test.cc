// The simulated network: bytes arrive whole and in order until a cut, and then both ends know.
#include "sys/sim/sim_net.h"

#include "sys/loops.h"
#include "sys/sim/sim_process.h"
#include "sys/sim/sim_runtime.h"

#include <gtest/gtest.h>

#include <array>
#include <memory>
#include <set>
#include <string>
#include <vector>

namespace hyd::sys {
namespace {

// Sends everything back that it gets; lives on one loop.
class Echo {
 public:
  explicit Echo(std::unique_ptr<Socket> socket) : socket_(std::move(socket)) { wait(); }

 private:
  void wait() {
    socket_->wait_readable([this] { turn(); });
  }
  void turn() {
    std::array<char, 100> buffer;
    const auto got = socket_->read_some(buffer);
    if (!got || got->end) {
      socket_->shutdown_write();
      return;
    }
    pending_.append(buffer.data(), got->bytes);
    send();
  }
  void send() {
    const std::array<std::string_view, 1> parts{pending_};
    const auto sent = socket_->write_some(parts);
    if (!sent) return;
    pending_.erase(0, *sent);
    if (pending_.empty()) return wait();
    socket_->wait_writable([this] { send(); });
  }
  std::unique_ptr<Socket> socket_;
  std::string pending_;
};

// A server on two loops, its port, and a body that talks to it.
void serve(SimProcess& process, const std::function<void(SimNet&, std::uint16_t)>& talk) {
  Loops loops(process.runtime, {.count = 2});
  std::vector<std::unique_ptr<Echo>> echoes;
  Endpoint at{"127.0.0.1", 0};
  std::vector<std::unique_ptr<Listener>> listeners;
  for (std::size_t i = 0; i < loops.size(); ++i) {
    auto listener = loops[i].listen(at, {.exclusive = i == 0}, [&](auto socket) {
      echoes.push_back(std::make_unique<Echo>(std::move(socket)));
    });
    ASSERT_TRUE(listener) << listener.error().what;
    at = (*listener)->local();
    listeners.push_back(std::move(*listener));
  }
  loops.start();
  talk(process.runtime.net(), at.port);
  loops.stop();
}

std::string received(SimRuntime& runtime, SimNet::Client& client, std::size_t bytes) {
  std::string got;
  const base::MonoTime deadline = runtime.clock().mono() + std::chrono::seconds(10);
  while (got.size() < bytes && !client.ended() && runtime.clock().mono() < deadline) {
    got += client.receive(deadline);
  }
  return got;
}

TEST(SimNet, BytesArriveWholeAndInOrder) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    const SimEnd end = run_process("", {.seed = seed, .net = {.window = 64}}, [](auto& process) {
      serve(process, [&](SimNet& net, std::uint16_t port) {
        const auto client = net.connect(port);
        ASSERT_NE(client, nullptr);
        std::string sent;
        for (int i = 0; i < 300; ++i) sent += std::to_string(i);
        const auto sender = process.runtime.spawn("s", [&] { ASSERT_TRUE(client->send(sent)); });
        process.tell(received(process.runtime, *client, sent.size()) == sent ? "same" : "other");
        sender->join();
      });
    });
    ASSERT_EQ(end.how, SimEnd::How::returned) << seed << end.why;
    EXPECT_EQ(end.ledger, "same\n") << seed;
  }
}

TEST(SimNet, ACutIsSeenByBothEndsAndLosesWhatWasUnderWay) {
  std::set<std::string> seen;
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    const SimEnd end = run_process("", {.seed = seed, .net = {.cut_one_in = 4}}, [](auto& process) {
      serve(process, [&](SimNet& net, std::uint16_t port) {
        const auto client = net.connect(port);
        ASSERT_NE(client, nullptr);
        if (!client->send("ping")) return process.tell("cut");
        const std::string got = received(process.runtime, *client, 4);
        process.tell(got == "ping" ? "answered" : client->ended() ? "cut" : "nothing");
      });
    });
    ASSERT_EQ(end.how, SimEnd::How::returned) << seed << end.why;
    seen.insert(end.ledger);
  }
  EXPECT_EQ(seen, (std::set<std::string>{"answered\n", "cut\n"}));
}

TEST(SimNet, APortHasOneOwnerUnlessItIsShared) {
  const SimEnd end = run_process("", {.seed = 3}, [](SimProcess& process) {
    serve(process, [&](SimNet& net, std::uint16_t port) {
      auto other = process.runtime.make_loop("other");
      const auto taken =
          other->listen({"127.0.0.1", port}, {.exclusive = true}, [](std::unique_ptr<Socket>) {});
      process.tell(taken ? "shared" : taken.error().what);
      process.tell(net.connect(static_cast<std::uint16_t>(port + 1)) ? "somebody" : "nobody");
    });
  });
  EXPECT_EQ(end.ledger, "127.0.0.1:20000 is in use\nnobody\n");
}

}  // namespace
}  // namespace hyd::sys

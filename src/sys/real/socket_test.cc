#include "sys/held_port.h"
#include "sys/real/client.h"
#include "sys/real/scratch.h"

#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <functional>
#include <string>
#include <sys/resource.h>
#include <vector>

namespace hyd::sys {
namespace {

using namespace std::chrono_literals;
using base::Code;

// Echoes what a connection sends until it ends, then ends too. Lives on one loop.
class Echo {
 public:
  explicit Echo(std::unique_ptr<Socket> socket) : socket_(std::move(socket)) { wait(); }

 private:
  void wait() {
    socket_->wait_readable([this] { read(); });
  }
  void read() {
    std::array<char, 4096> buffer;
    const auto got = socket_->read_some(buffer);
    if (!got) return;
    if (got->end) return socket_->shutdown_write();
    pending_.append(buffer.data(), got->bytes);
    write();
  }
  void write() {
    if (pending_.empty()) return wait();
    const std::string_view all = pending_;
    const std::array<std::string_view, 3> parts{all.substr(0, 1), "", all.substr(1)};
    const auto sent = socket_->write_some(parts);
    if (!sent) return;
    pending_.erase(0, *sent);
    if (pending_.empty()) return wait();
    socket_->wait_writable([this] { write(); });
  }

  std::unique_ptr<Socket> socket_;
  std::string pending_;
};

class SocketTest : public testing::Test {
 protected:
  SocketTest() { loops_.start(); }
  ~SocketTest() override {
    listeners_.clear();  // closed on this thread only because the loops have stopped
    echoes_.clear();
    keep_.reset();
  }
  void TearDown() override { loops_.stop(); }

  base::Result<Endpoint> listen(std::size_t loop, Endpoint at, bool exclusive, OnAccept accept) {
    base::Result<Endpoint> local;
    on(*runtime_, loops_[loop], [&] {
      auto made = loops_[loop].listen(at, {.exclusive = exclusive}, std::move(accept));
      if (!made) {
        local = std::unexpected(made.error());
        return;
      }
      local = (*made)->local();
      listeners_.push_back(std::move(*made));
    });
    return local;
  }
  Endpoint serve(OnAccept accept) {
    auto at = listen(0, {.host = "127.0.0.1"}, true, std::move(accept));
    HYD_CHECK(at.has_value());
    return *at;
  }
  OnAccept echo() {
    return [this](std::unique_ptr<Socket> socket) {
      echoes_.push_back(std::make_unique<Echo>(std::move(socket)));
    };
  }
  void on_loop(std::size_t loop, const std::function<void()>& work) {
    on(*runtime_, loops_[loop], work);
  }
  // Until `is_true` on loop 0, or patience ends.
  bool eventually(const std::function<bool()>& is_true) {
    const base::MonoTime deadline = patience(*runtime_);
    while (runtime_->clock().mono() < deadline) {
      bool yes = false;
      on_loop(0, [&] { yes = is_true(); });
      if (yes) return true;
      runtime_->sleep_until(runtime_->clock().mono() + 1ms);
    }
    return false;
  }

  std::unique_ptr<Runtime> runtime_ = real_runtime();
  Loops loops_{*runtime_, {.count = 2}};
  std::vector<std::unique_ptr<Listener>> listeners_;
  std::vector<std::unique_ptr<Echo>> echoes_;
  std::shared_ptr<void> keep_;  // whatever else lives on a loop
};

TEST_F(SocketTest, CarriesBytesBothWaysAndEndsHalfByHalf) {
  const Endpoint at = serve(echo());
  EXPECT_NE(at.port, 0);
  Client client(at);
  ASSERT_TRUE(client.connected());
  client.send("hello");
  EXPECT_EQ(client.receive(5), "hello");
  client.send("more");
  client.shutdown_write();
  EXPECT_EQ(client.receive(4), "more");
  EXPECT_TRUE(client.ended());
}

TEST_F(SocketTest, MoreThanTheKernelHoldsIsWrittenAsTheReaderTakesIt) {
  constexpr std::size_t kBytes = 8 << 20;
  Client client(serve([this](std::unique_ptr<Socket> socket) {
    struct Sender {
      std::unique_ptr<Socket> socket;
      std::string rest = std::string(kBytes, 'x');
      int waits = 0;
      void send() {
        while (!rest.empty()) {
          const std::array<std::string_view, 1> parts{rest};
          const auto sent = socket->write_some(parts);
          if (!sent) return;
          rest.resize(rest.size() - *sent);
          if (*sent == 0) {
            ++waits;
            return socket->wait_writable([this] { send(); });
          }
        }
        EXPECT_GT(waits, 0) << "the kernel took all of it: the test proves nothing";
        socket->shutdown_write();
      }
    };
    auto sender = std::make_shared<Sender>();
    sender->socket = std::move(socket);
    sender->send();
    keep_ = sender;
  }));
  runtime_->sleep_until(runtime_->clock().mono() + 20ms);
  EXPECT_EQ(client.receive(kBytes).size(), kBytes);
  EXPECT_TRUE(client.ended());
}

TEST_F(SocketTest, ReadingWhenNothingIsThereTellsSoAndNeverBlocks) {
  std::unique_ptr<Socket> server;
  const Endpoint at = serve([&](std::unique_ptr<Socket> socket) { server = std::move(socket); });
  Client client(at);
  ASSERT_TRUE(eventually([&] { return server != nullptr; }));
  on_loop(0, [&] {
    std::array<char, 10> buffer;
    const auto nothing = server->read_some(buffer);
    ASSERT_TRUE(nothing);
    EXPECT_EQ(nothing->bytes, 0u);
    EXPECT_FALSE(nothing->end);
    EXPECT_TRUE(is_loopback(server->peer()));
    EXPECT_NE(server->peer().port, 0);
  });
  client.shutdown_write();
  std::atomic<bool> ended{false};
  on_loop(0, [&] {
    server->wait_readable([&] {
      std::array<char, 10> buffer;
      const auto got = server->read_some(buffer);
      ended = got && got->end;
    });
  });
  EXPECT_TRUE(eventually([&] { return ended.load(); }));
  on_loop(0, [&] { server.reset(); });
}

TEST_F(SocketTest, AResetPeerWakesTheWaitAndIsAnError) {
  std::unique_ptr<Socket> server;
  const Endpoint at = serve([&](std::unique_ptr<Socket> socket) { server = std::move(socket); });
  Client client(at);
  ASSERT_TRUE(eventually([&] { return server != nullptr; }));
  std::atomic<bool> failed{false};
  on_loop(0, [&] {
    server->wait_readable([&] {
      std::array<char, 10> buffer;
      const auto got = server->read_some(buffer);
      failed = !got && got.error().code == Code::io;
    });
  });
  client.reset();
  EXPECT_TRUE(eventually([&] { return failed.load(); }));
  on_loop(0, [&] { server.reset(); });
}

TEST_F(SocketTest, ADestroyedSocketCallsNobodyEvenFromItsOwnCallback) {
  std::vector<std::unique_ptr<Socket>> servers;
  const Endpoint at =
      serve([&](std::unique_ptr<Socket> socket) { servers.push_back(std::move(socket)); });
  Client client(at);
  Client other(at);
  ASSERT_TRUE(eventually([&] { return servers.size() == 2; }));
  auto held = std::make_shared<int>(0);
  const std::weak_ptr<int> watch = held;
  bool ran = false;
  on_loop(0, [&] {
    servers[0]->wait_readable([&] {
      servers[0].reset();
      ran = true;
    });
    servers[0]->wait_writable([&, held] {
      servers[0].reset();
      ran = true;
    });
    servers[1]->wait_readable([held] { ADD_FAILURE() << "called after its end"; });
    held.reset();
    servers[1].reset();
  });
  client.send("x");
  EXPECT_TRUE(eventually([&] { return ran; }));
  EXPECT_TRUE(other.ended());
  EXPECT_TRUE(watch.expired()) << "what waits held goes with the socket";
}

TEST_F(SocketTest, AConnectionMovesToAnotherLoopWithWhatItHasReceived) {
  const Endpoint at = serve([&](std::unique_ptr<Socket> socket) {
    auto handoff = socket->detach();
    socket.reset();
    loops_[1].post([&, handoff = std::move(handoff)]() mutable {
      auto adopted = loops_[1].adopt(std::move(handoff));
      EXPECT_TRUE(is_loopback(adopted->peer()));
      echoes_.push_back(std::make_unique<Echo>(std::move(adopted)));
    });
  });
  Client client(at);
  client.send("across");
  EXPECT_EQ(client.receive(6), "across");
  client.send("again");
  EXPECT_EQ(client.receive(5), "again");
}

TEST_F(SocketTest, AHandoffThatNobodyTakesClosesItsConnection) {
  Client client(serve([](std::unique_ptr<Socket> socket) { socket->detach().reset(); }));
  EXPECT_TRUE(client.ended());
}

TEST_F(SocketTest, APortInUseIsNamedAndASecondServerIsRefused) {
  const Endpoint at = serve(echo());
  const auto second = listen(1, at, true, echo());
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, Code::conflict);
  EXPECT_EQ(second.error().what, "port " + std::to_string(at.port) + " of 127.0.0.1 is in use");
  ASSERT_TRUE(listen(1, at, false, echo()));
  EXPECT_FALSE(listen(1, at, true, echo())) << "not even beside listeners that share";
  const auto everywhere = listen(1, {.host = "0.0.0.0", .port = at.port}, true, echo());
  EXPECT_FALSE(everywhere);
}

// Before there is anybody to serve it: nobody else gets it, clients are refused, and the listeners
// of this process take it over.
TEST_F(SocketTest, AHeldPortIsNobodyElsesAndRefusesUntilItIsListenedOn) {
  auto held = hold_port({.host = "127.0.0.1"});
  ASSERT_TRUE(held) << held.error().what;
  const Endpoint at = (*held)->at();
  ASSERT_NE(at.port, 0);
  const auto other = listen(1, at, true, echo());
  ASSERT_FALSE(other);
  EXPECT_EQ(other.error().code, Code::conflict);
  EXPECT_FALSE(hold_port(at)) << "not even held by a second one";
  EXPECT_FALSE(listen(1, {.host = "0.0.0.0", .port = at.port}, true, echo()));
  EXPECT_FALSE(Client(at).connected());

  ASSERT_TRUE(listen(0, at, false, echo()));
  ASSERT_TRUE(listen(1, at, false, echo()));
  held->reset();
  EXPECT_TRUE(Client(at).connected());
  EXPECT_FALSE(listen(1, at, true, echo()));
}

TEST_F(SocketTest, APortInUseCannotBeHeld) {
  const Endpoint at = serve(echo());
  const auto held = hold_port(at);
  ASSERT_FALSE(held);
  EXPECT_EQ(held.error().code, Code::conflict);
  EXPECT_EQ(held.error().what, "port " + std::to_string(at.port) + " of 127.0.0.1 is in use");
  EXPECT_FALSE(hold_port({.host = "192.0.2.1", .port = 0}));
}

TEST_F(SocketTest, SharingListenersEachGetConnections) {
  std::array<std::atomic<int>, 2> accepted{};
  const auto count = [&](std::size_t loop) {
    return [&accepted, loop](std::unique_ptr<Socket>) { accepted[loop].fetch_add(1); };
  };
  const auto at = listen(0, {.host = "127.0.0.1"}, true, count(0));
  ASSERT_TRUE(at);
  ASSERT_TRUE(listen(1, *at, false, count(1)));
  for (int i = 0; i < 64; ++i) {
    Client client(*at);
    ASSERT_TRUE(client.ended());
  }
  EXPECT_EQ(accepted[0] + accepted[1], 64);
  EXPECT_GT(accepted[0].load(), 0);
  EXPECT_GT(accepted[1].load(), 0);
}

TEST_F(SocketTest, APortCanBeTakenAgainAtOnceAfterItsConnectionsEnded) {
  const Endpoint at = serve([](std::unique_ptr<Socket>) {});  // the server ends first: TIME_WAIT
  EXPECT_TRUE(Client(at).ended());
  on_loop(0, [&] { listeners_.clear(); });
  EXPECT_FALSE(Client(at).connected());
  const auto again = listen(0, at, true, echo());
  EXPECT_TRUE(again) << again.error().what;
}

TEST_F(SocketTest, APausedListenerLeavesConnectionsInTheQueueAndTakesThemLater) {
  const Endpoint at = serve(echo());
  on_loop(0, [&] { EXPECT_TRUE(listeners_[0]->set_accepting(false)); });
  Client client(at);
  EXPECT_TRUE(client.connected()) << "by the kernel";
  client.send("later");
  runtime_->sleep_until(runtime_->clock().mono() + 10ms);
  on_loop(0, [&] {
    EXPECT_TRUE(echoes_.empty());
    listeners_[0]->set_accepting(true);
  });
  EXPECT_EQ(client.receive(5), "later");
}

TEST_F(SocketTest, RunningOutOfDescriptorsOnlyDelaysWhoIsWaiting) {
  const Endpoint at = serve(echo());
  Client client(at);
  client.send("x");
  ASSERT_EQ(client.receive(1), "x");
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &before), 0);
  Client waiting(at);  // may be accepted yet
  ASSERT_EQ(waiting.connected(), true);
  ASSERT_TRUE(eventually([&] { return echoes_.size() == 2; }));
  const Fd socket(::socket(AF_INET, SOCK_STREAM, 0));
  const rlimit none{.rlim_cur = static_cast<rlim_t>(socket.get() + 1), .rlim_max = before.rlim_max};
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &none), 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(at.port);
  ::inet_pton(AF_INET, "127.0.0.1", &address.sin_addr);
  EXPECT_EQ(::connect(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address),
            0);
  runtime_->sleep_until(runtime_->clock().mono() + 50ms);
  on_loop(0, [&] { EXPECT_EQ(echoes_.size(), 2u); });
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &before), 0);
  EXPECT_TRUE(eventually([&] { return echoes_.size() == 3; }));
}

TEST_F(SocketTest, AnAddressThatIsNotOursIsRefused) {
  const auto foreign = listen(0, {.host = "192.0.2.1", .port = 0}, true, echo());
  ASSERT_FALSE(foreign);
  EXPECT_EQ(foreign.error().code, Code::invalid);
  EXPECT_FALSE(listen(0, {.host = "localhost", .port = 0}, true, echo()));
}

TEST_F(SocketTest, ServesIPv6WhereTheMachineHasIt) {
  const auto at = listen(0, {.host = "::1"}, true, echo());
  if (!at) {
    EXPECT_EQ(at.error().code, Code::invalid) << at.error().what;
    return;
  }
  EXPECT_EQ(at->text(), "[::1]:" + std::to_string(at->port));
}

}  // namespace
}  // namespace hyd::sys

#include "sys/sim/sim_net.h"

#include "base/check.h"

#include <algorithm>
#include <utility>

namespace hyd::sys {

using base::Code;
using base::fail;
using base::MonoTime;
using base::Result;
using base::Task;

// What one end of a connection receives, and who waits there.
struct SimNet::Half {
  std::string arrived;
  std::size_t under_way = 0;  // bytes
  MonoTime last_arrival{};
  bool ended = false;   // the other end sends no more, and all of it has arrived
  bool closed = false;  // nobody reads here any more
  Post post;            // a loop's end; empty at a client's
  Task readable;
  Task writable;                        // of this end, waiting for room at the other
  std::vector<Baton::Member*> waiting;  // a client's threads
};

struct SimNet::Connection {
  Half server;
  Half client;
  bool cut = false;
};

struct SimNet::Listening {
  Post post;
  OnAccept accept;
  bool open = true;
};

class SimListener final : public Listener {
 public:
  SimListener(std::shared_ptr<SimNet::Listening> state, Endpoint at)
      : state_(std::move(state)), at_(std::move(at)) {}
  ~SimListener() override { SimListener::close(); }
  const Endpoint& local() const override { return at_; }
  void close() override { state_->open = false; }

 private:
  std::shared_ptr<SimNet::Listening> state_;
  Endpoint at_;
};

class SimHandoff final : public Handoff {
 public:
  explicit SimHandoff(std::shared_ptr<SimNet::Connection> c) : connection(std::move(c)) {}
  std::shared_ptr<SimNet::Connection> connection;
};

class SimSocket final : public Socket {
 public:
  SimSocket(SimNet& net, std::shared_ptr<SimNet::Connection> connection)
      : net_(net), connection_(std::move(connection)) {}
  ~SimSocket() override {
    if (!connection_) return;
    in().readable = nullptr;
    in().writable = nullptr;
    in().closed = true;
    net_.end(connection_, connection_->client);
  }

  Result<Read> read_some(std::span<char> into) override {
    if (connection_->cut) return fail(Code::io, "the connection was cut");
    if (in().arrived.empty()) return Read{.bytes = 0, .end = in().ended};
    const std::size_t n = std::min(into.size(), in().arrived.size());
    in().arrived.copy(into.data(), n);
    in().arrived.erase(0, n);
    net_.wake(connection_, connection_->client, &SimNet::Half::writable);  // there is room again
    return Read{.bytes = n, .end = false};
  }
  Result<std::size_t> write_some(std::span<const std::string_view> parts) override {
    std::size_t taken = 0;
    for (const std::string_view part : parts) {
      if (part.empty()) continue;
      if (connection_->cut || connection_->client.closed) {
        return fail(Code::io, "the peer is gone");
      }
      const std::size_t n = net_.write(connection_, connection_->client, part);
      taken += n;
      if (n < part.size()) break;
    }
    return taken;
  }
  void wait_readable(Task task) override {
    in().readable = std::move(task);
    if (connection_->cut || in().ended || !in().arrived.empty()) {
      net_.wake(connection_, in(), &SimNet::Half::readable);
    }
  }
  void wait_writable(Task task) override {
    in().writable = std::move(task);
    if (connection_->cut || net_.room(connection_->client)) {
      net_.wake(connection_, in(), &SimNet::Half::writable);
    }
  }
  void shutdown_write() override { net_.end(connection_, connection_->client); }
  const Endpoint& peer() const override { return peer_; }
  std::unique_ptr<Handoff> detach() override {
    HYD_CHECK(!in().readable && !in().writable);
    return std::make_unique<SimHandoff>(std::move(connection_));
  }

 private:
  SimNet::Half& in() { return connection_->server; }

  SimNet& net_;
  std::shared_ptr<SimNet::Connection> connection_;
  Endpoint peer_{"127.0.0.1", 1};
};

class SimClient final : public SimNet::Client {
 public:
  SimClient(SimNet& net, std::shared_ptr<SimNet::Connection> connection)
      : net_(net), connection_(std::move(connection)) {}
  ~SimClient() override {
    in().closed = true;
    net_.end(connection_, connection_->server);
  }
  bool send(std::string_view bytes) override {
    while (!bytes.empty()) {
      if (connection_->cut || connection_->server.closed) return false;
      const std::size_t n = net_.write(connection_, connection_->server, bytes);
      bytes.remove_prefix(n);
      if (!bytes.empty()) wait(net_.baton_.now() + std::chrono::milliseconds(5));
    }
    return true;
  }
  std::string receive(MonoTime deadline) override {
    while (in().arrived.empty() && !ended() && net_.baton_.now() < deadline) wait(deadline);
    std::string got = std::exchange(in().arrived, {});
    if (!got.empty()) net_.wake(connection_, connection_->server, &SimNet::Half::writable);
    return got;
  }
  bool ended() const override {
    return connection_->cut || (connection_->client.ended && connection_->client.arrived.empty());
  }

 private:
  void wait(MonoTime deadline) {
    in().waiting.push_back(net_.baton_.self());
    net_.baton_.block(deadline);
    std::erase(in().waiting, net_.baton_.self());
  }
  SimNet::Half& in() { return connection_->client; }

  SimNet& net_;
  std::shared_ptr<SimNet::Connection> connection_;
};

Result<std::unique_ptr<Listener>> SimNet::listen(Post post, const Endpoint& at, bool exclusive,
                                                 OnAccept accept) {
  Endpoint picked = at;
  if (picked.port == 0) picked.port = next_port_++;
  auto& there = listening_[picked.port];
  std::erase_if(there, [](const auto& one) { return !one->open; });
  if (exclusive && !there.empty()) return fail(Code::conflict, picked.text() + " is in use");
  there.push_back(std::make_shared<Listening>(std::move(post), std::move(accept), true));
  return std::make_unique<SimListener>(there.back(), std::move(picked));
}

std::unique_ptr<Socket> SimNet::adopt(Post post, std::unique_ptr<Handoff> connection) {
  auto* const handoff = dynamic_cast<SimHandoff*>(connection.get());
  HYD_CHECK(handoff != nullptr);
  handoff->connection->server.post = std::move(post);
  return std::make_unique<SimSocket>(*this, std::move(handoff->connection));
}

std::unique_ptr<SimNet::Client> SimNet::connect(std::uint16_t port) {
  auto& there = listening_[port];
  std::erase_if(there, [](const auto& one) { return !one->open; });
  if (there.empty()) return nullptr;
  const std::shared_ptr<Listening> chosen = there[baton_.rng().below(there.size())];
  auto connection = std::make_shared<Connection>();
  connection->server.post = chosen->post;
  const auto delay = std::chrono::microseconds(
      baton_.rng().below(static_cast<std::uint64_t>(options_.delay_max.count()) + 1));
  baton_.at(baton_.now() + delay, [this, chosen, connection] {
    chosen->post([this, chosen, connection] {
      if (!chosen->open) return cut(connection);
      chosen->accept(std::make_unique<SimSocket>(*this, connection));
    });
  });
  return std::make_unique<SimClient>(*this, std::move(connection));
}

MonoTime SimNet::arrival(Half& half) {
  const auto delay = std::chrono::microseconds(
      baton_.rng().below(static_cast<std::uint64_t>(options_.delay_max.count()) + 1));
  half.last_arrival = std::max(half.last_arrival, baton_.now() + delay);
  return half.last_arrival;
}

std::size_t SimNet::write(const std::shared_ptr<Connection>& connection, Half& to,
                          std::string_view bytes) {
  if (options_.cut_one_in != 0 && baton_.rng().below(options_.cut_one_in) == 0) {
    cut(connection);
    return bytes.size();
  }
  const std::size_t taken = to.arrived.size() + to.under_way;
  std::size_t n = std::min(bytes.size(), options_.window - std::min(options_.window, taken));
  if (n > 1 && baton_.rng().below(8) == 0) n = 1 + baton_.rng().below(n);
  if (n == 0) return 0;
  to.under_way += n;
  baton_.at(arrival(to), [this, connection, &to, sent = std::string(bytes.substr(0, n))] {
    if (connection->cut) return;
    to.under_way -= sent.size();
    to.arrived += sent;
    wake(connection, to, &Half::readable);
  });
  return n;
}

void SimNet::end(const std::shared_ptr<Connection>& connection, Half& to) {
  baton_.at(arrival(to), [this, connection, &to] {
    if (to.ended) return;
    to.ended = true;
    wake(connection, to, &Half::readable);
  });
}

void SimNet::cut(const std::shared_ptr<Connection>& connection) {
  connection->cut = true;
  for (Half* half : {&connection->server, &connection->client}) {
    wake(connection, *half, &Half::readable);
    wake(connection, *half, &Half::writable);
  }
}

bool SimNet::room(const Half& to) const {
  return to.arrived.size() + to.under_way < options_.window;
}

void SimNet::wake(const std::shared_ptr<Connection>& connection, Half& half, Task Half::* task) {
  for (Baton::Member* const member : half.waiting) baton_.wake(member);
  if (!(half.*task)) return;
  half.post([connection, &half, task] {
    if (Task now = std::exchange(half.*task, nullptr)) now();
  });
}

}  // namespace hyd::sys

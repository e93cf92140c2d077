// A loop, its clock and its sockets under a test's control: nothing happens until the test lets a
// turn pass, time moves only when it says so, and the far end of every connection is a Wire that
// the test fills and reads.
#pragma once

#include "base/clock.h"
#include "sys/loop.h"
#include "sys/transport.h"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hyd::net::testing {

// One connection, seen from the client's side.
struct Wire {
  std::string to_server;
  bool client_closed = false;  // the server reads the end behind `to_server`
  bool broken = false;         // reads and writes fail
  std::size_t read_bytes_max = std::numeric_limits<std::size_t>::max();
  std::size_t room = std::numeric_limits<std::size_t>::max();  // what the server may still write

  std::string from_server;
  bool server_shut = false;    // no more answers will come
  bool server_closed = false;  // the socket is gone
  std::size_t writes = 0;      // calls that carried something
  std::size_t reads = 0;

  base::Task readable;  // the server's waits
  base::Task writable;

  std::string take() { return std::exchange(from_server, {}); }
};

class FakeHandoff final : public sys::Handoff {
 public:
  explicit FakeHandoff(std::shared_ptr<Wire> of) : wire(std::move(of)) {}
  std::shared_ptr<Wire> wire;
};

class FakeSocket final : public sys::Socket {
 public:
  explicit FakeSocket(std::shared_ptr<Wire> wire) : wire_(std::move(wire)) {}
  ~FakeSocket() override {
    if (!wire_) return;  // detached
    wire_->server_closed = true;
    const base::Task readable = std::exchange(wire_->readable, nullptr);
    const base::Task writable = std::exchange(wire_->writable, nullptr);
  }
  base::Result<Read> read_some(std::span<char> into) override {
    ++wire_->reads;
    if (wire_->broken) return base::fail(base::Code::io, "reset by the test");
    const std::size_t n = std::min({into.size(), wire_->to_server.size(), wire_->read_bytes_max});
    wire_->to_server.copy(into.data(), n);
    wire_->to_server.erase(0, n);
    return Read{.bytes = n, .end = n == 0 && wire_->client_closed};
  }
  base::Result<std::size_t> write_some(std::span<const std::string_view> parts) override {
    if (wire_->broken) return base::fail(base::Code::io, "reset by the test");
    std::size_t taken = 0;
    for (const std::string_view part : parts) {
      const std::size_t n = std::min(part.size(), wire_->room);
      wire_->from_server.append(part.substr(0, n));
      wire_->room -= n;
      taken += n;
    }
    wire_->writes += taken != 0 ? 1 : 0;
    return taken;
  }
  void wait_readable(base::Task task) override { wire_->readable = std::move(task); }
  void wait_writable(base::Task task) override { wire_->writable = std::move(task); }
  void shutdown_write() override { wire_->server_shut = true; }
  const sys::Endpoint& peer() const override { return peer_; }
  std::unique_ptr<sys::Handoff> detach() override {
    return std::make_unique<FakeHandoff>(std::exchange(wire_, nullptr));
  }

 private:
  std::shared_ptr<Wire> wire_;
  sys::Endpoint peer_{.host = "192.0.2.7", .port = 5555};
};

class FakeListener final : public sys::Listener {
 public:
  FakeListener(sys::Endpoint local, bool can_wait, bool& accepting)
      : local_(std::move(local)), can_wait_(can_wait), accepting_(accepting) {
    accepting_ = true;
  }
  ~FakeListener() override { accepting_ = false; }
  const sys::Endpoint& local() const override { return local_; }
  void close() override { accepting_ = false; }
  bool set_accepting(bool on) override {
    if (can_wait_) accepting_ = on;
    return can_wait_;
  }

 private:
  sys::Endpoint local_;
  bool can_wait_;
  bool& accepting_;
};

class FakeLoop final : public sys::Loop, public base::Clock {
 public:
  explicit FakeLoop(std::size_t index = 0) : index_(index) {}

  void post(base::Task task) override { posted_.push_back(std::move(task)); }
  sys::TimerId after(std::chrono::nanoseconds delay, base::Task task) override {
    timers_.emplace(std::pair(now_ + delay, ++last_timer_), std::move(task));
    return last_timer_;
  }
  void cancel(sys::TimerId timer) override {
    std::erase_if(timers_, [timer](const auto& entry) { return entry.first.second == timer; });
  }
  void at_turn_end(base::Task task) override { turn_end_.push_back(std::move(task)); }
  base::Result<std::unique_ptr<sys::Listener>> listen(const sys::Endpoint& at, ListenOptions,
                                                      sys::OnAccept accept) override {
    accept_ = std::move(accept);
    return std::make_unique<FakeListener>(
        sys::Endpoint{.host = at.host, .port = at.port == 0 ? std::uint16_t{8080} : at.port},
        listeners_can_wait, accepting);
  }
  std::unique_ptr<sys::Socket> adopt(std::unique_ptr<sys::Handoff> connection) override {
    auto wire = static_cast<FakeHandoff&>(*connection).wire;
    wires_.push_back(wire);
    return std::make_unique<FakeSocket>(std::move(wire));
  }
  void run() override { settle(); }
  void stop() override {}
  bool here() const override { return true; }
  std::size_t index() const override { return index_; }

  base::WallTime wall() const override {
    return base::WallTime(std::chrono::seconds(784'111'777)) +
           std::chrono::duration_cast<std::chrono::microseconds>(now_.since());
  }
  base::MonoTime mono() const override { return now_; }

  // A client connects.
  std::shared_ptr<Wire> connect() {
    auto wire = std::make_shared<Wire>();
    wires_.push_back(wire);
    accept_(std::make_unique<FakeSocket>(wire));
    settle();
    return wire;
  }

  // Serves what is ready once, then the turn's end. False when there was nothing.
  bool turn() {
    bool busy = !posted_.empty();
    for (base::Task& task : std::exchange(posted_, {})) task();
    while (!timers_.empty() && timers_.begin()->first.first <= now_) {
      busy = true;
      base::Task task = std::move(timers_.begin()->second);
      timers_.erase(timers_.begin());
      task();
    }
    const std::vector<std::shared_ptr<Wire>> wires = wires_;
    for (const auto& wire : wires) {
      if (wire->readable && (!wire->to_server.empty() || wire->client_closed || wire->broken)) {
        busy = true;
        std::exchange(wire->readable, nullptr)();
      }
      if (wire->writable && (wire->room != 0 || wire->broken)) {
        busy = true;
        std::exchange(wire->writable, nullptr)();
      }
    }
    while (!turn_end_.empty()) {
      busy = true;
      for (base::Task& task : std::exchange(turn_end_, {})) task();
    }
    return busy;
  }

  // Turns until nothing is ready. False when there is no end to it.
  bool settle() {
    for (int turns = 0; turns < 100'000; ++turns) {
      if (!turn()) return true;
    }
    return false;
  }

  void advance(std::chrono::milliseconds by) {
    const base::MonoTime until = now_ + by;
    while (now_ < until) {
      now_ = std::min(until, now_ + std::chrono::milliseconds(50));
      settle();
    }
  }

  std::size_t timers() const { return timers_.size(); }

  bool listeners_can_wait = true;
  bool accepting = false;

 private:
  std::size_t index_;
  base::MonoTime now_{std::chrono::hours(1)};
  std::vector<base::Task> posted_;
  std::vector<base::Task> turn_end_;
  std::map<std::pair<base::MonoTime, sys::TimerId>, base::Task> timers_;
  sys::TimerId last_timer_ = 0;
  sys::OnAccept accept_;
  std::vector<std::shared_ptr<Wire>> wires_;
};

}  // namespace hyd::net::testing

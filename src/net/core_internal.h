// What all connections of one server share. One loop's thread.
//
// Counted references keep it alive: the HttpServer, every connection, and every task that it gave
// to the loop hold one, since tasks and the handler's Responders may outlive the server.
#pragma once

#include "base/clock.h"
#include "net/buffer_pool.h"
#include "net/exchange_internal.h"
#include "net/probe.h"
#include "net/response.h"
#include "net/server.h"
#include "net/timer_wheel.h"
#include "sys/loop.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hyd::net {

class Connection;

// An intrusive counted reference to a T with `add_ref` and `drop_ref`.
template <class T>
class Ref {
 public:
  Ref() = default;
  explicit Ref(T& object) : object_(&object) { object.add_ref(); }
  Ref(const Ref& other) : object_(other.object_) {
    if (object_ != nullptr) object_->add_ref();
  }
  Ref(Ref&& other) noexcept : object_(std::exchange(other.object_, nullptr)) {}
  Ref& operator=(Ref other) noexcept {
    std::swap(object_, other.object_);
    return *this;
  }
  ~Ref() {
    if (object_ != nullptr) object_->drop_ref();
  }
  T* operator->() const { return object_; }
  T& operator*() const { return *object_; }

 private:
  T* object_ = nullptr;
};

struct ServerCore {
  ServerCore(sys::Loop& on, const base::Clock& with, Handler& to, ServerOptions how);
  ~ServerCore();

  void add_ref() { ++refs; }
  void drop_ref();

  void accepted(std::unique_ptr<sys::Socket> socket, std::uint16_t local_port);
  void serve(std::unique_ptr<sys::Socket> socket, std::uint16_t local_port);
  bool full() const;
  void set_accepting(bool on);

  // Connections report here when they open and close.
  void link(Connection& connection);
  void unlink(Connection& connection);

  bool may_read() const { return !options.may_read || options.may_read(); }
  void resume_reading();

  // `connection` is flushed at the end of this turn.
  void flush_later(Connection& connection);
  void flush_all();

  Exchange& take_exchange(Connection& connection);
  void release(Exchange& exchange);  // drops one reference

  void start_wheel();
  void turn_wheel();
  void stop();
  void tell_drained();

  sys::Loop& loop;
  const base::Clock& clock;
  Handler& handler;
  const ServerOptions options;
  std::uint32_t refs = 0;

  Probe probe;
  BlockPool blocks;
  TimerWheel wheel;
  DateLine date;
  base::MonoTime wheel_zero;  // when the wheel was at wheel_zero_tick
  TimerWheel::Tick wheel_zero_tick = 0;
  sys::TimerId wheel_timer = 0;  // 0: nothing to wait for

  std::vector<std::unique_ptr<sys::Listener>> listeners;
  Connection* connections = nullptr;  // a list through them
  std::size_t connection_count = 0;
  std::vector<Ref<Connection>> parked;  // not read while may_read says no
  std::vector<Ref<Connection>> dirty;   // have something to write at the end of this turn
  std::vector<Ref<Connection>> flushing;
  bool flush_scheduled = false;
  bool accepting = true;
  bool draining = false;
  bool stopped = false;
  base::Task drained;

  static constexpr std::size_t kFreeExchangesMax = 256;
  std::vector<std::unique_ptr<Exchange>> free_exchanges;

  // Scratch of Connection::flush, kept for its memory.
  std::string text;
  std::vector<std::string_view> parts;
};

}  // namespace hyd::net

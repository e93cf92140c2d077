#include "base/check.h"
#include "net/connection_internal.h"
#include "net/core_internal.h"

#include <algorithm>
#include <utility>

namespace hyd::net {
namespace {

// What a request's own body buffer and a flush's scratch may keep for the next one.
constexpr std::size_t kKeptScratchBytesMax = 64 * 1024;

}  // namespace

ServerCore::ServerCore(sys::Loop& on, const base::Clock& with, Handler& to, ServerOptions how)
    : loop(on), clock(with), handler(to), options(std::move(how)) {}

ServerCore::~ServerCore() { HYD_CHECK(connections == nullptr); }

void ServerCore::drop_ref() {
  if (--refs == 0) const std::unique_ptr<ServerCore> last(this);
}

bool ServerCore::full() const {
  const std::size_t open = options.loads != nullptr ? options.loads->total() : connection_count;
  return open >= options.connections_max;
}

void ServerCore::set_accepting(bool on) {
  if (accepting == on) return;
  accepting = on;
  for (const auto& listener : listeners) static_cast<void>(listener->set_accepting(on));
}

void ServerCore::accepted(std::unique_ptr<sys::Socket> socket, std::uint16_t local_port) {
  if (options.loads != nullptr && options.pass_on) {
    const std::size_t target = options.loads->choose(loop.index());
    if (target != loop.index()) {
      ++probe.connections_passed_on;
      return options.pass_on(
          {.loop = target, .local_port = local_port, .connection = socket->detach()});
    }
  }
  if (full()) {  // the listener cannot wait, or accepted these in the same stroke
    ++probe.connections_over_limit;
    return;
  }
  serve(std::move(socket), local_port);
  if (full()) set_accepting(false);
}

void ServerCore::serve(std::unique_ptr<sys::Socket> socket, std::uint16_t local_port) {
  if (stopped || draining) return;
  start_wheel();
  auto connection = std::make_unique<Connection>(*this, std::move(socket), local_port);
  const Ref<Connection> self(*connection.release());
  link(*self);
  self->start();
}

void ServerCore::link(Connection& connection) {
  connection.add_ref();
  connection.next = connections;
  if (connections != nullptr) connections->previous = &connection;
  connections = &connection;
  ++connection_count;
  ++probe.connections_accepted;
  ++probe.connections_open;
  if (options.loads != nullptr) options.loads->add(loop.index());
}

void ServerCore::unlink(Connection& connection) {
  if (connection.next != nullptr) connection.next->previous = connection.previous;
  (connection.previous != nullptr ? connection.previous->next : connections) = connection.next;
  connection.next = connection.previous = nullptr;
  --connection_count;
  --probe.connections_open;
  if (options.loads != nullptr) options.loads->remove(loop.index());
  if (!accepting && !full()) set_accepting(true);
  if (connection_count == 0) tell_drained();
  connection.drop_ref();
}

void ServerCore::tell_drained() {
  if (draining && drained) loop.post(std::exchange(drained, nullptr));
}

void ServerCore::resume_reading() {
  const std::vector<Ref<Connection>> waiting = std::exchange(parked, {});
  for (const Ref<Connection>& connection : waiting) connection->on_unparked();
}

void ServerCore::flush_later(Connection& connection) {
  if (connection.flush_due) return;
  connection.flush_due = true;
  dirty.emplace_back(connection);
  if (flush_scheduled) return;
  flush_scheduled = true;
  loop.at_turn_end([core = Ref<ServerCore>(*this)] { core->flush_all(); });
}

void ServerCore::flush_all() {
  flush_scheduled = false;
  flushing.swap(dirty);
  for (const Ref<Connection>& connection : flushing) {
    connection->flush_due = false;
    connection->flush();
  }
  flushing.clear();
  if (text.capacity() > kKeptScratchBytesMax) std::string().swap(text);
}

Exchange& ServerCore::take_exchange(Connection& connection) {
  std::unique_ptr<Exchange> exchange;
  if (free_exchanges.empty()) {
    exchange = std::make_unique<Exchange>();
  } else {
    exchange = std::move(free_exchanges.back());
    free_exchanges.pop_back();
  }
  exchange->connection = &connection;
  exchange->refs = 1;
  connection.add_ref();
  return *exchange.release();
}

void ServerCore::release(Exchange& exchange) {
  if (--exchange.refs != 0) return;
  std::unique_ptr<Exchange> last(&exchange);
  Connection& connection = *exchange.connection;
  exchange.recycle();
  if (free_exchanges.size() < kFreeExchangesMax) free_exchanges.push_back(std::move(last));
  connection.drop_ref();  // may end the core
}

void ServerCore::start_wheel() {
  if (wheel_timer != 0) return;
  wheel_zero = clock.mono();
  wheel_zero_tick = wheel.now();
  date.set(clock.wall());
  wheel_timer =
      loop.after(TimerWheel::kTick, [core = Ref<ServerCore>(*this)] { core->turn_wheel(); });
}

void ServerCore::turn_wheel() {
  wheel_timer = 0;
  if (stopped) return;
  date.set(clock.wall());
  const auto ticks = (clock.mono() - wheel_zero) / TimerWheel::kTick;
  wheel.advance(wheel_zero_tick + static_cast<TimerWheel::Tick>(ticks),
                [](TimerWheel::Entry& entry) {
                  const Ref<Connection> connection(static_cast<Connection&>(entry));
                  connection->on_timeout();
                });
  if (!parked.empty() && may_read()) resume_reading();
  if (!accepting && !full()) set_accepting(true);  // other loops may have made room
  if (connection_count == 0 && accepting) return;
  wheel_timer =
      loop.after(TimerWheel::kTick, [core = Ref<ServerCore>(*this)] { core->turn_wheel(); });
}

void ServerCore::stop() {
  stopped = true;
  listeners.clear();
  if (wheel_timer != 0) loop.cancel(std::exchange(wheel_timer, 0));
  while (connections != nullptr) connections->close(base::Code::cancelled);
  // These references would keep the connections and, through them, this core for ever.
  parked.clear();
  dirty.clear();
}

}  // namespace hyd::net

// The life of a connection: opened, timed, closed. Its input and output have files of their own.
#include "base/check.h"
#include "net/connection_internal.h"

#include <algorithm>
#include <chrono>
#include <utility>

namespace hyd::net {

Connection::Connection(ServerCore& core, std::unique_ptr<sys::Socket> socket,
                       std::uint16_t local_port)
    : core_(core),
      socket_(std::move(socket)),
      peer_{.remote = socket_->peer(), .local_port = local_port} {
  core_.add_ref();
}

Connection::~Connection() {
  HYD_CHECK(!socket_ && oldest_ == nullptr && current_ == nullptr);
  core_.drop_ref();
}

void Connection::drop_ref() {
  if (--refs_ == 0) const std::unique_ptr<Connection> last(this);
}

void Connection::close(base::Code why) {
  if (!socket_) return;
  const Ref<Connection> self(*this);
  socket_.reset();
  core_.wheel.remove(*this);
  abandon(why);
  if (pending_) {
    for (Exchange* exchange : pending_->held) core_.release(*exchange);
    pending_.reset();
  }
  if (streaming_ != nullptr) core_.release(*std::exchange(streaming_, nullptr));
  block_.reset();
  start_ = fill_ = 0;
  core_.unlink(*this);
}

// Nobody answers what is still in the queue, and what is arriving is not wanted.
void Connection::abandon(base::Code why) {
  input_done_ = true;
  drop_current();
  while (oldest_ != nullptr) {
    Exchange& exchange = *oldest_;
    pop_oldest();
    const bool open = exchange.answer == Exchange::Answer::none;
    exchange.answer = Exchange::Answer::closed;
    if (const std::unique_ptr<BodySink> sink = std::move(exchange.sink); sink && open) {
      sink->on_abort(why);
    }
    core_.release(exchange);
  }
}

bool Connection::idle() const {
  return current_ == nullptr && oldest_ == nullptr && !pending_ && streaming_ == nullptr &&
         !lingering_;
}

void Connection::on_drain() {
  if (idle()) close(base::Code::cancelled);
}

// Which clock runs against the client now. None while it waits for us.
void Connection::update_timer() {
  Timer want = Timer::idle;
  const bool arriving = current_ != nullptr && current_->head_complete;
  const std::size_t arriving_queued = arriving && current_->answer == Exchange::Answer::none;
  if (lingering_) {
    want = Timer::linger;
  } else if (pending_) {
    want = Timer::write;
  } else if (streaming_ != nullptr || parked_ || queued_ > arriving_queued) {
    want = Timer::none;
  } else if (arriving) {
    want = current_->paused ? Timer::none : Timer::body;
  } else if (current_ != nullptr || fresh_) {
    want = Timer::head;
  }
  if (want != timer_) start_timer(want);
}

void Connection::start_timer(Timer timer) {
  timer_ = timer;
  const Timeouts& times = core_.options.timeouts;
  TimerWheel& wheel = core_.wheel;
  const auto set = [&](std::chrono::nanoseconds in) {
    wheel.set(*this, wheel.now() + TimerWheel::ticks(in));
  };
  switch (timer) {
    case Timer::none: wheel.clear(*this); break;
    case Timer::head: set(times.head); break;
    case Timer::idle: set(times.idle); break;
    case Timer::write: set(times.write_stall); break;
    case Timer::linger: set(times.linger); break;
    case Timer::body:
      body_window_bytes_ = 0;
      body_window_end_ = wheel.now() + TimerWheel::ticks(times.body_rate_window);
      body_stall_end_ = wheel.now() + TimerWheel::ticks(times.body_stall);
      wheel.set(*this, std::min(body_stall_end_, body_window_end_));
      break;
  }
}

void Connection::note_body_bytes(std::size_t bytes) {
  if (timer_ != Timer::body) return;
  body_window_bytes_ += bytes;
  TimerWheel& wheel = core_.wheel;
  body_stall_end_ = wheel.now() + TimerWheel::ticks(core_.options.timeouts.body_stall);
  wheel.set(*this, std::min(body_stall_end_, body_window_end_));
}

void Connection::on_timeout() {
  const Timeouts& times = core_.options.timeouts;
  switch (std::exchange(timer_, Timer::none)) {
    case Timer::none: return;
    case Timer::linger: return close(base::Code::timed_out);
    case Timer::idle: ++core_.probe.timeouts.idle; return close(base::Code::timed_out);
    case Timer::write: ++core_.probe.timeouts.write_stall; return close(base::Code::timed_out);
    case Timer::head:
      ++core_.probe.timeouts.head;
      if (current_ == nullptr) return close(base::Code::timed_out);
      enqueue(*current_);
      break;
    case Timer::body: {
      const bool stalled = core_.wheel.now() >= body_stall_end_;
      const std::uint64_t least = times.body_bytes_per_second_min *
                                  static_cast<std::uint64_t>(times.body_rate_window.count());
      if (!stalled && body_window_bytes_ >= least) return start_timer(Timer::body);
      ++(stalled ? core_.probe.timeouts.body_stall : core_.probe.timeouts.body_rate);
      break;
    }
  }
  give_up_body(*current_, base::Code::timed_out,
               Response::text(408, "The request did not arrive in time."));
  if (oldest_ == nullptr) end_connection();  // it had its answer already
}

}  // namespace hyd::net

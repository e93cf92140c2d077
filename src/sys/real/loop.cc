#include "sys/real/loop.h"

#include "base/check.h"
#include "sys/real/socket.h"
#include "sys/real/threads.h"

#include <asio/executor_work_guard.hpp>
#include <asio/io_context.hpp>
#include <asio/posix/stream_descriptor.hpp>
#include <asio/post.hpp>
#include <asio/steady_timer.hpp>

#include <algorithm>
#include <chrono>
#include <fcntl.h>
#include <system_error>
#include <utility>

namespace hyd::sys {

struct RealLoop::Core {
  asio::io_context context{1};  // one thread: fewer locks inside
  asio::executor_work_guard<asio::io_context::executor_type> work{context.get_executor()};
  asio::steady_timer timer{context};
  asio::posix::stream_descriptor sockets{context};  // a second name of the set
};

RealLoop::RealLoop(std::size_t index) : index_(index), core_(std::make_unique<Core>()) {
  const int same = ::fcntl(readiness_.fd(), F_DUPFD_CLOEXEC, 0);
  std::error_code failed;
  core_->sockets.assign(same, failed);
  HYD_CHECK(same >= 0 && !failed);  // at the start, when descriptors are free
}

// Asio's handlers go while the loop is still whole: the tasks in them may own sockets and timers.
RealLoop::~RealLoop() {
  drop_tasks();
  core_.reset();
  drop_tasks();
}

asio::io_context& RealLoop::context() { return core_->context; }

// One wake-up for as many tasks as arrive before the loop gets to them: what a sender pays beside
// the lock is one vector slot.
void RealLoop::post(base::Task task) {
  {
    const base::Lock lock(mutex_);
    if (stopped_) return;  // `task` ends when the lock is open again
    posted_.push_back(std::move(task));
    if (woken_) return;
    woken_ = true;
  }
  asio::post(core_->context, [this] { run_posted(); });
}

void RealLoop::run_posted() {
  std::vector<base::Task> tasks = std::move(running_);
  {
    const base::Lock lock(mutex_);
    tasks.swap(posted_);
    woken_ = false;
  }
  for (base::Task& task : tasks) {
    if (stopping_) break;  // the rest was posted after the stop
    std::exchange(task, nullptr)();
  }
  tasks.clear();
  running_ = std::move(tasks);
}

TimerId RealLoop::after(std::chrono::nanoseconds delay, base::Task task) {
  const base::MonoTime now = mono_now();
  const bool ever = delay < base::MonoTime::never() - now;
  const base::MonoTime due = ever ? now + std::max(delay, delay.zero()) : base::MonoTime::never();
  const TimerId id = timers_.add(due, std::move(task));
  if (due < armed_) arm(due);
  return id;
}

// Asio's timer stays armed: waking once for nothing is cheaper than arming it again now.
void RealLoop::cancel(TimerId timer) { timers_.cancel(timer); }

void RealLoop::arm(base::MonoTime due) {
  armed_ = due;
  core_->timer.expires_at(std::chrono::steady_clock::time_point(due.since()));
  core_->timer.async_wait([this](std::error_code error) {
    if (!error) run_timers();
  });
}

void RealLoop::run_timers() {
  armed_ = base::MonoTime::never();
  const base::MonoTime now = mono_now();
  const TimerId newest = timers_.last();
  while (base::Task task = timers_.take_due(now, newest)) task();
  if (const auto next = timers_.next(); next && *next < armed_) arm(*next);
}

void RealLoop::at_turn_end(base::Task task) { turn_end_.push_back(std::move(task)); }

void RealLoop::turn() {
  std::size_t events = readiness_.serve();
  for (int i = 0; i < kAsioEvents && !stopping_ && core_->context.poll_one() != 0; ++i) ++events;
  if (events == 0 && turn_end_.empty() && !stopping_) sleep();
  std::vector<base::Task> tasks = std::exchange(turn_end_, {});
  for (base::Task& task : tasks) {
    std::exchange(task, nullptr)();
  }
  // Keeps the memory of the larger list: a turn that ends as usual allocates nothing.
  if (turn_end_.empty()) {
    tasks.clear();
    turn_end_.swap(tasks);
  }
}

void RealLoop::sleep() {
  if (readiness_.due()) return;
  if (!std::exchange(sockets_wake_, true)) {
    core_->sockets.async_wait(asio::posix::descriptor_base::wait_read,
                              [this](std::error_code) { sockets_wake_ = false; });
  }
  core_->context.run_one();
  readiness_.serve();
}

void RealLoop::run() {
  thread_ = std::this_thread::get_id();
  while (!stopping_) turn();
  drop_tasks();
}

void RealLoop::stop() {
  post([this] { stopping_ = true; });
}

// A task that ends may post, cancel or make others: whatever it leaves behind goes too.
void RealLoop::drop_tasks() {
  std::vector<base::Task> posted;
  {
    const base::Lock lock(mutex_);
    stopped_ = true;
    posted.swap(posted_);
  }
  posted.clear();
  readiness_.drop_tasks();
  while (!turn_end_.empty() || timers_.next()) {
    const std::vector<base::Task> ends = std::exchange(turn_end_, {});
    const TimerQueue timers = std::exchange(timers_, TimerQueue());
  }
}

bool RealLoop::here() const {
  return thread_.load(std::memory_order_relaxed) == std::this_thread::get_id();
}

base::Result<std::unique_ptr<Listener>> RealLoop::listen(const Endpoint& at, ListenOptions options,
                                                         OnAccept accept) {
  return listen_on(*this, at, options, std::move(accept));
}

std::unique_ptr<Socket> RealLoop::adopt(std::unique_ptr<Handoff> connection) {
  return adopt_connection(*this, std::move(connection));
}

}  // namespace hyd::sys

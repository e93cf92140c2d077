// A loop for unit tests of handlers: tasks wait until the test runs them, on the test's own thread.
// It has no sockets; timers run when the test moves the time.
#pragma once

#include "base/clock.h"
#include "sys/loop.h"

#include <chrono>
#include <cstddef>
#include <deque>
#include <map>
#include <memory>
#include <utility>
#include <vector>

namespace hyd::aws::testing {

class TestLoop final : public sys::Loop {
 public:
  void post(base::Task task) override { tasks_.push_back(std::move(task)); }
  sys::TimerId after(std::chrono::nanoseconds delay, base::Task task) override {
    timers_.emplace(++last_timer_, Timer{now_ + delay, std::move(task)});
    return last_timer_;
  }
  void cancel(sys::TimerId timer) override { timers_.erase(timer); }
  void at_turn_end(base::Task task) override { turn_end_.push_back(std::move(task)); }
  base::Result<std::unique_ptr<sys::Listener>> listen(const sys::Endpoint&, ListenOptions,
                                                      sys::OnAccept) override {
    return base::fail(base::Code::unsupported, "a test loop has no sockets");
  }
  std::unique_ptr<sys::Socket> adopt(std::unique_ptr<sys::Handoff>) override { return nullptr; }
  void run() override { run_pending(); }
  void stop() override {}
  bool here() const override { return true; }
  std::size_t index() const override { return 0; }

  // Everything that was posted, and what that posts, until nothing is left.
  void run_pending() {
    while (!tasks_.empty() || !turn_end_.empty()) {
      if (!tasks_.empty()) {
        base::Task task = std::move(tasks_.front());
        tasks_.pop_front();
        task();
        continue;
      }
      std::vector<base::Task> ending = std::exchange(turn_end_, {});
      for (base::Task& task : ending) task();
    }
  }

  // Time passes; timers that are due run in order.
  void pass(std::chrono::nanoseconds duration) {
    now_ = now_ + duration;
    for (auto timer = timers_.begin(); timer != timers_.end();) {
      if (timer->second.due > now_) {
        ++timer;
        continue;
      }
      base::Task task = std::move(timer->second.task);
      timers_.erase(timer);
      task();
      run_pending();
      timer = timers_.begin();
    }
  }

 private:
  struct Timer {
    base::MonoTime due;
    base::Task task;
  };
  std::deque<base::Task> tasks_;
  std::vector<base::Task> turn_end_;
  std::map<sys::TimerId, Timer> timers_;
  sys::TimerId last_timer_ = 0;
  base::MonoTime now_;
};

// A clock that stands still until it is set.
class TestClock final : public base::Clock {
 public:
  base::WallTime wall() const override { return wall_; }
  base::MonoTime mono() const override { return mono_; }
  void set(base::WallTime wall) { wall_ = wall; }
  void pass(std::chrono::microseconds duration) {
    wall_ += duration;
    mono_ = mono_ + duration;
  }

 private:
  base::WallTime wall_{std::chrono::seconds(1'700'000'000)};
  base::MonoTime mono_;
};

}  // namespace hyd::aws::testing

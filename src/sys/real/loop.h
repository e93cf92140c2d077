// The event loop over standalone Asio, whose headers stay in the .cc files.
//
// A turn: serve the sockets that are ready, then what else Asio has (timers, posted tasks, the
// journal, new connections), each a bounded number; when there was nothing, sleep until there is.
// Then the tasks of the turn's end. Those may ask for another turn's end, which the loop then
// reaches without sleeping.
//
// Sockets, listeners and the journal of a loop are destroyed on its thread, or when it does not
// run, and always before it.
#pragma once

#include "base/mutex.h"
#include "base/task.h"
#include "sys/loop.h"
#include "sys/real/readiness.h"
#include "sys/real/timer_queue.h"

#include <atomic>
#include <memory>
#include <thread>
#include <vector>

namespace asio {
class io_context;
}

namespace hyd::sys {

class RealLoop final : public Loop {
 public:
  explicit RealLoop(std::size_t index);
  ~RealLoop() override;

  void post(base::Task task) override;
  TimerId after(std::chrono::nanoseconds delay, base::Task task) override;
  void cancel(TimerId timer) override;
  void at_turn_end(base::Task task) override;
  base::Result<std::unique_ptr<Listener>> listen(const Endpoint& at, ListenOptions options,
                                                 OnAccept accept) override;
  std::unique_ptr<Socket> adopt(std::unique_ptr<Handoff> connection) override;
  void run() override;
  // Tasks posted before run first, and the end of their turn; whatever is left is dropped.
  void stop() override;
  bool here() const override;
  std::size_t index() const override { return index_; }

  asio::io_context& context();
  Readiness& readiness() { return readiness_; }

 private:
  static constexpr int kAsioEvents = 64;  // of a turn
  struct Core;                            // the parts that are Asio's

  void turn();
  void sleep();
  void run_posted();
  void run_timers();
  void arm(base::MonoTime due);
  void drop_tasks();

  const std::size_t index_;
  Readiness readiness_;
  std::unique_ptr<Core> core_;
  std::atomic<std::thread::id> thread_;

  base::Mutex mutex_;
  std::vector<base::Task> posted_ HYD_GUARDED_BY(mutex_);
  bool woken_ HYD_GUARDED_BY(mutex_) = false;    // run_posted is on its way
  bool stopped_ HYD_GUARDED_BY(mutex_) = false;  // nothing is taken any more

  // The loop thread's own.
  std::vector<base::Task> running_;  // run_posted's, kept for its memory
  std::vector<base::Task> turn_end_;
  TimerQueue timers_;
  base::MonoTime armed_ = base::MonoTime::never();  // when Asio's timer wakes the loop
  bool sockets_wake_ = false;                       // Asio watches the set of sockets
  bool stopping_ = false;
};

}  // namespace hyd::sys

#include "sys/real/threads.h"

#include "base/check.h"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <condition_variable>
#include <csignal>
#include <cstdint>
#include <ctime>
#include <mutex>
#include <pthread.h>
#include <sys/random.h>
#include <thread>
#include <utility>

namespace hyd::sys {
namespace {

class RealThread final : public Thread {
 public:
  explicit RealThread(std::thread thread) : thread_(std::move(thread)) {}
  ~RealThread() override { join(); }
  void join() override {
    if (thread_.joinable()) thread_.join();
  }

 private:
  std::thread thread_;
};

// std::mutex and not base::Mutex: a condition variable waits on nothing else without a detour.
class RealSemaphore final : public Semaphore {
 public:
  // Notifies under the lock: who has acquired may destroy the semaphore at once, and must not be
  // able to before this call has let go of it.
  void release(std::size_t n) override {
    const std::lock_guard lock(mutex_);
    count_ += n;
    if (n == 1) {
      filled_.notify_one();
    } else {
      filled_.notify_all();
    }
  }

  bool acquire(base::MonoTime deadline) override {
    std::unique_lock lock(mutex_);
    const auto filled = [this] { return count_ > 0; };
    if (deadline == base::MonoTime::never()) {
      filled_.wait(lock, filled);
    } else {
      const std::chrono::steady_clock::time_point until(deadline.since());
      if (!filled_.wait_until(lock, until, filled)) return false;
    }
    --count_;
    return true;
  }

 private:
  std::mutex mutex_;
  std::condition_variable filled_;
  std::size_t count_ = 0;  // under mutex_
};

}  // namespace

std::unique_ptr<Thread> spawn_thread(const std::string& name, base::Task body) {
  // A new thread inherits the mask, so it never has a moment in which it takes a signal. Faults of
  // its own (SIGSEGV and the like) stay deliverable.
  sigset_t all;
  sigset_t before;
  sigfillset(&all);
  for (const int fault : {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGTRAP, SIGSYS, SIGPROF}) {
    sigdelset(&all, fault);
  }
  HYD_CHECK(::pthread_sigmask(SIG_SETMASK, &all, &before) == 0);
  std::thread thread([name = name.substr(0, 15), body = std::move(body)]() mutable {
    ::pthread_setname_np(::pthread_self(), name.c_str());
    body();
    body = nullptr;  // what it captured ends on this thread
  });
  HYD_CHECK(::pthread_sigmask(SIG_SETMASK, &before, nullptr) == 0);
  return std::make_unique<RealThread>(std::move(thread));
}

std::unique_ptr<Semaphore> make_real_semaphore() { return std::make_unique<RealSemaphore>(); }

base::MonoTime mono_now() {
  return base::MonoTime(std::chrono::steady_clock::now().time_since_epoch());
}

void block_until(base::MonoTime when) {
  const auto since = std::max(when.since(), std::chrono::nanoseconds(0));
  const auto seconds = std::chrono::floor<std::chrono::seconds>(since);
  const timespec until{.tv_sec = seconds.count(), .tv_nsec = (since - seconds).count()};
  while (::clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, nullptr) == EINTR) {
  }
}

base::WallTime RealClock::wall() const {
  return std::chrono::floor<std::chrono::microseconds>(std::chrono::system_clock::now());
}

std::uint64_t RealEntropy::next() {
  std::uint64_t bits = 0;
  ssize_t got = 0;
  do {
    got = ::getrandom(&bits, sizeof bits, 0);
  } while (got < 0 && errno == EINTR);
  HYD_CHECK(got == static_cast<ssize_t>(sizeof bits));
  return bits;
}

}  // namespace hyd::sys

#include "base/check.h"
#include "base/mutex.h"
#include "sys/mailbox.h"
#include "sys/real/journal_base.h"
#include "sys/real/loop.h"
#include "sys/real/threads.h"

#include <array>
#include <cerrno>
#include <string>
#include <sys/uio.h>
#include <utility>
#include <vector>

namespace hyd::sys {
namespace {

constexpr std::size_t kThreads = 4;

class ThreadsJournal final : public JournalBase {
 public:
  explicit ThreadsJournal(Options options)
      : JournalBase(options),
        finished_(std::make_shared<Finished>()),
        box_(kInFlightMax, make_real_semaphore()) {
    finished_->owner = this;
    for (std::size_t i = 0; i < kThreads; ++i) {
      threads_.push_back(spawn_thread("journal-" + std::to_string(i), [this] {
        while (auto write = box_.pop(base::MonoTime::never())) hand_back(*std::move(write));
      }));
    }
  }
  ~ThreadsJournal() override {
    stop();
    join();
    finished_->owner = nullptr;
  }

 private:
  struct Outcome {
    std::unique_ptr<Write> write;
    int error = 0;
  };
  // Shared with the wake-up that is on its way to the loop, which may arrive after this has gone.
  struct Finished {
    base::Mutex mutex;
    std::vector<Outcome> outcomes HYD_GUARDED_BY(mutex);
    bool woken HYD_GUARDED_BY(mutex) = false;
    ThreadsJournal* owner = nullptr;  // the loop's thread only
  };

  void begin(std::unique_ptr<Write> write) override {
    if (threads_.empty()) {  // stopping: whoever stops blocks anyway
      const int error = write_all(*write);
      const base::Lock lock(finished_->mutex);
      finished_->outcomes.push_back({.write = std::move(write), .error = error});
      return;
    }
    const bool taken = box_.push(write);
    HYD_CHECK(taken);  // the box holds as many as may be in flight
  }

  void wait_for_some() override {
    join();
    drain();
  }

  void join() {
    if (threads_.empty()) return;
    box_.close(kThreads);
    for (auto& thread : threads_) thread->join();
    threads_.clear();
  }

  int write_all(Write& write) {
    while (true) {
      const std::string_view rest = write.rest();
      const iovec part{.iov_base = const_cast<char*>(rest.data()), .iov_len = rest.size()};
      const ssize_t n =
          ::pwritev2(write.slot->fd(), &part, 1, static_cast<off_t>(write.rest_offset()), flags());
      const std::int64_t result = n < 0 ? -std::int64_t{errno} : n;
      switch (take_result(write, result)) {
        case Next::finished: return 0;
        case Next::failed: return error_of(result);
        case Next::again: break;
      }
    }
  }

  // On a journal thread.
  void hand_back(std::unique_ptr<Write> write) {
    const int error = write_all(*write);
    {
      const base::Lock lock(finished_->mutex);
      finished_->outcomes.push_back({.write = std::move(write), .error = error});
      if (std::exchange(finished_->woken, true)) return;
    }
    loop().post([finished = finished_] {
      if (finished->owner != nullptr) finished->owner->drain();
    });
  }

  void drain() {
    std::vector<Outcome> outcomes;
    {
      const base::Lock lock(finished_->mutex);
      outcomes.swap(finished_->outcomes);
      finished_->woken = false;
    }
    for (Outcome& outcome : outcomes) complete(std::move(outcome.write), outcome.error);
  }

  std::shared_ptr<Finished> finished_;
  Mailbox<std::unique_ptr<Write>> box_;
  std::vector<std::unique_ptr<Thread>> threads_;
};

}  // namespace

std::unique_ptr<JournalIo> make_threads_journal(RealLoop& loop, Durability durability,
                                                JournalSettings settings) {
  return std::make_unique<ThreadsJournal>(ThreadsJournal::Options{
      .loop = loop, .durability = durability, .settings = settings, .io_uring = false});
}

}  // namespace hyd::sys

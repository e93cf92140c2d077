// A bounded queue into a thread that may block: I/O workers, the catalog writer, delivery workers.
// Several senders, one or more receivers. A full box refuses at once: the sender keeps the message,
// answers "busy" or waits for room; nothing is dropped and nothing grows without bound.
#pragma once

#include "base/clock.h"
#include "base/mutex.h"
#include "sys/thread.h"

#include <cstddef>
#include <deque>
#include <memory>
#include <optional>
#include <utility>

namespace hyd::sys {

template <class T>
class Mailbox {
 public:
  // `filled` is a semaphore of count zero that this box owns.
  Mailbox(std::size_t messages_max, std::unique_ptr<Semaphore> filled)
      : messages_max_(messages_max), filled_(std::move(filled)) {}

  // False, and `message` untouched, when the box is full or closed.
  [[nodiscard]] bool push(T& message) {
    {
      const base::Lock lock(mutex_);
      if (closed_ || queue_.size() >= messages_max_) return false;
      queue_.push_back(std::move(message));
    }
    filled_->release();
    return true;
  }

  // The next message; nothing when the deadline passed, or the box is closed and empty.
  std::optional<T> pop(base::MonoTime deadline) {
    if (!filled_->acquire(deadline)) return std::nullopt;
    const base::Lock lock(mutex_);
    if (queue_.empty()) return std::nullopt;  // one of close()'s wake-ups
    T message = std::move(queue_.front());
    queue_.pop_front();
    return message;
  }

  // Refuses new messages; receivers still get what is inside. `receivers` is how many threads wait.
  void close(std::size_t receivers) {
    {
      const base::Lock lock(mutex_);
      closed_ = true;
    }
    filled_->release(receivers);
  }

  bool closed() {
    const base::Lock lock(mutex_);
    return closed_ && queue_.empty();
  }

  std::size_t size() {
    const base::Lock lock(mutex_);
    return queue_.size();
  }

 private:
  const std::size_t messages_max_;
  std::unique_ptr<Semaphore> filled_;
  base::Mutex mutex_;
  std::deque<T> queue_ HYD_GUARDED_BY(mutex_);
  bool closed_ HYD_GUARDED_BY(mutex_) = false;
};

}  // namespace hyd::sys

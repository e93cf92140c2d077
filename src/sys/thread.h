// Threads and the one thing they wait on. Real: std::jthread and a condition variable. Simulated: a
// baton that only one thread holds, handed over inside `acquire` and every other blocking call.
#pragma once

#include "base/clock.h"
#include "base/task.h"

#include <cstddef>
#include <memory>

namespace hyd::sys {

// Joins in its destructor: whoever owns it first makes its function return.
class Thread {
 public:
  virtual ~Thread() = default;
  virtual void join() = 0;
};

// A counting semaphore; any thread may release or acquire.
class Semaphore {
 public:
  virtual ~Semaphore() = default;
  virtual void release(std::size_t n = 1) = 0;
  // True when a count was taken, false when `deadline` passed first.
  virtual bool acquire(base::MonoTime deadline) = 0;
};

}  // namespace hyd::sys

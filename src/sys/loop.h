// An event loop: one thread, its connections, its timers.
//
// Everything but `post`, `stop` and `here` is called on the loop's own thread (or before `run`).
// Nothing that runs on a loop blocks, reads a file or waits for another thread.
#pragma once

#include "base/result.h"
#include "base/task.h"
#include "sys/transport.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>

namespace hyd::sys {

using TimerId = std::uint64_t;  // never 0

class Loop {
 public:
  virtual ~Loop() = default;

  // Any thread. Tasks of one sender run in order. A task posted after the loop has stopped is
  // destroyed without having run, so a Done inside it must say `cancelled` from its destructor or
  // its owner must have finished before the loop stops.
  virtual void post(base::Task task) = 0;

  virtual TimerId after(std::chrono::nanoseconds delay, base::Task task) = 0;
  // Does nothing when it has already run.
  virtual void cancel(TimerId timer) = 0;

  // Runs once at the end of this turn: when the events that were ready have been served (a bounded
  // number of them). Here the records of a turn become one batch, and its answers one write.
  virtual void at_turn_end(base::Task task) = 0;

  struct ListenOptions {
    // The first listener of a port proves that nobody else has it; the others of this process
    // share.
    bool exclusive = true;
    int backlog = 1024;
  };
  // Code::conflict: the port is in use.
  virtual base::Result<std::unique_ptr<Listener>> listen(const Endpoint& at, ListenOptions options,
                                                         OnAccept accept) = 0;
  virtual std::unique_ptr<Socket> adopt(std::unique_ptr<Handoff> connection) = 0;

  // Serves until `stop`; the calling thread becomes the loop's thread.
  virtual void run() = 0;
  virtual void stop() = 0;
  virtual bool here() const = 0;
  // 0, 1, 2 … in the order they were made; names this loop's part of anything kept per loop.
  virtual std::size_t index() const = 0;
};

}  // namespace hyd::sys

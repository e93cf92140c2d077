// The process's loops, each on a thread of its own. Works on either Runtime.
#pragma once

#include "sys/loop.h"
#include "sys/runtime.h"
#include "sys/thread.h"

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

namespace hyd::sys {

// Whatever lives on a loop (sockets, listeners, timers' owners) is destroyed on that loop before
// `stop`, or after it and before this object.
class Loops {
 public:
  struct Options {
    std::size_t count = 1;
    std::string name = "loop";  // threads are loop-0, loop-1, …
  };
  Loops(Runtime& runtime, Options options);
  ~Loops();

  void start();
  // Ends each loop after the tasks that were posted before, and joins. Not from a loop's thread.
  void stop();
  bool running() const { return !threads_.empty(); }

  std::size_t size() const { return loops_.size(); }
  Loop& operator[](std::size_t i) { return *loops_[i]; }
  std::vector<Loop*> all();

 private:
  Runtime& runtime_;  // made first, destroyed last
  std::string name_;
  std::vector<std::unique_ptr<Loop>> loops_;
  std::vector<std::unique_ptr<Thread>> threads_;
};

}  // namespace hyd::sys

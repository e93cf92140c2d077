// A pool of threads that may block, each task with its own deadline: cold reads, the object index,
// blobs, heavy renders.
#pragma once

#include "base/task.h"
#include "sys/mailbox.h"
#include "sys/runtime.h"
#include "sys/thread.h"

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

namespace hyd::sys {

class Workers {
 public:
  struct Options {
    std::string name = "io";
    std::size_t threads = 4;
    std::size_t queue_max = 4096;  // tasks waiting; beyond it `submit` refuses
  };
  Workers(Runtime& runtime, Options options);
  ~Workers();  // runs what is queued, then joins

  // Any thread. False, and `task` untouched, when the queue is full or the pool has stopped.
  [[nodiscard]] bool submit(base::Task& task);
  // Takes no more; returns when everything queued has run.
  void stop();

 private:
  std::size_t threads_count_;
  Mailbox<base::Task> box_;
  std::vector<std::unique_ptr<Thread>> threads_;
  bool stopped_ = false;
};

}  // namespace hyd::sys

#include "sys/workers.h"

#include "base/clock.h"

namespace hyd::sys {

Workers::Workers(Runtime& runtime, Options options)
    : threads_count_(options.threads), box_(options.queue_max, runtime.make_semaphore()) {
  for (std::size_t i = 0; i < threads_count_; ++i) {
    threads_.push_back(runtime.spawn(options.name + "-" + std::to_string(i), [this] {
      while (auto task = box_.pop(base::MonoTime::never())) (*task)();
    }));
  }
}

Workers::~Workers() { stop(); }

bool Workers::submit(base::Task& task) { return box_.push(task); }

void Workers::stop() {
  if (stopped_) return;
  stopped_ = true;
  box_.close(threads_count_);
  for (auto& thread : threads_) thread->join();
}

}  // namespace hyd::sys

// A std::mutex that clang's -Wthread-safety understands. Name the data it guards:
//
//   base::Mutex mutex_;
//   std::deque<Task> queue_ HYD_GUARDED_BY(mutex_);
//
// Rule of the house: no call into `sys` while a mutex is held (the simulation hands the baton over
// inside such calls).
#pragma once

#include <mutex>

#if defined(__clang__)
#define HYD_THREAD_ANNOTATION(x) __attribute__((x))
#else
#define HYD_THREAD_ANNOTATION(x)
#endif

#define HYD_GUARDED_BY(mutex) HYD_THREAD_ANNOTATION(guarded_by(mutex))
#define HYD_REQUIRES(...) HYD_THREAD_ANNOTATION(requires_capability(__VA_ARGS__))

namespace hyd::base {

class HYD_THREAD_ANNOTATION(capability("mutex")) Mutex {
 public:
  void lock() HYD_THREAD_ANNOTATION(acquire_capability()) { mutex_.lock(); }
  void unlock() HYD_THREAD_ANNOTATION(release_capability()) { mutex_.unlock(); }

 private:
  std::mutex mutex_;
};

class HYD_THREAD_ANNOTATION(scoped_lockable) Lock {
 public:
  explicit Lock(Mutex& mutex) HYD_THREAD_ANNOTATION(acquire_capability(mutex)) : mutex_(mutex) {
    mutex_.lock();
  }
  ~Lock() HYD_THREAD_ANNOTATION(release_capability()) { mutex_.unlock(); }
  Lock(const Lock&) = delete;
  Lock& operator=(const Lock&) = delete;

 private:
  Mutex& mutex_;
};

}  // namespace hyd::base

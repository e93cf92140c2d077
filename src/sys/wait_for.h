// A thread that may block waits for an asynchronous answer:
//
//   Result<ReadResult> got = sys::wait_for<ReadResult>(runtime, [&](auto done) {
//     log.read(nullptr, request, std::move(done));
//   });
//
// `start` is called on this thread and must see to it that `done` is called exactly once, on any
// other thread. Never on a loop.
#pragma once

#include "base/clock.h"
#include "base/result.h"
#include "base/task.h"
#include "sys/runtime.h"

#include <memory>
#include <optional>
#include <utility>

namespace hyd::sys {

// Blocks until somebody has released it.
inline void wait_for(Semaphore& semaphore) {
  while (!semaphore.acquire(base::MonoTime::never())) {
  }
}

template <class T, class Start>
base::Result<T> wait_for(Runtime& runtime, Start&& start) {
  struct Room {
    std::unique_ptr<Semaphore> told;
    std::optional<base::Result<T>> answer;
  };
  auto room = std::make_shared<Room>();
  room->told = runtime.make_semaphore();
  std::forward<Start>(start)(base::Done<T>([room](base::Result<T> answer) {
    room->answer.emplace(std::move(answer));
    room->told->release(1);
  }));
  wait_for(*room->told);
  return std::move(*room->answer);
}

}  // namespace hyd::sys

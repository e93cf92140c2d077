// Named places where a test makes the program fail, in every build:
//
//   HYDRANT_FAIL=name:nth:action[,name:nth:action…]     action: kill | stop | error | delay[=ms]
//
// The nth time (from 1) that the program passes the point it kills itself (SIGKILL), stops itself
// (SIGSTOP), gets an error, or waits. Points are passed at most a few times per commit or intent,
// never per record; unarmed ones cost one relaxed load.
#pragma once

#include "base/mutex.h"
#include "base/result.h"

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace hyd::sys {

class FailPoints {
 public:
  struct Actions {
    std::function<void()> kill;
    std::function<void()> stop;
    std::function<void(std::chrono::milliseconds)> delay;
  };
  explicit FailPoints(Actions actions) : actions_(std::move(actions)) {}

  // Code::invalid names the part of `spec` that is wrong.
  base::Result<void> arm(std::string_view spec);

  // Any thread. Code::io when the point is armed with `error` and this is the nth pass.
  base::Result<void> pass(std::string_view name) {
    if (!armed_.load(std::memory_order_relaxed)) return {};
    return pass_armed(name);
  }

 private:
  enum class Action : std::uint8_t { kill, stop, error, delay };
  struct Point {
    std::string name;
    std::uint64_t nth = 1;
    Action action = Action::error;
    std::chrono::milliseconds delay{0};
    std::uint64_t passed = 0;
  };
  base::Result<void> pass_armed(std::string_view name);

  Actions actions_;
  std::atomic<bool> armed_{false};
  base::Mutex mutex_;
  std::vector<Point> points_ HYD_GUARDED_BY(mutex_);
};

}  // namespace hyd::sys

// The log's own time: wall time at the start plus monotonic time, so that a clock that jumps
// neither misdates records nor expires them.
//
//   * at the start: the wall clock, but not before the newest record found;
//   * a wall clock more than 60 s ahead is adopted only after it has stayed so for 60 s;
//   * a wall clock behind is never followed backwards: the log's time runs at half speed until the
//     wall clock has caught up.
//
// Owned by the journal loop.
#pragma once

#include "base/clock.h"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <optional>

namespace hyd::log {

class LogClock {
 public:
  static constexpr std::int64_t kStepMs = 60'000;

  LogClock(const base::Clock& clock, std::int64_t newest_ms)
      : clock_(&clock),
        last_mono_(clock.mono()),
        now_us_(std::max(base::unix_ms(clock.wall()), newest_ms) * 1000) {}

  // Milliseconds since 1970; never less than what it said before.
  std::int64_t now_ms() {
    const base::MonoTime mono = clock_->mono();
    const auto passed =
        std::chrono::duration_cast<std::chrono::microseconds>(mono - last_mono_).count();
    if (passed <= 0) return now_us_ / 1000;
    last_mono_ = mono;
    const std::int64_t wall_us = clock_->wall().time_since_epoch().count();
    const std::int64_t ahead_ms = (wall_us - (now_us_ + passed)) / 1000;
    if (ahead_ms < 0) {
      ahead_since_.reset();
      now_us_ += passed / 2;  // the wall clock is behind: let it catch up
    } else if (ahead_ms <= kStepMs) {
      ahead_since_.reset();
      now_us_ = wall_us;
    } else {
      now_us_ += passed;
      if (!ahead_since_) ahead_since_ = mono;
      if (mono - *ahead_since_ >= std::chrono::milliseconds(kStepMs)) {
        now_us_ = wall_us;
        ahead_since_.reset();
        ++steps_adopted_;
      }
    }
    return now_us_ / 1000;
  }

  // True while letting go by age is paused: the wall clock disagrees by more than a step.
  bool disagrees() const { return ahead_since_.has_value(); }
  std::uint64_t steps_adopted() const { return steps_adopted_; }

 private:
  const base::Clock* clock_;
  base::MonoTime last_mono_;
  std::int64_t now_us_;
  std::optional<base::MonoTime> ahead_since_;
  std::uint64_t steps_adopted_ = 0;
};

}  // namespace hyd::log

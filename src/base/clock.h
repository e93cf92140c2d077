// Time as an argument: rooms take a Clock&, only `sys` asks the kernel.
#pragma once

#include <chrono>
#include <cstdint>

namespace hyd::base {

// Wall-clock time: what dates and signatures mean. It may jump.
using WallTime = std::chrono::sys_time<std::chrono::microseconds>;

// Monotonic time: deadlines and durations. Starts anywhere, never goes back.
class MonoTime {
 public:
  constexpr MonoTime() = default;
  constexpr explicit MonoTime(std::chrono::nanoseconds since) : since_(since) {}
  constexpr std::chrono::nanoseconds since() const { return since_; }
  static constexpr MonoTime never() { return MonoTime(std::chrono::nanoseconds::max()); }
  friend constexpr auto operator<=>(const MonoTime&, const MonoTime&) = default;
  friend constexpr MonoTime operator+(MonoTime t, std::chrono::nanoseconds d) {
    return MonoTime(t.since_ + d);
  }
  friend constexpr std::chrono::nanoseconds operator-(MonoTime a, MonoTime b) {
    return a.since_ - b.since_;
  }

 private:
  std::chrono::nanoseconds since_{0};
};

class Clock {
 public:
  virtual ~Clock() = default;
  virtual WallTime wall() const = 0;
  virtual MonoTime mono() const = 0;
};

inline std::int64_t unix_ms(WallTime t) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(t.time_since_epoch()).count();
}
inline std::int64_t unix_seconds(WallTime t) {
  return std::chrono::duration_cast<std::chrono::seconds>(t.time_since_epoch()).count();
}

}  // namespace hyd::base

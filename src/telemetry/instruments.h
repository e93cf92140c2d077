// What is counted, as plain objects: a room keeps them in a struct of its own (`<room>/probe.h`)
// beside the class that they serve, and names them in a Registry. Counting never allocates, locks
// or asks for the time.
//
// Two kinds of counter: Counter for any thread; LocalCounter for one that a single thread writes (a
// loop's own struct), which costs a plain addition. Both are read from any thread; a reader sees
// each value whole, but several values of one moment only roughly.
#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <span>

namespace hyd::telemetry {

// Goes up only. Any thread.
class Counter {
 public:
  void add(std::uint64_t n = 1) { value_.fetch_add(n, std::memory_order_relaxed); }
  std::uint64_t value() const { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<std::uint64_t> value_{0};
};

// Goes up only; `add` on one thread.
class LocalCounter {
 public:
  void add(std::uint64_t n = 1) {
    value_.store(value_.load(std::memory_order_relaxed) + n, std::memory_order_relaxed);
  }
  std::uint64_t value() const { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<std::uint64_t> value_{0};
};

// Goes up and down. Any thread.
class Gauge {
 public:
  void set(std::int64_t value) { value_.store(value, std::memory_order_relaxed); }
  void add(std::int64_t n) { value_.fetch_add(n, std::memory_order_relaxed); }
  std::int64_t value() const { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<std::int64_t> value_{0};
};

// The fixed bucket bounds of a histogram, inclusive and rising, in the unit that is recorded, and
// what one recorded unit is in the unit that is shown.
struct Buckets {
  static constexpr std::size_t kMax = 24;
  std::array<std::uint64_t, kMax> bounds{};
  std::size_t count = 0;
  double shown_per_recorded = 1;
};

namespace internal {
// `first`, times 4, times 4 …
constexpr Buckets by_four(std::uint64_t first, std::size_t count, double shown_per_recorded) {
  Buckets out{.count = count, .shown_per_recorded = shown_per_recorded};
  for (std::size_t i = 0; i < count; ++i, first *= 4) out.bounds[i] = first;
  return out;
}
}  // namespace internal

// Durations, recorded in nanoseconds and shown in seconds: 16 us to 67 s.
inline constexpr Buckets kSeconds = internal::by_four(16'000, 12, 1e-9);
// Sizes in bytes: 64 B to 268 MB.
inline constexpr Buckets kBytes = internal::by_four(64, 12, 1);
// How many things were handled together: 1 to 65,536.
inline constexpr Buckets kItems = internal::by_four(1, 9, 1);

// Any thread. `buckets` is one of the constants above, or lives as long as the program.
class Histogram {
 public:
  explicit Histogram(const Buckets& buckets) : buckets_(buckets) {}

  void record(std::uint64_t value) {
    std::size_t i = 0;
    while (i < buckets_.count && value > buckets_.bounds[i]) ++i;
    counts_[i].fetch_add(1, std::memory_order_relaxed);
    sum_.fetch_add(value, std::memory_order_relaxed);
  }
  void record(std::chrono::nanoseconds duration) {
    record(duration.count() < 0 ? 0 : static_cast<std::uint64_t>(duration.count()));
  }

  const Buckets& buckets() const { return buckets_; }
  // Not cumulative; index `buckets().count` is everything above the last bound.
  std::uint64_t count_in(std::size_t bucket) const {
    return counts_[bucket].load(std::memory_order_relaxed);
  }
  std::uint64_t sum() const { return sum_.load(std::memory_order_relaxed); }

 private:
  const Buckets& buckets_;
  std::array<std::atomic<std::uint64_t>, Buckets::kMax + 1> counts_{};
  std::atomic<std::uint64_t> sum_{0};
};

}  // namespace hyd::telemetry

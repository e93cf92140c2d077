// How much memory the bodies of requests may hold in the whole process: what is collected for a
// handler, and what an upload keeps until it is on disk. One object for all loops.
//
// Taken as bytes arrive, never by what was announced, and given back when the request's bytes are
// let go of. A body that finds nothing left is refused by whoever holds it; none waits for another,
// so none can wait for ever. The last eighth is for small bodies: they go on while large ones are
// refused. What a connection has anyway, the block that its requests are read into, is not counted:
// a request that fits into it (16 KiB with its head) never asks.
#pragma once

#include "base/units.h"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <utility>

namespace hyd::net {

// Any thread.
class MemoryBudget {
 public:
  // A body that holds no more than this is a small one.
  static constexpr std::uint64_t kSmallBytes = 64 * 1024;

  explicit MemoryBudget(base::ByteCount most) : bytes_max_(most.bytes()) {}
  MemoryBudget(const MemoryBudget&) = delete;
  MemoryBudget& operator=(const MemoryBudget&) = delete;

  // Whether a body that holds `held` could now take `more`.
  struct Step {
    std::uint64_t held = 0;
    std::uint64_t more = 0;
  };
  bool has_room(const Step& step) const;

  std::uint64_t bytes() const { return bytes_.load(std::memory_order_relaxed); }
  std::uint64_t bytes_max() const { return bytes_max_; }
  // The most that was ever held at once.
  std::uint64_t bytes_peak() const { return peak_.load(std::memory_order_relaxed); }
  // Bodies that were refused, as their holders say.
  void count_refused() { refused_.fetch_add(1, std::memory_order_relaxed); }
  std::uint64_t refused() const { return refused_.load(std::memory_order_relaxed); }

 private:
  friend class MemoryShare;
  bool take(const Step& step);
  void give_back(std::uint64_t bytes) { bytes_.fetch_sub(bytes, std::memory_order_relaxed); }
  std::uint64_t limit_of(const Step& step) const;

  const std::uint64_t bytes_max_;
  std::atomic<std::uint64_t> bytes_{0};
  std::atomic<std::uint64_t> peak_{0};
  std::atomic<std::uint64_t> refused_{0};
};

// What one body has taken; given back by its destructor. One thread at a time.
class MemoryShare {
 public:
  MemoryShare() = default;
  MemoryShare(MemoryShare&& other) noexcept
      : budget_(std::exchange(other.budget_, nullptr)), bytes_(std::exchange(other.bytes_, 0)) {}
  MemoryShare& operator=(MemoryShare&& other) noexcept {
    std::swap(budget_, other.budget_);
    std::swap(bytes_, other.bytes_);
    return *this;
  }
  ~MemoryShare() { reset(); }

  // Makes the share `bytes`, more or less than before. False, and nothing changes, when that much
  // is not there. Without a budget everything is there. `budget` outlives the share.
  [[nodiscard]] bool hold(MemoryBudget* budget, std::uint64_t bytes);
  void reset();
  std::uint64_t bytes() const { return bytes_; }

 private:
  MemoryBudget* budget_ = nullptr;
  std::uint64_t bytes_ = 0;
};

}  // namespace hyd::net

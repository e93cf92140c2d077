// How many connections each loop has, so that a loop that the kernel favoured can pass new ones on.
// (Sockets that share a port are picked by a hash: of two loops, one gets all of four connections
// in one run of eight.) Any thread; the numbers are a hint, relaxed and possibly a moment old.
#pragma once

#include <atomic>
#include <cstddef>
#include <vector>

namespace hyd::net {

class LoopLoads {
 public:
  explicit LoopLoads(std::size_t loops) : slots_(loops) {}

  void add(std::size_t loop) { slots_[loop].count.fetch_add(1, std::memory_order_relaxed); }
  void remove(std::size_t loop) { slots_[loop].count.fetch_sub(1, std::memory_order_relaxed); }
  std::size_t of(std::size_t loop) const {
    return slots_[loop].count.load(std::memory_order_relaxed);
  }
  std::size_t total() const {
    std::size_t sum = 0;
    for (std::size_t loop = 0; loop < slots_.size(); ++loop) sum += of(loop);
    return sum;
  }

  // Which loop should serve a connection that `self` has just accepted and not yet counted: `self`,
  // unless that would be at least 1.5 times the average; then the one with the fewest.
  std::size_t choose(std::size_t self) const {
    std::size_t least = self;
    for (std::size_t loop = 0; loop < slots_.size(); ++loop) {
      if (of(loop) < of(least)) least = loop;
    }
    const bool crowded = 2 * (of(self) + 1) * slots_.size() >= 3 * (total() + 1);
    return crowded ? least : self;
  }

 private:
  struct alignas(64) Slot {  // a cache line each: loops count without disturbing one another
    std::atomic<std::size_t> count{0};
  };
  std::vector<Slot> slots_;
};

}  // namespace hyd::net

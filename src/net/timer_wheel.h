// Coarse deadlines for many connections at the price of a store each: a wheel of slots, one tick
// (100 ms) apart, turned by a single timer of the loop.
//
// Moving a deadline later, or clearing it, only writes a number; the entry stays in its slot and is
// looked at again when the wheel gets there. Only an earlier deadline moves an entry.
// One loop's thread. An entry is removed before it is destroyed.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>

namespace hyd::net {

class TimerWheel {
 public:
  static constexpr std::chrono::milliseconds kTick{100};
  using Tick = std::uint64_t;

  class Entry {
   public:
    Entry() = default;
    Entry(const Entry&) = delete;
    Entry& operator=(const Entry&) = delete;

   private:
    friend class TimerWheel;
    Entry* previous_ = nullptr;
    Entry* next_ = nullptr;
    Tick slot_ = 0;  // the tick at which it is looked at, when linked
    Tick deadline_ = kNever;
  };

  TimerWheel();

  Tick now() const { return now_; }
  // Rounded up: never early.
  static Tick ticks(std::chrono::nanoseconds span) {
    return static_cast<Tick>((span + kTick - std::chrono::nanoseconds(1)) / kTick) + 1;
  }

  void set(Entry& entry, Tick deadline);
  void clear(Entry& entry) { entry.deadline_ = kNever; }
  void remove(Entry& entry) {
    entry.deadline_ = kNever;
    unlink(entry);
  }

  // Turns the wheel to `now` and calls `expired(entry)` for each deadline that is reached. The
  // callback may set, clear and remove any entry.
  template <class Expired>
  void advance(Tick now, Expired&& expired) {
    // Behind a stall longer than the wheel every slot is due once, and that is enough.
    if (now - now_ > kSlots) now_ = now - kSlots;
    while (now_ < now) {
      ++now_;
      Entry due;  // the list to work off, detached: an entry may come back into the same slot
      take_all(slots_[now_ % kSlots], due);
      while (due.next_ != &due) {
        Entry& entry = *due.next_;
        unlink(entry);
        if (entry.deadline_ == kNever) continue;
        if (entry.deadline_ > now_) {
          link(entry);
          continue;
        }
        entry.deadline_ = kNever;
        expired(entry);
      }
    }
  }

 private:
  static constexpr Tick kNever = std::numeric_limits<Tick>::max();
  static constexpr std::size_t kSlots = 1024;  // 102 s: longer than every time-out

  void link(Entry& entry);
  static void unlink(Entry& entry);
  static void take_all(Entry& from, Entry& to);

  Tick now_ = kSlots;
  std::array<Entry, kSlots> slots_;  // heads of rings
};

}  // namespace hyd::net

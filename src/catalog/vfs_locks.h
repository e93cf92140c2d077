// SQLite's two kinds of locks on one database file, and the memory that its connections share, all
// inside this process.
//
// File locks have SQLite's levels (none, shared, reserved, pending, exclusive). Slots are the eight
// locks of the WAL: each held by one connection alone, or shared by several. Nothing here waits: a
// lock that cannot be had is refused and SQLite asks again.
//
// Any thread; a `Held` belongs to the thread of its connection.
#pragma once

#include "base/mutex.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace hyd::catalog {

class FileLocks {
 public:
  static constexpr unsigned kSlots = 8;
  // SQLite's numbers.
  static constexpr int kNone = 0;
  static constexpr int kShared = 1;
  static constexpr int kReserved = 2;
  static constexpr int kPending = 3;
  static constexpr int kExclusive = 4;

  // What one connection holds.
  struct Held {
    int level = kNone;
    std::uint8_t slots_shared = 0;     // bit n: slot n
    std::uint8_t slots_exclusive = 0;  // bit n: slot n
  };

  // Raises to `level`. False: another connection is in the way; then `held` may have risen to
  // pending, which keeps new readers out.
  [[nodiscard]] bool lock(Held& held, int level);
  // Lowers to kShared or kNone.
  void unlock(Held& held, int level);
  // True when any connection holds reserved or more.
  bool reserved();
  void let_go(Held& held);  // of everything

  struct Slots {
    unsigned first = 0;
    unsigned count = 1;
  };
  // All of `slots` or, with false, none.
  [[nodiscard]] bool lock_slots(Held& held, Slots slots, bool exclusive);
  void unlock_slots(Held& held, Slots slots);

  struct Region {
    std::size_t index = 0;
    std::size_t size = 0;  // bytes; the same in every call
    bool make = false;     // else null when it does not exist yet
  };
  // Zeroed at first; lives as long as this object.
  char* region(Region region);
  // Orders memory accesses of this thread before it with those behind it.
  void barrier();

 private:
  base::Mutex mutex_;
  unsigned shared_ HYD_GUARDED_BY(mutex_) = 0;              // connections at kShared or above
  const Held* writer_ HYD_GUARDED_BY(mutex_) = nullptr;     // the one at kReserved or above
  bool closed_to_readers_ HYD_GUARDED_BY(mutex_) = false;   // the writer is at kPending or above
  std::array<int, kSlots> slots_ HYD_GUARDED_BY(mutex_){};  // -1: held alone; n: shared by n
  std::vector<std::unique_ptr<char[]>> regions_ HYD_GUARDED_BY(mutex_);
};

}  // namespace hyd::catalog

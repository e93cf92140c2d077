#include "catalog/vfs_locks.h"

namespace hyd::catalog {
namespace {

std::uint8_t bit(unsigned slot) { return static_cast<std::uint8_t>(1u << slot); }

}  // namespace

bool FileLocks::lock(Held& held, int level) {
  const base::Lock lock(mutex_);
  if (held.level >= level) return true;
  if (held.level == kNone) {
    if (closed_to_readers_) return false;
    ++shared_;
    held.level = kShared;
  }
  if (level == kShared) return true;
  if (writer_ != nullptr && writer_ != &held) return false;
  writer_ = &held;
  if (level == kReserved) {
    held.level = kReserved;
    return true;
  }
  closed_to_readers_ = true;
  held.level = kPending;
  if (level == kPending) return true;
  if (shared_ > 1) return false;
  held.level = kExclusive;
  return true;
}

void FileLocks::unlock(Held& held, int level) {
  const base::Lock lock(mutex_);
  if (held.level <= level) return;
  if (writer_ == &held) {
    writer_ = nullptr;
    closed_to_readers_ = false;
  }
  if (level == kNone) --shared_;
  held.level = level;
}

bool FileLocks::reserved() {
  const base::Lock lock(mutex_);
  return writer_ != nullptr;
}

void FileLocks::let_go(Held& held) {
  unlock_slots(held, {.first = 0, .count = kSlots});
  unlock(held, kNone);
}

bool FileLocks::lock_slots(Held& held, Slots slots, bool exclusive) {
  const base::Lock lock(mutex_);
  const unsigned end = slots.first + slots.count;
  // What is held already counts, but nothing is raised from shared to alone: SQLite never asks
  // that.
  const auto mine = [&](unsigned slot) {
    const unsigned held_as =
        exclusive ? held.slots_exclusive : unsigned{held.slots_exclusive} | held.slots_shared;
    return (held_as & bit(slot)) != 0;
  };
  for (unsigned i = slots.first; i < end; ++i) {
    if (!mine(i) && (slots_[i] < 0 || (exclusive && slots_[i] > 0))) return false;
  }
  for (unsigned i = slots.first; i < end; ++i) {
    if (mine(i)) continue;
    if (exclusive) {
      slots_[i] = -1;
      held.slots_exclusive |= bit(i);
    } else {
      ++slots_[i];
      held.slots_shared |= bit(i);
    }
  }
  return true;
}

void FileLocks::unlock_slots(Held& held, Slots slots) {
  const base::Lock lock(mutex_);
  for (unsigned i = slots.first; i < slots.first + slots.count; ++i) {
    if ((held.slots_exclusive & bit(i)) != 0) slots_[i] = 0;
    if ((held.slots_shared & bit(i)) != 0) --slots_[i];
    held.slots_exclusive &= static_cast<std::uint8_t>(~bit(i));
    held.slots_shared &= static_cast<std::uint8_t>(~bit(i));
  }
}

char* FileLocks::region(Region region) {
  const base::Lock lock(mutex_);
  while (regions_.size() <= region.index) {
    if (!region.make) return nullptr;
    regions_.push_back(std::make_unique<char[]>(region.size));
  }
  return regions_[region.index].get();
}

void FileLocks::barrier() { const base::Lock lock(mutex_); }

}  // namespace hyd::catalog

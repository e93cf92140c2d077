#include "app/idle.h"

#include "base/task.h"
#include "sys/heap.h"

#include <atomic>
#include <bit>
#include <chrono>

namespace hyd::app {
namespace {

// Longer than the log keeps its newest records in memory (journal_space.cc).
constexpr std::chrono::seconds kLookEvery{4};

}  // namespace

Idle::Idle(sys::Loop& loop, sys::Workers& workers, const log::JournalProbe& probe)
    : loop_(loop), workers_(workers), probe_(probe) {
  loop_.post([this] { look(); });
}

void Idle::look() {
  const std::uint64_t records = probe_.records.load(std::memory_order_relaxed);
  quiet_ = records == seen_ ? quiet_ + 1 : 0;
  seen_ = records;
  // After 2, 4, 8, 16 … looks: deliveries free what they hold some time behind the last record.
  if (quiet_ >= 2 && std::has_single_bit(quiet_)) {
    base::Task task = [] { sys::give_back_freed_memory(); };
    static_cast<void>(workers_.submit(task));  // when there is no room for it it is not idle
  }
  loop_.after(kLookEvery, [this] { look(); });
}

}  // namespace hyd::app

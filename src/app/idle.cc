#include "app/idle.h"

#include "base/task.h"
#include "sys/heap.h"

#include <atomic>
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
  const bool quiet = records == seen_;
  const bool hot = probe_.hot_bytes.load(std::memory_order_relaxed) > 0;
  seen_ = records;
  if (quiet && !hot && records != settled_) {
    base::Task task = [] { sys::give_back_freed_memory(); };
    if (workers_.submit(task)) settled_ = records;
  }
  loop_.after(kLookEvery, [this] { look(); });
}

}  // namespace hyd::app

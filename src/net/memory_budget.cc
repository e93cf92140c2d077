#include "net/memory_budget.h"

namespace hyd::net {

std::uint64_t MemoryBudget::limit_of(const Step& step) const {
  const bool small = step.held + step.more <= kSmallBytes;
  return small ? bytes_max_ : bytes_max_ - bytes_max_ / 8;
}

bool MemoryBudget::has_room(const Step& step) const {
  return bytes() + step.more <= limit_of(step);
}

bool MemoryBudget::take(const Step& step) {
  const std::uint64_t limit = limit_of(step);
  std::uint64_t before = bytes();
  do {
    if (before + step.more > limit) return false;
  } while (!bytes_.compare_exchange_weak(before, before + step.more, std::memory_order_relaxed));
  std::uint64_t peak = bytes_peak();
  while (before + step.more > peak &&
         !peak_.compare_exchange_weak(peak, before + step.more, std::memory_order_relaxed)) {
  }
  return true;
}

bool MemoryShare::hold(MemoryBudget* budget, std::uint64_t bytes) {
  if (budget == nullptr) return true;
  if (bytes < bytes_) budget->give_back(bytes_ - bytes);
  if (bytes > bytes_ && !budget->take({.held = bytes_, .more = bytes - bytes_})) return false;
  budget_ = budget;
  bytes_ = bytes;
  return true;
}

void MemoryShare::reset() {
  if (budget_ != nullptr) budget_->give_back(bytes_);
  budget_ = nullptr;
  bytes_ = 0;
}

}  // namespace hyd::net

// Gives memory back when events have stopped coming: the log and deliveries free what they held,
// and the allocator would keep it.
#pragma once

#include "log/journal.h"
#include "sys/loop.h"
#include "sys/workers.h"

#include <cstdint>

namespace hyd::app {

// Its timer is the loop's: destroyed when that has stopped.
class Idle {
 public:
  Idle(sys::Loop& loop, sys::Workers& workers, const log::JournalProbe& probe);

 private:
  void look();

  sys::Loop& loop_;
  sys::Workers& workers_;
  const log::JournalProbe& probe_;
  std::uint64_t seen_ = 0;   // records, at the last look
  std::uint64_t quiet_ = 0;  // looks since the last record came
};

}  // namespace hyd::app

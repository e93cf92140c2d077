// The journal's writes on the real kernel: by io_uring, or by threads where that is blocked.
#pragma once

#include "sys/journal_io.h"

#include <chrono>
#include <memory>

namespace hyd::sys {

class RealLoop;

struct JournalSettings {
  bool without_io_uring = false;
  std::chrono::microseconds added_delay{0};  // to each write that has completed
};

// The first of the two that this kernel lets us have.
std::unique_ptr<JournalIo> make_real_journal_io(RealLoop& loop, Durability durability,
                                                JournalSettings settings);

// A ring of the loop, whose completions wake it through an eventfd. Null where io_uring is missing
// or forbidden. The ring keeps the data directory's lock (lock_file.h) as long as a write is in it.
std::unique_ptr<JournalIo> make_uring_journal(RealLoop& loop, Durability durability,
                                              JournalSettings settings);

// Four threads that block in the writes. A killed process stays until they have returned, and with
// it the lock.
std::unique_ptr<JournalIo> make_threads_journal(RealLoop& loop, Durability durability,
                                                JournalSettings settings);

}  // namespace hyd::sys

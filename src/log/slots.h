// Slots: the files that segments live in, made ready before they are needed.
//
// Everything here blocks and runs on the storage thread (and on the starting thread before it). A
// slot is ready when its file has its full length in written blocks and the first of them is zeros
// (what a former life left behind it counts no more), file and folder are synced,
// and the catalog durably says which segment it will hold. Files are never renamed; a freed slot is
// overwritten under its own name by a later segment.
#pragma once

#include "base/result.h"
#include "log/ports.h"
#include "log/recover.h"
#include "sys/file.h"
#include "sys/journal_io.h"

#include <cstdint>
#include <deque>
#include <memory>
#include <vector>

namespace hyd::log {

struct ReadySlot {
  std::uint32_t slot = 0;
  std::uint64_t segment = 0;
  std::uint64_t bytes = 0;
  std::shared_ptr<sys::File> file;
};

class Slots {
 public:
  struct Options {
    std::uint64_t segment_bytes = 64u << 20;
    std::uint64_t log_bytes_max = UINT64_MAX;  // all slot files together
  };
  // Outlives nothing: dir, catalog and io belong to the journal's owner.
  Slots(sys::Dir& dir, LogCatalog& catalog, sys::JournalIo& io, Options options)
      : dir_(dir), catalog_(catalog), io_(io), options_(options) {}

  // What recovery found. `kept_bytes` is the size of the slots that hold live segments.
  void adopt(const Recovered& found);

  // The next slot to use, at least `bytes_min` long. Code::exhausted: no space on the disk, or the
  // log is at its limit; nothing is lost by trying again later.
  base::Result<ReadySlot> prepare(std::uint64_t bytes_min);

  // The segment's records are let go: durable in the catalog first, then the slot is free again.
  base::Result<void> free(const FreedRow& commits, std::uint32_t slot, std::uint64_t file_bytes);

  std::uint64_t bytes_used() const { return bytes_used_; }

 private:
  base::Result<void> fill(sys::File& file, std::uint64_t from, std::uint64_t to);
  base::Result<FreeSlot> choose(std::uint64_t bytes_min);
  base::Result<void> room_for(std::uint64_t more);

  sys::Dir& dir_;
  LogCatalog& catalog_;
  sys::JournalIo& io_;
  Options options_;
  std::deque<FreeSlot> free_;  // by promised segment, those without a promise last
  std::uint64_t bytes_used_ = 0;
  std::uint64_t next_segment_ = 1;
  std::uint32_t next_slot_ = 1;
};

}  // namespace hyd::log

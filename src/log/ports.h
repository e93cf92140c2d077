// What the log asks of whoever keeps its few rows: an interface declared by the one that needs it,
// implemented over the catalog by `app` and in memory by tests.
//
// All calls block and are made by the start and by the storage thread only. When one returns
// success its effect is durable.
#pragma once

#include "base/result.h"
#include "base/uid.h"

#include <cstdint>
#include <vector>

namespace hyd::log {

// A run of the program, or the part of one behind a buried commit.
struct EpochRow {
  std::uint64_t epoch = 0;
  // Commits of older epochs from this number on are dead, whatever lands later. 0: not known yet
  // (the run ended before it recovered the log).
  std::uint64_t first_commit = 0;
  std::uint64_t first_place = 0;
};

// A file name is a slot; the segment number that it holds or will hold next.
struct SlotRow {
  std::uint32_t slot = 0;
  std::uint64_t segment = 0;
};

// Commits that were let go on purpose, both ends included: their absence is no damage.
struct FreedRow {
  std::uint64_t first_commit = 0;
  std::uint64_t last_commit = 0;
};

struct LogRows {
  base::Uid log_uid;
  std::vector<EpochRow> epochs;
  std::vector<SlotRow> slots;
  std::vector<FreedRow> freed;
  // The highest place that any row of the catalog names (low-water marks, ends and beginnings of
  // shards, intents): a record's, or the one behind it. All before it were synced, so a log that
  // ends earlier has lost them; and no later place is given out below it.
  std::uint64_t place_max = 0;
};

class LogCatalog {
 public:
  virtual ~LogCatalog() = default;

  // Takes the next epoch number, never given out before; then what `rows` shows is durable.
  virtual base::Result<std::uint64_t> take_epoch() = 0;
  virtual base::Result<LogRows> rows() = 0;
  virtual base::Result<void> begin_epoch(const EpochRow& row) = 0;
  // Forgets epochs up to and including `epoch`: no slot holds a commit of an older one.
  virtual base::Result<void> forget_epochs(std::uint64_t epoch) = 0;
  virtual base::Result<void> put_slot(const SlotRow& row) = 0;
  // In one transaction: the commits are free, and the slot holds no segment that matters.
  virtual base::Result<void> free_segment(const FreedRow& freed, std::uint32_t slot) = 0;
};

}  // namespace hyd::log

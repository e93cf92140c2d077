// The log's few rows: epochs, slots, and commits that were let go on purpose.
//
// Plain functions over a transaction or a reader; `app` joins them to the interface that the log
// declares, since this room and the log do not know each other. What a row means is written there
// (`src/log/ports.h`); here stands only how it is kept.
#pragma once

#include "base/result.h"
#include "base/uid.h"
#include "catalog/schema.h"
#include "catalog/statement.h"

#include <cstdint>
#include <vector>

namespace hyd::catalog {

// To be passed to Catalog::open with everyone's.
Schema log_schema();

struct LogEpoch {
  std::uint64_t epoch = 0;
  std::uint64_t first_commit = 0;  // 0: not known yet
  std::uint64_t first_place = 0;
  friend bool operator==(const LogEpoch&, const LogEpoch&) = default;
};

struct LogSlot {
  std::uint32_t slot = 0;
  std::uint64_t segment = 0;
  friend bool operator==(const LogSlot&, const LogSlot&) = default;
};

struct LogFreed {  // both ends included
  std::uint64_t first_commit = 0;
  std::uint64_t last_commit = 0;
  friend bool operator==(const LogFreed&, const LogFreed&) = default;
};

struct LogState {
  base::Uid uid;  // no id before the first epoch
  std::vector<LogEpoch> epochs;
  std::vector<LogSlot> slots;
  std::vector<LogFreed> freed;  // ranges that touch are one
};

// All of it, each list in rising order. Inside a snapshot it is of one moment.
base::Result<LogState> read_log(Queryable& from);

// The next epoch number, from 1, never given out before; its row has no first commit yet. The very
// first call also gives the log its uid, `uid_if_new`.
base::Result<std::uint64_t> take_log_epoch(Transaction& in, const base::Uid& uid_if_new);

// Code::not_found: the epoch was not taken, or is forgotten.
base::Result<void> begin_log_epoch(Transaction& in, const LogEpoch& epoch);

// Forgets epochs up to and including `epoch`.
base::Result<void> forget_log_epochs(Transaction& in, std::uint64_t epoch);

base::Result<void> put_log_slot(Transaction& in, const LogSlot& slot);

// The commits are free and the slot has no row any more.
base::Result<void> free_log_segment(Transaction& in, const LogFreed& freed, std::uint32_t slot);

}  // namespace hyd::catalog

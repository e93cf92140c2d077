// What can be said of a delivery stream's progress: for `hydrant status`, metrics and tests.
#pragma once

#include <cstdint>
#include <string>

namespace hyd::delivery {

struct Status {
  std::string arn;
  std::string state;             // ACTIVE, DELETING, DELETING_FAILED
  std::uint64_t low = 0;         // every place up to it is stored or was never owed
  std::uint64_t end = 0;         // the durable mark that it has read up to
  std::uint64_t owed_bytes = 0;  // of records in the buffer and in open intents
  std::uint64_t owed_records = 0;
  std::int64_t oldest_owed_ms = 0;  // arrival of the oldest of them, 0: nothing is owed
  std::uint64_t open_intents = 0;
  std::uint64_t damaged_intents = 0;  // their records cannot be read; they wait, the rest goes on
  std::uint64_t objects = 0;          // stored since the start
  // Empty once something has succeeded again, unless an intent is damaged.
  std::string last_error;
};

}  // namespace hyd::delivery

// Reads every slot of a journal and says what the log is: which commits live, where it ends, what
// is damaged. Changes nothing. Used by each start and by `hydrant log verify`.
//
// The rules:
//   * of the commits in a slot those of the newest segment count; older ones are a former life;
//   * a commit is dead when a newer epoch begins at its number or before it;
//   * D is the largest commit that anything valid says was durable (commit headers, footers,
//     beginnings of epochs, freed ranges, places that the catalog names). A commit up to D that is
//     neither there nor freed is damage; the log ends at the first missing commit behind D, and
//     what lies behind is dead;
//   * where the next commit would begin and the device does not read, and where a slot has vanished
//     that no gap explains, a durable commit may have been: one behind the end counts as lost.
#pragma once

#include "base/result.h"
#include "log/format.h"
#include "log/ports.h"
#include "sys/file.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hyd::log {

struct FoundShard {
  ShardIdentity identity;
  Place last_place;
  std::vector<IndexEntry> entries;
};

// A segment with live commits.
struct FoundSegment {
  std::uint32_t slot = 0;
  std::uint64_t segment = 0;
  std::uint64_t epoch = 0;
  bool sealed = false;
  std::uint64_t first_commit = 0;
  std::uint64_t last_commit = 0;
  std::uint64_t first_place = 0;  // 0: it has no records
  std::uint64_t last_place = 0;
  std::int64_t newest_ms = 0;
  std::uint64_t end_offset = 0;  // behind the last live commit
  std::uint64_t file_bytes = 0;
  std::map<ShardNumber, FoundShard> shards{};
};

// A slot without live commits: free to be filled and used.
struct FreeSlot {
  std::uint32_t slot = 0;
  std::uint64_t segment = 0;  // the number its catalog row promises; 0: none
  std::uint64_t file_bytes = 0;
};

// Commits that were durable and cannot be read.
struct DamagedRange {
  std::uint64_t first_commit = 0;
  std::uint64_t last_commit = 0;
  std::uint64_t place_from = 0;  // their records lie at places in [place_from, place_to)
  std::uint64_t place_to = 0;
  std::string where;
};

struct Recovered {
  std::vector<FoundSegment> segments;  // in the order of the log
  std::vector<FreeSlot> free;
  std::vector<DamagedRange> damage;
  std::vector<std::string> notes;  // what was found and cut, a sentence each
  // Slots whose promised segment is gone with an unknown number of commits. That is damage now, and
  // once the new epoch has begun their rows must promise nothing, or it would be so again.
  std::vector<std::uint32_t> lost_slots;
  std::uint64_t next_commit = 1;
  std::uint64_t place_max = 0;    // the highest in any commit, dead ones included
  std::uint64_t segment_max = 0;  // the highest number used or promised
  std::uint32_t slot_max = 0;
  std::uint64_t epoch_max = 0;  // the highest that anything valid names
  std::uint64_t epoch_min = 0;  // of any valid commit or footer; 0: there is none
  std::int64_t newest_ms = 0;
  std::uint64_t commits_dead = 0;
};

// Where the slots are, and the file of one.
inline constexpr std::string_view kJournalFolder = "journal";
std::string slot_path(std::uint32_t slot);
// Which slot a name in the folder is; nothing when it is none.
std::optional<std::uint32_t> slot_of(std::string_view name);

// Code::io when a slot cannot be opened. Bytes that are wrong or cannot be read, and slots that
// have vanished, are damage and no error.
base::Result<Recovered> recover(sys::Dir& dir, const LogRows& rows);

}  // namespace hyd::log

// A segment as the journal loop keeps it in memory. Owned by the journal loop; what readers need of
// it is copied into their plan, and `pin` is lent to them so that the slot is not used again.
//
// While it takes commits it knows every record; once closed an entry for each 64 KiB; once sealed
// (its footer is durable) only which shards it has and their last places.
#pragma once

#include "log/format.h"
#include "log/recover.h"
#include "sys/file.h"
#include "sys/shared_bytes.h"

#include <cstdint>
#include <deque>
#include <memory>
#include <unordered_map>
#include <utility>
#include <vector>

namespace hyd::log {

struct FrameAt {
  std::uint64_t place = 0;
  std::uint64_t offset = 0;  // of the frame, in the slot file
  std::uint32_t bytes = 0;
};

struct SegmentShard {
  ShardIdentity identity;
  std::uint64_t last_place = 0;
  std::vector<FrameAt> frames;      // all of them while open
  std::vector<IndexEntry> entries;  // sparse
};

struct HotCommit {
  std::uint64_t offset = 0;
  sys::SharedBytes bytes;
};

class Segment {
 public:
  enum class State : std::uint8_t {
    open,    // takes commits
    closed,  // takes none; its footer is not durable yet, or never will be (a former run's)
    sealed,
  };

  std::uint32_t slot = 0;
  std::uint64_t number = 0;
  std::uint64_t epoch = 0;
  std::uint64_t epoch_first_commit = 0;
  State state = State::open;
  bool footer_wanted = true;  // false: a former run's, or one with a buried commit
  std::shared_ptr<sys::File> file;
  std::uint64_t capacity = 0;
  std::uint64_t end = 0;  // where the next commit starts; behind the last live one when closed
  std::uint64_t first_commit = 0;
  std::uint64_t last_commit = 0;
  std::uint64_t first_place = 0;  // 0: no records
  std::uint64_t last_place = 0;
  std::int64_t newest_ms = 0;
  std::unordered_map<ShardNumber, SegmentShard> shards;
  std::size_t entries = 0;  // sparse ones, over all shards
  std::size_t frames = 0;   // records that are known each, over all shards
  std::deque<HotCommit> hot;
  // Lent to every reader; used by nobody else while its count is 1.
  std::shared_ptr<const int> pin = std::make_shared<const int>(0);

  bool pinned() const { return pin.use_count() > 1; }
  std::uint64_t footer_bytes(std::size_t more_shards, std::size_t more_entries) const {
    return footer_file_bytes(shards.size() + more_shards, entries + more_entries);
  }

  // A record of a commit at `commit_offset` was placed.
  void add(const FrameHeader& frame, const ShardIdentity& identity, std::uint64_t commit_offset,
           std::uint64_t frame_offset) {
    SegmentShard& shard = shards[frame.shard];
    shard.identity = identity;
    shard.last_place = frame.place.raw();
    shard.frames.push_back(
        {.place = frame.place.raw(), .offset = frame_offset, .bytes = frame.frame_bytes});
    ++frames;
    if (shard.entries.empty() ||
        commit_offset >= shard.entries.back().commit_offset + kEntryEveryBytes) {
      shard.entries.push_back(
          {.place = frame.place, .time_ms = frame.arrival_ms, .commit_offset = commit_offset});
      ++entries;
    }
  }

  // Forgets records from `place` on: their commit was buried.
  void forget_from(std::uint64_t place);
  // Closed: every record but the sparse entries is forgotten.
  void drop_frames();
  // Sealed: the entries are in the footer.
  void drop_entries();
  Footer footer(const base::Uid& log_uid) const;

  static std::unique_ptr<Segment> of(const FoundSegment& found);
};

}  // namespace hyd::log

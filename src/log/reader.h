// Carries out a read that the journal loop has planned: checks frames that are in memory, reads the
// others from their slot. A pure function of the plan and the file; runs on the asking loop when
// everything is in memory, else on an I/O worker.
//
// Every frame is checked before it is returned, wherever it came from: its two checksums, its shard
// and its place. One that fails is read once more from the file before it counts as damage. What
// the device does not read is damage too; it hides neither the records before it, which are
// returned first, nor those behind it, which a read from there finds.
#pragma once

#include "base/result.h"
#include "log/format.h"
#include "log/log.h"
#include "log/segment.h"
#include "sys/file.h"
#include "sys/shared_bytes.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace hyd::log {

struct ReadPlan {
  ShardNumber shard;
  std::uint64_t from = 0;           // first place wanted
  std::uint64_t limit = 0;          // places below this one may be read
  std::uint64_t last = UINT64_MAX;  // the shard's last place in the segment
  // A search by time: the first record that arrived then or later, and no other.
  std::int64_t since_ms = INT64_MIN;
  bool up_to_mark = true;  // else the log goes on behind the limit, which is a damaged range's
  std::size_t records_max = 0;
  std::uint64_t bytes_max = 0;
  base::Uid log_uid;
  std::uint32_t slot = 0;
  std::uint64_t segment = 0;
  std::uint64_t capacity = 0;
  std::uint64_t end = 0;  // of the segment's live commits
  std::shared_ptr<sys::File> file;
  std::shared_ptr<const int> pin;

  // The frames, when the segment knows them all; `memory[i]` is empty when frame i must be read.
  std::vector<FrameAt> frames;
  std::vector<sys::SharedBytes> memory;
  bool frames_known = false;
  bool frames_cut_off = false;  // more frames below `limit` follow in this segment

  // Else scan from here, or (sealed) from where the footer says.
  std::optional<std::uint64_t> scan_from;

  bool more_behind = false;  // a later segment has records of the shard below `limit`
};

bool all_in_memory(const ReadPlan& plan);
base::Result<ReadResult> carry_out(const ReadPlan& plan);

}  // namespace hyd::log

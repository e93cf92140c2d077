// Everything valid in one slot. Internal to recovery.
#pragma once

#include "base/result.h"
#include "log/format.h"
#include "log/ports.h"
#include "log/slot_read.h"
#include "sys/file.h"

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

namespace hyd::log {

struct ScannedCommit {
  CommitHeader header;
  std::uint64_t offset = 0;
};

struct ScannedSlot {
  std::uint32_t slot = 0;
  std::uint64_t file_bytes = 0;
  bool foreign = false;                  // it holds commits of another log
  std::uint64_t segment = 0;             // the newest in it; 0: nothing valid
  std::optional<Footer> footer{};        // when that segment was sealed
  std::vector<ScannedCommit> commits{};  // else its whole commits, by offset
  std::vector<ScannedCommit> older{};    // of former lives; they only testify
  std::vector<ScannedCommit> broken{};   // headers, of any life, whose checksum does not fit
  std::vector<ByteRange> unreadable{};   // what the device refused
  std::map<ShardNumber, Meaning> meanings{};
};

// `promised` is the segment number of the slot's catalog row, 0 without one: a footer of another
// segment is believed only after the whole slot was looked at.
base::Result<ScannedSlot> scan_slot(sys::Dir& dir, std::uint32_t slot, std::uint64_t promised,
                                    const base::Uid& log_uid);

// Calls `each(header, frame)` for every frame of a whole commit; stops at a frame that is damaged
// and returns false.
template <class Each>
bool for_each_frame(const CommitHeader& header, std::string_view commit, Each&& each) {
  std::size_t at = kCommitHeaderBytes + std::size_t{header.meanings} * kMeaningBytes;
  const auto end = static_cast<std::size_t>(header.used_bytes());
  while (at < end) {
    const auto frame = read_frame_header(commit.substr(at, end - at));
    if (!frame) return false;
    each(*frame, commit.substr(at, frame->frame_bytes));
    at += frame->frame_bytes;
  }
  return true;
}

}  // namespace hyd::log

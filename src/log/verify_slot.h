// Every byte of one slot, looked at once. Internal to verification.
#pragma once

#include "base/result.h"
#include "log/format.h"
#include "log/slot_read.h"
#include "sys/file.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace hyd::log {

// A commit of the slot's newest segment, or the header of one that is not whole.
struct LookedAt {
  CommitHeader header;
  std::uint64_t offset = 0;
  // Its frames are of shards whose meaning is nowhere before them: no fault behind a damaged
  // commit.
  bool unexplained = false;
  std::string fault{};  // what is wrong inside although the commit's checksum fits; empty: nothing
};

struct SlotLook {
  std::string file;
  std::uint32_t slot = 0;
  std::uint64_t file_bytes = 0;
  std::uint64_t segment = 0;  // the newest that anything whole names; 0: there is nothing
  bool foreign = false;       // it holds whole commits of another log
  std::vector<LookedAt> commits{};
  std::vector<LookedAt> broken{};       // headers whose checksum does not fit
  std::vector<CommitHeader> older{};    // of former lives; they only testify
  std::vector<ByteRange> unreadable{};  // what the device refused
  std::optional<Footer> footer{};       // of that segment
  std::optional<ByteRange> footer_broken{};
  // What the commits say that the footer should say.
  std::map<ShardNumber, ShardEntries> shards{};
};

base::Result<SlotLook> look_at_slot(sys::Dir& dir, std::uint32_t slot, const base::Uid& log_uid);

// The log that the first whole commit in the slot belongs to.
base::Result<std::optional<base::Uid>> log_of_slot(sys::Dir& dir, std::uint32_t slot);

}  // namespace hyd::log

// A slot as bytes, what the device refuses to read left out. Internal to recovery and verification.
#pragma once

#include "sys/file.h"
#include "sys/shared_bytes.h"

#include <cstdint>
#include <vector>

namespace hyd::log {

// Bytes [from, to) of a slot file.
struct ByteRange {
  std::uint64_t from = 0;
  std::uint64_t to = 0;
  friend bool operator==(const ByteRange&, const ByteRange&) = default;
};

struct SlotBytes {
  sys::SharedBytes bytes;             // the whole blocks of the file; zeros where unreadable
  std::vector<ByteRange> unreadable;  // whole blocks, in order, those that touch as one
};

// Reads [from, to) of the file, whole blocks, one slot in memory at a time. A read that fails is
// tried again in halves down to a block, so that one bad sector costs the commits that it is in and
// no others. Blocks.
SlotBytes read_slot(sys::File& file, std::uint64_t from, std::uint64_t to);

}  // namespace hyd::log

#include "log/slots.h"

#include "base/check.h"
#include "log/format.h"

#include <fmt/core.h>

#include <algorithm>

namespace hyd::log {

using base::Code;
using base::fail;
using base::Result;

namespace {
constexpr std::uint64_t kFillBytes = 1u << 20;  // one write; short, so that commits get their turn
}

void Slots::adopt(const Recovered& found) {
  next_segment_ = found.segment_max + 1;
  next_slot_ = found.slot_max + 1;
  for (const FoundSegment& segment : found.segments) bytes_used_ += segment.file_bytes;
  for (const FreeSlot& slot : found.free) {
    bytes_used_ += slot.file_bytes;
    free_.push_back(slot);
  }
}

// The first free slot that will do; a new file when there is none. Its promise is renewed with each
// use, so numbers only grow.
Result<FreeSlot> Slots::choose(std::uint64_t bytes_min) {
  const auto found = std::find_if(free_.begin(), free_.end(), [&](const FreeSlot& slot) {
    return slot.file_bytes >= bytes_min || slot.file_bytes <= options_.segment_bytes;
  });
  if (found != free_.end()) {
    FreeSlot slot = *found;
    const std::uint64_t bytes = std::max({bytes_min, options_.segment_bytes, slot.file_bytes});
    if (bytes > slot.file_bytes) RETURN_IF_ERROR(room_for(bytes - slot.file_bytes));
    free_.erase(found);
    return slot;
  }
  RETURN_IF_ERROR(room_for(std::max(bytes_min, options_.segment_bytes)));
  return FreeSlot{.slot = next_slot_++, .segment = 0, .file_bytes = 0};
}

// A reserve R = min(max(3 %, 1 GiB), a quarter of the file system) belongs to deletes, the catalog
// and delivery; the log stops taking new slots a little above half of it.
Result<void> Slots::room_for(std::uint64_t more) {
  if (bytes_used_ + more > options_.log_bytes_max) {
    return fail(Code::exhausted, fmt::format("the log holds {} of its {} bytes", bytes_used_,
                                             options_.log_bytes_max));
  }
  ASSIGN_OR_RETURN(const sys::Space space, dir_.space());
  const std::uint64_t total = space.total.bytes();
  const std::uint64_t reserve =
      std::min(std::max(total / 100 * 3, std::uint64_t{1} << 30), total / 4);
  if (space.free.bytes() < more + reserve / 2) {
    return fail(Code::exhausted, fmt::format("{} bytes free on {}, {} of them kept in reserve",
                                             space.free.bytes(), dir_.path(), reserve / 2));
  }
  return {};
}

Result<void> Slots::fill(sys::File& file, std::uint64_t from, std::uint64_t to) {
  from = from / sys::kBlockBytes * sys::kBlockBytes;
  const auto zeros = sys::SharedBytes::make(
      static_cast<std::size_t>(std::min(kFillBytes, to - from)), [](std::span<char>) {});
  while (from < to) {
    const std::uint64_t n = std::min<std::uint64_t>(zeros.size(), to - from);
    RETURN_IF_ERROR(file.write_at(from, zeros.view().substr(0, static_cast<std::size_t>(n))));
    from += n;
  }
  return {};
}

Result<ReadySlot> Slots::prepare(std::uint64_t bytes_min) {
  bytes_min = whole_blocks(bytes_min);
  RETURN_IF_ERROR(dir_.make_dirs(kJournalFolder));
  ASSIGN_OR_RETURN(FreeSlot slot, choose(bytes_min));
  const std::uint64_t bytes = std::max({bytes_min, options_.segment_bytes, slot.file_bytes});
  const std::string path = slot_path(slot.slot);

  // On failure the slot goes back with the length that it really has.
  const auto give_back = [&](base::Error error) {
    if (slot.file_bytes > 0) free_.push_front(slot);
    return std::move(error).within(path);
  };
  auto file = dir_.open(path, sys::Open::create, sys::Caching::direct);
  if (!file) return give_back(std::move(file).error());
  // A former life ends here and not with the first commit of the next, which may be torn: then half
  // of it would look like a damaged commit of the former.
  if (slot.file_bytes > 0) {
    if (auto blank = fill(**file, 0, sys::kBlockBytes); !blank) return give_back(blank.error());
  }
  if (slot.file_bytes < bytes) {
    const auto filled = fill(**file, slot.file_bytes, bytes);
    const auto size = (*file)->size();
    const std::uint64_t now = size ? *size : slot.file_bytes;
    bytes_used_ += now - slot.file_bytes;
    slot.file_bytes = now;
    if (!filled) return give_back(filled.error());
  }
  if (auto synced = (*file)->sync(); !synced) return give_back(std::move(synced).error());
  if (auto synced = dir_.sync_dir(kJournalFolder); !synced) {
    return give_back(std::move(synced).error());
  }
  const std::uint64_t segment = next_segment_++;
  if (auto row = catalog_.put_slot({.slot = slot.slot, .segment = segment}); !row) {
    return give_back(std::move(row).error());
  }
  auto writable = io_.open_slot(dir_, path);
  if (!writable) return give_back(std::move(writable).error());
  return ReadySlot{
      .slot = slot.slot, .segment = segment, .bytes = bytes, .file = *std::move(writable)};
}

Result<void> Slots::free(const FreedRow& commits, std::uint32_t slot, std::uint64_t file_bytes) {
  RETURN_IF_ERROR(catalog_.free_segment(commits, slot));
  free_.push_back({.slot = slot, .segment = 0, .file_bytes = file_bytes});
  return {};
}

}  // namespace hyd::log

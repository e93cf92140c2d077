#include "log/reader.h"

#include "log/recover.h"
#include "log/slot_read.h"

#include <fmt/core.h>

#include <algorithm>

namespace hyd::log {

using base::Code;
using base::fail;
using base::Result;

namespace {

constexpr std::uint64_t kWindowBytes = 256u << 10;  // one read while scanning

base::Error damage(const ReadPlan& plan, std::uint64_t offset, std::uint64_t place_from,
                   std::uint64_t place_to, std::string_view what) {
  return fail(Code::corrupt,
              fmt::format("{} at offset {}: {} (shard {}, places {} to {})", slot_path(plan.slot),
                          offset, what, plan.shard.raw(), place_from, place_to - 1));
}

// [offset, offset + bytes) of the slot; zeros where the device does not read or the file has ended.
sys::SharedBytes read_range(const ReadPlan& plan, std::uint64_t offset, std::uint64_t bytes) {
  const std::uint64_t from = offset / sys::kBlockBytes * sys::kBlockBytes;
  const SlotBytes blocks = read_slot(*plan.file, from, whole_blocks(offset + bytes));
  return blocks.bytes.slice(static_cast<std::size_t>(offset - from),
                            static_cast<std::size_t>(bytes));
}

std::optional<FrameHeader> check_frame(const ReadPlan& plan, const FrameAt& at,
                                       std::string_view bytes) {
  const auto header = read_frame_header(bytes);
  if (!header || header->shard != plan.shard || header->place.raw() != at.place ||
      !frame_body_is_whole(*header, bytes)) {
    return std::nullopt;
  }
  return header;
}

Result<ReadResult> read_known(const ReadPlan& plan) {
  ReadResult result;
  result.records.reserve(plan.frames.size());
  for (std::size_t i = 0; i < plan.frames.size(); ++i) {
    const FrameAt& at = plan.frames[i];
    sys::SharedBytes bytes = plan.memory[i];
    std::optional<FrameHeader> header;
    if (bytes.size() > 0) header = check_frame(plan, at, bytes.view());
    for (int attempt = 0; !header && attempt < 2; ++attempt) {
      bytes = read_range(plan, at.offset, at.bytes);
      header = check_frame(plan, at, bytes.view());
    }
    if (!header && result.records.empty()) {
      return damage(plan, at.offset, at.place, at.place + 1, "the frame is not what was written");
    }
    if (!header) {  // the next read begins there and says so
      result.next = Place(at.place);
      return result;
    }
    if (header->arrival_ms < plan.since_ms) continue;
    result.records.push_back(record_of(*header, bytes.view()));
    result.bytes.push_back(std::move(bytes));
    if (plan.since_ms != INT64_MIN) break;
  }
  result.next = Place(plan.frames.empty() ? plan.limit : plan.frames.back().place + 1);
  result.caught_up = !plan.frames_cut_off && !plan.more_behind && plan.up_to_mark;
  return result;
}

// Walks the commits of a closed segment and picks the shard's frames.
class Scan {
 public:
  explicit Scan(const ReadPlan& plan) : plan_(plan) {}

  Result<ReadResult> run(std::uint64_t offset) {
    while (offset < plan_.end && !full_ && last_seen_ < plan_.last) {
      ASSIGN_OR_RETURN(const std::uint64_t next, commit_at(offset));
      offset = next;
    }
    const bool any = !result_.records.empty();
    result_.next = any ? Place(result_.records.back().place.raw() + 1) : Place(plan_.limit);
    if (!any && plan_.more_behind) result_.next = Place(std::max(plan_.from, last_seen_ + 1));
    result_.caught_up = !full_ && !plan_.more_behind && plan_.up_to_mark;
    return std::move(result_);
  }

 private:
  // The window that holds [offset, offset + bytes), which lies before the segment's end.
  std::string_view bytes_at(std::uint64_t offset, std::uint64_t bytes) {
    if (offset < window_at_ || offset + bytes > window_at_ + window_.size()) {
      window_ = read_range(
          plan_, offset, std::min(std::max(whole_blocks(bytes), kWindowBytes), plan_.end - offset));
      window_at_ = offset;
    }
    return window_.view().substr(static_cast<std::size_t>(offset - window_at_),
                                 static_cast<std::size_t>(bytes));
  }

  // The whole commit of this segment at `offset`, if there is one.
  std::optional<CommitHeader> whole_at(std::uint64_t offset) {
    if (offset + kCommitHeaderBytes > plan_.end) return std::nullopt;
    const auto header = read_commit_header(bytes_at(offset, kCommitHeaderBytes), plan_.log_uid);
    if (!header || header->segment != plan_.segment || offset + header->used_bytes() > plan_.end ||
        !commit_is_whole(*header, bytes_at(offset, header->used_bytes()))) {
      return std::nullopt;
    }
    return header;
  }

  // Where to go on.
  Result<std::uint64_t> commit_at(std::uint64_t offset) {
    for (int attempt = 0; attempt < 2; ++attempt) {
      const auto header = whole_at(offset);
      if (header && (header->first_place >= plan_.limit || header->first_place > plan_.last)) {
        return plan_.end;
      }
      if (header && take_frames(*header, bytes_at(offset, header->used_bytes()), offset)) {
        behind_ = header->first_place + header->records;
        return offset + header->file_bytes();
      }
      window_ = sys::SharedBytes();  // once more from the file
      window_at_ = 0;
    }
    return damaged_at(offset);
  }

  // Every block behind it may begin a whole commit. What lies between has the places between; it
  // concerns this read when it wants one of them.
  Result<std::uint64_t> damaged_at(std::uint64_t offset) {
    std::uint64_t next = offset;
    std::uint64_t place_to = plan_.limit;
    while ((next += sys::kBlockBytes) < plan_.end) {
      const auto header = whole_at(next);
      if (!header) continue;
      place_to = header->first_place;
      break;
    }
    if (plan_.from >= place_to || behind_ >= place_to) return next;
    if (behind_ >= plan_.limit) return plan_.end;
    if (!result_.records.empty()) {  // the next read begins there and says so
      full_ = true;
      return next;
    }
    return damage(plan_, offset, std::max(plan_.from, behind_), std::min(place_to, plan_.limit),
                  "the commit is not what was written");
  }

  // False when a frame is damaged; then nothing of this commit was taken.
  bool take_frames(const CommitHeader& header, std::string_view commit, std::uint64_t offset) {
    const std::size_t had = result_.records.size();
    const std::uint64_t had_bytes = bytes_;
    std::size_t at = kCommitHeaderBytes + std::size_t{header.meanings} * kMeaningBytes;
    const auto end = static_cast<std::size_t>(header.used_bytes());
    while (at < end && !full_) {
      const auto frame = read_frame_header(commit.substr(at, end - at));
      if (!frame) return undo(had, had_bytes);
      const std::string_view bytes = commit.substr(at, frame->frame_bytes);
      at += frame->frame_bytes;
      if (frame->shard != plan_.shard) continue;
      last_seen_ = frame->place.raw();
      if (last_seen_ < plan_.from || last_seen_ >= plan_.limit) continue;
      if (frame->arrival_ms < plan_.since_ms) continue;
      if (!frame_body_is_whole(*frame, bytes)) return undo(had, had_bytes);
      const std::uint64_t size = std::uint64_t{frame->data_bytes} + frame->key_bytes;
      if (!result_.records.empty() &&
          (bytes_ + size > plan_.bytes_max || result_.records.size() >= plan_.records_max)) {
        full_ = true;
        break;
      }
      bytes_ += size;
      result_.records.push_back(record_of(*frame, bytes));
      if (plan_.since_ms != INT64_MIN) full_ = true;
    }
    if (result_.records.size() > had) {
      result_.bytes.push_back(window_.slice(static_cast<std::size_t>(offset - window_at_),
                                            static_cast<std::size_t>(header.used_bytes())));
    }
    return true;
  }

  bool undo(std::size_t records, std::uint64_t bytes) {
    result_.records.resize(records);
    bytes_ = bytes;
    return false;
  }

  const ReadPlan& plan_;
  ReadResult result_;
  sys::SharedBytes window_;
  std::uint64_t window_at_ = 0;
  std::uint64_t bytes_ = 0;
  std::uint64_t last_seen_ = 0;
  std::uint64_t behind_ = 0;  // the last commit that was whole; 0: none was
  bool full_ = false;
};

// Where the footer says to begin.
std::uint64_t start_of(const ReadPlan& plan) {
  const std::uint64_t blocks_end = plan.capacity / sys::kBlockBytes * sys::kBlockBytes;
  const auto last = read_range(plan, blocks_end - sys::kBlockBytes, sys::kBlockBytes);
  const auto length = footer_length(last.view(), plan.log_uid);
  if (!length || *length > blocks_end) return 0;  // the whole segment will do
  const auto bytes = read_range(plan, blocks_end - *length, *length);
  const auto footer = read_footer(bytes.view(), plan.log_uid);
  if (!footer || footer->segment != plan.segment) return 0;
  for (const ShardEntries& shard : footer->shards) {
    if (shard.shard != plan.shard) continue;
    std::uint64_t start = shard.entries.empty() ? 0 : shard.entries.front().commit_offset;
    for (const IndexEntry& entry : shard.entries) {
      if (entry.place.raw() <= plan.from || entry.time_ms < plan.since_ms) {
        start = entry.commit_offset;
      }
    }
    return start;
  }
  return plan.end;  // the shard is not in this segment
}

}  // namespace

bool all_in_memory(const ReadPlan& plan) {
  return plan.frames_known &&
         std::all_of(plan.memory.begin(), plan.memory.end(),
                     [](const sys::SharedBytes& bytes) { return bytes.size() > 0; });
}

Result<ReadResult> carry_out(const ReadPlan& plan) {
  if (plan.frames_known) return read_known(plan);
  return Scan(plan).run(plan.scan_from ? *plan.scan_from : start_of(plan));
}

}  // namespace hyd::log

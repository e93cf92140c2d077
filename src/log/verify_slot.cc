#include "log/verify_slot.h"

#include "log/recover.h"
#include "log/slot_scan.h"

#include <fmt/core.h>

#include <algorithm>
#include <set>

namespace hyd::log {

using base::Result;

namespace {

// Looks through a slot that is in memory.
class Look {
 public:
  Look(SlotLook& out, std::string_view whole, const base::Uid& log_uid)
      : out_(out), whole_(whole), log_uid_(log_uid) {}

  void all() {
    for (std::size_t at = 0; at + sys::kBlockBytes <= whole_.size();) {
      at += static_cast<std::size_t>(block(at));
    }
    former_life();
    footer();
    const auto other = [this](const LookedAt& at) { return at.header.segment != out_.segment; };
    std::erase_if(out_.broken, other);
  }

 private:
  // How far to go on.
  std::uint64_t block(std::size_t at) {
    const std::string_view rest = whole_.substr(at);
    const auto header = read_commit_header(rest.substr(0, sys::kBlockBytes), log_uid_);
    if (!header) {
      if (is_commit_of_another_log(rest.substr(0, sys::kBlockBytes), log_uid_)) out_.foreign = true;
      return sys::kBlockBytes;
    }
    if (header->file_bytes() > rest.size() || !commit_is_whole(*header, rest)) {
      out_.broken.push_back({.header = *header, .offset = at});
      return sys::kBlockBytes;
    }
    keep(*header, at);
    return header->file_bytes();
  }

  void keep(const CommitHeader& header, std::uint64_t offset) {
    if (header.segment < out_.segment) return out_.older.push_back(header);
    if (header.segment > out_.segment) begin(header.segment);
    LookedAt commit{.header = header, .offset = offset};
    commit.fault = fault_in(commit);
    out_.commits.push_back(std::move(commit));
  }

  // Meanings and frames; the first thing that does not fit.
  std::string fault_in(LookedAt& at) {
    const CommitHeader& header = at.header;
    const std::string_view commit = whole_.substr(static_cast<std::size_t>(at.offset),
                                                  static_cast<std::size_t>(header.used_bytes()));
    for (std::uint32_t i = 0; i < header.meanings; ++i) {
      const Meaning meaning =
          read_meaning(commit.substr(kCommitHeaderBytes + i * kMeaningBytes, kMeaningBytes));
      known_.insert(meaning.shard);
      ShardEntries& shard = out_.shards[meaning.shard];
      shard.shard = meaning.shard;
      shard.identity = meaning.identity;
    }
    std::string fault;
    std::uint32_t records = 0;
    const auto check = [&](const FrameHeader& frame, std::string_view bytes) {
      if (fault.empty()) fault = fault_of(header, frame, bytes, records);
      if (!known_.contains(frame.shard)) at.unexplained = true;
      note(frame, at.offset);
      ++records;
    };
    const bool tiled = for_each_frame(header, commit, check);
    if (fault.empty() && !tiled) {
      fault = fmt::format("the header of record {} is not what was written", records);
    }
    if (fault.empty() && records != header.records) {
      fault = fmt::format("{} records where {} were promised", records, header.records);
    }
    return fault;
  }

  std::string fault_of(const CommitHeader& header, const FrameHeader& frame, std::string_view bytes,
                       std::uint32_t index) const {
    if (!frame_body_is_whole(frame, bytes)) {
      return fmt::format("the checksum of record {} does not fit", index);
    }
    if (frame.place.raw() != header.first_place + index) {
      return fmt::format("record {} says place {}", index, frame.place.raw());
    }
    if (frame.arrival_ms != header.time_ms) {
      return fmt::format("record {} says another time than its commit", index);
    }
    return {};
  }

  void note(const FrameHeader& frame, std::uint64_t offset) {
    ShardEntries& shard = out_.shards[frame.shard];
    shard.shard = frame.shard;
    shard.last_place = frame.place;
    if (shard.entries.empty() || offset >= shard.entries.back().commit_offset + kEntryEveryBytes) {
      shard.entries.push_back(
          {.place = frame.place, .time_ms = frame.arrival_ms, .commit_offset = offset});
    }
  }

  // The slot was taken again and the first commit of its new life was torn: what else is in it
  // belongs to the former one, which was let go.
  void former_life() {
    // A slot is made ready with zeros where its next life begins.
    const bool unread = !out_.unreadable.empty() && out_.unreadable.front().from == 0;
    if (!unread && whole_.substr(0, kSector).find_first_not_of('\0') == std::string_view::npos) {
      made_ready_ = true;
      return begin(0);
    }
    if (out_.broken.empty() || out_.broken.front().offset != 0) return;
    const CommitHeader& torn = out_.broken.front().header;
    const auto older = [&torn](const LookedAt& commit) {
      return commit.header.segment < torn.segment && commit.header.commit < torn.commit;
    };
    if (std::ranges::all_of(out_.commits, older)) begin(torn.segment);
  }

  // What was found so far is of a former life.
  void begin(std::uint64_t segment) {
    for (const LookedAt& commit : out_.commits) out_.older.push_back(commit.header);
    out_.commits.clear();
    out_.shards.clear();
    known_.clear();
    out_.segment = segment;
  }

  // A former life's is none of this segment's business.
  void footer() {
    if (made_ready_ || whole_.size() < sys::kBlockBytes) return;
    const std::string_view last = whole_.substr(whole_.size() - sys::kBlockBytes);
    const auto length = footer_length(last, log_uid_);
    const auto segment = footer_segment(last, log_uid_);
    if (!length || !segment || *segment < out_.segment) return;
    const std::uint64_t bytes = std::min<std::uint64_t>(*length, whole_.size());
    auto read =
        read_footer(whole_.substr(whole_.size() - static_cast<std::size_t>(bytes)), log_uid_);
    if (!read) {
      // The number of an unread footer proves nothing above the commits'.
      if (*segment == out_.segment) {
        out_.footer_broken = ByteRange{whole_.size() - bytes, whole_.size()};
      }
      return;
    }
    if (read->segment > out_.segment) begin(read->segment);
    out_.footer = *std::move(read);
  }

  static constexpr std::size_t kSector = 512;  // what of a write lands whole or not at all

  SlotLook& out_;
  const std::string_view whole_;
  const base::Uid& log_uid_;
  bool made_ready_ = false;
  std::set<ShardNumber> known_;  // shards that a meaning has explained
};

struct OpenSlot {
  std::unique_ptr<sys::File> file;
  std::uint64_t bytes = 0;
};

Result<OpenSlot> open_slot(sys::Dir& dir, std::uint32_t slot) {
  OpenSlot open;
  ASSIGN_OR_RETURN(open.file, dir.open(slot_path(slot), sys::Open::read, sys::Caching::direct));
  ASSIGN_OR_RETURN(open.bytes, open.file->size());
  return open;
}

}  // namespace

Result<SlotLook> look_at_slot(sys::Dir& dir, std::uint32_t slot, const base::Uid& log_uid) {
  ASSIGN_OR_RETURN(const OpenSlot open, open_slot(dir, slot));
  SlotLook look{.file = slot_path(slot), .slot = slot, .file_bytes = open.bytes};
  const SlotBytes bytes =
      read_slot(*open.file, 0, open.bytes / sys::kBlockBytes * sys::kBlockBytes);
  look.unreadable = bytes.unreadable;
  Look(look, bytes.bytes.view(), log_uid).all();
  return look;
}

Result<std::optional<base::Uid>> log_of_slot(sys::Dir& dir, std::uint32_t slot) {
  constexpr std::uint64_t kAtOnce = 1u << 20;
  ASSIGN_OR_RETURN(const OpenSlot open, open_slot(dir, slot));
  const std::uint64_t end = open.bytes / sys::kBlockBytes * sys::kBlockBytes;
  for (std::uint64_t from = 0; from < end; from += kAtOnce) {
    const SlotBytes part = read_slot(*open.file, from, std::min(end, from + kAtOnce));
    for (std::string_view rest = part.bytes.view(); rest.size() >= sys::kBlockBytes;
         rest.remove_prefix(sys::kBlockBytes)) {
      const auto uid = log_of_commit(rest);
      if (!uid) continue;
      const auto header = read_commit_header(rest, *uid);
      if (header && commit_is_whole(*header, rest)) return uid;
    }
  }
  return std::optional<base::Uid>();
}

}  // namespace hyd::log

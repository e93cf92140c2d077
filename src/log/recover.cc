#include "log/recover.h"

#include "base/parse_int.h"
#include "log/slot_scan.h"

#include <fmt/core.h>

#include <algorithm>
#include <set>
#include <tuple>

namespace hyd::log {

using base::Code;
using base::Result;

std::string slot_path(std::uint32_t slot) {
  return fmt::format("{}/{:08}.seg", kJournalFolder, slot);
}

std::optional<std::uint32_t> slot_of(std::string_view name) {
  if (name.size() != 12 || !name.ends_with(".seg")) return std::nullopt;
  return base::parse_int<std::uint32_t>(name.substr(0, 8));
}

namespace {

// What the whole journal holds, gathered slot by slot.
class Recovery {
 public:
  explicit Recovery(const LogRows& rows) : rows_(rows) {
    for (const EpochRow& row : rows.epochs) note_epoch(row.epoch, row.first_commit);
    for (const FreedRow& freed : rows.freed) durable_ = std::max(durable_, freed.last_commit);
    for (const SlotRow& slot : rows.slots) {
      out_.segment_max = std::max(out_.segment_max, slot.segment);
      out_.slot_max = std::max(out_.slot_max, slot.slot);
    }
  }

  std::uint64_t promised(std::uint32_t slot) const {
    for (const SlotRow& row : rows_.slots) {
      if (row.slot == slot) return row.segment;
    }
    return 0;
  }

  void add(ScannedSlot slot) {
    out_.slot_max = std::max(out_.slot_max, slot.slot);
    out_.segment_max = std::max(out_.segment_max, slot.segment);
    if (slot.footer) {
      const Footer& footer = *slot.footer;
      testify(footer.epoch, footer.epoch_first_commit, footer.last_commit, footer.last_place,
              footer.newest_ms);
    }
    for (const auto* group : {&slot.commits, &slot.older}) {
      for (const ScannedCommit& commit : *group) {
        const CommitHeader& header = commit.header;
        testify(header.epoch, header.epoch_first_commit, header.durable_commit,
                header.first_place + header.records, header.time_ms);
      }
    }
    slots_.push_back(std::move(slot));
  }

  Result<Recovered> finish(sys::Dir& dir) {
    std::sort(slots_.begin(), slots_.end(), [](const ScannedSlot& a, const ScannedSlot& b) {
      return std::tie(a.segment, a.slot) < std::tie(b.segment, b.slot);
    });
    name_missing_slots();
    find_end();
    for (ScannedSlot& slot : slots_) {
      if (slot.footer && !freed(slot.footer->last_commit)) {
        out_.segments.push_back(of_footer(slot));
        continue;
      }
      ASSIGN_OR_RETURN(auto segment, of_commits(dir, slot));
      if (segment) {
        out_.segments.push_back(*std::move(segment));
      } else {
        out_.free.push_back(
            {.slot = slot.slot, .segment = promised(slot.slot), .file_bytes = slot.file_bytes});
      }
    }
    // A long slot may be made ready last and used first: only commits tell the order of the log.
    std::sort(out_.segments.begin(), out_.segments.end(),
              [](const FoundSegment& a, const FoundSegment& b) {
                return a.first_commit < b.first_commit;
              });
    find_damage();
    return std::move(out_);
  }

 private:
  void note_epoch(std::uint64_t epoch, std::uint64_t first_commit) {
    if (first_commit == 0) return;
    const auto [start, is_new] = starts_.emplace(epoch, first_commit);
    if (!is_new) start->second = std::min(start->second, first_commit);
    // Whoever began there had recovered and synced all before it.
    durable_ = std::max(durable_, first_commit - 1);
  }

  void testify(std::uint64_t epoch, std::uint64_t epoch_first, std::uint64_t durable_commit,
               std::uint64_t place, std::int64_t time_ms) {
    note_epoch(epoch, epoch_first);
    durable_ = std::max(durable_, durable_commit);
    out_.place_max = std::max(out_.place_max, place);
    out_.newest_ms = std::max(out_.newest_ms, time_ms);
    out_.epoch_max = std::max(out_.epoch_max, epoch);
    out_.epoch_min = out_.epoch_min == 0 ? epoch : std::min(out_.epoch_min, epoch);
  }

  bool dead(std::uint64_t epoch, std::uint64_t commit) const {
    return std::any_of(starts_.upper_bound(epoch), starts_.end(),
                       [&](const auto& start) { return start.second <= commit; });
  }

  bool freed(std::uint64_t commit) const {
    return std::any_of(rows_.freed.begin(), rows_.freed.end(), [&](const FreedRow& row) {
      return row.first_commit <= commit && commit <= row.last_commit;
    });
  }

  bool live(const ScannedCommit& commit) const {
    return !dead(commit.header.epoch, commit.header.commit) && !freed(commit.header.commit);
  }

  // What the catalog names was synced, so the commits that held it were durable too.
  void find_end() {
    for (const ScannedSlot& slot : slots_) {
      for (const ScannedCommit& commit : slot.commits) {
        const CommitHeader& header = commit.header;
        if (header.records > 0 && header.first_place <= rows_.place_max && live(commit)) {
          durable_ = std::max(durable_, header.commit);
        }
      }
    }
    walk();
    lost_at_end_ = what_may_be_lost();
    if (lost_at_end_.empty() && !names_what_is_gone()) return;
    // It left no trace: the least that is missing is the commit behind the end.
    durable_ = out_.next_commit;
    walk();
  }

  // Where a commit behind the end may have been that nothing else speaks of; empty: nowhere.
  std::string what_may_be_lost() {
    // A slot is made before its row: each that has vanished explains one gap at most.
    const auto explained = std::ranges::count_if(gaps_, [this](const FreedRow& gap) {
      return broken_in(gap).empty() && !inside_a_slot(gap);
    });
    std::string where;
    if (out_.lost_slots.size() > static_cast<std::size_t>(explained)) where = missing_;
    for (const ScannedSlot& slot : slots_) {
      const std::uint64_t offset = next_offset(slot);
      for (const ByteRange& bad : slot.unreadable) {
        if (bad.from > offset || offset >= bad.to) continue;
        where = fmt::format("{}, the device does not read bytes {} to {}", slot_path(slot.slot),
                            bad.from, bad.to);
        if (slot.commits.empty()) out_.lost_slots.push_back(slot.slot);
      }
    }
    return where;
  }

  bool inside_a_slot(const FreedRow& gap) const {
    return std::ranges::any_of(slots_, [&](const ScannedSlot& slot) {
      const auto number = [](const ScannedCommit& commit) { return commit.header.commit; };
      return std::ranges::any_of(
                 slot.commits, [&](auto n) { return n < gap.first_commit; }, number) &&
             std::ranges::any_of(slot.commits, [&](auto n) { return n > gap.last_commit; }, number);
    });
  }

  // Where in the slot the commit behind the end of the log would be; UINT64_MAX: elsewhere.
  std::uint64_t next_offset(const ScannedSlot& slot) const {
    if (slot.footer) return UINT64_MAX;
    if (slot.commits.empty()) return promised(slot.slot) > 0 ? 0 : UINT64_MAX;
    for (const ScannedCommit& commit : slot.commits) {
      if (live(commit) && commit.header.commit + 1 == out_.next_commit) {
        return commit.offset + commit.header.file_bytes();
      }
    }
    return UINT64_MAX;
  }

  // File and bytes of a header, not whole, of a commit in the gap; empty: there is none.
  std::string broken_in(const FreedRow& gap) const {
    for (const ScannedSlot& slot : slots_) {
      for (const ScannedCommit& commit : slot.broken) {
        const CommitHeader& header = commit.header;
        if (header.segment == slot.segment && gap.first_commit <= header.commit &&
            header.commit <= gap.last_commit && !dead(header.epoch, header.commit)) {
          return fmt::format("{} at byte {}", slot_path(slot.slot), commit.offset);
        }
      }
    }
    return {};
  }

  // Whether the catalog names a place behind the end of the log. Places before the newest epoch
  // were accounted for when it began; where the log ends in commits that were let go or are known
  // to be missing, nobody can say which places they had.
  bool names_what_is_gone() const {
    const std::uint64_t last = out_.next_commit - 1;
    const auto ends_here = [last](const FreedRow& range) { return range.last_commit == last; };
    if (std::ranges::any_of(rows_.freed, ends_here) || std::ranges::any_of(gaps_, ends_here)) {
      return false;
    }
    std::uint64_t end = 1;
    for (const EpochRow& row : rows_.epochs) end = std::max(end, row.first_place);
    for (const ScannedSlot& slot : slots_) {
      if (slot.footer) end = std::max(end, slot.footer->last_place + 1);
      for (const ScannedCommit& commit : slot.commits) {
        const CommitHeader& header = commit.header;
        if (live(commit) && header.commit <= last) {
          end = std::max(end, header.first_place + header.records);
        }
      }
    }
    return rows_.place_max > end;
  }

  // Ranges of commits that are there or were let go, merged: up to D what lies between them is a
  // gap, behind D the first gap is the end.
  void walk() {
    gaps_.clear();
    std::vector<FreedRow> have = rows_.freed;
    for (const ScannedSlot& slot : slots_) {
      if (slot.footer) have.push_back({slot.footer->first_commit, slot.footer->last_commit});
      for (const ScannedCommit& commit : slot.commits) {
        if (live(commit)) have.push_back({commit.header.commit, commit.header.commit});
      }
    }
    std::sort(have.begin(), have.end(), [](const FreedRow& a, const FreedRow& b) {
      return std::tie(a.first_commit, a.last_commit) < std::tie(b.first_commit, b.last_commit);
    });
    std::uint64_t next = 1;
    for (const FreedRow& range : have) {
      if (range.first_commit > next) {
        if (next > durable_) break;  // the end: behind it nothing is believed
        gaps_.push_back({next, std::min(range.first_commit - 1, durable_)});
        if (range.first_commit - 1 > durable_) {
          next = durable_ + 1;
          break;
        }
      }
      next = std::max(next, range.last_commit + 1);
    }
    if (next <= durable_) {
      gaps_.push_back({next, durable_});
      next = durable_ + 1;
    }
    out_.next_commit = next;
  }

  FoundSegment of_footer(const ScannedSlot& slot) const {
    const Footer& footer = *slot.footer;
    FoundSegment segment{.slot = slot.slot,
                         .segment = footer.segment,
                         .epoch = footer.epoch,
                         .sealed = true,
                         .first_commit = footer.first_commit,
                         .last_commit = footer.last_commit,
                         .first_place = footer.first_place,
                         .last_place = footer.last_place,
                         .newest_ms = footer.newest_ms,
                         .end_offset = footer.end_offset,
                         .file_bytes = slot.file_bytes,
                         .shards = {}};
    for (const ShardEntries& shard : footer.shards) {
      segment.shards.emplace(
          shard.shard,
          FoundShard{.identity = shard.identity, .last_place = shard.last_place, .entries = {}});
    }
    return segment;
  }

  Result<std::optional<FoundSegment>> of_commits(sys::Dir& dir, const ScannedSlot& slot) {
    FoundSegment segment{.slot = slot.slot, .segment = slot.segment};
    segment.file_bytes = slot.file_bytes;
    std::unique_ptr<sys::File> file;
    bool any = false;
    for (const ScannedCommit& commit : slot.commits) {
      const CommitHeader& header = commit.header;
      if (!live(commit) || header.commit >= out_.next_commit) {
        if (!freed(header.commit)) ++out_.commits_dead;
        continue;
      }
      if (!any) segment.first_commit = header.commit;
      any = true;
      segment.epoch = header.epoch;
      segment.last_commit = std::max(segment.last_commit, header.commit);
      segment.newest_ms = std::max(segment.newest_ms, header.time_ms);
      segment.end_offset = commit.offset + header.file_bytes();
      if (header.records == 0) continue;
      if (segment.first_place == 0) segment.first_place = header.first_place;
      segment.last_place = header.first_place + header.records - 1;
      if (!file) {
        ASSIGN_OR_RETURN(file,
                         dir.open(slot_path(slot.slot), sys::Open::read, sys::Caching::direct));
      }
      // It was whole a moment ago: a second answer that differs comes from a failing device.
      if (!index(*file, slot, commit, segment)) gaps_.push_back({header.commit, header.commit});
    }
    if (!any) return std::optional<FoundSegment>();
    return std::optional<FoundSegment>(std::move(segment));
  }

  // False when the commit is no longer what it was when it was scanned.
  static bool index(sys::File& file, const ScannedSlot& slot, const ScannedCommit& commit,
                    FoundSegment& segment) {
    const SlotBytes read =
        read_slot(file, commit.offset, commit.offset + commit.header.file_bytes());
    const std::string_view bytes = read.bytes.view();
    if (!commit_is_whole(commit.header, bytes)) return false;
    const auto take = [&](const FrameHeader& frame, std::string_view) {
      FoundShard& shard = segment.shards[frame.shard];
      const auto meaning = slot.meanings.find(frame.shard);
      if (meaning != slot.meanings.end()) shard.identity = meaning->second.identity;
      shard.last_place = frame.place;
      if (shard.entries.empty() ||
          commit.offset >= shard.entries.back().commit_offset + kEntryEveryBytes) {
        shard.entries.push_back(
            {.place = frame.place, .time_ms = frame.arrival_ms, .commit_offset = commit.offset});
      }
    };
    return for_each_frame(commit.header, bytes, take);
  }

  // Gives each gap its places: behind the last record before it, up to the first one after it.
  void find_damage() {
    std::ranges::sort(gaps_, {}, &FreedRow::first_commit);
    for (const FreedRow& gap : gaps_) {
      DamagedRange range{.first_commit = gap.first_commit,
                         .last_commit = gap.last_commit,
                         .place_from = 1,
                         .place_to = std::max(out_.place_max, rows_.place_max) + 1,
                         .where = broken_in(gap)};
      for (const FoundSegment& segment : out_.segments) {
        if (segment.first_place == 0) continue;
        if (segment.last_commit < gap.first_commit) {
          range.place_from = std::max(range.place_from, segment.last_place + 1);
        } else if (segment.first_commit > gap.last_commit) {
          range.place_to = std::min(range.place_to, segment.first_place);
        } else {
          place_within(segment, gap, range);
        }
      }
      if (range.where.empty() && gap.last_commit + 1 == out_.next_commit) {
        range.where = lost_at_end_;
      }
      if (range.where.empty()) range.where = missing_;
      if (range.where.empty()) range.where = "no slot holds them";
      out_.notes.push_back(fmt::format("commits {} to {} were durable and cannot be read ({})",
                                       range.first_commit, range.last_commit, range.where));
      out_.damage.push_back(std::move(range));
    }
  }

  // The gap lies inside this segment: its own commits tell more closely.
  void place_within(const FoundSegment& segment, const FreedRow& gap, DamagedRange& range) const {
    std::uint64_t from = 0;
    std::uint64_t to = segment.end_offset;
    for (const ScannedSlot& slot : slots_) {
      if (slot.slot != segment.slot) continue;
      for (const ScannedCommit& commit : slot.commits) {
        const CommitHeader& header = commit.header;
        if (!live(commit)) continue;
        if (header.commit < gap.first_commit) {
          from = std::max(from, commit.offset + header.file_bytes());
          if (header.records == 0) continue;
          range.place_from = std::max(range.place_from, header.first_place + header.records);
        } else if (header.commit > gap.last_commit) {
          to = std::min(to, commit.offset);
          if (header.records == 0) continue;
          range.place_to = std::min(range.place_to, header.first_place);
        }
      }
    }
    range.where = fmt::format("{}, bytes {} to {}", slot_path(segment.slot), from, to);
  }

  void name_missing_slots() {
    std::set<std::uint32_t> there;
    for (const ScannedSlot& slot : slots_) there.insert(slot.slot);
    for (const SlotRow& row : rows_.slots) {
      if (row.segment == 0 || there.contains(row.slot)) continue;
      out_.lost_slots.push_back(row.slot);
      missing_ += fmt::format("{}{} is missing", missing_.empty() ? "" : ", ", slot_path(row.slot));
      out_.notes.push_back(fmt::format("{} is missing (it was to hold segment {})",
                                       slot_path(row.slot), row.segment));
    }
  }

  const LogRows& rows_;
  Recovered out_;
  std::vector<ScannedSlot> slots_;
  std::map<std::uint64_t, std::uint64_t> starts_;  // epoch -> its first commit
  std::uint64_t durable_ = 0;
  std::vector<FreedRow> gaps_;
  std::string missing_;      // the slots that have vanished, in words
  std::string lost_at_end_;  // what may have held a commit behind the end
};

}  // namespace

Result<Recovered> recover(sys::Dir& dir, const LogRows& rows) {
  Recovery recovery(rows);
  auto names = dir.list(kJournalFolder);
  if (!names) {
    if (names.error().code == Code::not_found) return recovery.finish(dir);
    return std::move(names).error().within(kJournalFolder);
  }
  for (const std::string& name : *names) {
    const auto slot = slot_of(name);
    if (!slot) continue;
    auto scanned = scan_slot(dir, *slot, recovery.promised(*slot), rows.log_uid);
    if (!scanned) return std::move(scanned).error().within(slot_path(*slot));
    if (scanned->foreign && scanned->commits.empty() && recovery.promised(*slot) == 0) {
      return base::fail(Code::conflict, slot_path(*slot) +
                                            ": holds commits of another log; hydrant.db is not the "
                                            "one that this journal was written with");
    }
    recovery.add(*std::move(scanned));
  }
  return recovery.finish(dir);
}

}  // namespace hyd::log

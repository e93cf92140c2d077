#include "log/verify.h"

#include "log/recover.h"
#include "log/verify_slot.h"

#include <fmt/core.h>

#include <algorithm>
#include <map>
#include <numeric>
#include <optional>
#include <utility>

namespace hyd::log {

using base::Code;
using base::Result;

std::size_t Verified::damaged() const {
  std::size_t n = damage.size();
  for (const VerifiedSegment& segment : segments) n += segment.damage.size();
  return n;
}

std::uint64_t Verified::commits() const {
  std::uint64_t n = 0;
  for (const VerifiedSegment& segment : segments) n += segment.commits;
  return n;
}

std::uint64_t Verified::records() const {
  std::uint64_t n = 0;
  for (const VerifiedSegment& segment : segments) n += segment.records;
  return n;
}

namespace {

// What all slots together prove.
struct Proof {
  std::map<std::uint64_t, std::uint64_t> starts;  // epoch -> its first commit
  std::uint64_t durable = 0;

  void epoch(std::uint64_t number, std::uint64_t first_commit) {
    if (first_commit == 0) return;
    const auto [start, is_new] = starts.emplace(number, first_commit);
    if (!is_new) start->second = std::min(start->second, first_commit);
    durable = std::max(durable, first_commit - 1);
  }
  void commit(const CommitHeader& header) {
    epoch(header.epoch, header.epoch_first_commit);
    durable = std::max(durable, header.durable_commit);
  }
  bool dead(const CommitHeader& header) const {
    return std::any_of(starts.upper_bound(header.epoch), starts.end(),
                       [&](const auto& start) { return start.second <= header.commit; });
  }
};

// Holds the commits of one segment against each other, the proof and the footer.
class Judge {
 public:
  Judge(const SlotLook& look, const Proof& proof, std::vector<std::string>& notes)
      : look_(look), proof_(proof), notes_(notes) {}

  // Nothing when no commit of the segment counts.
  std::optional<VerifiedSegment> run() {
    out_.file = look_.file;
    out_.slot = look_.slot;
    out_.segment = look_.segment;
    out_.sealed = look_.footer.has_value();
    std::size_t i = 0;
    for (; i < look_.commits.size(); ++i) {
      const LookedAt& commit = look_.commits[i];
      if (proof_.dead(commit.header)) {
        ++out_.dead;
      } else if (!take(commit)) {
        break;
      }
    }
    out_.dead += look_.commits.size() - i;
    if (look_.footer) {
      footer(*look_.footer);
    } else {
      tail();
    }
    if (out_.commits == 0 && out_.damage.empty()) return std::nullopt;
    return std::move(out_);
  }

 private:
  void damaged(ByteRange bytes, std::uint64_t place_from, std::uint64_t place_to,
               std::string what) {
    for (const ByteRange& bad : look_.unreadable) {
      if (bad.from < bytes.to && bytes.from < bad.to) {
        what += fmt::format("; the device does not read bytes {} to {}", bad.from, bad.to);
      }
    }
    if (place_from >= place_to) place_from = place_to = 0;
    out_.damage.push_back({.file = look_.file,
                           .offset_from = bytes.from,
                           .offset_to = bytes.to,
                           .place_from = place_from,
                           .place_to = place_to,
                           .what = std::move(what)});
  }

  // False: this commit and what follows lies behind the end of the log.
  bool take(const LookedAt& commit) {
    const CommitHeader& header = commit.header;
    if (commit.offset > end_) {
      // Of several in flight at the end one may be missing before another: the log ends there.
      if (last_ && last_->commit + 1 > proof_.durable) return false;
      const bool behind_the_end = header.commit > proof_.durable + 1;
      if (!last_ && behind_the_end) return false;
      hole(commit.offset, behind_the_end ? proof_.durable : header.commit - 1,
           last_ ? place_behind() : 0, header.first_place);
      if (behind_the_end) return false;
    }
    numbers(commit);
    if (commit.unexplained && out_.damage.empty()) {
      damaged({commit.offset, commit.offset + header.file_bytes()}, header.first_place,
              header.first_place + header.records,
              fmt::format("commit {} uses a shard whose meaning is not there", header.commit));
    }
    if (!commit.fault.empty()) {
      damaged({commit.offset, commit.offset + header.file_bytes()}, header.first_place,
              header.first_place + header.records,
              fmt::format("commit {}: {}", header.commit, commit.fault));
    }
    if (out_.commits++ == 0) out_.epoch = header.epoch;
    if (out_.first_commit == 0) out_.first_commit = header.commit;
    out_.last_commit = header.commit;
    out_.records += header.records;
    if (header.records > 0) {
      if (out_.first_place == 0) out_.first_place = header.first_place;
      out_.last_place = header.first_place + header.records - 1;
    }
    out_.end_offset = end_ = commit.offset + header.file_bytes();
    last_ = header;
    return true;
  }

  std::uint64_t place_behind() const { return last_->first_place + last_->records; }

  // Bytes [end_, to) should be commits up to `last`, and are not.
  void hole(std::uint64_t to, std::uint64_t last, std::uint64_t place_from,
            std::uint64_t place_to) {
    std::string what = "no whole commit is here";
    if (last_) {
      const std::uint64_t first = last_->commit + 1;
      what = first == last ? fmt::format("commit {} is not what was written", first)
                           : fmt::format("commits {} to {} are not what was written", first, last);
    } else if (const LookedAt* const header = broken_at(end_)) {
      place_from = header->header.first_place;
      what = fmt::format("commit {} is not what was written", header->header.commit);
    }
    damaged({end_, to}, place_from, place_to, std::move(what));
  }

  const LookedAt* broken_at(std::uint64_t offset) const {
    const auto found = std::ranges::find_if(
        look_.broken, [&](const LookedAt& broken) { return broken.offset == offset; });
    return found == look_.broken.end() ? nullptr : &*found;
  }

  void numbers(const LookedAt& commit) {
    const CommitHeader& header = commit.header;
    std::string what;
    if (header.durable_commit >= header.commit || header.durable_place > header.first_place) {
      what = "calls itself durable";
    } else if (header.epoch_first_commit > header.commit) {
      what = "is older than its epoch";
    } else if (last_ && header.epoch != last_->epoch) {
      what = "is of another epoch than the one before it";
    } else if (last_ && header.time_ms < last_->time_ms) {
      what = "is earlier than the one before it";
    } else if (last_ && commit.offset == end_ && header.commit != last_->commit + 1) {
      what = fmt::format("follows commit {}", last_->commit);
    } else if (last_ && commit.offset == end_ && header.first_place != place_behind()) {
      what = fmt::format("begins at place {}, not {}", header.first_place, place_behind());
    }
    if (what.empty()) return;
    damaged({commit.offset, commit.offset + header.file_bytes()}, header.first_place,
            header.first_place + header.records, fmt::format("commit {} {}", header.commit, what));
  }

  void footer(const Footer& footer) {
    if (footer.end_offset > end_) {
      hole(footer.end_offset, footer.last_commit, last_ ? place_behind() : footer.first_place,
           footer.last_place + 1);
    }
    if (out_.commits == 0) out_.epoch = footer.epoch;
    out_.first_commit = footer.first_commit;
    out_.last_commit = footer.last_commit;
    out_.end_offset = footer.end_offset;
    if (footer.first_place != 0) out_.first_place = footer.first_place;
    if (footer.first_place != 0) out_.last_place = footer.last_place;
    if (!out_.damage.empty()) return;
    std::vector<ShardEntries> shards;
    for (const auto& [number, shard] : look_.shards) shards.push_back(shard);
    const CommitHeader& first = look_.commits.front().header;
    const bool fits = footer.first_commit == first.commit && footer.last_commit == last_->commit &&
                      footer.first_place == out_.first_place && footer.end_offset == end_ &&
                      footer.epoch == first.epoch && footer.newest_ms == last_->time_ms &&
                      footer.shards == shards;
    if (fits) return;
    const std::uint64_t end = look_.file_bytes / sys::kBlockBytes * sys::kBlockBytes;
    damaged({end_, end}, 0, 0, "the footer is not what the commits before it say");
  }

  // The end of a segment that has no footer.
  void tail() {
    if (look_.footer_broken) {
      damaged(*look_.footer_broken, 0, 0, "the footer is not what was written");
    }
    const LookedAt* const broken = broken_at(end_);
    if (broken == nullptr || proof_.dead(broken->header)) return;
    const CommitHeader& header = broken->header;
    if (last_ && header.commit != last_->commit + 1) return;  // its numbers are damaged too
    if (header.commit <= proof_.durable) {
      const std::uint64_t to = std::min(end_ + header.file_bytes(), look_.file_bytes);
      damaged({end_, to}, header.first_place, header.first_place + header.records,
              fmt::format("commit {} is not what was written", header.commit));
      if (out_.first_commit == 0) out_.first_commit = header.commit;
      out_.last_commit = header.commit;
    } else {
      notes_.push_back(
          fmt::format("{}: commit {} at byte {} is not whole; nothing says that it ever was",
                      look_.file, header.commit, end_));
    }
  }

  const SlotLook& look_;
  const Proof& proof_;
  std::vector<std::string>& notes_;
  VerifiedSegment out_;
  std::optional<CommitHeader> last_;  // the last that counts
  std::uint64_t end_ = 0;             // behind it
};

Result<std::vector<std::uint32_t>> slots_in(sys::Dir& dir) {
  auto names = dir.list(kJournalFolder);
  if (!names) {
    if (names.error().code == Code::not_found) return std::vector<std::uint32_t>();
    return std::move(names).error().within(kJournalFolder);
  }
  std::vector<std::uint32_t> slots;
  for (const std::string& name : *names) {
    if (const auto slot = slot_of(name)) slots.push_back(*slot);
  }
  return slots;
}

// By slot; one that cannot be asked counts nothing, and is reported when it is looked at.
std::vector<std::uint64_t> sizes_of(sys::Dir& dir, const std::vector<std::uint32_t>& slots) {
  std::vector<std::uint64_t> sizes;
  for (const std::uint32_t slot : slots) {
    const auto file = dir.open(slot_path(slot), sys::Open::read);
    const auto size = file ? (*file)->size() : Result<std::uint64_t>(0);
    sizes.push_back(size ? *size : 0);
  }
  return sizes;
}

// The log that most slots belong to.
Result<std::optional<base::Uid>> log_of(sys::Dir& dir, const std::vector<std::uint32_t>& slots) {
  std::vector<std::pair<base::Uid, std::size_t>> votes;
  for (const std::uint32_t slot : slots) {
    const auto uid = log_of_slot(dir, slot);
    if (!uid || !*uid) continue;  // what cannot be opened is reported when it is looked at
    const auto known = std::ranges::find(votes, **uid, &std::pair<base::Uid, std::size_t>::first);
    if (known == votes.end()) {
      votes.emplace_back(**uid, 1);
    } else {
      ++known->second;
    }
  }
  if (votes.empty()) return std::optional<base::Uid>();
  return std::optional(
      std::ranges::max_element(votes, {}, &std::pair<base::Uid, std::size_t>::second)->first);
}

// Commits up to the proved mark that lie between segments. A file that is missing among its
// neighbours' numbers explains them: files of the journal are never removed.
void find_gaps(const Proof& proof, const std::vector<std::uint32_t>& slots, Verified& out) {
  if (out.segments.empty()) return;
  std::uint64_t next = out.segments.front().first_commit;
  std::uint64_t place = 0;
  if (next > 1) {
    out.notes.push_back(fmt::format("commits 1 to {} were let go, or lost before", next - 1));
  }
  for (const VerifiedSegment& segment : out.segments) {
    if (segment.first_commit > next) {
      if (next > proof.durable) {
        out.notes.push_back(fmt::format(
            "the log ends with commit {}: {} and what follows was in flight behind a missing one",
            next - 1, segment.file));
        break;
      }
      out.gaps.push_back({next, segment.first_commit - 1, place, segment.first_place});
    }
    next = std::max(next, segment.last_commit + 1);
    if (segment.last_place > 0) place = segment.last_place + 1;
  }
  if (next <= proof.durable) out.gaps.push_back({next, proof.durable, place, 0});
  if (out.gaps.empty()) return;
  std::uint32_t expected = 1;
  for (const std::uint32_t slot : slots) {
    for (; expected < slot; ++expected) {
      out.damage.push_back(
          {.file = slot_path(expected),
           .place_from = out.gaps.front().place_from,
           .place_to = out.gaps.front().place_to,
           .what = fmt::format("the file is missing; commits {} to {} are in none",
                               out.gaps.front().first_commit, out.gaps.back().last_commit)});
    }
    expected = slot + 1;
  }
}

}  // namespace

Result<Verified> verify(sys::Dir& dir, const std::function<void(const VerifyProgress&)>& progress) {
  Verified out;
  ASSIGN_OR_RETURN(const std::vector<std::uint32_t> slots, slots_in(dir));
  ASSIGN_OR_RETURN(const std::optional<base::Uid> uid, log_of(dir, slots));
  const std::vector<std::uint64_t> sizes = sizes_of(dir, slots);
  VerifyProgress done{.bytes_total = std::accumulate(sizes.begin(), sizes.end(), std::uint64_t{0})};
  std::vector<SlotLook> looks;
  Proof proof;
  for (std::size_t i = 0; i < slots.size(); ++i) {
    if (progress) progress(done);
    done.bytes_done += sizes[i];
    auto look = look_at_slot(dir, slots[i], uid.value_or(base::Uid()));
    if (!look) {
      out.damage.push_back({.file = slot_path(slots[i]), .what = std::move(look).error().what});
      continue;
    }
    for (const LookedAt& commit : look->commits) proof.commit(commit.header);
    for (const CommitHeader& header : look->older) proof.commit(header);
    if (look->footer) {
      proof.epoch(look->footer->epoch, look->footer->epoch_first_commit);
      proof.durable = std::max(proof.durable, look->footer->last_commit);
    }
    looks.push_back(*std::move(look));
  }
  if (progress) progress(done);
  out.durable_commit = proof.durable;
  for (const SlotLook& look : looks) {
    auto segment = Judge(look, proof, out.notes).run();
    if (segment) {
      out.segments.push_back(*std::move(segment));
      continue;
    }
    ++out.free_slots;
    if (look.foreign) {
      out.damage.push_back({.file = look.file, .what = "it holds commits of another log"});
    }
  }
  std::ranges::sort(out.segments, {}, &VerifiedSegment::first_commit);
  find_gaps(proof, slots, out);
  return out;
}

}  // namespace hyd::log

// Room for commits: opening and sealing segments, letting old ones go, and burying what failed.
#include "base/check.h"
#include "log/journal.h"

#include <fmt/core.h>

#include <algorithm>
#include <utility>

namespace hyd::log {

using base::Code;
using base::Result;

namespace {
constexpr std::size_t kSlotsAhead = 2;
constexpr auto kTryAgain = std::chrono::seconds(1);
constexpr std::chrono::milliseconds kLetGoEvery{10'000};
// Segments on their way out at once; the rest follows soon.
constexpr std::size_t kFreesMax = 256;
constexpr std::chrono::milliseconds kLetGoOn{100};
// Readers that follow the tail have long had what is older.
constexpr auto kIdle = std::chrono::seconds(5);
}  // namespace

// The journal stops behind the last of them: the catalog, which they use, ends after the journal.
void Journal::storage(base::Task task) {
  ++storage_tasks_;
  base::Task counted = [this, task = std::move(task)]() mutable {
    std::exchange(task, nullptr)();
    loop_.post([this] {
      --storage_tasks_;
      maybe_stopped();
    });
  };
  // Its queue is far longer than the jobs that can be outstanding (kFreesMax and a few others).
  HYD_CHECK(storage_->submit(counted));
}

// Whether the open segment takes a commit of that many bytes (its padding and the growth of the
// footer counted); else closes it and opens the next one that is ready.
bool Journal::ready_segment(std::uint64_t bytes, std::size_t fresh_shards) {
  const auto fits = [&](const Segment& segment) {
    return segment.end + whole_blocks(bytes) + segment.footer_bytes(fresh_shards, fresh_shards) <=
           segment.capacity;
  };
  if (open_ != nullptr && fits(*open_)) return true;
  close_open_segment();
  const std::uint64_t needed = whole_blocks(bytes) + footer_file_bytes(fresh_shards, fresh_shards);
  const auto slot =
      std::ranges::find_if(ready_, [&](const ReadySlot& ready) { return ready.bytes >= needed; });
  if (slot == ready_.end()) {
    needed_ = needed;
    want_slot(needed);
    return false;
  }
  needed_ = 0;
  auto segment = std::make_unique<Segment>();
  segment->slot = slot->slot;
  segment->number = slot->segment;
  segment->capacity = slot->bytes;
  segment->file = std::move(slot->file);
  segment->epoch = epoch_;
  segment->epoch_first_commit = epoch_first_commit_;
  ready_.erase(slot);
  open_ = segment.get();
  segments_.push_back(std::move(segment));
  want_slot(0);
  return true;
}

void Journal::close_open_segment() {
  if (open_ == nullptr) return;
  open_->state = Segment::State::closed;
  open_ = nullptr;
  seal_what_is_durable();
}

// Asks for one more slot when fewer than two are ready, or for one that is long enough.
void Journal::want_slot(std::uint64_t bytes_min) {
  if (slot_wanted_) return;
  if (bytes_min == 0 && ready_.size() >= kSlotsAhead) return;
  if (stopping_.load() && pending_.empty() && burial_epoch_ == 0) return;
  slot_wanted_ = true;
  storage([this, bytes_min] {
    auto slot = std::make_shared<Result<ReadySlot>>(slots_->prepare(bytes_min));
    loop_.post([this, slot] { slot_ready(std::move(*slot)); });
  });
}

void Journal::slot_ready(Result<ReadySlot> slot) {
  slot_wanted_ = false;
  if (!slot) {
    const base::Error error = std::move(slot).error();
    if (burial_epoch_ != 0) runtime_.die("bury a failed commit: " + error.what);
    // Without a slot for the next commit the puts that wait are refused; they are held only while a
    // slot is filled.
    const bool fits =
        std::ranges::any_of(ready_, [&](const ReadySlot& ready) { return ready.bytes >= needed_; });
    if (!fits) fail_pending(error);
    needed_ = 0;
    loop_.after(kTryAgain, [this] { want_slot(0); });
    pump();
    return;
  }
  // In the order of their numbers; who needs a longer one looks for it.
  ready_.push_back(*std::move(slot));
  std::sort(ready_.begin(), ready_.end(),
            [](const ReadySlot& a, const ReadySlot& b) { return a.segment < b.segment; });
  want_slot(0);
  if (burial_epoch_ != 0) return bury_in_ready_slot();
  pump();
}

// A footer says of commits that they are durable, so it is written only when they are.
void Journal::seal_what_is_durable() {
  for (const auto& owned : segments_) {
    Segment* const segment = owned.get();
    if (segment->state != Segment::State::closed || !segment->footer_wanted ||
        segment->last_commit > durable_commit_) {
      continue;
    }
    segment->footer_wanted = false;
    ++footers_in_flight_;
    const Footer footer = segment->footer(log_uid_);
    const std::uint64_t length = segment->footer_bytes(0, 0);
    const auto bytes = sys::SharedBytes::make(
        static_cast<std::size_t>(length), [&](std::span<char> out) { write_footer(footer, out); });
    segment->drop_frames();
    io_->write(segment->file, segment->capacity - length, bytes,
               [this, segment](Result<void> result) {
                 --footers_in_flight_;
                 if (result) {
                   static_cast<void>(runtime_.fail_points().pass("log.sealed"));
                   segment->state = Segment::State::sealed;
                   segment->drop_entries();
                 }  // else its entries stay in memory and the next start scans it
                 maybe_stopped();
               });
  }
}

void Journal::evict_hot(std::uint64_t bytes_max) {
  for (const auto& segment : segments_) {
    while (hot_bytes_ > bytes_max && !segment->hot.empty()) {
      hot_bytes_ -= segment->hot.front().bytes.size();
      segment->hot.pop_front();
    }
    if (hot_bytes_ <= bytes_max) break;
  }
  probe_.hot_bytes.store(hot_bytes_, std::memory_order_relaxed);
}

// Without new commits nothing else would ever evict. One timer, armed while there is something to
// give back.
void Journal::give_back_when_idle() {
  if (idle_timer_armed_ || hot_bytes_ == 0) return;
  idle_timer_armed_ = true;
  loop_.after(kIdle, [this] {
    idle_timer_armed_ = false;
    if (runtime_.clock().mono() - last_submit_ >= kIdle) {
      evict_hot(0);
      const bool large =
          open_ != nullptr && open_->frames * sizeof(FrameAt) > options_.idle_index_bytes_max;
      if (large && flights_.empty() && failed_from_ == 0) close_open_segment();
    }
    give_back_when_idle();
  });
}

void Journal::hold(HolderId holder, ShardNumber shard, Place low) {
  // Callers may overtake each other, and what a holder has once let go of it never needs again.
  loop_.post([this, holder, shard, low] {
    std::uint64_t& at = holders_[holder][shard];
    at = std::max(at, low.raw());
  });
}

void Journal::drop_holder(HolderId holder) {
  loop_.post([this, holder] { holders_.erase(holder); });
}

bool Journal::held(const Segment& segment) const {
  for (const auto& [holder, lows] : holders_) {
    for (const auto& [shard, low] : lows) {
      const auto found = segment.shards.find(shard);
      if (found != segment.shards.end() && found->second.last_place > low) return true;
    }
  }
  return false;
}

void Journal::start_letting_go() {
  loop_.post([this] { let_go(); });
}

// Whole segments go when all their records are older than retention and nobody needs them.
void Journal::let_go() {
  if (stopping_.load()) return;
  const std::int64_t horizon = clock_.now_ms() - options_.retention_ms;
  for (auto it = segments_.begin(); it != segments_.end() && !clock_.disagrees();) {
    if (freeing_ == kFreesMax) break;
    Segment& segment = **it;
    if (&segment == open_ || segment.newest_ms >= horizon || segment.pinned() || held(segment) ||
        segment.footer_wanted || footers_in_flight_ > 0 || segment.last_commit > durable_commit_) {
      ++it;
      continue;
    }
    for (const HotCommit& commit : segment.hot) hot_bytes_ -= commit.bytes.size();
    const FreedRow commits{segment.first_commit, segment.last_commit};
    // No reader can find it from here on; the slot is used again only behind the catalog's commit.
    ++freeing_;
    storage([this, commits, slot = segment.slot, bytes = segment.capacity] {
      if (auto freed = slots_->free(commits, slot, bytes); !freed) {
        runtime_.die("let a segment go: " + freed.error().what);
      }
      loop_.post([this] { --freeing_; });
    });
    probe_.segments_freed.fetch_add(1, std::memory_order_relaxed);
    it = segments_.erase(it);
  }
  loop_.after(freeing_ == kFreesMax ? kLetGoOn : kLetGoEvery, [this] { let_go(); });
}

// Called whenever a write has landed while a failure is known. Waits for all in flight, then takes
// an epoch and a slot for the commit that buries them.
void Journal::bury() {
  if (burying_) return;
  for (const auto& flight : flights_) {
    if (!flight->landed) return;
  }
  burying_ = true;
  drop_failed();
  storage([this] {
    const auto epoch = catalog_.take_epoch();
    if (!epoch) runtime_.die("bury a failed commit: " + epoch.error().what);
    static_cast<void>(runtime_.fail_points().pass("log.bury.epoch_taken"));
    loop_.post([this, epoch = *epoch] {
      burial_epoch_ = epoch;
      bury_in_ready_slot();
    });
  });
}

// What failed leaves the index before anyone can read beyond its places.
void Journal::drop_failed() {
  for (const auto& flight : flights_) {
    Segment& segment = *flight->segment;
    segment.footer_wanted = false;
    if (flight->offset < segment.end) {
      segment.end = flight->offset;
      if (flight->header.records > 0) segment.forget_from(flight->header.first_place);
      segment.last_commit = durable_commit_;
      while (!segment.hot.empty() && segment.hot.back().offset >= segment.end) {
        hot_bytes_ -= segment.hot.back().bytes.size();
        segment.hot.pop_back();
      }
    }
    for (const Pending& call : flight->calls) {
      to_bury_.push_back({call, base::fail(Code::io, "the commit could not be written")});
    }
  }
  flights_.clear();
  if (open_ != nullptr) open_->state = Segment::State::closed;
  open_ = nullptr;
  for (const auto& segment : segments_) {
    if (segment->state == Segment::State::closed) segment->drop_frames();
  }
  // A segment without a live commit is no longer of the log; its slot is found free at the next
  // start.
  std::erase_if(segments_, [&](const auto& segment) {
    return segment->state == Segment::State::closed && segment->first_commit > durable_commit_;
  });
}

void Journal::bury_in_ready_slot() {
  if (ready_.empty()) return want_slot(0);
  epoch_ = std::exchange(burial_epoch_, 0);
  epoch_first_commit_ = durable_commit_ + 1;
  next_commit_ = epoch_first_commit_;
  HYD_CHECK(ready_segment(kCommitHeaderBytes, 0));
  auto flight = std::make_unique<Flight>();
  flight->segment = open_;
  const sys::SharedBytes bytes = build(*flight, {}, kCommitHeaderBytes);
  const std::uint64_t commit = flight->header.commit;
  open_->end += bytes.size();
  io_->write(open_->file, open_->end - bytes.size(), bytes, [this, commit](Result<void> result) {
    if (!result) runtime_.die("bury a failed commit: " + result.error().what);
    static_cast<void>(runtime_.fail_points().pass("log.bury.written"));
    storage([this, commit] {
      const auto row = catalog_.begin_epoch(
          {.epoch = epoch_, .first_commit = commit, .first_place = next_place_});
      if (!row) runtime_.die("bury a failed commit: " + row.error().what);
      loop_.post([this, commit] { buried(commit); });
    });
  });
}

void Journal::buried(std::uint64_t commit) {
  written_commit_ = durable_commit_ = commit;
  // Numbers behind it were taken back.
  for (Closing& closing : closing_) closing.commit = std::min(closing.commit, commit);
  static_cast<void>(runtime_.fail_points().pass("log.bury.not_answered"));
  probe_.buried.fetch_add(1, std::memory_order_relaxed);
  failed_from_ = 0;
  burying_ = false;
  answer(std::exchange(to_bury_, {}));
  advance();
  pump();
}

}  // namespace hyd::log

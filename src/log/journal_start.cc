// The log's part of a start. The order is the law: epoch number durable, recover, sync what was
// read, epoch's beginning durable, cut; nothing of it is seen by anyone before the end.
#include "base/check.h"
#include "log/journal.h"

#include <fmt/core.h>

#include <algorithm>

namespace hyd::log {

using base::Code;
using base::fail;
using base::Result;

namespace {
// Places of a later start begin at a whole multiple of this, so none is given out twice whatever
// was lost or restored.
constexpr std::uint64_t kBlockPlaces = std::uint64_t{1} << 32;
constexpr std::int64_t kPlaceEpochSeconds = 1'700'000'000;
}  // namespace

Journal::Journal(Token, Parts parts, JournalOptions options)
    : runtime_(parts.runtime),
      dir_(parts.dir),
      catalog_(parts.catalog),
      loop_(parts.loop),
      readers_(parts.readers),
      options_(options),
      clock_(parts.runtime.clock(), 0),
      turns_(options.loops) {}

Journal::~Journal() = default;

Result<std::unique_ptr<Journal>> Journal::open(Parts parts, JournalOptions options) {
  auto journal = std::make_unique<Journal>(Token(), parts, options);
  if (auto started = journal->start(); !started) {
    return std::move(started).error().within("start the log");
  }
  return journal;
}

Result<void> Journal::start() {
  sys::FailPoints& points = runtime_.fail_points();
  ASSIGN_OR_RETURN(epoch_, catalog_.take_epoch());
  RETURN_IF_ERROR(points.pass("log.start.epoch_taken"));
  ASSIGN_OR_RETURN(const LogRows rows, catalog_.rows());
  log_uid_ = rows.log_uid;
  ASSIGN_OR_RETURN(Recovered found, recover(dir_, rows));
  // A restored catalog may count epochs anew: the log knows better.
  while (epoch_ <= found.epoch_max) {
    ASSIGN_OR_RETURN(epoch_, catalog_.take_epoch());
  }
  RETURN_IF_ERROR(points.pass("log.start.recovered"));
  RETURN_IF_ERROR(sync_what_was_read(found));
  RETURN_IF_ERROR(points.pass("log.start.synced"));

  // A start that ended before it recovered leaves an epoch without a beginning.
  const bool fresh =
      found.segments.empty() && found.free.empty() && rows.place_max == 0 &&
      std::ranges::all_of(rows.epochs, [](const EpochRow& row) { return row.first_commit == 0; });
  if (!fresh) {
    const std::uint64_t highest = std::max(found.place_max, rows.place_max);
    const std::int64_t seconds = base::unix_seconds(runtime_.clock().wall()) - kPlaceEpochSeconds;
    std::uint64_t block = highest / kBlockPlaces + 1;
    for (const EpochRow& row : rows.epochs) {
      block = std::max(block, row.first_place / kBlockPlaces + 1);
    }
    if (seconds > 0) block = std::max(block, static_cast<std::uint64_t>(seconds));
    next_place_ = block * kBlockPlaces;
  }
  // Where the log ends in damage, nobody knows how many places it had before the new ones.
  for (DamagedRange& range : found.damage) {
    if (range.last_commit + 1 == found.next_commit) range.place_to = next_place_;
  }
  epoch_first_commit_ = next_commit_ = found.next_commit;
  written_commit_ = durable_commit_ = next_commit_ - 1;
  RETURN_IF_ERROR(catalog_.begin_epoch(
      {.epoch = epoch_, .first_commit = next_commit_, .first_place = next_place_}));
  RETURN_IF_ERROR(points.pass("log.start.epoch_begun"));
  // What they may have held is damage from here on, by the epoch that began behind it.
  for (const std::uint32_t slot : found.lost_slots) {
    RETURN_IF_ERROR(catalog_.put_slot({.slot = slot, .segment = 0}));
  }
  RETURN_IF_ERROR(cut(found));
  RETURN_IF_ERROR(points.pass("log.start.cut"));
  if (found.epoch_min > 0) RETURN_IF_ERROR(catalog_.forget_epochs(found.epoch_min - 1));
  adopt(std::move(found));
  return {};
}

// What a killed process wrote may only be in the cache: it is synced before anyone sees it, and the
// names too.
Result<void> Journal::sync_what_was_read(const Recovered& found) {
  std::vector<std::uint32_t> slots;
  for (const FoundSegment& segment : found.segments) slots.push_back(segment.slot);
  for (const FreeSlot& slot : found.free) slots.push_back(slot.slot);
  for (const std::uint32_t slot : slots) {
    ASSIGN_OR_RETURN(auto file, dir_.open(slot_path(slot), sys::Open::read_write));
    if (auto synced = file->sync(); !synced) {
      return std::move(synced).error().within(slot_path(slot));
    }
  }
  if (!slots.empty()) RETURN_IF_ERROR(dir_.sync_dir(kJournalFolder));
  return {};
}

// Nobody appends to a segment of a former run: what lies behind its last live commit is dead.
Result<void> Journal::cut(const Recovered& found) {
  for (const FoundSegment& segment : found.segments) {
    if (segment.sealed || segment.end_offset >= segment.file_bytes) continue;
    ASSIGN_OR_RETURN(auto file, dir_.open(slot_path(segment.slot), sys::Open::read_write));
    RETURN_IF_ERROR(file->truncate(segment.end_offset));
    RETURN_IF_ERROR(file->sync());
  }
  return {};
}

void Journal::adopt(Recovered found) {
  notes_ = std::move(found.notes);
  damage_ = std::move(found.damage);
  if (found.commits_dead > 0) {
    notes_.push_back(
        fmt::format("{} commits that nobody was told of were cut", found.commits_dead));
  }
  newest_ms_ = found.newest_ms;
  clock_ = LogClock(runtime_.clock(), found.newest_ms);
  now_ms_.store(clock_.now_ms());
  for (FoundSegment& segment : found.segments) {
    if (!segment.sealed) segment.file_bytes = segment.end_offset;
  }
  io_ = runtime_.make_journal_io(loop_, options_.durability);
  slots_ = std::make_unique<Slots>(dir_, catalog_, *io_,
                                   Slots::Options{.segment_bytes = options_.segment_bytes,
                                                  .log_bytes_max = options_.log_bytes_max});
  slots_->adopt(found);
  for (const FoundSegment& segment : found.segments) {
    segments_.push_back(Segment::of(segment));
  }
  readable_.store(next_place_);
  durable_.store(next_place_);
  storage_ = std::make_unique<sys::Workers>(runtime_,
                                            sys::Workers::Options{.name = "storage", .threads = 1});
  loop_.post([this] { want_slot(0); });
}

}  // namespace hyd::log

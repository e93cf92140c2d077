// Appending: from a loop's turn to a durable commit and back.
#include "log/journal.h"

#include "base/check.h"

#include <fmt/core.h>

#include <algorithm>
#include <cstring>
#include <unordered_set>

namespace hyd::log {

using base::Code;
using base::fail;
using base::Result;

namespace {
// Smaller than this a commit takes everything that waits; a single larger call is a commit alone.
constexpr std::uint64_t kCommitBytesMax = 1u << 20;
// Several in flight hide a device's latency; more only queue inside it.
constexpr std::size_t kFlightsMax = 4;
// Up to so many shards of a commit a list is searched faster than a table.
constexpr std::size_t kFewShards = 16;
}  // namespace

void Journal::append(sys::Loop& from, std::span<const NewRecord> call, base::Done<Appended> done) {
  HYD_CHECK(from.index() < turns_.size() && !call.empty());
  std::uint64_t bytes = 0;
  for (const NewRecord& record : call) {
    if (record.key.size() > kKeyBytesMax) {
      return done(fail(Code::invalid, "a record's key is longer than 65,535 bytes"));
    }
    bytes += frame_bytes(record);
  }
  if (bytes > kCallBytesMax) {
    return done(fail(Code::invalid,
                     fmt::format("a call of {} bytes; at most {} fit", bytes, kCallBytesMax)));
  }
  if (stopping_.load(std::memory_order_relaxed)) {
    return done(fail(Code::cancelled, "the log is stopping"));
  }
  std::unique_ptr<Batch>& turn = turns_[from.index()];
  if (!turn) {
    turn = std::make_unique<Batch>();
    turn->from = &from;
    from.at_turn_end([this, index = from.index()] { flush(index); });
  }
  const std::size_t offset = turn->frames.size();
  for (const NewRecord& record : call) append_frame(record, turn->frames);
  turn->calls.push_back({.offset = offset,
                         .bytes = static_cast<std::size_t>(bytes),
                         .records = static_cast<std::uint32_t>(call.size()),
                         .done = std::move(done)});
  admitted_.fetch_add(bytes, std::memory_order_relaxed);
}

void Journal::flush(std::size_t loop) {
  std::shared_ptr<Batch> batch = std::move(turns_[loop]);
  loop_.post([this, batch = std::move(batch)]() mutable { take(std::move(batch)); });
}

bool Journal::has_room() const {
  return admitted_.load(std::memory_order_relaxed) < options_.admitted_bytes_max;
}

Place Journal::end(Mark mark) const {
  return Place((mark == Mark::durable ? durable_ : readable_).load(std::memory_order_acquire));
}

// What is pending is known: it was when it came, and `close_shard` has the rest looked at again.
void Journal::take(std::shared_ptr<Batch> batch) {
  std::vector<Told> told;
  for (std::size_t i = 0; i < batch->calls.size(); ++i) {
    const Pending call{batch, i};
    if (known(call)) {
      pending_.push_back(call);
    } else {
      told.push_back(unknown(call));
    }
  }
  refuse(std::move(told));
  pump_soon();
}

// Once a turn, so that batches of several loops share a commit.
void Journal::pump_soon() {
  if (pump_queued_) return;
  pump_queued_ = true;
  loop_.at_turn_end([this] {
    pump_queued_ = false;
    pump();
  });
}

void Journal::pump() {
  if (std::exchange(closed_since_, false)) refuse_unknown();
  while (!pending_.empty() && may_submit()) {
    if (!submit()) break;
  }
  maybe_stopped();
}

// The next commit goes out when none is in flight, or half the usual latency after the last.
bool Journal::may_submit() {
  if (failed_from_ != 0 || flights_.size() >= kFlightsMax) return false;
  if (flights_.empty()) return true;
  const auto waited = runtime_.clock().mono() - last_submit_;
  if (waited >= usual_ / 2) return true;
  if (!timer_armed_) {
    timer_armed_ = true;
    loop_.after(usual_ / 2 - waited, [this] {
      timer_armed_ = false;
      pump();
    });
  }
  return false;
}

bool Journal::known(const Pending& call) const {
  std::string_view frames = call.frames();
  while (!frames.empty()) {
    const auto shard = shards_.find(frame_shard(frames));
    if (shard == shards_.end() || !shard->second.open) return false;
    frames.remove_prefix(frame_length(frames));
  }
  return true;
}

Journal::Told Journal::unknown(const Pending& call) {
  return {call, fail(Code::not_found, "the shard is unknown or closed")};
}

void Journal::refuse(std::vector<Told> told) {
  probe_.refused.fetch_add(told.size(), std::memory_order_relaxed);
  answer(std::move(told));
}

// A shard may have been closed while the call was waiting.
void Journal::refuse_unknown() {
  std::vector<Told> told;
  std::erase_if(pending_, [&](Pending& call) {
    if (known(call)) return false;
    told.push_back(unknown(call));
    return true;
  });
  refuse(std::move(told));
}

// The calls of the next commit, the bytes of their frames, and the shards that the open segment has
// not used yet.
std::size_t Journal::gather(std::vector<Pending>& calls, std::uint64_t& bytes,
                            std::vector<ShardNumber>& fresh) const {
  // So small beside a segment that any slot takes several.
  const std::uint64_t bytes_max = std::min(kCommitBytesMax, options_.segment_bytes / 4);
  std::unordered_set<ShardNumber> seen;  // used when there are many
  const auto is_fresh = [&](ShardNumber shard) {
    if (fresh.size() < kFewShards)
      return std::find(fresh.begin(), fresh.end(), shard) == fresh.end();
    if (seen.empty()) seen.insert(fresh.begin(), fresh.end());
    return seen.insert(shard).second;
  };
  for (const Pending& call : pending_) {
    if (!calls.empty() && bytes + call.get().bytes > bytes_max) break;
    calls.push_back(call);
    bytes += call.get().bytes;
    std::string_view frames = call.frames();
    while (!frames.empty()) {
      const ShardNumber shard = frame_shard(frames);
      if (is_fresh(shard)) fresh.push_back(shard);
      frames.remove_prefix(frame_length(frames));
    }
  }
  return calls.size();
}

bool Journal::submit() {
  auto flight = std::make_unique<Flight>();
  std::uint64_t frames = 0;
  std::vector<ShardNumber> shards;
  const std::size_t count = gather(flight->calls, frames, shards);
  const std::uint64_t worst = kCommitHeaderBytes + shards.size() * kMeaningBytes + frames;
  if (!ready_segment(worst, shards.size())) return false;

  std::erase_if(shards, [&](ShardNumber shard) { return open_->shards.contains(shard); });
  const std::uint64_t used = kCommitHeaderBytes + shards.size() * kMeaningBytes + frames;
  pending_.erase(pending_.begin(), pending_.begin() + static_cast<std::ptrdiff_t>(count));
  flight->segment = open_;
  const sys::SharedBytes bytes = build(*flight, shards, used);

  last_submit_ = flight->started = runtime_.clock().mono();
  const std::uint64_t commit = flight->header.commit;
  const std::uint64_t offset = open_->end;
  flight->offset = offset;
  open_->end += bytes.size();
  open_->hot.push_back({.offset = offset, .bytes = bytes});
  hot_bytes_ += bytes.size();
  flights_.push_back(std::move(flight));
  if (!runtime_.fail_points().pass("log.torn")) {
    // Half of the commit reaches the disk and the process ends.
    const std::size_t half = bytes.size() / 2 / sys::kBlockBytes * sys::kBlockBytes;
    if (half > 0) {
      io_->write(open_->file, offset, bytes.slice(0, half),
                 [this](Result<void>) { runtime_.die("fail point log.torn"); });
      return true;
    }
    runtime_.die("fail point log.torn");
  }
  io_->write(open_->file, offset, bytes,
             [this, commit](Result<void> result) { finished(commit, std::move(result)); });
  static_cast<void>(runtime_.fail_points().pass("log.submitted"));
  evict_hot(options_.hot_bytes_max);
  give_back_when_idle();
  return true;
}

// Copies the frames into one aligned buffer, gives each record its place and closes the commit.
sys::SharedBytes Journal::build(Flight& flight, const std::vector<ShardNumber>& fresh,
                                std::uint64_t used) {
  newest_ms_ = std::max(newest_ms_, clock_.now_ms());
  now_ms_.store(newest_ms_, std::memory_order_relaxed);
  flight.header = {.log_uid = log_uid_,
                   .epoch = epoch_,
                   .epoch_first_commit = epoch_first_commit_,
                   .segment = open_->number,
                   .commit = next_commit_++,
                   .first_place = next_place_,
                   .durable_commit = durable_commit_,
                   .durable_place = durable_.load(std::memory_order_relaxed),
                   .body_bytes = static_cast<std::uint32_t>(used - kCommitHeaderBytes),
                   .records = 0,
                   .meanings = static_cast<std::uint32_t>(fresh.size()),
                   .time_ms = newest_ms_};
  const std::uint64_t commit_offset = open_->end;
  return sys::SharedBytes::make(
      static_cast<std::size_t>(whole_blocks(used)), [&](std::span<char> out) {
        std::size_t at = kCommitHeaderBytes;
        for (const ShardNumber shard : fresh) {
          put_meaning({.shard = shard, .identity = shards_.at(shard).identity}, out.subspan(at));
          at += kMeaningBytes;
        }
        for (const Pending& call : flight.calls) {
          const std::string_view frames = call.frames();
          std::memcpy(out.data() + at, frames.data(), frames.size());
          flight.firsts.push_back(next_place_);
          const std::size_t end = at + frames.size();
          while (at < end) {
            const std::string_view frame(out.data() + at, end - at);
            const std::size_t length = frame_length(frame);
            close_frame(out.subspan(at, length), Place(next_place_), newest_ms_);
            Shard& shard = shards_.at(frame_shard(frame));
            shard.last_place = next_place_;
            open_->add({.frame_bytes = static_cast<std::uint32_t>(length),
                        .shard = frame_shard(frame),
                        .place = Place(next_place_),
                        .arrival_ms = newest_ms_},
                       shard.identity, commit_offset, commit_offset + at);
            ++next_place_;
            ++flight.header.records;
            at += length;
          }
        }
        close_commit(flight.header, out);
        if (open_->first_commit == 0) open_->first_commit = flight.header.commit;
        if (open_->first_place == 0) open_->first_place = flight.header.first_place;
        open_->last_commit = flight.header.commit;
        open_->last_place = next_place_ - 1;
        open_->newest_ms = newest_ms_;
      });
}

void Journal::finished(std::uint64_t commit, Result<void> result) {
  const auto found = std::find_if(flights_.begin(), flights_.end(), [&](const auto& flight) {
    return flight->header.commit == commit;
  });
  HYD_CHECK(found != flights_.end());
  Flight& flight = **found;
  const auto took = runtime_.clock().mono() - flight.started;
  usual_ = usual_.count() == 0 ? took : (usual_ * 7 + took) / 8;
  flight.landed = true;
  // Nothing from the first failure on counts, whatever landed.
  if (!result) fail_from(commit, result.error());
  advance();
  if (failed_from_ != 0) bury();
  pump();
}

// Moves the mark over every commit that is written with all before it, and answers its calls.
void Journal::advance() {
  std::vector<Told> told;
  while (!flights_.empty() && flights_.front()->landed &&
         (failed_from_ == 0 || flights_.front()->header.commit < failed_from_)) {
    Flight& flight = *flights_.front();
    written(flight);
    probe_.commits.fetch_add(1, std::memory_order_relaxed);
    probe_.records.fetch_add(flight.header.records, std::memory_order_relaxed);
    probe_.bytes.fetch_add(flight.header.file_bytes(), std::memory_order_relaxed);
    for (std::size_t i = 0; i < flight.calls.size(); ++i) {
      told.push_back({flight.calls[i], Appended{.first = Place(flight.firsts[i]),
                                                .arrival_ms = flight.header.time_ms}});
    }
    flights_.pop_front();
  }
  if (!told.empty()) {
    static_cast<void>(runtime_.fail_points().pass("log.durable_not_answered"));
    answer(std::move(told));
    static_cast<void>(runtime_.fail_points().pass("log.answered"));
  }
  std::erase_if(closing_, [&](Closing& closing) {
    if (closing.commit > durable_commit_) return false;
    // A commit that was buried may have had records of the shard behind the mark.
    const std::uint64_t mark = durable_.load(std::memory_order_relaxed);
    closing.done(Place(std::min(shards_[closing.shard].last_place, mark - 1)));
    return true;
  });
  seal_what_is_durable();
}

// One message a loop, whatever the number of calls.
void Journal::answer(std::vector<Told> told) {
  if (told.empty()) return;
  std::map<sys::Loop*, std::vector<Told>> by_loop;
  for (Told& one : told) {
    admitted_.fetch_sub(one.call.get().bytes, std::memory_order_relaxed);
    by_loop[one.call.batch->from].push_back(std::move(one));
  }
  for (auto& [loop, answers] : by_loop) {
    loop->post([all = std::move(answers)]() mutable {
      for (Told& one : all) one.call.get().done(std::move(one.answer));
    });
  }
}

void Journal::fail_pending(const base::Error& error) {
  std::vector<Told> told;
  for (Pending& call : pending_) told.push_back({call, error});
  pending_.clear();
  refuse(std::move(told));
}

void Journal::open_shard(ShardNumber shard, ShardIdentity identity, base::Done<void> done) {
  loop_.post([this, shard, identity, done = std::move(done)]() mutable {
    Shard& mine = shards_[shard];
    if (mine.open && !(mine.identity == identity)) {
      return done(fail(Code::conflict, fmt::format("shard {} means another one", shard.raw())));
    }
    mine.identity = identity;
    mine.open = true;
    done({});
  });
}

void Journal::close_shard(ShardNumber shard, base::Done<Place> done) {
  loop_.post([this, shard, done = std::move(done)]() mutable {
    const auto found = shards_.find(shard);
    if (found == shards_.end()) {
      return done(fail(Code::not_found, fmt::format("shard {} was never opened", shard.raw())));
    }
    found->second.open = false;
    closed_since_ = true;
    closing_.push_back({.shard = shard, .commit = next_commit_ - 1, .done = std::move(done)});
    if (closing_.back().commit <= durable_commit_) advance();
    pump_soon();
  });
}

void Journal::stop(base::Task done) {
  stopping_.store(true);
  loop_.post([this, done = std::move(done)]() mutable {
    stopped_ = std::move(done);
    pump();
  });
}

void Journal::maybe_stopped() {
  if (!stopped_ || !pending_.empty() || !flights_.empty() || failed_from_ != 0 ||
      footers_in_flight_ > 0 || !synced_up() || storage_tasks_ > 0) {
    return;
  }
  loop_.post([this, done = std::exchange(stopped_, nullptr)]() mutable {
    io_->stop();
    done();
  });
}

}  // namespace hyd::log

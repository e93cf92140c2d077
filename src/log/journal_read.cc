// Reading: the journal loop plans (which segment, which frames), others carry the plan out.
#include "log/journal.h"

#include <fmt/core.h>

#include <algorithm>

namespace hyd::log {

using base::Code;
using base::fail;
using base::Result;

// The mark, or the damaged range before it.
Result<std::uint64_t> Journal::limit_of(const ReadRequest& request) const {
  std::uint64_t limit = end(request.up_to).raw();
  for (const DamagedRange& range : damage_) {
    if (request.from.raw() >= range.place_to) continue;
    if (request.from.raw() >= range.place_from) {
      return fail(Code::corrupt, fmt::format("commits {} to {} are damaged ({}): places {} to {}",
                                             range.first_commit, range.last_commit, range.where,
                                             range.place_from, range.place_to - 1));
    }
    limit = std::min(limit, range.place_from);
  }
  return limit;
}

void Journal::plan_frames(const Segment& segment, const SegmentShard& shard,
                          const ReadRequest& request, ReadPlan& plan) const {
  plan.frames_known = true;
  std::uint64_t bytes = 0;
  auto frame =
      std::lower_bound(shard.frames.begin(), shard.frames.end(), request.from.raw(),
                       [](const FrameAt& at, std::uint64_t place) { return at.place < place; });
  for (; frame != shard.frames.end() && frame->place < plan.limit; ++frame) {
    const std::uint64_t size = frame->bytes - kFrameHeaderBytes;
    if (!plan.frames.empty() &&
        (plan.frames.size() >= request.records_max || bytes + size > request.bytes_max)) {
      plan.frames_cut_off = true;
      return;
    }
    bytes += size;
    plan.frames.push_back(*frame);
    auto hot = std::upper_bound(
        segment.hot.begin(), segment.hot.end(), frame->offset,
        [](std::uint64_t offset, const HotCommit& commit) { return offset < commit.offset; });
    sys::SharedBytes memory;
    if (hot != segment.hot.begin()) {
      --hot;
      const std::uint64_t at = frame->offset - hot->offset;
      if (at + frame->bytes <= hot->bytes.size()) {
        memory = hot->bytes.slice(static_cast<std::size_t>(at), frame->bytes);
      }
    }
    plan.memory.push_back(std::move(memory));
  }
}

// What of the segment a read needs; `shard` is its part of it.
ReadPlan Journal::plan_in(const Segment& segment, const SegmentShard& shard,
                          const ReadRequest& request, std::uint64_t limit) const {
  ReadPlan plan{.shard = request.shard,
                .from = request.from.raw(),
                .limit = limit,
                .last = shard.last_place,
                .up_to_mark = limit >= end(request.up_to).raw(),
                .records_max = request.records_max,
                .bytes_max = request.bytes_max,
                .log_uid = log_uid_,
                .slot = segment.slot,
                .segment = segment.number,
                .capacity = segment.capacity,
                .end = segment.end,
                .file = segment.file,
                .pin = segment.pin,
                .frames = {},
                .memory = {},
                .scan_from = {}};
  if (!shard.frames.empty()) {
    plan_frames(segment, shard, request, plan);
  } else if (segment.state != Segment::State::sealed) {
    plan.scan_from = 0;
    for (const IndexEntry& entry : shard.entries) {
      if (entry.place.raw() <= plan.from) plan.scan_from = entry.commit_offset;
    }
  }
  return plan;
}

Result<std::optional<ReadPlan>> Journal::plan(const ReadRequest& request) {
  if (!shards_.contains(request.shard)) {
    return fail(Code::not_found, fmt::format("shard {} was never opened", request.shard.raw()));
  }
  ASSIGN_OR_RETURN(const std::uint64_t limit, limit_of(request));
  const std::uint64_t from = request.from.raw();
  std::optional<ReadPlan> found;
  for (const auto& segment : segments_) {
    if (segment->last_place < from || segment->first_place == 0) continue;
    if (segment->first_place >= limit) break;
    const auto shard = segment->shards.find(request.shard);
    if (shard == segment->shards.end() || shard->second.last_place < from) continue;
    if (found) {
      found->more_behind = true;
      break;
    }
    ReadPlan plan = plan_in(*segment, shard->second, request, limit);
    if (plan.frames_known && plan.frames.empty()) continue;  // only what is still in flight
    found = std::move(plan);
  }
  return found;
}

// On an I/O worker. A former run's segment is opened when it is read.
Result<ReadResult> Journal::from_disk(ReadPlan& plan) {
  if (!plan.file) {
    ASSIGN_OR_RETURN(auto file,
                     dir_.open(slot_path(plan.slot), sys::Open::read, sys::Caching::direct));
    plan.file = std::move(file);
  }
  return carry_out(plan);
}

void Journal::deliver(sys::Loop* from, std::shared_ptr<ReadPlan> plan,
                      base::Done<ReadResult> done) {
  if (from != nullptr && all_in_memory(*plan)) {
    from->post([plan, done = std::move(done)]() mutable { done(carry_out(*plan)); });
    return;
  }
  auto shared = std::make_shared<base::Done<ReadResult>>(std::move(done));
  base::Task task = [this, from, plan, shared] {
    auto result = std::make_shared<Result<ReadResult>>(from_disk(*plan));
    plan->pin.reset();
    if (from == nullptr) return (*shared)(std::move(*result));
    from->post([shared, result] { (*shared)(std::move(*result)); });
  };
  if (!readers_.submit(task)) {
    base::Task refuse = [shared] {
      (*shared)(fail(Code::unavailable, "too many reads wait for the disk"));
    };
    if (from == nullptr) return refuse();
    from->post(std::move(refuse));
  }
}

void Journal::read(sys::Loop* from, const ReadRequest& request, base::Done<ReadResult> done) {
  loop_.post([this, from, request, done = std::move(done)]() mutable {
    auto planned = plan(request);
    if (planned && *planned) {
      return deliver(from, std::make_shared<ReadPlan>(*std::move(*planned)), std::move(done));
    }
    Result<ReadResult> answer = ReadResult{};
    if (!planned) {
      answer = std::move(planned).error();
    } else {
      // Nothing is there up to the mark, or up to a damaged range that the next read will name.
      const auto limit = limit_of(request);
      answer->next = Place(std::max(request.from.raw(), limit ? *limit : request.from.raw()));
      answer->caught_up = answer->next >= end(request.up_to);
    }
    if (from == nullptr) return done(std::move(answer));
    from->post([done = std::move(done), answer = std::move(answer)]() mutable {
      done(std::move(answer));
    });
  });
}

// The first segment from `from` on that may hold what a search by time wants, and in it the stretch
// between two entries: some 64 KiB and a commit, whatever the segment's size.
Result<std::optional<ReadPlan>> Journal::plan_by_time(ShardNumber shard, std::int64_t since_ms,
                                                      Place from) const {
  for (const auto& segment : segments_) {
    if (segment->first_place == 0 || segment->newest_ms < since_ms) continue;
    const auto mine = segment->shards.find(shard);
    if (mine == segment->shards.end() || mine->second.last_place < from.raw()) continue;
    ReadRequest request{.shard = shard,
                        .from = Place(std::max(from.raw(), segment->first_place)),
                        .records_max = SIZE_MAX,
                        .bytes_max = UINT64_MAX};
    std::uint64_t frames_end = UINT64_MAX;  // where the next entry is new enough
    for (const IndexEntry& entry : mine->second.entries) {
      if (entry.time_ms >= since_ms) {
        frames_end = entry.place.raw() + 1;
        break;
      }
      request.from = std::max(request.from, entry.place);
    }
    ASSIGN_OR_RETURN(const std::uint64_t limit, limit_of(request));
    if (request.from.raw() >= limit) return std::optional<ReadPlan>();
    ReadPlan plan = plan_in(*segment, mine->second, request, std::min(limit, frames_end));
    plan.since_ms = since_ms;
    return std::optional<ReadPlan>(std::move(plan));
  }
  return std::optional<ReadPlan>();
}

// At most two steps where nothing is damaged: behind a segment whose newest record is new enough
// every record is.
void Journal::search(sys::Loop* from, ShardNumber shard, std::int64_t since_ms, Place next,
                     base::Done<Place> done) {
  auto planned = shards_.contains(shard)
                     ? plan_by_time(shard, since_ms, next)
                     : fail(Code::not_found, fmt::format("shard {} was never opened", shard.raw()));
  if (!planned || !*planned) {
    Result<Place> answer = end(Mark::readable);
    if (!planned) answer = std::move(planned).error();
    if (from == nullptr) return done(std::move(answer));
    return from->post([answer = std::move(answer), done = std::move(done)]() mutable {
      done(std::move(answer));
    });
  }
  const ReadPlan& there = **planned;
  const Place behind(there.up_to_mark ? there.last + 1 : std::min(there.last + 1, there.limit));
  deliver(from, std::make_shared<ReadPlan>(*std::move(*planned)),
          [this, from, shard, since_ms, behind,
           done = std::move(done)](Result<ReadResult> got) mutable {
            if (!got) return done(std::move(got).error());
            if (!got->records.empty()) return done(got->records.front().place);
            // What was new enough there is another shard's, not readable yet, or behind damage.
            loop_.post([this, from, shard, since_ms, behind, done = std::move(done)]() mutable {
              search(from, shard, since_ms, behind, std::move(done));
            });
          });
}

void Journal::find_by_time(sys::Loop* from, ShardNumber shard, std::int64_t arrival_ms,
                           base::Done<Place> done) {
  loop_.post([this, from, shard, arrival_ms, done = std::move(done)]() mutable {
    search(from, shard, arrival_ms, Place(1), std::move(done));
  });
}

}  // namespace hyd::log

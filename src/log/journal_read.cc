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
    ReadPlan plan{.shard = request.shard,
                  .from = from,
                  .limit = limit,
                  .up_to_mark = limit >= end(request.up_to).raw(),
                  .records_max = request.records_max,
                  .bytes_max = request.bytes_max,
                  .log_uid = log_uid_,
                  .slot = segment->slot,
                  .segment = segment->number,
                  .capacity = segment->capacity,
                  .end = segment->end,
                  .file = segment->file,
                  .pin = segment->pin,
                  .frames = {},
                  .memory = {},
                  .scan_from = {}};
    if (!shard->second.frames.empty()) {
      plan_frames(*segment, shard->second, request, plan);
      if (plan.frames.empty()) continue;  // only what is still in flight
    } else if (segment->state != Segment::State::sealed) {
      plan.scan_from = 0;
      for (const IndexEntry& entry : shard->second.entries) {
        if (entry.place.raw() <= from) plan.scan_from = entry.commit_offset;
      }
    }
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

namespace {

// One step of a search by time: a read, and if it has nothing new enough, the next.
void search(Log& log, sys::Loop* from, ReadRequest request, std::int64_t arrival_ms,
            base::Done<Place> done) {
  log.read(
      from, request,
      [&log, from, request, arrival_ms, done = std::move(done)](Result<ReadResult> got) mutable {
        if (!got) return done(std::move(got).error());
        for (const ReadRecord& record : got->records) {
          if (record.arrival_ms >= arrival_ms) return done(record.place);
        }
        if (got->caught_up) return done(got->next);
        request.from = got->next;
        search(log, from, request, arrival_ms, std::move(done));
      });
}

}  // namespace

void Journal::find_by_time(sys::Loop* from, ShardNumber shard, std::int64_t arrival_ms,
                           base::Done<Place> done) {
  loop_.post([this, from, shard, arrival_ms, done = std::move(done)]() mutable {
    // The first segment that is new enough is where the search begins.
    ReadRequest request{.shard = shard, .from = Place(1)};
    for (const auto& segment : segments_) {
      if (segment->first_place == 0) continue;
      request.from = Place(segment->first_place);
      if (segment->newest_ms >= arrival_ms) break;
    }
    search(*this, from, request, arrival_ms, std::move(done));
  });
}

}  // namespace hyd::log

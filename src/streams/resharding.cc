// How a change of shards is made true (docs/decisions/0011-resharding.md).
#include "streams/faults.h"
#include "streams/log_shards.h"
#include "streams/reshard.h"
#include "streams/streams.h"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <memory>
#include <utility>

namespace hyd::streams {

using base::Result;
using base::Uid;

namespace {

// Of one loop: puts that wait while shards change hands. More is refused, as by a full log.
constexpr std::uint64_t kWaitingBytesMax = 32u << 20;
constexpr std::chrono::seconds kTryAgain(1);

std::vector<Shard> parents_of(const Stream& stream, const ReshardPlan& plan) {
  std::vector<Shard> parents;
  for (const std::uint32_t index : plan.closed) parents.push_back(stream.shards[index]);
  return parents;
}

}  // namespace

struct Streams::Resharding {
  StreamPtr stream;  // as it was before
  ReshardPlan plan;
  ShardChange change = {};
  std::vector<Shard> added = {};
  Answer answer;
};

// --- puts

Streams::PutTurn Streams::begin_put(const sys::Loop& loop) {
  Putting& puts = puts_[loop.index()];
  ++puts.in_flight[puts.turn];
  return puts.turn;
}

void Streams::end_put(const sys::Loop& loop, PutTurn turn) {
  Putting& puts = puts_[loop.index()];
  if (--puts.in_flight[turn] > 0 || turn == puts.turn || !puts.drained) return;
  std::exchange(puts.drained, nullptr)();
}

bool Streams::wait_for_shards(const sys::Loop& loop, const Uid& stream, std::uint64_t bytes,
                              base::Task again) {
  Putting& puts = puts_[loop.index()];
  if (puts.waiting_bytes + bytes > kWaitingBytesMax) return false;
  puts.waiting_bytes += bytes;
  puts.waiting[stream].push_back({.bytes = bytes, .again = std::move(again)});
  return true;
}

void Streams::wake_puts(const Uid& stream) {
  for (sys::Loop* const loop : parts_.loops) {
    loop->post([this, loop, stream] {
      Putting& puts = puts_[loop->index()];
      auto node = puts.waiting.extract(stream);
      if (node.empty()) return;
      for (Waiting& one : node.mapped()) {
        puts.waiting_bytes -= one.bytes;
        one.again();
      }
    });
  }
}

// Puts that begin from here on count for the other turn; `then` runs on the first loop when all
// others have been answered. One at a time: in turn under the uid that no stream has.
void Streams::drain_puts(base::Task then) {
  in_turn(Uid(), [this, then = std::move(then)](base::Task release) mutable {
    auto left = std::make_shared<std::size_t>(parts_.loops.size());
    auto all = std::make_shared<base::Task>(
        [release = std::move(release), then = std::move(then)]() mutable {
          release();
          then();
        });
    for (sys::Loop* const loop : parts_.loops) {
      loop->post([this, loop, left, all] {
        Putting& puts = puts_[loop->index()];
        const PutTurn before = std::exchange(puts.turn, 1 - puts.turn);
        puts.drained = [this, left, all] {
          first().post([left, all] {
            if (--*left == 0) (*all)();
          });
        };
        if (puts.in_flight[before] == 0) std::exchange(puts.drained, nullptr)();
      });
    }
  });
}

// --- shards

void Streams::reshard(const aws::Call& call, const StreamPtr& stream, DecideShards decide,
                      aws::Done<StreamPtr> done) {
  first().post([this, uid = stream->uid, name = stream->name, decide = std::move(decide),
                answer = answer_on(call.loop, stream->uid, std::move(done))]() mutable {
    in_turn(uid, [this, uid, name, decide = std::move(decide),
                  answer = std::move(answer)](base::Task release) mutable {
      Answer last = [release = std::move(release),
                     answer = std::move(answer)](std::optional<aws::Fault> fault) mutable {
        release();
        answer(std::move(fault));
      };
      const StreamPtr now = newest()->find(uid);
      if (!now || now->status == Status::gone) return last(missing(name));
      NewShards wanted = decide(*now);
      if (!wanted) return last(std::move(wanted).error());
      if (!*wanted) return last(std::nullopt);
      if (parts_.transition.count() > 0) return reshard_later(uid, **wanted, std::move(last));
      carry_out(now, **wanted, std::move(last));
    });
  });
}

void Streams::reshard_later(const Uid& uid, const Reshard& what, Answer answer) {
  parts_.catalog.put_pending(
      uid, what.text(), [this, uid, what, answer = std::move(answer)](Result<bool> kept) mutable {
        first().post(
            [this, uid, what, answer = std::move(answer), kept = std::move(kept)]() mutable {
              if (!kept) return answer(aws::fault_from(std::move(kept).error()));
              if (!*kept) return answer(missing(uid.hex()));
              static_cast<void>(parts_.runtime.fail_points().pass("streams.reshard.pending"));
              alter(
                  uid, [](Stream& stream) { stream.status = Status::updating; },
                  [this, uid, what, answer = std::move(answer)]() mutable {
                    answer(std::nullopt);
                    carry_out_later(uid, what, parts_.transition);
                  });
            });
      });
}

// Until it is done: a stream may not stay UPDATING.
void Streams::carry_out_later(const Uid& uid, Reshard what, std::chrono::nanoseconds delay) {
  first().after(delay, [this, uid, what] {
    in_turn(uid, [this, uid, what](base::Task release) mutable {
      const StreamPtr now = newest()->find(uid);
      if (!now || now->status != Status::updating) return release();  // deleted meanwhile
      carry_out(now, what,
                [this, uid, what,
                 release = std::move(release)](const std::optional<aws::Fault>& fault) mutable {
                  release();
                  if (fault) carry_out_later(uid, what, kTryAgain);
                });
    });
  });
}

void Streams::carry_out(const StreamPtr& stream, const Reshard& what, Answer answer) {
  auto work = std::make_shared<Resharding>(Resharding{
      .stream = stream, .plan = plan_reshard(*stream, what), .answer = std::move(answer)});
  alter(
      stream->uid, [](Stream& now) { now.sealed = true; },
      [this, work] {
        static_cast<void>(parts_.runtime.fail_points().pass("streams.reshard.sealed"));
        drain_puts([this, work] { close_parents(work); });
      });
}

void Streams::close_parents(ReshardingPtr work) {
  static_cast<void>(parts_.runtime.fail_points().pass("streams.reshard.drained"));
  close_in_log(parts_.log, parents_of(*work->stream, work->plan),
               [this, work](Result<std::vector<ShardEnd>> ends) {
                 first().post([this, work, ends = std::move(ends)]() mutable {
                   if (!ends) return give_up(work, aws::fault_from(std::move(ends).error()));
                   store_shards(work, *std::move(ends));
                 });
               });
}

void Streams::store_shards(ReshardingPtr work, std::vector<ShardEnd> ends) {
  if (auto good = parts_.runtime.fail_points().pass("streams.reshard.closed"); !good) {
    return give_up(work, aws::fault_from(std::move(good).error()));
  }
  work->change = change_of(
      *work->stream, work->plan,
      {.ends = std::move(ends), .next = parts_.log.end(log::Mark::durable), .now_ms = now_ms()});
  parts_.catalog.reshard(
      work->stream->uid, work->change,
      [this, work](Result<std::shared_ptr<const std::vector<Shard>>> added) {
        first().post([this, work, added = std::move(added)]() mutable {
          if (!added) return give_up(work, aws::fault_from(std::move(added).error()));
          if (!*added) return give_up(work, missing(work->stream->name));
          work->added = **added;
          static_cast<void>(parts_.runtime.fail_points().pass("streams.reshard.stored"));
          open_children(work);
        });
      });
}

// Behind the durable change there is no way back.
void Streams::open_children(ReshardingPtr work) {
  std::vector<Shard> children;
  std::ranges::copy_if(work->added, std::back_inserter(children), &Shard::open);
  open_in_log(parts_.log, work->stream->uid, children, [this, work](Result<void> opened) {
    if (!opened) parts_.runtime.die("open the shards of a reshard: " + opened.error().what);
    first().post([this, work] { show_shards(work); });
  });
}

void Streams::show_shards(ReshardingPtr work) {
  static_cast<void>(parts_.runtime.fail_points().pass("streams.reshard.opened"));
  alter(
      work->stream->uid,
      [&](Stream& now) {
        apply(now, work->change, work->added);
        now.sealed = false;
        if (now.status == Status::updating) now.status = Status::active;
      },
      [this, work] {
        static_cast<void>(parts_.runtime.fail_points().pass("streams.reshard.shown"));
        wake_puts(work->stream->uid);
        work->answer(std::nullopt);
      });
}

// Nothing of it is durable: the parents go on.
void Streams::give_up(ReshardingPtr work, aws::Fault fault) {
  open_in_log(parts_.log, work->stream->uid, parents_of(*work->stream, work->plan),
              [this, work, fault = std::move(fault)](Result<void>) mutable {
                first().post([this, work, fault = std::move(fault)]() mutable {
                  alter(
                      work->stream->uid, [](Stream& now) { now.sealed = false; },
                      [this, work, fault = std::move(fault)]() mutable {
                        wake_puts(work->stream->uid);
                        work->answer(std::move(fault));
                      });
                });
              });
}

}  // namespace hyd::streams

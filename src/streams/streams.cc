#include "streams/streams.h"

#include "streams/faults.h"
#include "streams/log_shards.h"
#include "sys/wait_for.h"

#include <algorithm>
#include <utility>

namespace hyd::streams {

using base::Result;
using base::Uid;

namespace {

void end_stream(Stream& stream, const std::vector<ShardEnd>& ends) {
  if (stream.status == Status::gone) return;  // the ends of the first time stay
  stream.status = Status::gone;
  apply(stream, {.ends = ends}, {});
}

// Those that the log has to know: a shard that was closed as it was made has nothing there.
template <class Want>
std::vector<Shard> shards_of(const Stream& stream, Want want) {
  std::vector<Shard> all;
  for (const Shard& shard : stream.shards) {
    if (!shard.never_had_records() && want(shard)) all.push_back(shard);
  }
  return all;
}

bool any(const Shard&) { return true; }
bool is_closed(const Shard& shard) { return !shard.open(); }

// Opens its shards in the log, and closes again those that have ended: their records can be read
// then. Ends what was being deleted.
Result<StreamPtr> take_up(const Streams::Parts& parts, StreamPtr stream) {
  RETURN_IF_ERROR(sys::wait_for<void>(parts.runtime, [&](base::Done<void> done) {
    open_in_log(parts.log, stream->uid, shards_of(*stream, any), std::move(done));
  }));
  const bool all = stream->status != Status::active;
  ASSIGN_OR_RETURN(const std::vector<ShardEnd> ends,
                   sys::wait_for<std::vector<ShardEnd>>(
                       parts.runtime, [&](base::Done<std::vector<ShardEnd>> done) {
                         close_in_log(parts.log, shards_of(*stream, all ? any : is_closed),
                                      std::move(done));
                       }));
  if (stream->status != Status::deleting) return stream;
  RETURN_IF_ERROR(sys::wait_for<void>(parts.runtime, [&](base::Done<void> done) {
    parts.catalog.finish_delete(stream->uid, ends, std::move(done));
  }));
  Stream gone = *stream;
  end_stream(gone, ends);
  return std::make_shared<const Stream>(std::move(gone));
}

// Carries out what a stream was to become when the former run ended: nothing is put yet.
Result<StreamPtr> finish_reshard(const Streams::Parts& parts, StreamPtr stream,
                                 std::string_view what) {
  if (stream->status != Status::active) return stream;
  const std::optional<Reshard> wanted = Reshard::parse(what);
  if (!wanted) return base::fail(base::Code::corrupt, "a change of its shards cannot be read");
  const ReshardPlan plan = plan_reshard(*stream, *wanted);
  std::vector<Shard> parents;
  for (const std::uint32_t index : plan.closed) parents.push_back(stream->shards[index]);
  ASSIGN_OR_RETURN(std::vector<ShardEnd> ends,
                   sys::wait_for<std::vector<ShardEnd>>(
                       parts.runtime, [&](base::Done<std::vector<ShardEnd>> done) {
                         close_in_log(parts.log, parents, std::move(done));
                       }));
  const ShardChange change = change_of(*stream, plan,
                                       {.ends = std::move(ends),
                                        .next = parts.log.end(log::Mark::durable),
                                        .now_ms = parts.log.now_ms()});
  using Added = std::shared_ptr<const std::vector<Shard>>;
  ASSIGN_OR_RETURN(const Added added, sys::wait_for<Added>(parts.runtime, [&](auto done) {
                     parts.catalog.reshard(stream->uid, change, std::move(done));
                   }));
  if (!added) return stream;
  Stream next = *stream;
  apply(next, change, *added);
  RETURN_IF_ERROR(sys::wait_for<void>(parts.runtime, [&](base::Done<void> done) {
    open_in_log(parts.log, next.uid,
                shards_of(next,
                          [&](const Shard& shard) {
                            return shard.open() && shard.index >= stream->shards.size();
                          }),
                std::move(done));
  }));
  return std::make_shared<const Stream>(std::move(next));
}

}  // namespace

Result<std::unique_ptr<Streams>> Streams::open(Parts parts) {
  Kept kept;
  ASSIGN_OR_RETURN(kept.key, parts.catalog.seal_key(parts.runtime.entropy()));
  ASSIGN_OR_RETURN(kept.account, parts.catalog.account());
  ASSIGN_OR_RETURN(const auto pending, parts.catalog.pending());
  ASSIGN_OR_RETURN(std::vector<StreamPtr> streams, parts.catalog.list());
  auto picture = std::make_shared<Picture>();
  for (StreamPtr& stream : streams) {
    const std::string name = stream->name;
    Result<StreamPtr> taken = take_up(parts, std::move(stream));
    if (taken) {
      const auto what = pending.find((*taken)->uid);
      if (what != pending.end()) taken = finish_reshard(parts, *std::move(taken), what->second);
    }
    if (!taken) return std::move(taken).error().within("stream " + name);
    picture->put(*std::move(taken));
  }
  kept.picture = std::move(picture);
  auto made = std::make_unique<Streams>(std::move(parts), std::move(kept));
  made->hold_from_now_on();
  return made;
}

Streams::Streams(Parts parts, Kept kept)
    : parts_(std::move(parts)),
      opened_ms_(parts_.log.now_ms()),
      opened_mono_(parts_.runtime.clock().mono()),
      snapshots_(parts_.loops, kept.picture),
      puts_(parts_.loops.size()),
      newest_(std::move(kept.picture)),
      account_(kept.account) {
  for (std::size_t i = 0; i < parts_.loops.size(); ++i) {
    tokens_.emplace_back(kept.key, parts_.runtime.entropy());
  }
  if (parts_.quotas) quotas_.emplace(parts_.runtime.clock());
}

std::shared_ptr<const Picture> Streams::newest() const {
  const base::Lock lock(mutex_);
  return newest_;
}

std::int64_t Streams::now_ms() const {
  const auto passed = parts_.runtime.clock().mono() - opened_mono_;
  return std::max(
      parts_.log.now_ms(),
      opened_ms_ + std::chrono::duration_cast<std::chrono::milliseconds>(passed).count());
}

void Streams::publish(std::move_only_function<void(Picture&)> change, base::Task everywhere) {
  auto next = std::make_shared<Picture>(*newest());
  change(*next);
  {
    const base::Lock lock(mutex_);
    newest_ = next;
  }
  snapshots_.publish(std::move(next), std::move(everywhere));
}

void Streams::alter(const Uid& stream, std::move_only_function<void(Stream&)> change,
                    base::Task everywhere) {
  publish(
      [&](Picture& picture) {
        const StreamPtr& now = picture.find(stream);
        if (!now) return;
        Stream next = *now;
        change(next);
        picture.put(std::make_shared<const Stream>(std::move(next)));
      },
      std::move(everywhere));
}

Streams::Answer Streams::answer_on(sys::Loop& loop, aws::Done<aws::Nothing> done) {
  return [&loop, done = std::move(done)](std::optional<aws::Fault> fault) mutable {
    loop.post([done = std::move(done), fault = std::move(fault)]() mutable {
      if (fault) return done(std::unexpected(*std::move(fault)));
      done(aws::Nothing{});
    });
  };
}

Streams::Answer Streams::answer_on(sys::Loop& loop, const Uid& stream, aws::Done<StreamPtr> done) {
  return [this, &loop, stream, done = std::move(done)](std::optional<aws::Fault> fault) mutable {
    StreamPtr shown = newest()->find(stream);
    loop.post(
        [done = std::move(done), fault = std::move(fault), shown = std::move(shown)]() mutable {
          if (fault) return done(std::unexpected(*std::move(fault)));
          done(std::move(shown));
        });
  };
}

aws::Fault Streams::missing(std::string_view name) const {
  return no_such_stream({.account = account(), .name = name});
}

void Streams::in_turn(const Uid& stream, Work work) {
  const auto [turn, idle] = turns_.try_emplace(stream);
  turn->second.push_back(std::move(work));
  if (idle) next_turn(stream);
}

// The work that runs is no more in the queue; an empty one that is there means that it runs.
void Streams::next_turn(const Uid& stream) {
  const auto turn = turns_.find(stream);
  if (turn->second.empty()) {
    turns_.erase(turn);
    return;
  }
  Work work = std::move(turn->second.front());
  turn->second.pop_front();
  work([this, stream] { first().post([this, stream] { next_turn(stream); }); });
}

// --- create

void Streams::create(const aws::Call& call, NewStream stream, aws::Done<aws::Nothing> done) {
  const std::string name = stream.name;
  parts_.catalog.create(
      std::move(stream),
      [this, name, answer = answer_on(call.loop, std::move(done))](Result<StreamPtr> made) mutable {
        first().post([this, name, made = std::move(made), answer = std::move(answer)]() mutable {
          if (!made) return answer(aws::fault_from(std::move(made).error()));
          if (!*made) return answer(stream_exists({.account = account(), .name = name}));
          created(*made, std::move(answer));
        });
      });
}

void Streams::created(const StreamPtr& stream, Answer answer) {
  static_cast<void>(parts_.runtime.fail_points().pass("streams.create.stored"));
  if (parts_.transition.count() == 0) return activate(stream, std::move(answer));
  Stream creating = *stream;
  creating.status = Status::creating;
  auto shown = std::make_shared<const Stream>(std::move(creating));
  publish([&](Picture& picture) { picture.put(shown); },
          [this, stream, answer = std::move(answer)]() mutable {
            answer(std::nullopt);
            first().after(parts_.transition,
                          [this, stream] { activate(stream, [](std::optional<aws::Fault>) {}); });
          });
}

void Streams::activate(const StreamPtr& stream, Answer answer) {
  // A delete may have overtaken it: its shards must not be opened again.
  const StreamPtr shown = newest()->find(stream->uid);
  if (parts_.transition.count() > 0 && (!shown || shown->status != Status::creating)) return;
  open_in_log(parts_.log, stream->uid, stream->shards,
              [this, stream, answer = std::move(answer)](Result<void> opened) mutable {
                first().post([this, stream, opened = std::move(opened),
                              answer = std::move(answer)]() mutable {
                  // The row stands, so the next start tries again.
                  if (!opened) return answer(aws::fault_from(std::move(opened).error()));
                  publish(
                      [&](Picture& picture) {
                        const StreamPtr& now = picture.find(stream->uid);
                        if (now && now->status != Status::creating) return;
                        Stream active = now ? *now : *stream;  // tags may have changed
                        active.status = Status::active;
                        picture.put(std::make_shared<const Stream>(std::move(active)));
                      },
                      [answer = std::move(answer)]() mutable { answer(std::nullopt); });
                });
              });
}

// --- delete

void Streams::remove(const aws::Call& call, const StreamPtr& stream, bool consumers_too,
                     aws::Done<aws::Nothing> done) {
  first().post([this, uid = stream->uid, name = stream->name, consumers_too,
                answer = answer_on(call.loop, std::move(done))]() mutable {
    in_turn(uid, [this, uid, name, consumers_too,
                  answer = std::move(answer)](base::Task release) mutable {
      Answer last = [release = std::move(release),
                     answer = std::move(answer)](std::optional<aws::Fault> fault) mutable {
        release();
        answer(std::move(fault));
      };
      const StreamPtr now = newest()->find(uid);
      if (now && !consumers_too && !now->settings.consumers.empty()) {
        return last(stream_has_consumers({.account = account(), .name = name}));
      }
      parts_.catalog.begin_delete(
          uid, [this, uid, last = std::move(last)](Result<bool> begun) mutable {
            first().post([this, uid, begun = std::move(begun), last = std::move(last)]() mutable {
              if (!begun) return last(aws::fault_from(std::move(begun).error()));
              if (!*begun) return last(std::nullopt);  // another call has finished it
              begun_to_delete(uid, std::move(last));
            });
          });
    });
  });
}

void Streams::begun_to_delete(const Uid& uid, Answer answer) {
  static_cast<void>(parts_.runtime.fail_points().pass("streams.delete.begun"));
  alter(
      uid,
      [](Stream& stream) {
        if (stream.status != Status::gone) stream.status = Status::deleting;
      },
      [this, uid, answer = std::move(answer)]() mutable {
        const StreamPtr stream = newest()->find(uid);
        if (!stream || stream->status == Status::gone) return answer(std::nullopt);
        if (parts_.transition.count() == 0) return close(stream, std::move(answer));
        answer(std::nullopt);
        first().after(parts_.transition,
                      [this, stream] { close(stream, [](std::optional<aws::Fault>) {}); });
      });
}

void Streams::close(const StreamPtr& stream, Answer answer) {
  close_in_log(
      parts_.log, shards_of(*stream, any),
      [this, stream, answer = std::move(answer)](Result<std::vector<ShardEnd>> ends) mutable {
        first().post([this, stream, ends = std::move(ends), answer = std::move(answer)]() mutable {
          // It stays DELETING: deleting it again, or the next start, finishes it.
          if (!ends) return answer(aws::fault_from(std::move(ends).error()));
          closed(stream, *std::move(ends), std::move(answer));
        });
      });
}

void Streams::closed(const StreamPtr& stream, std::vector<ShardEnd> ends, Answer answer) {
  static_cast<void>(parts_.runtime.fail_points().pass("streams.delete.closed"));
  parts_.catalog.finish_delete(
      stream->uid, ends,
      [this, stream, ends, answer = std::move(answer)](Result<void> finished) mutable {
        first().post([this, stream, ends = std::move(ends), finished = std::move(finished),
                      answer = std::move(answer)]() mutable {
          if (!finished) return answer(aws::fault_from(std::move(finished).error()));
          static_cast<void>(parts_.runtime.fail_points().pass("streams.delete.stored"));
          alter(
              stream->uid, [&](Stream& gone) { end_stream(gone, ends); },
              [answer = std::move(answer)]() mutable { answer(std::nullopt); });
        });
      });
}

void Streams::forget(const Uid& stream) {
  parts_.catalog.forget(stream, [this, stream](Result<void> forgotten) {
    if (!forgotten) return;  // the next start shows it again
    first().post(
        [this, stream] { publish([&](Picture& picture) { picture.remove(stream); }, [] {}); });
  });
}

}  // namespace hyd::streams

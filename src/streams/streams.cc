#include "streams/streams.h"

#include "streams/faults.h"
#include "sys/wait_for.h"

#include <algorithm>
#include <utility>

namespace hyd::streams {

using base::Result;
using base::Uid;

namespace {

// Starts `one` for every shard and calls `then` with the results, in the order of the shards, on
// the thread on which the last of them was told. `one` is called at once for each.
template <class T, class One>
void for_shards(const Stream& stream, One one,
                std::move_only_function<void(std::vector<Result<T>>)> then) {
  struct Round {
    base::Mutex mutex;  // the log tells on its own thread, but may begin before all have started
    std::size_t left HYD_GUARDED_BY(mutex) = 0;
    std::vector<Result<T>> results HYD_GUARDED_BY(mutex);
    std::move_only_function<void(std::vector<Result<T>>)> then HYD_GUARDED_BY(mutex);
  };
  auto round = std::make_shared<Round>();
  {
    const base::Lock lock(round->mutex);
    round->left = stream.shards.size();
    for (std::size_t i = 0; i < stream.shards.size(); ++i) {
      round->results.emplace_back(base::fail(base::Code::cancelled, "not told"));
    }
    round->then = std::move(then);
  }
  for (std::size_t i = 0; i < stream.shards.size(); ++i) {
    one(stream.shards[i], [round, i](Result<T> result) {
      std::move_only_function<void(std::vector<Result<T>>)> last;
      std::vector<Result<T>> all;
      {
        const base::Lock lock(round->mutex);
        round->results[i] = std::move(result);
        if (--round->left > 0) return;
        last = std::move(round->then);
        all = std::move(round->results);
      }
      last(std::move(all));
    });
  }
}

Result<void> first_error(const std::vector<Result<void>>& results) {
  for (const Result<void>& result : results) {
    if (!result) return result.error();
  }
  return {};
}

// The log's own word for a shard's last place does not know records of former runs. What is durable
// when all shards are closed holds every record that was ever acknowledged.
Result<std::vector<ShardEnd>> ends_of(const log::Log& log, const Stream& stream,
                                      const std::vector<Result<log::Place>>& places) {
  const log::Place last(log.end(log::Mark::durable).raw() - 1);
  std::vector<ShardEnd> ends;
  for (std::size_t i = 0; i < places.size(); ++i) {
    // A shard that was never opened has nothing to close.
    if (!places[i] && places[i].error().code != base::Code::not_found) return places[i].error();
    ends.push_back(
        {.number = stream.shards[i].number, .end = places[i] ? std::max(*places[i], last) : last});
  }
  return ends;
}

void open_in_log(log::Log& log, const Stream& stream,
                 std::move_only_function<void(Result<void>)> then) {
  for_shards<void>(
      stream,
      [&](const Shard& shard, base::Done<void> done) {
        log.open_shard(shard.number, {.stream = stream.uid, .index = shard.index}, std::move(done));
      },
      [then = std::move(then)](std::vector<Result<void>> results) mutable {
        then(first_error(results));
      });
}

void close_in_log(log::Log& log, const StreamPtr& stream,
                  std::move_only_function<void(Result<std::vector<ShardEnd>>)> then) {
  for_shards<log::Place>(
      *stream,
      [&](const Shard& shard, base::Done<log::Place> done) {
        log.close_shard(shard.number, std::move(done));
      },
      [&log, stream, then = std::move(then)](std::vector<Result<log::Place>> places) mutable {
        then(ends_of(log, *stream, places));
      });
}

void end_stream(Stream& stream, const std::vector<ShardEnd>& ends) {
  if (stream.status == Status::gone) return;  // the ends of the first time stay
  stream.status = Status::gone;
  for (Shard& shard : stream.shards) {
    const auto found = std::ranges::find(ends, shard.number, &ShardEnd::number);
    if (found != ends.end() && !shard.end) shard.end = found->end;
  }
}

// Opens its shards in the log; ends what was being deleted, and closes again what is gone: its
// records can be read then.
Result<StreamPtr> take_up(const Streams::Parts& parts, StreamPtr stream) {
  RETURN_IF_ERROR(sys::wait_for<void>(parts.runtime, [&](base::Done<void> done) {
    open_in_log(parts.log, *stream, std::move(done));
  }));
  if (stream->status == Status::active) return stream;
  ASSIGN_OR_RETURN(const std::vector<ShardEnd> ends,
                   sys::wait_for<std::vector<ShardEnd>>(
                       parts.runtime, [&](base::Done<std::vector<ShardEnd>> done) {
                         close_in_log(parts.log, stream, std::move(done));
                       }));
  if (stream->status == Status::gone) return stream;
  RETURN_IF_ERROR(sys::wait_for<void>(parts.runtime, [&](base::Done<void> done) {
    parts.catalog.finish_delete(stream->uid, ends, std::move(done));
  }));
  Stream gone = *stream;
  end_stream(gone, ends);
  return std::make_shared<const Stream>(std::move(gone));
}

}  // namespace

Result<std::unique_ptr<Streams>> Streams::open(Parts parts) {
  ASSIGN_OR_RETURN(const auto key, parts.catalog.seal_key(parts.runtime.entropy()));
  ASSIGN_OR_RETURN(std::vector<StreamPtr> streams, parts.catalog.list());
  auto picture = std::make_shared<Picture>();
  for (StreamPtr& stream : streams) {
    const std::string name = stream->name;
    Result<StreamPtr> taken = take_up(parts, std::move(stream));
    if (!taken) return std::move(taken).error().within("stream " + name);
    picture->put(*std::move(taken));
  }
  return std::make_unique<Streams>(std::move(parts), std::move(picture), key);
}

Streams::Streams(Parts parts, std::shared_ptr<const Picture> picture,
                 const std::array<char, codec::kSealKeyBytes>& key)
    : parts_(std::move(parts)),
      opened_ms_(parts_.log.now_ms()),
      opened_mono_(parts_.runtime.clock().mono()),
      snapshots_(parts_.loops, picture),
      newest_(std::move(picture)) {
  for (std::size_t i = 0; i < parts_.loops.size(); ++i) {
    tokens_.emplace_back(key, parts_.runtime.entropy());
  }
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
  open_in_log(
      parts_.log, *stream, [this, stream, answer = std::move(answer)](Result<void> opened) mutable {
        first().post(
            [this, stream, opened = std::move(opened), answer = std::move(answer)]() mutable {
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

void Streams::remove(const aws::Call& call, const StreamPtr& stream, aws::Done<aws::Nothing> done) {
  parts_.catalog.begin_delete(
      stream->uid, [this, uid = stream->uid,
                    answer = answer_on(call.loop, std::move(done))](Result<bool> begun) mutable {
        first().post([this, uid, begun = std::move(begun), answer = std::move(answer)]() mutable {
          if (!begun) return answer(aws::fault_from(std::move(begun).error()));
          if (!*begun) return answer(std::nullopt);  // another call has finished it
          begun_to_delete(uid, std::move(answer));
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
      parts_.log, stream,
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

// --- tags

void Streams::change_tags(const aws::Call& call, const StreamPtr& stream, TagChange change,
                          aws::Done<aws::Nothing> done) {
  const std::size_t max = change.total_max;
  parts_.catalog.change_tags(
      stream->uid, std::move(change),
      [this, stream, max,
       answer = answer_on(call.loop, std::move(done))](Result<TagOutcome> outcome) mutable {
        first().post([this, stream, max, outcome = std::move(outcome),
                      answer = std::move(answer)]() mutable {
          if (!outcome) return answer(aws::fault_from(std::move(outcome).error()));
          const StreamAt at{.account = account(), .name = stream->name};
          if (!outcome->stream_exists) return answer(no_such_stream(at));
          if (outcome->too_many) return answer(too_many_tags(at, max));
          alter(
              stream->uid, [&](Stream& next) { next.tags = std::move(outcome->tags); },
              [answer = std::move(answer)]() mutable { answer(std::nullopt); });
        });
      });
}

}  // namespace hyd::streams

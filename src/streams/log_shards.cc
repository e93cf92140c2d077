#include "streams/log_shards.h"

#include "base/mutex.h"
#include "base/task.h"

#include <algorithm>
#include <cstddef>
#include <memory>
#include <utility>

namespace hyd::streams {

using base::Result;

namespace {

// Starts `one` for every shard and calls `then` with the results, in the order of the shards, on
// the thread on which the last of them was told. `one` is called at once for each.
template <class T, class One>
void for_shards(const std::vector<Shard>& shards, One one,
                std::move_only_function<void(std::vector<Result<T>>)> then) {
  struct Round {
    base::Mutex mutex;  // the log tells on its own thread, but may begin before all have started
    std::size_t left HYD_GUARDED_BY(mutex) = 0;
    std::vector<Result<T>> results HYD_GUARDED_BY(mutex);
    std::move_only_function<void(std::vector<Result<T>>)> then HYD_GUARDED_BY(mutex);
  };
  if (shards.empty()) return then({});
  auto round = std::make_shared<Round>();
  {
    const base::Lock lock(round->mutex);
    round->left = shards.size();
    for (std::size_t i = 0; i < shards.size(); ++i) {
      round->results.emplace_back(base::fail(base::Code::cancelled, "not told"));
    }
    round->then = std::move(then);
  }
  for (std::size_t i = 0; i < shards.size(); ++i) {
    one(shards[i], [round, i](Result<T> result) {
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
Result<std::vector<ShardEnd>> ends_of(const log::Log& log, const std::vector<Shard>& shards,
                                      const std::vector<Result<log::Place>>& places) {
  const log::Place last(log.end(log::Mark::durable).raw() - 1);
  std::vector<ShardEnd> ends;
  for (std::size_t i = 0; i < places.size(); ++i) {
    // A shard that was never opened has nothing to close.
    if (!places[i] && places[i].error().code != base::Code::not_found) return places[i].error();
    ends.push_back(
        {.number = shards[i].number, .end = places[i] ? std::max(*places[i], last) : last});
  }
  return ends;
}

}  // namespace

void open_in_log(log::Log& log, const base::Uid& stream, const std::vector<Shard>& shards,
                 base::Done<void> then) {
  for_shards<void>(
      shards,
      [&](const Shard& shard, base::Done<void> done) {
        log.open_shard(shard.number, {.stream = stream, .index = shard.index}, std::move(done));
      },
      [then = std::move(then)](std::vector<Result<void>> results) mutable {
        then(first_error(results));
      });
}

void close_in_log(log::Log& log, const std::vector<Shard>& shards,
                  base::Done<std::vector<ShardEnd>> then) {
  for_shards<log::Place>(
      shards,
      [&](const Shard& shard, base::Done<log::Place> done) {
        log.close_shard(shard.number, std::move(done));
      },
      [&log, shards, then = std::move(then)](std::vector<Result<log::Place>> places) mutable {
        then(ends_of(log, shards, places));
      });
}

}  // namespace hyd::streams

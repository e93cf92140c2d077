#include "streams/ops/find.h"
#include "streams/ops/reshard_checks.h"
#include "streams/ops/shards.h"
#include "streams/shard_id.h"

#include <array>
#include <optional>
#include <string>
#include <utility>

namespace hyd::streams {
namespace {

using Pair = std::array<std::uint32_t, 2>;  // lower, upper

// In AWS's order (observed).
Streams::NewShards decide(const Streams& streams, const Stream& now, const Pair& asked) {
  if (aws::Outcome<void> good = may_reshard(streams, now); !good) return std::move(good).error();
  const StreamAt at = stream_at(streams, now.name);
  std::array<const Shard*, 2> pair{};
  for (std::size_t i = 0; i < pair.size(); ++i) {
    pair[i] = shard_to_change(streams, now, asked[i]);
    if (pair[i] == nullptr) return unreadable_shard_id(at, shard_id(asked[i]));
  }
  for (const Shard* const shard : pair) {
    if (!shard->open()) return shard_already_closed(at, shard_id(shard->index));
  }
  const HashKey last = pair[0]->range.last;
  if (last == HashKey::max() || last.next() != pair[1]->range.first) {
    return not_adjacent(at, shard_id(asked[0]), shard_id(asked[1]));
  }
  if (aws::Outcome<void> room = room_for(streams, now, {.added = 1}); !room) {
    return std::move(room).error();
  }
  return std::optional(
      Reshard{.kind = Reshard::Kind::merge, .shard = asked[0], .adjacent = asked[1]});
}

}  // namespace

// As SplitShard, for two neighbours that become one; the lower one must be named first.
void merge_shards(Streams& streams, const aws::Call& call, const MergeShardsInput& input,
                  aws::Done<aws::Nothing> done) {
  Pair asked{};
  for (std::size_t i = 0; i < asked.size(); ++i) {
    const std::string& id = i == 0 ? input.shard_to_merge : input.adjacent_shard_to_merge;
    const auto index = parse_shard_id(id);
    if (!index) {
      const StreamAt at = stream_at(streams, meant_name({input.stream_name, input.stream_arn}));
      return done(std::unexpected(unreadable_shard_id(at, id)));
    }
    asked[i] = *index;
  }
  const aws::Outcome<StreamPtr> stream = find_stream(streams, call, input);
  if (!stream) return done(std::unexpected(stream.error()));
  streams.reshard(
      call, *stream, [&streams, asked](const Stream& now) { return decide(streams, now, asked); },
      without_answer(std::move(done)));
}

}  // namespace hyd::streams

#include "streams/ops/find.h"
#include "streams/ops/reshard_checks.h"
#include "streams/ops/shards.h"
#include "streams/shard_id.h"

#include <optional>
#include <string>
#include <utility>

namespace hyd::streams {
namespace {

struct Asked {
  std::uint32_t shard = 0;
  std::string key;
};

// In AWS's order (observed).
Streams::NewShards decide(const Streams& streams, const Stream& now, const Asked& asked) {
  if (aws::Outcome<void> good = may_reshard(streams, now); !good) return std::move(good).error();
  const StreamAt at = stream_at(streams, now.name);
  const std::string id = shard_id(asked.shard);
  const Shard* const shard = shard_to_change(streams, now, asked.shard);
  if (shard == nullptr) return unreadable_shard_id(at, id);
  if (aws::Outcome<void> room = room_for(streams, now, {.open_more = 1, .added = 2}); !room) {
    return std::move(room).error();
  }
  if (!shard->open()) return shard_already_closed(at, id);
  const auto key = HashKey::parse(asked.key);
  if (!key || *key <= shard->range.first.next() || *key >= shard->range.last) {
    return bad_split_point({.stream = at,
                            .shard = id,
                            .value = asked.key,
                            .starting = shard->range.first.decimal(),
                            .ending = shard->range.last.decimal()});
  }
  return std::optional(Reshard{.kind = Reshard::Kind::split, .shard = asked.shard, .at = *key});
}

}  // namespace

// Success means that no record is acknowledged in the shard any more and its two children take
// them, or, when a transition time is set, that this will be so, also after a crash.
void split_shard(Streams& streams, const aws::Call& call, const SplitShardInput& input,
                 aws::Done<aws::Nothing> done) {
  const auto index = parse_shard_id(input.shard_to_split);
  if (!index) {
    const StreamAt at = stream_at(streams, meant_name({input.stream_name, input.stream_arn}));
    return done(std::unexpected(unreadable_shard_id(at, input.shard_to_split)));
  }
  const aws::Outcome<StreamPtr> stream = find_stream(streams, call, input);
  if (!stream) return done(std::unexpected(stream.error()));
  streams.reshard(
      call, *stream,
      [&streams, asked = Asked{.shard = *index, .key = input.new_starting_hash_key}](
          const Stream& now) { return decide(streams, now, asked); },
      without_answer(std::move(done)));
}

}  // namespace hyd::streams

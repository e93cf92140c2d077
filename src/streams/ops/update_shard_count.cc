#include "streams/ops/find.h"
#include "streams/ops/reshard_checks.h"
#include "streams/ops/shards.h"

#include <algorithm>
#include <cstdint>
#include <memory>
#include <optional>
#include <utility>

namespace hyd::streams {
namespace {

// AWS's default quota of shards for one such call (AWS documentation, UpdateShardCount).
constexpr std::uint64_t kTargetMax = 10'000;

// Every open shard has its part of so many equal ones already.
bool is_uniform(const Stream& stream, std::uint32_t count) {
  if (stream.routes.size() != count) return false;
  for (std::uint32_t i = 0; i < count; ++i) {
    if (stream.shards[stream.routes[i]].range != tile({.index = i, .count = count})) return false;
  }
  return true;
}

Streams::NewShards decide(Streams& streams, const Stream& now, std::uint32_t target) {
  if (aws::Outcome<void> good = may_reshard(streams, now); !good) return std::move(good).error();
  const ShardCounts counts{.open = now.routes.size(), .target = target};
  if (target > kTargetMax) return too_many_for_one(counts, kTargetMax);
  if (streams.quotas() != nullptr) {
    if (target > 2 * counts.open) return more_than_double(counts);
    if (2 * std::uint64_t{target} < counts.open) return less_than_half(counts);
  }
  // At most so many splits and merges.
  const MoreRoom more{.open_more = target > counts.open ? target - counts.open : 0,
                      .added = 2 * std::uint64_t{target} + counts.open + target};
  if (aws::Outcome<void> room = room_for(streams, now, more); !room) {
    return std::move(room).error();
  }
  if (is_uniform(now, target)) return std::optional<Reshard>();
  return std::optional(Reshard{.kind = Reshard::Kind::count, .count = target});
}

}  // namespace

// One change, however many splits and merges it is made of: the shards on the way are closed as
// they are made, and no record was ever in them.
void update_shard_count(Streams& streams, const aws::Call& call, const UpdateShardCountInput& input,
                        aws::Done<UpdateShardCountOutput> done) {
  const aws::Outcome<StreamPtr> stream = find_stream(streams, call, input);
  if (!stream) return done(std::unexpected(stream.error()));
  auto before = std::make_shared<std::size_t>();
  streams.reshard(
      call, *stream,
      [&streams, before,
       target = static_cast<std::uint32_t>(input.target_shard_count)](const Stream& now) {
        *before = now.routes.size();
        return decide(streams, now, target);
      },
      [before, target = input.target_shard_count,
       done = std::move(done)](std::expected<StreamPtr, aws::Fault> changed) mutable {
        if (!changed) return done(std::unexpected(std::move(changed).error()));
        done(UpdateShardCountOutput{.stream_name = (*changed)->name,
                                    .current_shard_count = static_cast<std::int32_t>(*before),
                                    .target_shard_count = target,
                                    .stream_arn = (*changed)->arn});
      });
}

}  // namespace hyd::streams

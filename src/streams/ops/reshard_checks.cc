#include "streams/ops/reshard_checks.h"

#include "streams/ops/find.h"

#include <utility>

namespace hyd::streams {
namespace {

// Ours: closed shards are kept as long as their stream is.
constexpr std::uint64_t kShardsEver = 1'000'000;

}  // namespace

aws::Outcome<void> may_reshard(const Streams& streams, const Stream& now) {
  if (aws::Outcome<void> active = must_be_active(streams, now); !active) {
    return std::move(active).error();
  }
  if (now.settings.mode == Mode::on_demand) {
    return in_on_demand_mode(stream_at(streams, now.name));
  }
  return {};
}

const Shard* shard_to_change(const Streams& streams, const Stream& now, std::uint32_t index) {
  const Shard* const shard = now.shard(index);
  if (shard == nullptr || now.expired(*shard, now.horizon_ms(streams.now_ms()))) return nullptr;
  return shard;
}

aws::Outcome<void> room_for(const Streams& streams, const Stream& now, const MoreRoom& more) {
  if (now.shards.size() + more.added > kShardsEver) {
    return too_many_for_one(
        {.open = now.routes.size(), .target = now.routes.size() + more.open_more}, kShardsEver);
  }
  if (more.open_more == 0) return {};
  return must_have_room(streams, *streams.newest(),
                        {.region = now.region, .mode = Mode::provisioned, .more = more.open_more});
}

}  // namespace hyd::streams

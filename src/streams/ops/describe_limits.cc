#include "streams/ops/find.h"
#include "streams/ops/stream_settings.h"

#include <algorithm>
#include <cstdint>

namespace hyd::streams {

namespace {

constexpr std::int32_t kUnlimited = 1'000'000;  // the largest number that the member may have

std::int32_t shown(std::uint64_t count) {
  return static_cast<std::int32_t>(std::min<std::uint64_t>(count, kUnlimited));
}

}  // namespace

// Of the call's region.
void describe_limits(Streams& streams, const aws::Call& call, const aws::Nothing&,
                     aws::Done<DescribeLimitsOutput> done) {
  const Picture& picture = streams.picture(call.loop);
  done(DescribeLimitsOutput{
      .shard_limit = shown(streams.shard_limit().value_or(kUnlimited)),
      .open_shard_count = shown(picture.count(call.region, Mode::provisioned).shards),
      .on_demand_stream_count = shown(picture.count(call.region, Mode::on_demand).streams),
      .on_demand_stream_count_limit = kUnlimited});
}

}  // namespace hyd::streams

// What a retention of more than a day keeps. The log lets a segment go when its records are older
// than a day and nobody holds one of them; so the streams hold what they still show, and let go of
// it as it grows old. Holds are stated anew at each start, before the log may let go.
#include "streams/streams.h"

#include <algorithm>
#include <chrono>
#include <utility>

namespace hyd::streams {
namespace {

// Nobody else's: deliveries count theirs from 1.
constexpr log::HolderId kHolder(UINT64_MAX);
constexpr log::Place kNothing(UINT64_MAX);
constexpr auto kEvery = std::chrono::minutes(10);
constexpr std::int32_t kHoursOfTheLog = 24;

}  // namespace

void Streams::hold_what_is_kept() {
  const std::int64_t now = now_ms();
  std::set<log::ShardNumber> wanted;
  for (const auto& [key, stream] : newest()->names()) {
    if (!stream->takes_records()) continue;
    const bool longer = stream->settings.retention_hours > kHoursOfTheLog;
    const std::int64_t horizon = stream->horizon_ms(now);
    for (const Shard& shard : stream->shards) {
      if (shard.never_had_records() || stream->expired(shard, horizon)) continue;
      // A hold cannot go back, so one that has begun goes on also under a shorter retention.
      if (!longer && !held_.contains(shard.number)) continue;
      wanted.insert(shard.number);
      if (held_.insert(shard.number).second) {
        const std::uint64_t first = shard.first.raw();
        parts_.log.hold(kHolder, shard.number, log::Place(first == 0 ? 0 : first - 1));
        continue;  // where it may begin is found the next time
      }
      parts_.log.find_by_time(
          nullptr, shard.number, horizon,
          [&log = parts_.log, number = shard.number](base::Result<log::Place> place) {
            if (place && place->raw() > 0) log.hold(kHolder, number, log::Place(place->raw() - 1));
          });
    }
  }
  for (const log::ShardNumber number : std::exchange(held_, wanted)) {
    if (!wanted.contains(number)) parts_.log.hold(kHolder, number, kNothing);
  }
}

void Streams::hold_if_new(const base::Uid& uid) {
  const StreamPtr stream = newest()->find(uid);
  if (stream && stream->settings.retention_hours > kHoursOfTheLog &&
      !held_.contains(stream->shards.back().number)) {
    hold_what_is_kept();
  }
}

void Streams::hold_from_now_on() {
  hold_what_is_kept();
  first().post([this] { first().after(kEvery, [this] { hold_from_now_on(); }); });
}

}  // namespace hyd::streams

#include "streams/stream.h"

#include "aws/arn.h"

#include <algorithm>

namespace hyd::streams {
namespace {

const StreamPtr kNone;
constexpr std::string_view kResource = "stream/";

}  // namespace

void Stream::make_routes() {
  routes.clear();
  for (const Shard& one : shards) {
    if (one.open()) routes.push_back(one.index);
  }
  std::ranges::sort(routes, {}, [&](std::uint32_t index) { return shards[index].range.first; });
}

const Shard& Stream::route(const HashKey& key) const {
  // Open ranges tile the space, so the last one that begins at or before the key has it.
  const auto behind = std::upper_bound(
      routes.begin() + 1, routes.end(), key,
      [&](const HashKey& hash, std::uint32_t index) { return hash < shards[index].range.first; });
  return shards[*(behind - 1)];
}

const Shard* Stream::shard(std::uint32_t index) const {
  return index < shards.size() ? &shards[index] : nullptr;
}

std::int64_t Stream::horizon_ms(std::int64_t now_ms) const {
  return std::max(settings.gone_before_ms,
                  now_ms - std::int64_t{settings.retention_hours} * 3'600'000);
}

bool Stream::expired(const Shard& shard, std::int64_t horizon_ms) const {
  return shard.closed_ms != 0 && shard.closed_ms < horizon_ms;
}

std::int64_t Stream::opened_ms(const Shard& shard) const {
  return shard.parent ? shards[*shard.parent].closed_ms : shard.created_ms;
}

std::vector<const Shard*> Stream::children(const Shard& shard) const {
  std::vector<const Shard*> all;
  if (shard.closed_ms == 0) return all;
  for (std::size_t i = shard.index + 1; i < shards.size(); ++i) {
    const Shard& one = shards[i];
    if (one.parent != shard.index && one.adjacent_parent != shard.index) continue;
    all.push_back(&one);
    if (one.adjacent_parent || all.size() == 2) break;
  }
  return all;
}

const StreamPtr& Picture::find(std::string_view region, std::string_view name) const {
  const auto found = names_.find(Less::View(region, name));
  return found == names_.end() ? kNone : found->second;
}

const StreamPtr& Picture::find(const base::Uid& uid) const {
  const auto found = all_.find(uid);
  return found == all_.end() ? kNone : found->second;
}

const StreamPtr& Picture::find_arn(std::string_view text) const {
  const auto arn = aws::Arn::parse(text);
  if (!arn || arn->service != "kinesis" || !arn->resource.starts_with(kResource)) return kNone;
  const StreamPtr& found =
      find(arn->region, std::string_view(arn->resource).substr(kResource.size()));
  return found && found->arn == text ? found : kNone;
}

std::vector<StreamPtr> Picture::every_of_arn(std::string_view arn) const {
  std::vector<StreamPtr> all;
  if (const auto gone = gone_.find(arn); gone != gone_.end()) all = gone->second;
  if (const StreamPtr& now = find_arn(arn)) all.push_back(now);
  return all;
}

std::uint64_t Picture::shard_count() const {
  std::uint64_t count = 0;
  for (const auto& [key, stream] : names_) count += stream->routes.size();
  return count;
}

Picture::Count Picture::count(std::string_view region, Mode mode) const {
  Count count;
  for (auto at = names_.lower_bound(Less::View(region, ""));
       at != names_.end() && at->first.first == region; ++at) {
    if (at->second->settings.mode != mode) continue;
    ++count.streams;
    count.shards += at->second->routes.size();
  }
  return count;
}

void Picture::put(StreamPtr stream) {
  remove(stream->uid);
  if (stream->status != Status::gone) {
    names_[{stream->region, stream->name}] = stream;
  } else {
    // Shard numbers are given out in rising order.
    const auto first = [](const StreamPtr& one) {
      return one->shards.empty() ? log::ShardNumber() : one->shards.front().number;
    };
    std::vector<StreamPtr>& gone = gone_[stream->arn];
    gone.insert(std::ranges::upper_bound(gone, first(stream), {}, first), stream);
  }
  all_[stream->uid] = std::move(stream);
}

void Picture::remove(const base::Uid& uid) {
  const auto found = all_.find(uid);
  if (found == all_.end()) return;
  const auto named = names_.find(Less::View(found->second->region, found->second->name));
  if (named != names_.end() && named->second->uid == uid) names_.erase(named);
  if (const auto gone = gone_.find(found->second->arn); gone != gone_.end()) {
    std::erase_if(gone->second, [&](const StreamPtr& one) { return one->uid == uid; });
    if (gone->second.empty()) gone_.erase(gone);
  }
  all_.erase(found);
}

}  // namespace hyd::streams

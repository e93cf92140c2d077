#include "streams/stream.h"

#include "aws/arn.h"

#include <algorithm>

namespace hyd::streams {
namespace {

const StreamPtr kNone;
constexpr std::string_view kResource = "stream/";

}  // namespace

const Shard& Stream::route(const HashKey& key) const {
  // Ranges tile the space, so the last shard that begins at or before the key has it.
  const auto behind = std::upper_bound(
      shards.begin() + 1, shards.end(), key,
      [](const HashKey& hash, const Shard& one) { return hash < one.range.first; });
  return *(behind - 1);
}

const Shard* Stream::shard(std::uint32_t index) const {
  return index < shards.size() ? &shards[index] : nullptr;
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
  for (const auto& [key, stream] : names_) count += stream->shards.size();
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

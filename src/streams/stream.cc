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

std::uint64_t Picture::shard_count() const {
  std::uint64_t count = 0;
  for (const auto& [key, stream] : names_) count += stream->shards.size();
  return count;
}

void Picture::put(StreamPtr stream) {
  remove(stream->uid);
  if (stream->status != Status::gone) names_[{stream->region, stream->name}] = stream;
  all_[stream->uid] = std::move(stream);
}

void Picture::remove(const base::Uid& uid) {
  const auto found = all_.find(uid);
  if (found == all_.end()) return;
  const auto named = names_.find(Less::View(found->second->region, found->second->name));
  if (named != names_.end() && named->second->uid == uid) names_.erase(named);
  all_.erase(found);
}

}  // namespace hyd::streams

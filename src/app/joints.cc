#include "app/joints.h"

#include <utility>

namespace hyd::app {

using base::Result;

namespace {

delivery::Source source_of(const streams::Stream& stream) {
  delivery::Source source{.stream = stream.uid,
                          .arn = stream.arn,
                          .gone = stream.status == streams::Status::gone,
                          .shards = {}};
  for (const streams::Shard& shard : stream.shards) {
    source.shards.push_back(
        {.number = shard.number, .index = shard.index, .first = shard.first, .last = shard.end});
  }
  return source;
}

struct StagedObject final : delivery::ObjectStore::Staged {
  explicit StagedObject(objects::Staged s) : object(std::move(s)) {}
  const objects::Staged object;
};

}  // namespace

std::vector<delivery::Source> StreamSources::find(std::string_view stream_arn) const {
  const std::shared_ptr<const streams::Picture> picture = streams_.newest();
  std::vector<delivery::Source> sources;
  for (const streams::StreamPtr& stream : picture->every_of_arn(stream_arn)) {
    sources.push_back(source_of(*stream));
  }
  return sources;
}

std::vector<delivery::Source> StreamSources::gone() const {
  const std::shared_ptr<const streams::Picture> picture = streams_.newest();
  std::vector<delivery::Source> sources;
  for (const auto& [arn, streams] : picture->gone()) {
    for (const streams::StreamPtr& stream : streams) sources.push_back(source_of(*stream));
  }
  return sources;
}

Result<std::unique_ptr<delivery::ObjectStore::Staged>> BuiltInStore::stage(
    const delivery::NewObject& object) {
  const objects::Put put{.bucket = std::string(object.bucket),
                         .key = std::string(object.key),
                         .headers = {object.headers.begin(), object.headers.end()},
                         .body = object.body,
                         .purpose = objects::Purpose::delivery};
  ASSIGN_OR_RETURN(objects::Staged staged, store_.stage(put, object.token));
  return std::make_unique<StagedObject>(std::move(staged));
}

Result<delivery::Receipt> BuiltInStore::commit(catalog::Transaction& in, Staged& staged) {
  const objects::Staged& object = static_cast<StagedObject&>(staged).object;
  RETURN_IF_ERROR(store_.commit(in, object));
  return delivery::Receipt{.etag = object.object.etag};
}

void BuiltInStore::discard(Staged& staged) {
  store_.discard(static_cast<StagedObject&>(staged).object);
}

Result<bool> BuiltInStore::has_bucket(std::string_view bucket) { return store_.has_bucket(bucket); }

}  // namespace hyd::app

#include "streams/ops/find.h"
#include "streams/ops/resources.h"

#include <utility>

namespace hyd::streams {

void list_tags_for_resource(Streams& streams, const aws::Call& call, const ResourceInput& input,
                            aws::Done<ListTagsForResourceOutput> done) {
  const aws::Outcome<Resource> resource = find_resource(streams, call, input.resource_arn);
  if (!resource) return done(std::unexpected(resource.error()));
  const Settings& settings = resource->stream->settings;
  const Consumer* const consumer = consumer_in(settings, resource->consumer);
  ListTagsForResourceOutput output;
  for (const auto& [key, value] : consumer == nullptr ? settings.tags : consumer->tags) {
    output.tags.push_back({.key = key, .value = value});
  }
  done(std::move(output));
}

}  // namespace hyd::streams

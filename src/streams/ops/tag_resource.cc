#include "streams/ops/find.h"
#include "streams/ops/resources.h"

#include <utility>

namespace hyd::streams {

// As AddTagsToStream, for consumers too.
void tag_resource(Streams& streams, const aws::Call& call, const TagResourceInput& input,
                  aws::Done<aws::Nothing> done) {
  const aws::Outcome<Resource> resource = find_resource(streams, call, input.resource_arn);
  if (!resource) return done(std::unexpected(resource.error()));
  aws::Outcome<Tags> tags = read_new_tags(input.tags);
  if (!tags) return done(std::unexpected(std::move(tags).error()));
  streams.change(
      call, resource->stream,
      {.decide = [&streams, of = *resource, change = TagChange{.put = *std::move(tags)}](
                     const Stream& now) { return change_tags(streams, now, of, change); }},
      without_answer(std::move(done)));
}

}  // namespace hyd::streams

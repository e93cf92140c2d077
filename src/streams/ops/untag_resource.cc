#include "streams/ops/find.h"
#include "streams/ops/resources.h"

#include <utility>

namespace hyd::streams {

// Keys that the resource does not have are passed over.
void untag_resource(Streams& streams, const aws::Call& call, const UntagResourceInput& input,
                    aws::Done<aws::Nothing> done) {
  const aws::Outcome<Resource> resource = find_resource(streams, call, input.resource_arn);
  if (!resource) return done(std::unexpected(resource.error()));
  streams.change(
      call, resource->stream,
      {.decide = [&streams, of = *resource, change = TagChange{.remove = input.tag_keys}](
                     const Stream& now) { return change_tags(streams, now, of, change); }},
      without_answer(std::move(done)));
}

}  // namespace hyd::streams

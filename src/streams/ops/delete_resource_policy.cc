#include "streams/ops/policies.h"

#include <optional>
#include <utility>

namespace hyd::streams {

// Without a policy there is nothing to do.
void delete_resource_policy(Streams& streams, const aws::Call& call, const ResourceInput& input,
                            aws::Done<aws::Nothing> done) {
  const aws::Outcome<Resource> resource = find_resource(streams, call, input.resource_arn);
  if (!resource) return done(std::unexpected(resource.error()));
  set_policy(streams, call, *resource, std::nullopt, std::move(done));
}

}  // namespace hyd::streams

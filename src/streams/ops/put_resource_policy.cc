#include "codec/json.h"
#include "streams/ops/policies.h"

#include <utility>

namespace hyd::streams {

// Kept and shown; who may do what does not depend on it yet.
void put_resource_policy(Streams& streams, const aws::Call& call,
                         const PutResourcePolicyInput& input, aws::Done<aws::Nothing> done) {
  const aws::Outcome<Resource> resource = find_resource(streams, call, input.resource_arn);
  if (!resource) return done(std::unexpected(resource.error()));
  const auto policy = codec::parse_json(input.policy);
  if (!policy || policy->if_object() == nullptr) return done(std::unexpected(bad_policy()));
  set_policy(streams, call, *resource, input.policy, std::move(done));
}

}  // namespace hyd::streams

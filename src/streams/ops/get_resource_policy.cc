#include "streams/ops/policies.h"

namespace hyd::streams {

void get_resource_policy(Streams& streams, const aws::Call& call, const ResourceInput& input,
                         aws::Done<ResourcePolicyOutput> done) {
  const aws::Outcome<Resource> resource = find_resource(streams, call, input.resource_arn);
  if (!resource) return done(std::unexpected(resource.error()));
  Settings settings = resource->stream->settings;
  const std::optional<std::string>* const policy = policy_of(settings, *resource);
  if (policy == nullptr || !*policy) return done(std::unexpected(no_policy(input.resource_arn)));
  done(ResourcePolicyOutput{.policy = **policy});
}

}  // namespace hyd::streams

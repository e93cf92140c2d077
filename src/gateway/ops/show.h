// APIs, resources, deployments and stages as answers show them.
#pragma once

#include "gateway/api.h"
#include "gateway/ops/operations.h"

namespace hyd::gateway {

// Without tags, some answers show an empty map and some leave it out (observed).
enum class NoTags : std::uint8_t { left_out, empty };

RestApiObject object_of(const Api& api, NoTags no_tags);
// `embed_methods`: whole methods instead of empty objects.
ResourceObject object_of(const Api& api, const Resource& resource, bool embed_methods);
DeploymentObject object_of(const Deployment& deployment);
StageObject object_of(const Stage& stage);

}  // namespace hyd::gateway

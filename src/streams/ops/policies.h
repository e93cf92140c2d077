// What the operations on policies share.
#pragma once

#include "streams/ops/find.h"
#include "streams/ops/resources.h"

#include <optional>
#include <string>

namespace hyd::streams {

// The policy of the resource; null when the consumer is there no more.
std::optional<std::string>* policy_of(Settings& settings, const Resource& resource);

// Kept or, without a text, dropped.
void set_policy(Streams& streams, const aws::Call& call, const Resource& resource,
                std::optional<std::string> policy, aws::Done<aws::Nothing> done);

}  // namespace hyd::streams

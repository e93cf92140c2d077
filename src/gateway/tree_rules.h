// What may stand in an API's tree of resources (AWS documentation, "API Gateway quotas and
// important notes"; texts observed).
#pragma once

#include "aws/fault.h"
#include "gateway/definition.h"

#include <string>
#include <string_view>
#include <vector>

namespace hyd::gateway {

// The fault of a child of that part under `parent`, which is a resource of `definition`.
aws::Outcome<void> check_child(const Definition& definition, const Resource& parent,
                               std::string_view part);

// A resource and everything below it, in no order.
std::vector<std::string> subtree(const Definition& definition, std::string_view id);

// Null when there is no such resource or verb.
Resource* find_resource(Definition& definition, std::string_view id);
Method* find_method(Definition& definition, std::string_view id, std::string_view verb);

}  // namespace hyd::gateway

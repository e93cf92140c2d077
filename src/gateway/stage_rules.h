// What a stage may be called and what its variables may hold.
#pragma once

#include "aws/fault.h"
#include "gateway/definition.h"

#include <string_view>

namespace hyd::gateway {

aws::Outcome<void> check_stage_name(std::string_view name);
aws::Outcome<void> check_variables(const TextMap& variables);
// Whether the API can be deployed: it has methods, and each an integration.
aws::Outcome<void> check_deployable(const Definition& definition);

}  // namespace hyd::gateway

// How a handler edits one method of an API.
#pragma once

#include "gateway/ops/edit.h"

#include <functional>
#include <string>

namespace hyd::gateway {

struct MethodName {
  const std::string& api_id;
  const std::string& resource_id;
  const std::string& verb;
};
// The faults of an unknown API, resource or method are told apart as AWS does. `edit` runs on the
// catalog writer's thread, and perhaps twice.
void edit_method(Apis& apis, const aws::Call& call, const MethodName& name,
                 std::move_only_function<aws::Outcome<void>(Method&)> edit, aws::Done<ApiPtr> done);

}  // namespace hyd::gateway

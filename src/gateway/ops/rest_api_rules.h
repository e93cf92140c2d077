// What an API's own settings may be, on creation and after each update.
#pragma once

#include "aws/fault.h"
#include "gateway/api.h"

namespace hyd::gateway {

aws::Outcome<void> check_rest_api(const Api& api);

}  // namespace hyd::gateway

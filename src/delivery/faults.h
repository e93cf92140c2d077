// Firehose's refusals. Names and statuses are the service model's, texts as observed.
#pragma once

#include "aws/fault.h"
#include "base/result.h"

#include <string>
#include <string_view>
#include <vector>

namespace hyd::delivery {

struct InAccount {
  std::string_view name;
  std::string_view account;
};

aws::Fault invalid_argument(std::string message);
// What a check of a configuration said.
aws::Fault invalid_argument(base::Error error);
aws::Fault stream_exists(const InAccount& what);
aws::Fault stream_not_found(const InAccount& what);
aws::Fault too_many_streams(const std::vector<std::string>& names);

}  // namespace hyd::delivery

#include "delivery/faults.h"

#include <fmt/core.h>
#include <fmt/format.h>

#include <utility>

namespace hyd::delivery {
namespace {

aws::Fault fault(std::string_view name, std::string message) {
  return {.name = std::string(name), .status = 400, .message = std::move(message)};
}

}  // namespace

aws::Fault invalid_argument(std::string message) {
  return fault("InvalidArgumentException", std::move(message));
}
aws::Fault invalid_argument(base::Error error) { return invalid_argument(std::move(error.what)); }

aws::Fault stream_exists(const InAccount& what) {
  return fault(
      "ResourceInUseException",
      fmt::format("Firehose {} under accountId {} already exists", what.name, what.account));
}
aws::Fault stream_not_found(const InAccount& what) {
  return fault("ResourceNotFoundException",
               fmt::format("Firehose {} under account {} not found.", what.name, what.account));
}
aws::Fault too_many_streams(const std::vector<std::string>& names) {
  return fault("LimitExceededException",
               fmt::format("You have already consumed your firehose quota of {} hoses. Firehose "
                           "names: [{}]",
                           names.size(), fmt::join(names, ", ")));
}

}  // namespace hyd::delivery

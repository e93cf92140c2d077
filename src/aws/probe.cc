#include "aws/probe.h"

namespace hyd::aws {
namespace {

constexpr telemetry::Family kRequests{"hydrant_aws_requests_total",
                                      "Requests on the AWS port, by the part that serves them."};
constexpr telemetry::Family kRefused{"hydrant_aws_refused_total",
                                     "Requests whose signature was not accepted, by reason."};
constexpr telemetry::Family kFaults{"hydrant_aws_faults_total",
                                    "Calls refused as AWS would refuse them."};
constexpr telemetry::Family kFailures{"hydrant_aws_failures_total",
                                      "Calls that failed for a reason of Hydrant's own."};
constexpr telemetry::Family kUnanswered{
    "hydrant_aws_unanswered_total", "Calls whose outcome is unknown: the connection was closed."};

constexpr std::array<std::string_view, kDoors> kDoorNames = {
    "ping", "metrics", "json", "query", "api_gateway", "stage", "console", "s3"};

}  // namespace

std::string_view name(Door door) { return kDoorNames[std::to_underlying(door)]; }

std::vector<telemetry::Registration> name_in(telemetry::Registry& registry, const Probe& probe) {
  std::vector<telemetry::Registration> names;
  for (std::size_t i = 0; i < kDoors; ++i) {
    names.push_back(registry.add(kRequests, {{"part", kDoorNames[i]}}, probe.requests[i]));
  }
  for (std::size_t i = 0; i < kAuthFailures; ++i) {
    const auto kind = static_cast<AuthFailure::Kind>(i);
    names.push_back(registry.add(kRefused, {{"reason", name(kind)}}, probe.refused[i]));
  }
  names.push_back(registry.add(kFaults, {}, probe.faults));
  for (std::size_t i = 0; i < kCodes; ++i) {
    const auto code = static_cast<base::Code>(i);
    names.push_back(registry.add(kFailures, {{"code", base::name(code)}}, probe.failures[i]));
  }
  names.push_back(registry.add(kUnanswered, {}, probe.unanswered));
  return names;
}

}  // namespace hyd::aws

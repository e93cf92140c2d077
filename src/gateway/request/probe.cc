#include "gateway/request/probe.h"

#include <string_view>

namespace hyd::gateway {
namespace {

constexpr telemetry::Family kAnswers{"hydrant_gateway_answers_total",
                                     "Answers of stages, by the class of their status."};
constexpr telemetry::Family kTemplateFailures{"hydrant_gateway_template_failures_total",
                                              "Templates that failed on a request or an answer."};
constexpr telemetry::Family kLoopsCut{
    "hydrant_gateway_loops_cut_total",
    "Loops of templates that left elements out because there were too many."};
constexpr telemetry::Family kHidden{
    "hydrant_gateway_hidden_refusals_total",
    "Refusals of a service that an API's mapping showed as a success."};
constexpr telemetry::Family kOwn{"hydrant_gateway_failures_total",
                                 "Calls that failed for a reason of Hydrant's own."};
constexpr telemetry::Family kUnanswered{
    "hydrant_gateway_unanswered_total",
    "Requests whose outcome is unknown: the connection was closed."};
constexpr telemetry::Family kOnWorkers{"hydrant_gateway_worker_transforms_total",
                                       "Bodies that were too much work for a loop."};

constexpr std::string_view kClasses[] = {"1xx", "2xx", "3xx", "4xx", "5xx"};

}  // namespace

std::vector<telemetry::Registration> name_in(telemetry::Registry& registry, const Probe& probe) {
  std::vector<telemetry::Registration> names;
  names.reserve(probe.answers.size() + 6);
  for (std::size_t i = 0; i < probe.answers.size(); ++i) {
    names.push_back(registry.add(kAnswers, {{"class", kClasses[i]}}, probe.answers[i]));
  }
  names.push_back(registry.add(kTemplateFailures, {}, probe.template_failures));
  names.push_back(registry.add(kLoopsCut, {}, probe.loops_cut));
  names.push_back(registry.add(kHidden, {}, probe.hidden_refusals));
  names.push_back(registry.add(kOwn, {}, probe.own_failures));
  names.push_back(registry.add(kUnanswered, {}, probe.unanswered));
  names.push_back(registry.add(kOnWorkers, {}, probe.on_workers));
  return names;
}

}  // namespace hyd::gateway

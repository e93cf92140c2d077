#include "app/memory_numbers.h"

#include <cstdint>

namespace hyd::app {

MemoryNumbers::MemoryNumbers(telemetry::Registry& registry, const net::MemoryBudget& budget)
    : budget_(budget) {
  registrations_.push_back(registry.add(
      {"hydrant_net_body_memory_bytes", "What bodies of requests hold now."}, {}, held_));
  registrations_.push_back(registry.add(
      {"hydrant_net_body_memory_peak_bytes", "The most that they held at once."}, {}, peak_));
  registrations_.push_back(registry.add(
      {"hydrant_net_body_memory_limit_bytes", "What they may hold: --body-memory."}, {}, most_));
  registrations_.push_back(
      registry.add({"hydrant_net_body_memory_refused_total",
                    "Bodies and uploads that were refused since no memory was left."},
                   {}, refused_));
}

void MemoryNumbers::publish() {
  held_.set(static_cast<std::int64_t>(budget_.bytes()));
  peak_.set(static_cast<std::int64_t>(budget_.bytes_peak()));
  most_.set(static_cast<std::int64_t>(budget_.bytes_max()));
  refused_.add(budget_.refused() - refused_.value());
}

}  // namespace hyd::app

// What one loop's request path counted. Written by its loop only.
#pragma once

#include "telemetry/instruments.h"
#include "telemetry/registry.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace hyd::gateway {

struct Probe {
  std::array<telemetry::LocalCounter, 5> answers;  // by the first digit of the status, 1xx first
  telemetry::LocalCounter template_failures;
  // Lists that had more elements than a #foreach may take: what followed was left out.
  telemetry::LocalCounter loops_cut;
  // Refusals of a service that a mapping has shown to the client as a success.
  telemetry::LocalCounter hidden_refusals;
  telemetry::LocalCounter own_failures;
  telemetry::LocalCounter unanswered;  // closed without an answer
  telemetry::LocalCounter on_workers;  // transforms that a loop did not do itself

  void count(std::uint16_t status) {
    if (status >= 100 && status < 600) answers[status / 100 - 1u].add();
  }
};

// The registrations read the probe until they are destroyed.
[[nodiscard]] std::vector<telemetry::Registration> name_in(telemetry::Registry& registry,
                                                           const Probe& probe);

}  // namespace hyd::gateway

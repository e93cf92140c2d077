// What the catalog measures.
#pragma once

#include "base/result.h"
#include "telemetry/instruments.h"
#include "telemetry/registry.h"

#include <array>
#include <cstddef>
#include <vector>

namespace hyd::catalog {

struct Probe {
  static constexpr std::size_t kCodes = static_cast<std::size_t>(base::Code::cancelled) + 1;

  telemetry::Gauge waiting_control;  // mutations that wait for the writer
  telemetry::Gauge waiting_object;
  telemetry::Counter committed;
  std::array<telemetry::Counter, kCodes> failed;  // mutations, by Code
  telemetry::Histogram group{telemetry::kItems};
  telemetry::Histogram commit{telemetry::kSeconds};
  telemetry::Histogram checkpoint{telemetry::kSeconds};
  telemetry::Counter checkpoints_failed;  // for want of space
  telemetry::Gauge wal_bytes;
  telemetry::Gauge database_bytes;

  void register_in(telemetry::Registry& registry);

  std::vector<telemetry::Registration> registrations;
};

}  // namespace hyd::catalog

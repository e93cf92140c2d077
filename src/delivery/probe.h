// What deliveries measure, over all delivery streams.
#pragma once

#include "base/result.h"
#include "telemetry/instruments.h"
#include "telemetry/registry.h"

#include <array>
#include <cstddef>
#include <vector>

namespace hyd::delivery {

struct Probe {
  static constexpr std::size_t kCodes = static_cast<std::size_t>(base::Code::cancelled) + 1;

  telemetry::Counter objects;
  telemetry::Counter records;
  telemetry::Counter bytes;                       // of data
  std::array<telemetry::Counter, kCodes> failed;  // attempts to store an object, by Code
  telemetry::Counter read_failed;                 // slices that the log could not give
  telemetry::Gauge open_intents;
  telemetry::Gauge damaged_intents;
  telemetry::Gauge owed_bytes;                           // read and not stored yet
  telemetry::Gauge oldest_owed_ms;                       // since the oldest such record arrived
  telemetry::Histogram store_time{telemetry::kSeconds};  // of one object, build to COMMIT

  void register_in(telemetry::Registry& registry);

  std::vector<telemetry::Registration> registrations;
};

}  // namespace hyd::delivery

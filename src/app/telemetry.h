// The process's counters and its log: made before every room, destroyed behind them.
#pragma once

#include "base/clock.h"
#include "telemetry/log.h"
#include "telemetry/registry.h"

#include <memory>

namespace hyd::app {

struct Telemetry {
  explicit Telemetry(base::Clock& clock) : sink(telemetry::make_stderr_sink()), log(clock, *sink) {}

  telemetry::Registry metrics;
  std::unique_ptr<telemetry::LogSink> sink;
  telemetry::LogHub log;
};

}  // namespace hyd::app

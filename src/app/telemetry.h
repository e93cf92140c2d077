// The process's counters and its log: made before every room, destroyed behind them.
#pragma once

#include "base/clock.h"
#include "telemetry/log.h"
#include "telemetry/registry.h"

#include <memory>
#include <utility>

namespace hyd::app {

struct Telemetry {
  Telemetry(base::Clock& clock, std::unique_ptr<telemetry::LogSink> to)
      : sink(std::move(to)), log(clock, *sink) {}

  telemetry::Registry metrics;
  std::unique_ptr<telemetry::LogSink> sink;
  telemetry::LogHub log;
};

}  // namespace hyd::app

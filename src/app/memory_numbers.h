// What bodies of requests hold of the process's memory, for the scraper.
#pragma once

#include "net/memory_budget.h"
#include "telemetry/instruments.h"
#include "telemetry/registry.h"

#include <vector>

namespace hyd::app {

class MemoryNumbers {
 public:
  // `budget` outlives it.
  MemoryNumbers(telemetry::Registry& registry, const net::MemoryBudget& budget);

  // One thread at a time.
  void publish();

 private:
  const net::MemoryBudget& budget_;
  telemetry::Gauge held_;
  telemetry::Gauge peak_;
  telemetry::Gauge most_;
  telemetry::LocalCounter refused_;
  std::vector<telemetry::Registration> registrations_;
};

}  // namespace hyd::app

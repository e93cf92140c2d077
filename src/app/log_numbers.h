// The log's numbers, for the scraper. The journal counts in atomics; `publish` carries them over.
#pragma once

#include "log/journal.h"
#include "telemetry/instruments.h"
#include "telemetry/registry.h"

#include <deque>
#include <vector>

namespace hyd::app {

class LogNumbers {
 public:
  LogNumbers(telemetry::Registry& registry, const log::JournalProbe& probe);

  // One thread at a time.
  void publish();

 private:
  const log::JournalProbe& probe_;
  std::deque<telemetry::LocalCounter> counters_;  // by the rows in the .cc
  std::vector<telemetry::Registration> registrations_;
};

}  // namespace hyd::app

// One HTTP server's numbers, for the scraper. The server counts in plain integers of its loop;
// `publish` carries them over on that loop.
#pragma once

#include "net/probe.h"
#include "telemetry/instruments.h"
#include "telemetry/registry.h"

#include <deque>
#include <string_view>
#include <vector>

namespace hyd::app {

class NetNumbers {
 public:
  // `port` is a literal: which of our ports the server has.
  NetNumbers(telemetry::Registry& registry, std::string_view port);

  // The loop's thread.
  void publish(const net::Probe& probe);

 private:
  telemetry::Gauge open_;
  std::deque<telemetry::LocalCounter> counters_;  // by the rows in the .cc, then by Refusal
  std::vector<telemetry::Registration> registrations_;
};

}  // namespace hyd::app

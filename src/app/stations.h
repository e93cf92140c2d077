// All loops' stations, and what they do together: share ports, be measured, end.
#pragma once

#include "app/station.h"
#include "base/result.h"
#include "sys/loops.h"

#include <deque>
#include <string>

namespace hyd::app {

struct Addresses {
  sys::Endpoint events;
  sys::Endpoint aws;
};

struct StationsParts {
  sys::Runtime& runtime;
  sys::Loops& loops;  // not started
  const aws::KeyStore& keys;
  const aws::Dispatcher& dispatcher;  // filled
  Telemetry& telemetry;
  std::string account;
};

class Stations final : public aws::MetricsSource {
 public:
  explicit Stations(StationsParts parts);

  // Every loop listens on both. Before the loops run. The result has the ports that were picked for
  // 0. Code::conflict: a port is in use.
  base::Result<Addresses> listen(const Addresses& at);

  // On a loop: gathers the servers' numbers loop by loop, then has the registry's text.
  void collect(base::Done<std::string> done) override;

  // Blocks the calling thread, no loop's, until every station is drained. A call that nobody
  // answers within kAnswerMax ends the process: its outcome is unknown, and the next start
  // recovers.
  void drain();

 private:
  static constexpr std::chrono::seconds kAnswerMax{17};

  base::Result<sys::Endpoint> listen_everywhere(const sys::Endpoint& at,
                                                net::HttpServer& (Station::*server)());
  std::function<void(net::PassedOn)> pass_on(net::HttpServer& (Station::*server)());

  sys::Runtime& runtime_;
  telemetry::Registry& registry_;
  net::LoopLoads events_loads_;
  net::LoopLoads aws_loads_;
  std::deque<Station> stations_;  // by loop
};

}  // namespace hyd::app

// All loops' stations, and what they do together: share ports, be measured, end.
#pragma once

#include "app/log_numbers.h"
#include "app/memory_numbers.h"
#include "app/station.h"
#include "base/result.h"
#include "sys/loops.h"

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace hyd::app {

// What the errors of the two ports begin with.
inline constexpr std::string_view kEventsFlag = "--listen-events";
inline constexpr std::string_view kAwsFlag = "--listen-aws";

struct Addresses {
  sys::Endpoint events;
  sys::Endpoint aws;
};

struct StationsParts {
  sys::Runtime& runtime;
  sys::Loops& loops;  // running
  const aws::KeyStore& keys;
  const aws::Dispatcher& dispatcher;  // filled
  const log::Journal& log;
  const gateway::Apis& apis;
  objects::Store& store;
  sys::Workers& workers;
  const aws::Authorizer& authorizer;
  Telemetry& telemetry;
  net::MemoryBudget& body_memory;  // outlives the loops too
  std::string account;
  std::string region;
  std::function<std::string()> describe;  // the status, for a person; blocks
};

class Stations final : public aws::MetricsSource {
 public:
  // Makes each station on its loop; blocks.
  explicit Stations(StationsParts parts);

  // Every loop listens on both; blocks. The result has the ports that were picked for 0. `held`:
  // this process has the ports already (sys/held_port.h). Code::conflict: a port is in use.
  base::Result<Addresses> listen(const Addresses& at, bool held);

  // On a loop: gathers the servers' numbers loop by loop, then has the registry's text.
  void collect(base::Done<std::string> done) override;
  // On a loop: has the status written on a worker.
  void describe(base::Done<std::string> done) override;

  // Blocks the calling thread, no loop's, until every station is drained. A call that nobody
  // answers within kAnswerMax ends the process: its outcome is unknown, and the next start
  // recovers.
  void drain();

 private:
  static constexpr std::chrono::seconds kAnswerMax{17};

  base::Result<sys::Endpoint> listen_everywhere(const sys::Endpoint& at, bool held,
                                                net::HttpServer& (Station::*server)());
  // Runs `task` on each loop in turn, and waits for each.
  void on_each(const std::function<void(std::size_t)>& task);
  sys::Loop& here();
  std::function<void(net::PassedOn)> pass_on(net::HttpServer& (Station::*server)());

  sys::Runtime& runtime_;
  sys::Loops& loops_;
  sys::Workers& workers_;
  telemetry::Registry& registry_;
  const std::function<std::string()> describe_;
  LogNumbers log_numbers_;        // published on the first loop
  MemoryNumbers memory_numbers_;  // too
  net::LoopLoads events_loads_;
  net::LoopLoads aws_loads_;
  std::vector<std::unique_ptr<Station>> stations_;  // by loop
};

}  // namespace hyd::app

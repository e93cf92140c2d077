// What one loop serves: its server on the events port and its server on the AWS port.
//
// Made and used on the loop's thread; destroyed when the loop has stopped.
#pragma once

#include "app/net_numbers.h"
#include "app/telemetry.h"
#include "aws/front_door.h"
#include "aws/sigv4.h"
#include "base/task.h"
#include "gateway/apis.h"
#include "gateway/stage_handler.h"
#include "log/log.h"
#include "net/loop_loads.h"
#include "net/server.h"
#include "objects/s3_handler.h"
#include "objects/store.h"
#include "sys/loop.h"
#include "sys/runtime.h"
#include "sys/workers.h"

#include <chrono>
#include <cstddef>
#include <functional>
#include <string>
#include <vector>

namespace hyd::app {

// How the servers of one port share its connections.
struct Sharing {
  net::LoopLoads& loads;
  std::function<void(net::PassedOn)> pass_on;
};

struct StationParts {
  sys::Loop& loop;
  sys::Runtime& runtime;
  const aws::KeyStore& keys;
  const aws::Dispatcher& dispatcher;
  const log::Log& log;  // whose room decides whether sockets are read
  const gateway::Apis& apis;
  objects::Store& store;
  sys::Workers& workers;
  const aws::Authorizer& authorizer;
  Telemetry& telemetry;
  aws::MetricsSource& metrics;
  net::MemoryBudget& body_memory;
  std::string account;
  std::string region;
  Sharing events;
  Sharing aws;
};

class Station {
 public:
  // Slow clients get this long to take their answers; then their connections are closed.
  static constexpr std::chrono::seconds kDrainMax{10};

  explicit Station(StationParts parts);

  sys::Loop& loop() { return loop_; }
  net::HttpServer& events() { return events_; }
  net::HttpServer& aws() { return aws_; }

  // Carries the servers' numbers to the registry.
  void publish();
  // Accepts no more, answers what is in work. `done` runs on the loop when no call is in work any
  // more and no connection is left, or kDrainMax has passed for those. Once.
  void drain(base::Task done);

 private:
  void check_drained();

  sys::Loop& loop_;
  aws::Authenticator authenticator_;
  gateway::StageHandler stages_;
  objects::S3Handler s3_;
  aws::FrontDoor door_;
  NetNumbers events_numbers_;
  NetNumbers aws_numbers_;
  std::vector<telemetry::Registration> numbers_;  // of the front door and of the stages
  net::HttpServer events_;
  net::HttpServer aws_;
  std::size_t draining_ = 0;  // servers that still have connections
  base::Task drained_;
};

}  // namespace hyd::app

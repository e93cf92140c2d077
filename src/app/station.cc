#include "app/station.h"

#include "aws/probe.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace hyd::app {
namespace {

// How often a draining loop looks whether its last call has been answered.
constexpr std::chrono::milliseconds kLook{5};

}  // namespace

Station::Station(StationParts parts)
    : loop_(parts.loop),
      authenticator_(parts.keys, parts.runtime.clock()),
      stages_({.loop = parts.loop,
               .clock = parts.runtime.clock(),
               .dispatcher = parts.dispatcher,
               .workers = parts.workers,
               .served = [&apis = parts.apis, &loop = parts.loop]() -> const gateway::Served& {
                 return *apis.served(loop);
               },
               .account = parts.account,
               .seed = parts.runtime.entropy().next(),
               .log = parts.telemetry.log.logger("gateway")}),
      s3_({.loop = parts.loop,
           .store = parts.store,
           .workers = parts.workers,
           .authorizer = parts.authorizer,
           .seed = parts.runtime.entropy().next(),
           .region = parts.region,
           .body_memory = &parts.body_memory,
           .log = parts.telemetry.log.logger("objects")}),
      door_({.loop = parts.loop,
             .clock = parts.runtime.clock(),
             .dispatcher = parts.dispatcher,
             .authenticator = authenticator_,
             .account = parts.account,
             .seed = parts.runtime.entropy().next(),
             .s3 = &s3_,
             .stages = &stages_,
             .metrics = &parts.metrics,
             .log = parts.telemetry.log.logger("aws")}),
      events_numbers_(parts.telemetry.metrics, "events"),
      aws_numbers_(parts.telemetry.metrics, "aws"),
      numbers_(aws::name_in(parts.telemetry.metrics, door_.probe())),
      events_(parts.loop, parts.runtime.clock(), stages_,
              {.may_read = [&log = parts.log] { return log.has_room(); },
               .body_memory = &parts.body_memory,
               .loads = &parts.events.loads,
               .pass_on = std::move(parts.events.pass_on)}),
      aws_(parts.loop, parts.runtime.clock(), door_,
           {.may_read = [&log = parts.log] { return log.has_room(); },
            .body_memory = &parts.body_memory,
            .loads = &parts.aws.loads,
            .pass_on = std::move(parts.aws.pass_on)}) {
  auto more = gateway::name_in(parts.telemetry.metrics, stages_.probe());
  std::ranges::move(more, std::back_inserter(numbers_));
}

void Station::publish() {
  events_numbers_.publish(events_.probe());
  aws_numbers_.publish(aws_.probe());
}

void Station::drain(base::Task done) {
  drained_ = std::move(done);
  draining_ = 2;
  // Connections may outlast kDrainMax and end then.
  const auto one_less = [this] { draining_ -= draining_ > 0 ? 1 : 0; };
  events_.drain(one_less);
  aws_.drain(one_less);
  loop_.after(kDrainMax, [this] { draining_ = 0; });
  check_drained();
}

void Station::check_drained() {
  if (draining_ == 0 && door_.in_work() + stages_.in_work() + s3_.in_work() == 0) {
    std::exchange(drained_, base::Task())();
    return;
  }
  loop_.after(kLook, [this] { check_drained(); });
}

}  // namespace hyd::app

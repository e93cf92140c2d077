#include "app/station.h"

#include "aws/probe.h"

#include <utility>

namespace hyd::app {
namespace {

// How often a draining loop looks whether its last call has been answered.
constexpr std::chrono::milliseconds kLook{5};

}  // namespace

Station::Station(StationParts parts)
    : loop_(parts.loop),
      authenticator_(parts.keys, parts.runtime.clock()),
      stages_(parts.runtime.entropy().next()),
      door_({.loop = parts.loop,
             .clock = parts.runtime.clock(),
             .dispatcher = parts.dispatcher,
             .authenticator = authenticator_,
             .account = parts.account,
             .seed = parts.runtime.entropy().next(),
             .stages = &stages_,
             .metrics = &parts.metrics,
             .log = parts.telemetry.log.logger("aws")}),
      events_numbers_(parts.telemetry.metrics, "events"),
      aws_numbers_(parts.telemetry.metrics, "aws"),
      door_numbers_(aws::name_in(parts.telemetry.metrics, door_.probe())),
      events_(parts.loop, parts.runtime.clock(), stages_,
              {.may_read = [&log = parts.log] { return log.has_room(); },
               .loads = &parts.events.loads,
               .pass_on = std::move(parts.events.pass_on)}),
      aws_(parts.loop, parts.runtime.clock(), door_,
           {.may_read = [&log = parts.log] { return log.has_room(); },
            .loads = &parts.aws.loads,
            .pass_on = std::move(parts.aws.pass_on)}) {}

void Station::publish() {
  events_numbers_.publish(events_.probe());
  aws_numbers_.publish(aws_.probe());
}

void Station::drain(base::Task done) {
  drained_ = std::move(done);
  draining_ = 2;
  const auto one_less = [this] { --draining_; };
  events_.drain(one_less);
  aws_.drain(one_less);
  loop_.after(kDrainMax, [this] { draining_ = 0; });
  check_drained();
}

void Station::check_drained() {
  if (draining_ == 0 && door_.in_work() == 0) {
    std::exchange(drained_, base::Task())();
    return;
  }
  loop_.after(kLook, [this] { check_drained(); });
}

}  // namespace hyd::app

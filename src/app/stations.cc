#include "app/stations.h"

#include <atomic>
#include <memory>
#include <utility>

namespace hyd::app {

using base::Result;

Stations::Stations(StationsParts parts)
    : runtime_(parts.runtime),
      registry_(parts.telemetry.metrics),
      events_loads_(parts.loops.size()),
      aws_loads_(parts.loops.size()) {
  for (sys::Loop* loop : parts.loops.all()) {
    stations_.emplace_back(StationParts{.loop = *loop,
                                        .runtime = parts.runtime,
                                        .keys = parts.keys,
                                        .dispatcher = parts.dispatcher,
                                        .telemetry = parts.telemetry,
                                        .metrics = *this,
                                        .account = parts.account,
                                        .events = {events_loads_, pass_on(&Station::events)},
                                        .aws = {aws_loads_, pass_on(&Station::aws)}});
  }
}

std::function<void(net::PassedOn)> Stations::pass_on(net::HttpServer& (Station::*server)()) {
  return [this, server](net::PassedOn passed) {
    Station& to = stations_[passed.loop];
    to.loop().post([&to, server, passed = std::move(passed)]() mutable {
      (to.*server)().adopt(std::move(passed));
    });
  };
}

Result<Addresses> Stations::listen(const Addresses& at) {
  auto events = listen_everywhere(at.events, &Station::events);
  if (!events) return std::move(events).error().within("--listen-events");
  auto aws = listen_everywhere(at.aws, &Station::aws);
  if (!aws) return std::move(aws).error().within("--listen-aws");
  return Addresses{.events = *std::move(events), .aws = *std::move(aws)};
}

Result<sys::Endpoint> Stations::listen_everywhere(const sys::Endpoint& at,
                                                  net::HttpServer& (Station::*server)()) {
  sys::Endpoint picked = at;
  for (Station& station : stations_) {
    const bool first = &station == &stations_.front();
    ASSIGN_OR_RETURN(picked, (station.*server)().listen(picked, {.exclusive = first}));
  }
  return picked;
}

void Stations::collect(base::Done<std::string> done) {
  struct Round {
    std::atomic<std::size_t> left;
    base::Done<std::string> done;
  };
  auto round = std::make_shared<Round>(stations_.size(), std::move(done));
  sys::Loop* asker = nullptr;
  for (Station& station : stations_) {
    if (station.loop().here()) asker = &station.loop();
  }
  for (Station& station : stations_) {
    station.loop().post([this, &station, round, asker] {
      station.publish();
      if (round->left.fetch_sub(1) > 1) return;
      asker->post([this, round] { round->done(registry_.text()); });
    });
  }
}

void Stations::drain() {
  const std::shared_ptr<sys::Semaphore> drained = runtime_.make_semaphore();
  const base::MonoTime deadline = runtime_.clock().mono() + kAnswerMax;
  for (Station& station : stations_) {
    station.loop().post([&station, drained] { station.drain([drained] { drained->release(); }); });
  }
  for (std::size_t i = 0; i < stations_.size(); ++i) {
    if (!drained->acquire(deadline)) runtime_.die("a request was not answered in time to stop");
  }
}

}  // namespace hyd::app

#include "app/stations.h"

#include "base/check.h"
#include "sys/wait_for.h"

#include <algorithm>
#include <atomic>
#include <memory>
#include <utility>

namespace hyd::app {

using base::Result;

Stations::Stations(StationsParts parts)
    : runtime_(parts.runtime),
      loops_(parts.loops),
      workers_(parts.workers),
      registry_(parts.telemetry.metrics),
      describe_(std::move(parts.describe)),
      log_numbers_(parts.telemetry.metrics, parts.log.probe()),
      memory_numbers_(parts.telemetry.metrics, parts.body_memory),
      events_loads_(parts.loops.size()),
      aws_loads_(parts.loops.size()),
      stations_(parts.loops.size()) {
  on_each([&](std::size_t i) {
    stations_[i] =
        std::make_unique<Station>(StationParts{.loop = loops_[i],
                                               .runtime = parts.runtime,
                                               .keys = parts.keys,
                                               .dispatcher = parts.dispatcher,
                                               .log = parts.log,
                                               .apis = parts.apis,
                                               .store = parts.store,
                                               .workers = parts.workers,
                                               .authorizer = parts.authorizer,
                                               .telemetry = parts.telemetry,
                                               .metrics = *this,
                                               .body_memory = parts.body_memory,
                                               .account = parts.account,
                                               .region = parts.region,
                                               .events = {events_loads_, pass_on(&Station::events)},
                                               .aws = {aws_loads_, pass_on(&Station::aws)}});
  });
}

void Stations::on_each(const std::function<void(std::size_t)>& task) {
  for (std::size_t i = 0; i < loops_.size(); ++i) {
    const std::shared_ptr<sys::Semaphore> done = runtime_.make_semaphore();
    loops_[i].post([&task, i, done] {
      task(i);
      done->release();
    });
    sys::wait_for(*done);
  }
}

std::function<void(net::PassedOn)> Stations::pass_on(net::HttpServer& (Station::*server)()) {
  return [this, server](net::PassedOn passed) {
    Station& to = *stations_[passed.loop];
    to.loop().post([&to, server, passed = std::move(passed)]() mutable {
      (to.*server)().adopt(std::move(passed));
    });
  };
}

Result<Addresses> Stations::listen(const Addresses& at, bool held) {
  auto events = listen_everywhere(at.events, held, &Station::events);
  if (!events) return std::move(events).error().within(kEventsFlag);
  auto aws = listen_everywhere(at.aws, held, &Station::aws);
  if (!aws) return std::move(aws).error().within(kAwsFlag);
  return Addresses{.events = *std::move(events), .aws = *std::move(aws)};
}

Result<sys::Endpoint> Stations::listen_everywhere(const sys::Endpoint& at, bool held,
                                                  net::HttpServer& (Station::*server)()) {
  Result<sys::Endpoint> picked = at;
  on_each([&](std::size_t i) {
    if (picked) picked = (*stations_[i].*server)().listen(*picked, {.exclusive = i == 0 && !held});
  });
  return picked;
}

void Stations::collect(base::Done<std::string> done) {
  struct Round {
    std::atomic<std::size_t> left;
    base::Done<std::string> done;
  };
  auto round = std::make_shared<Round>(stations_.size(), std::move(done));
  sys::Loop* const asker = &here();
  for (const auto& station : stations_) {
    station->loop().post([this, &station = *station, round, asker] {
      station.publish();
      if (&station == stations_.front().get()) {
        log_numbers_.publish();
        memory_numbers_.publish();
      }
      if (round->left.fetch_sub(1) > 1) return;
      asker->post([this, round] { round->done(registry_.text()); });
    });
  }
}

sys::Loop& Stations::here() {
  const auto at =
      std::ranges::find_if(stations_, [](const auto& station) { return station->loop().here(); });
  HYD_CHECK(at != stations_.end());
  return (*at)->loop();
}

void Stations::describe(base::Done<std::string> done) {
  auto told = std::make_shared<base::Done<std::string>>(std::move(done));
  base::Task task = [this, told, &asker = here()] {
    asker.post([told, text = describe_()]() mutable { (*told)(std::move(text)); });
  };
  if (workers_.submit(task)) return;
  (*told)(base::fail(base::Code::exhausted, "the workers have too much to do"));
}

void Stations::drain() {
  const std::shared_ptr<sys::Semaphore> drained = runtime_.make_semaphore();
  const base::MonoTime deadline = runtime_.clock().mono() + kAnswerMax;
  for (const auto& station : stations_) {
    station->loop().post(
        [&station = *station, drained] { station.drain([drained] { drained->release(); }); });
  }
  for (std::size_t i = 0; i < stations_.size(); ++i) {
    if (!drained->acquire(deadline)) runtime_.die("a request was not answered in time to stop");
  }
}

}  // namespace hyd::app

// What is decided, and when. What workers then do is in engine_work.cc.
#include "delivery/engine.h"

#include "base/check.h"

#include <algorithm>
#include <utility>

namespace hyd::delivery {

using base::MonoTime;
using base::Result;

Engine::Engine(Parts parts, EngineOptions options)
    : parts_(std::move(parts)), options_(options), wake_(parts_.runtime.make_semaphore()) {}

Engine::~Engine() { stop(); }

void Engine::add(Loaded loaded, Plan plan) {
  plan.buffer_bytes = std::min(plan.buffer_bytes, options_.buffer_bytes_max);
  auto line = std::make_shared<Line>();
  line->reader = std::make_unique<Reader>(Reader::Parts{.runtime = parts_.runtime,
                                                        .log = parts_.log,
                                                        .sources = parts_.sources,
                                                        .journal = parts_.journal},
                                          Reader::Of{.id = loaded.stream.id,
                                                     .source_arn = loaded.stream.source_arn,
                                                     .start = loaded.stream.start,
                                                     .plan = std::move(plan)},
                                          loaded.kept.marks);
  for (DeliveryJournal::Kept::Open& open : loaded.kept.open) {
    line->open.push_back({.intent = std::move(open.intent), .attempt = open.attempt});
  }
  if (loaded.stream.state == DeliveryState::deleting) {
    line->drain_until = parts_.runtime.clock().mono() + options_.drain;
  }
  line->stream = std::move(loaded.stream);
  {
    const base::Lock lock(mutex_);
    lines_[line->stream.id] = line;
  }
  poke();
}

void Engine::drain(DeliveryId id, std::uint64_t drain_to) {
  const MonoTime until = parts_.runtime.clock().mono() + options_.drain;
  {
    const base::Lock lock(mutex_);
    const auto line = lines_.find(id);
    if (line == lines_.end()) return;
    line->second->stream.state = DeliveryState::deleting;
    line->second->stream.drain_to = drain_to;
    line->second->drain_until = until;
  }
  poke();
}

void Engine::drop(DeliveryId id) {
  {
    const base::Lock lock(mutex_);
    const auto line = lines_.find(id);
    if (line == lines_.end()) return;
    line->second->gone = true;
    lines_.erase(line);
  }
  parts_.log.drop_holder(log::HolderId(id.raw()));
}

Result<void> Engine::look_at_sources() {
  std::vector<LinePtr> lines;
  {
    const base::Lock lock(mutex_);
    for (const auto& [id, line] : lines_) lines.push_back(line);
  }
  for (const LinePtr& line : lines) {
    auto looked = line->reader->look_at_source();
    if (!looked) return std::move(looked).error().within(line->stream.arn);
  }
  return {};
}

void Engine::start() {
  workers_ = std::make_unique<sys::Workers>(
      parts_.runtime, sys::Workers::Options{.name = "delivery", .threads = options_.workers});
  thread_ = parts_.runtime.spawn("delivery", [this] { run(); });
}

void Engine::stop() {
  if (!thread_) return;
  stopping_.store(true, std::memory_order_relaxed);
  poke();
  thread_->join();
  workers_->stop();
  thread_ = nullptr;
}

void Engine::poke() {
  if (!poked_.exchange(true)) wake_->release();
}

void Engine::run() {
  while (!stopping()) {
    poked_.store(false);
    Look what = look(moment());
    for (base::Task& one : what.tasks) {
      const bool taken = workers_->submit(one);
      HYD_CHECK(taken);  // never more than there are workers, and they stop after this thread
    }
    static_cast<void>(wake_->acquire(what.next));
  }
}

Engine::Moment Engine::moment() {
  const MonoTime now = parts_.runtime.clock().mono();
  const std::int64_t said = parts_.log.now_ms();
  const std::uint64_t end = parts_.log.end(log::Mark::durable).raw();
  const base::Lock lock(mutex_);
  if (said != log_said_ms_) {
    log_said_ms_ = said;
    log_said_at_ = now;
  }
  const auto since = std::chrono::duration_cast<std::chrono::milliseconds>(now - log_said_at_);
  log_ms_ = std::max(log_ms_, said + since.count());
  return {.now = now, .log_ms = log_ms_, .end = end};
}

base::Task Engine::task(base::Task work) {
  ++running_;
  return [this, work = std::move(work)]() mutable {
    work();
    work = nullptr;
    {
      const base::Lock lock(mutex_);
      --running_;
    }
    poke();
  };
}

Engine::Look Engine::look(const Moment& moment) {
  const base::Lock lock(mutex_);
  // With nothing to carry there is little to look at: `add` pokes.
  Look look{.tasks = {},
            .next = moment.now + (lines_.empty() ? options_.forget_every : options_.wake_every)};
  if (!forgetting_ && forget_due_ <= moment.now && running_ < options_.workers) {
    forgetting_ = true;
    forget_due_ = moment.now + options_.forget_every;
    look.tasks.push_back(task([this] { forget_gone_sources(); }));
  }
  const auto behind = lines_.upper_bound(last_served_);
  for (auto at = behind; at != lines_.end(); ++at) look_at(at->second, moment, look);
  for (auto at = lines_.begin(); at != behind; ++at) look_at(at->second, moment, look);
  measure(moment);
  return look;
}

void Engine::look_at(const LinePtr& line, const Moment& moment, Look& look) {
  if (running_ >= options_.workers) return;  // the worker that ends pokes
  const std::size_t before = look.tasks.size();
  const bool late = moment.now >= line->drain_until;
  if (!line->ending && (drained(*line) || late)) {
    if (line->read_due <= moment.now) {
      line->ending = true;
      look.tasks.push_back(task([this, line] { end(line); }));
    } else {
      look.next = std::min(look.next, line->read_due);
    }
  }
  choose_intents(line, moment, look);
  if (running_ < options_.workers && wants_reading(*line, moment)) {
    line->reading = true;
    look.tasks.push_back(task([this, line, moment] { read(line, moment); }));
  }
  if (line->read_due > moment.now) look.next = std::min(look.next, line->read_due);
  if (look.tasks.size() > before) last_served_ = line->stream.id;
}

bool Engine::wants_reading(const Line& line, const Moment& moment) const {
  if (line.reading || line.ending || moment.now < line.read_due) return false;
  if (line.open.size() >= options_.open_intents_max) return moment.now >= line.adopt_due;
  if (!line.caught_up || line.full || moment.end > line.read_to) {
    const bool done = line.stream.state == DeliveryState::deleting && line.caught_up &&
                      !line.full && line.read_to >= line.stream.drain_to;
    if (!done) return true;
  }
  if (line.buffered.empty()) return false;
  return line.stream.state == DeliveryState::deleting ||
         moment.log_ms - line.buffered.oldest_ms() >= line.reader->plan().interval_ms;
}

void Engine::choose_intents(const LinePtr& line, const Moment& moment, Look& look) {
  const std::size_t most =
      std::min(options_.in_work_max, std::max<std::size_t>(1, options_.workers / 2));
  for (OpenIntent& open : line->open) {
    if (line->in_work >= most || running_ >= options_.workers) return;
    if (open.in_work || open.damaged) continue;
    if (open.due > moment.now) {
      look.next = std::min(look.next, open.due);
      continue;
    }
    const std::uint64_t bytes = open.intent.bytes();
    if (building_bytes_ != 0 && building_bytes_ + bytes > options_.build_bytes_max) return;
    building_bytes_ += bytes;
    open.in_work = true;
    ++line->in_work;
    look.tasks.push_back(task([this, line, intent = open.intent, attempt = open.attempt] {
      store(line, intent, attempt);
    }));
  }
}

bool Engine::drained(const Line& line) const {
  return line.stream.state == DeliveryState::deleting && !line.reading && line.caught_up &&
         line.read_to >= line.stream.drain_to && line.buffered.empty() && line.open.empty();
}

std::chrono::nanoseconds Engine::pause(std::uint32_t failures) const {
  const std::uint32_t doublings = std::min<std::uint32_t>(failures > 0 ? failures - 1 : 0, 16);
  return std::min<std::chrono::milliseconds>(options_.retry_min * (1 << doublings),
                                             options_.retry_max);
}

void Engine::measure(const Moment& moment) {
  std::int64_t open = 0;
  std::int64_t damaged = 0;
  std::uint64_t bytes = 0;
  std::int64_t oldest = 0;
  const auto older = [&](std::int64_t ms) {
    if (ms != 0 && (oldest == 0 || ms < oldest)) oldest = ms;
  };
  for (const auto& [id, line] : lines_) {
    bytes += line->buffered.bytes();
    older(line->buffered.oldest_ms());
    for (const OpenIntent& intent : line->open) {
      ++open;
      if (intent.damaged) ++damaged;
      bytes += intent.intent.bytes();
      older(intent.intent.oldest_ms);
    }
  }
  probe_.open_intents.set(open);
  probe_.damaged_intents.set(damaged);
  probe_.owed_bytes.set(static_cast<std::int64_t>(bytes));
  probe_.oldest_owed_ms.set(oldest == 0 ? 0 : moment.log_ms - oldest);
}

std::vector<Status> Engine::status() const {
  std::vector<Status> all;
  const base::Lock lock(mutex_);
  for (const auto& [id, line] : lines_) {
    Status status{.arn = line->stream.arn,
                  .state = std::string(name(line->stream.state)),
                  .end = line->read_to,
                  .owed_bytes = line->buffered.bytes(),
                  .owed_records = line->buffered.records(),
                  .oldest_owed_ms = line->buffered.oldest_ms(),
                  .open_intents = line->open.size(),
                  .objects = line->objects,
                  .last_error = line->last_error};
    std::uint64_t first = line->buffered.empty() ? line->read_to : line->buffered.first_place();
    for (const OpenIntent& open : line->open) {
      status.owed_bytes += open.intent.bytes();
      status.owed_records += open.intent.records();
      if (open.damaged) {
        ++status.damaged_intents;
        if (status.last_error.empty()) status.last_error = open.error;
      }
      if (status.oldest_owed_ms == 0 || open.intent.oldest_ms < status.oldest_owed_ms) {
        status.oldest_owed_ms = open.intent.oldest_ms;
      }
      for (const Range& range : open.intent.inputs) first = std::min(first, range.first);
    }
    status.low = first == 0 ? 0 : first - 1;
    all.push_back(std::move(status));
  }
  return all;
}

}  // namespace hyd::delivery

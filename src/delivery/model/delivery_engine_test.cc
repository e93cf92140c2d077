// The engine of the delivery model: recovery from frames, buffers, intents, barriers.
#include "delivery/model/delivery_model.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <utility>

namespace hyd::delivery::model {

using base::Code;
using base::fail;
using base::Result;
using Kind = Frame::Kind;
using State = Intent::State;

Result<void> Engine::open() {
  World& world = *world_;
  epoch_ = ++world.epoch;
  if (world.partitioned && world.faults.new_evaluator && world.chance(500)) ++world.evaluator;
  evaluator_ = world.evaluator;
  configs_ = {Config{.version = 1}};
  RETURN_IF_ERROR(world.append(epoch_, {.kind = Kind::open, .number = epoch_}));
  std::vector<Intent> done;
  for (const Frame& frame : world.journal) RETURN_IF_ERROR(replay(frame, done));
  for (Number source = 0; source < world.sources(); ++source) {
    if (low_[source] < world.trim[shard_of(source)]) {
      return fail(Code::conflict, "a low-water mark lies behind the trimmed log");
    }
  }
  for (const Intent& intent : done) {
    if (!by_members(intent.lane)) continue;
    for (const Member& at : intent.members) cover(at);
  }
  advance();
  if (world.chance(500)) {  // sooner or later: no destination holds up a start
    std::vector<Number> batches;
    for (const auto& [batch, intent] : open_) batches.push_back(batch);
    for (const Number batch : batches) RETURN_IF_ERROR(finish(batch));
  }
  read_ = low_;
  reading_ = true;
  return {};
}

Result<void> Engine::replay(const Frame& frame, std::vector<Intent>& done) {
  const auto at = open_.find(frame.batch);
  switch (frame.kind) {
    case Kind::open: break;
    case Kind::config:
      configs_.push_back({.version = frame.number, .barrier = frame.places});
      break;
    case Kind::intent: apply(frame.intent, true); break;
    case Kind::attempt:
      if (at != open_.end()) at->second.note(frame.row);
      break;
    case Kind::retarget:
      if (at == open_.end()) break;
      at->second.target = frame.number;
      at->second.key = frame.key;
      at->second.state = State::stored_nothing;
      break;
    case Kind::failed:
      if (at == open_.end()) break;
      if (!world_->rules.error_holds) done.push_back(at->second);
      open_.erase(at);
      apply(frame.intent, true);
      break;
    case Kind::commit:
      if (at == open_.end()) break;
      done.push_back(std::move(at->second));
      open_.erase(at);
      break;
    case Kind::checkpoint: low_ = frame.places; break;
  }
  return {};
}

bool Engine::by_members(Number lane) const {
  return world_->partitioned && lane == 0 && world_->rules.members;
}

// The newest version whose barrier is not above the place.
Number Engine::version(const Member& at) const {
  Number found = 1;
  for (const Config& config : configs_) {
    if (at.place >= config.barrier[at.source]) found = config.version;
  }
  return found;
}

Partition Engine::partition(const Member& at, Number version) const {
  return world_->partition(at, version, evaluator_);
}

Engine::AssignedKey Engine::assigned_key(Number source, Number version, Partition partition) const {
  return {.source = source,
          .version = world_->rules.assigned_by_version ? version : 0,
          .partition = partition};
}

void Engine::apply(Intent intent, bool recovered) {
  batches_ = std::max(batches_, intent.batch);
  if (recovered) intent.state = State::begun;  // a first attempt has no row: it may be out
  for (const Range& range : intent.inputs) {
    Number& place = assigned_[assigned_key(range.source, intent.version, intent.partition)];
    place = world_->rules.running_max ? std::max(place, range.last + 1) : range.last + 1;
  }
  for (const Member& at : intent.members) {
    std::vector<bool>& taken = taken_[at.source];
    if (taken.size() <= at.place) taken.resize(at.place + 64);
    taken[at.place] = true;
  }
  const Number batch = intent.batch;
  open_.insert_or_assign(batch, std::move(intent));
}

// Every place of the intent's object; the counts for each shard must agree.
Result<std::vector<Member>> Engine::contents(const Intent& intent) const {
  std::vector<Member> all;
  if (by_members(intent.lane)) {
    all = intent.members;
  } else {
    for (const Range& range : intent.inputs) {
      for (Number place = range.first; place <= range.last; ++place) {
        const Member at{.source = range.source, .place = place};
        if (version(at) != intent.version) continue;
        if (partition(at, intent.version) == intent.partition) all.push_back(at);
      }
    }
  }
  for (const Range& range : intent.inputs) {
    if (range.first < world_->trim[shard_of(range.source)]) {
      return fail(Code::not_found, "the log is trimmed under an intent");
    }
    const auto here = [&](const Member& at) { return at.source == range.source; };
    if (static_cast<Number>(std::ranges::count_if(all, here)) != range.count) {
      return fail(Code::conflict, "an object does not have the count of its INTENT");
    }
  }
  return all;
}

Result<Object> Engine::build(const Intent& intent) const {
  ASSIGN_OR_RETURN(const std::vector<Member> all, contents(intent));
  Object object{.lane = intent.lane, .version = intent.version};
  for (const Member& at : all) object.records.push_back(world_->record_at(at));
  return object;
}

Result<void> Engine::close(BufferKey key) {
  const std::vector<Member>& buffered = buffers_[key];
  Intent intent{.batch = batches_ + 1,
                .lane = key.lane,
                .version = key.version,
                .partition = key.partition,
                .key = world_->rng.next(),
                .target = key.version};
  for (const Member& at : buffered) {
    const auto range = std::ranges::find(intent.inputs, at.source, &Range::source);
    if (range == intent.inputs.end()) {
      intent.inputs.push_back(
          {.source = at.source, .first = at.place, .last = at.place, .count = 1});
      continue;
    }
    range->first = std::min(range->first, at.place);
    range->last = std::max(range->last, at.place);
    ++range->count;
  }
  if (by_members(key.lane)) intent.members = buffered;
  if (!world_->rules.intent_first) {
    Object object{.lane = key.lane, .version = key.version};
    for (const Member& at : buffered) object.records.push_back(world_->record_at(at));
    const Result<void> sent = world_->put(intent.key, object, key.version);
    if (!sent && sent.error().code != Code::denied && sent.error().code != Code::timed_out) {
      return sent;
    }
  }
  RETURN_IF_ERROR(world_->append(epoch_, {.kind = Kind::intent, .intent = intent}));
  buffers_.erase(key);
  apply(std::move(intent), false);
  return {};
}

Result<void> Engine::note(Intent& intent, State row) {
  RETURN_IF_ERROR(
      world_->append(epoch_, {.kind = Kind::attempt, .batch = intent.batch, .row = row}));
  intent.note(row);
  return {};
}

// Up to three attempts; COMMIT when it is stored.
Result<void> Engine::finish(Number batch) {
  Intent& intent = open_.at(batch);
  bool stored = false;
  for (int attempt = 0; attempt < 3 && !stored; ++attempt) {
    if (world_->rules.head_first && world_->store.contains(intent.key)) break;
    if (intent.state == State::fresh) {
      intent.state = State::begun;
    } else if (world_->rules.attempt_rows) {
      RETURN_IF_ERROR(note(intent, State::begun));
    }
    ASSIGN_OR_RETURN(const Object object, build(intent));
    const Result<void> sent = world_->put(intent.key, object, intent.target);
    if (sent) {
      stored = true;
    } else if (sent.error().code == Code::denied) {
      RETURN_IF_ERROR(note(intent, State::stored_nothing));
    } else if (sent.error().code == Code::timed_out) {
      RETURN_IF_ERROR(note(intent, State::unknown));
      RETURN_IF_ERROR(world_->land(500));
    } else {
      return sent;
    }
  }
  if (!stored && !(world_->rules.head_first && world_->store.contains(intent.key))) return {};
  RETURN_IF_ERROR(world_->append(epoch_, {.kind = Kind::commit, .batch = batch}));
  const Intent done = std::move(intent);
  open_.erase(batch);
  ASSIGN_OR_RETURN(const std::vector<Member> all, contents(done));
  for (const Member& at : all) cover(at);
  advance();
  return {};
}

void Engine::cover(const Member& at) {
  if (at.place < low_[at.source]) return;
  std::vector<bool>& covered = covered_[at.source];
  if (covered.size() <= at.place) covered.resize(at.place + 64);
  covered[at.place] = true;
}

void Engine::advance() {
  for (Number source = 0; source < world_->sources(); ++source) {
    std::vector<bool>& covered = covered_[source];
    Number& low = low_[source];
    while (low < covered.size() && covered[low]) {
      covered[low] = false;
      ++low;
    }
    std::vector<bool>& taken = taken_[source];
    const auto end = static_cast<std::ptrdiff_t>(std::min(low, taken.size()));
    std::fill(taken.begin(), taken.begin() + end, false);
    if (reading_ && world_->rules.cursor_first) read_[source] = std::max(read_[source], low);
  }
  std::erase_if(assigned_, [&](const auto& it) { return it.second <= low_[it.first.source]; });
}

void Engine::read_some(Number source) {
  for (Number n = 1 + world_->rng.below(5); n > 0; --n) {
    const Member at{.source = source, .place = read_[source]};
    if (at.place >= world_->logs[shard_of(source)].size()) return;
    ++read_[source];
    const Number lane = lane_of(source);
    if (by_members(lane) && at.place < taken_[source].size() && taken_[source][at.place]) continue;
    const Number under = version(at);
    const Partition key = partition(at, under);
    if (key == kNothing) {
      cover(at);
      advance();
      continue;
    }
    if (!by_members(lane)) {
      const auto assigned = assigned_.find(assigned_key(source, under, key));
      if (assigned != assigned_.end() && at.place < assigned->second) {
        const bool owed = std::ranges::any_of(open_, [&](const auto& it) {
          const Intent& intent = it.second;
          if (intent.version != under || intent.partition != key) return false;
          return std::ranges::any_of(intent.inputs, [&](const Range& range) {
            return range.source == source && range.first <= at.place && at.place <= range.last;
          });
        });
        if (!owed) {
          cover(at);
          advance();
        }
        continue;
      }
    }
    buffers_[{.lane = lane, .version = under, .partition = key}].push_back(at);
  }
}

// A new version: nothing is closed, what lies above the barrier is read again under it.
Result<void> Engine::configure() {
  const Rules& rules = world_->rules;
  Config next{.version = configs_.back().version + 1, .barrier = configs_.back().barrier};
  for (Number source = 0; source < world_->sources(); ++source) {
    Number& barrier = next.barrier[source];
    barrier = std::max(barrier, rules.barrier_place ? low_[source] : read_[source]);
  }
  if (rules.barrier_place) {
    for (const auto& [key, place] : assigned_) {
      next.barrier[key.source] = std::max(next.barrier[key.source], place);
    }
  }
  RETURN_IF_ERROR(world_->append(
      epoch_, {.kind = Kind::config, .number = next.version, .places = next.barrier}));
  configs_.push_back(next);
  if (rules.drop_buffered) {
    for (auto& [key, buffered] : buffers_) {
      std::erase_if(buffered,
                    [&](const Member& at) { return at.place >= next.barrier[at.source]; });
    }
    std::erase_if(buffers_, [](const auto& it) { return it.second.empty(); });
  }
  for (Number source = 0; source < world_->sources(); ++source) {
    if (rules.forget_nothing && covered_[source].size() > next.barrier[source]) {
      covered_[source].resize(next.barrier[source]);
    }
    if (rules.cursor_back) read_[source] = std::min(read_[source], next.barrier[source]);
  }
  return {};
}

Result<void> Engine::retarget() {
  const Number newest = configs_.back().version;
  for (auto& [batch, intent] : open_) {
    const bool sure = intent.state == State::fresh || intent.state == State::stored_nothing;
    if (intent.error || intent.target >= newest || (!sure && world_->rules.retarget_sure)) continue;
    const Number key = world_->rng.next();
    RETURN_IF_ERROR(world_->append(
        epoch_, {.kind = Kind::retarget, .batch = batch, .number = newest, .key = key}));
    intent.target = newest;
    intent.key = key;
    intent.state = State::stored_nothing;
    ++world_->retargets;
  }
  return {};
}

// A batch that its destination refuses for good goes to the error prefix.
Result<void> Engine::give_up() {
  const std::optional<Number> batch = any_open();
  if (!batch) return {};
  const Intent& failed = open_.at(*batch);
  const bool sure = failed.state == State::stored_nothing;
  if (failed.error || failed.lane != 0 || (!sure && world_->rules.retarget_sure)) return {};
  Intent error = failed;
  error.batch = batches_ + 1;
  error.error = true;
  error.key = world_->rng.next();
  error.target = 1;
  error.state = State::fresh;
  if (world_->rules.failed_in_one_frame) {
    RETURN_IF_ERROR(
        world_->append(epoch_, {.kind = Kind::failed, .batch = *batch, .intent = error}));
  } else {
    RETURN_IF_ERROR(world_->append(epoch_, {.kind = Kind::commit, .batch = *batch}));
    RETURN_IF_ERROR(world_->append(epoch_, {.kind = Kind::intent, .intent = error}));
  }
  ++world_->failures;
  open_.erase(*batch);
  if (!world_->rules.error_holds) {
    ASSIGN_OR_RETURN(const std::vector<Member> all, contents(error));
    for (const Member& at : all) cover(at);
  }
  apply(std::move(error), false);
  advance();
  return {};
}

// The log lets go of what the last checkpoint no longer needs.
Result<void> Engine::trim() {
  const auto newest = std::find_if(world_->journal.rbegin(), world_->journal.rend(),
                                   [](const Frame& it) { return it.kind == Kind::checkpoint; });
  if (newest == world_->journal.rend()) return {};
  for (Number shard = 0; shard < kShards; ++shard) {
    Number low = newest->places[shard];
    if (world_->backup && world_->rules.trim_below_all_lanes) {
      low = std::min(low, newest->places[kShards + shard]);
    }
    world_->trim[shard] = std::max(world_->trim[shard], low);
    if (world_->tracing()) world_->say("      trimmed below the checkpoint, one shard");
    RETURN_IF_ERROR(world_->maybe_die());
  }
  return {};
}

std::optional<Number> Engine::any_open() {
  if (open_.empty()) return std::nullopt;
  auto at = open_.begin();
  std::advance(at, static_cast<std::ptrdiff_t>(world_->rng.below(open_.size())));
  return at->first;
}

Result<void> Engine::step() {
  World& world = *world_;
  const Number draw = world.rng.below(1000);
  if (draw < 500) {
    read_some(world.rng.below(world.sources()));
  } else if (draw < 700) {
    if (!buffers_.empty() && open_.size() < kOpenMax) {
      auto at = buffers_.begin();
      std::advance(at, static_cast<std::ptrdiff_t>(world.rng.below(buffers_.size())));
      RETURN_IF_ERROR(close(at->first));
    }
  } else if (draw < 850) {
    if (const std::optional<Number> batch = any_open()) RETURN_IF_ERROR(finish(*batch));
  } else if (draw < 900) {
    RETURN_IF_ERROR(world.append(epoch_, {.kind = Kind::checkpoint, .places = low_}));
  } else if (draw < 930) {
    RETURN_IF_ERROR(trim());
  } else if (draw < 950) {
    RETURN_IF_ERROR(configure());
  } else if (draw < 970) {
    RETURN_IF_ERROR(retarget());
  } else if (draw < 990) {
    RETURN_IF_ERROR(give_up());
  }
  return world.land(500);
}

Result<void> Engine::drain() {
  std::vector<BufferKey> keys;
  for (const auto& [key, buffered] : buffers_) keys.push_back(key);
  for (const BufferKey& key : keys) {
    if (open_.size() < kOpenMax) RETURN_IF_ERROR(close(key));
  }
  std::vector<Number> batches;
  for (const auto& [batch, intent] : open_) batches.push_back(batch);
  for (const Number batch : batches) RETURN_IF_ERROR(finish(batch));
  return {};
}

bool Engine::drained() const {
  for (Number source = 0; source < world_->sources(); ++source) {
    if (read_[source] < world_->logs[shard_of(source)].size()) return false;
  }
  return buffers_.empty() && open_.empty();
}

bool Engine::stuck() const {
  for (Number source = 0; source < world_->sources(); ++source) {
    if (low_[source] != world_->logs[shard_of(source)].size()) return true;
  }
  return false;
}

namespace {

TEST(DeliveryEngine, AFreshStreamHasNothingToDrain) {
  World world(1, Rules{}, Faults{});
  world.crashes = false;
  Engine engine(world);
  ASSERT_TRUE(engine.open());
  EXPECT_TRUE(engine.drained());
  EXPECT_FALSE(engine.stuck());
}

}  // namespace
}  // namespace hyd::delivery::model

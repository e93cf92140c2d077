// The world of the delivery model: logs, journal and a store that may refuse, answer nothing, or
// store what it was sent long after its sender has died.
#include "delivery/model/delivery_model.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <utility>

namespace hyd::delivery::model {

using base::Code;
using base::fail;
using base::Result;

namespace {

std::string describe(const Intent& intent) {
  std::string text = fmt::format(
      "{} batch {}, lane {}, version {}, partition {}, object {:x}:", intent.error ? "error" : "",
      intent.batch, intent.lane, intent.version, intent.partition, intent.key >> 48);
  for (const Range& it : intent.inputs) {
    text += fmt::format(" shard {} {}-{} ({})", shard_of(it.source), it.first, it.last, it.count);
  }
  return text;
}

std::string describe(const Frame& frame) {
  constexpr std::array<std::string_view, 4> kRows{"fresh", "begun", "stored nothing", "unknown"};
  const auto places = [&] { return fmt::format("{}", fmt::join(frame.places, " ")); };
  switch (frame.kind) {
    case Frame::Kind::open: return fmt::format("OPEN epoch {}", frame.number);
    case Frame::Kind::config: return fmt::format("CONFIG {} from {}", frame.number, places());
    case Frame::Kind::intent: return "INTENT" + describe(frame.intent);
    case Frame::Kind::attempt:
      return fmt::format("ATTEMPT batch {} {}", frame.batch,
                         kRows[static_cast<std::size_t>(frame.row)]);
    case Frame::Kind::retarget:
      return fmt::format("RETARGET batch {} to {}, object {:x}", frame.batch, frame.number,
                         frame.key >> 48);
    case Frame::Kind::failed:
      return fmt::format("FAILED batch {}, ", frame.batch) + describe(frame.intent);
    case Frame::Kind::commit: return fmt::format("COMMIT batch {}", frame.batch);
    case Frame::Kind::checkpoint: return fmt::format("CHECKPOINT {}", places());
  }
  return "";
}

}  // namespace

World::World(Number seed, const Rules& rules_on, const Faults& faults_on, std::string* trace_to)
    : rng(seed),
      trace(trace_to),
      rules(rules_on),
      faults(faults_on),
      partitioned(seed % 2 == 0),
      backup(seed / 2 % 2 == 0) {}

void World::say(std::string_view line) {
  if (trace != nullptr) trace->append(line).append("\n");
}

Result<void> World::maybe_die() {
  if (crashes && chance(20)) return fail(Code::cancelled, "crash");
  return {};
}

void World::produce() {
  const Number shard = rng.below(kShards);
  where.push_back({.source = shard, .place = logs[shard].size()});
  logs[shard].push_back(where.size());
}

Result<void> World::append(Number of_epoch, Frame frame) {
  if (rules.fencing && of_epoch < epoch) return fail(Code::cancelled, "fenced");
  RETURN_IF_ERROR(maybe_die());
  if (tracing()) say(fmt::format("{:3} {}", of_epoch, describe(frame)));
  journal.push_back(std::move(frame));
  return maybe_die();
}

Result<void> World::write(Number key, const Object& object) {
  if (tracing()) {
    say(fmt::format("      stored: object {:x}, records {}", key >> 48,
                    fmt::join(object.records, " ")));
  }
  const auto [at, fresh] = store.emplace(key, object);
  if (fresh || at->second == object) return {};
  return fail(Code::conflict, "an object was built again with other records");
}

Result<void> World::put(Number key, const Object& object, Number target) {
  RETURN_IF_ERROR(maybe_die());
  if (tracing()) say(fmt::format("      PUT object {:x} to {}", key >> 48, target));
  if (chance(target % 3 == 0 ? 600 : 100)) return fail(Code::denied, "refused");
  const Number fate = rng.below(1000);
  if (fate < 100) {
    late.push_back({.key = key, .object = object});
    return fail(Code::timed_out, "lands later");
  }
  RETURN_IF_ERROR(write(key, object));
  if (fate < 200) return fail(Code::timed_out, "the answer is lost");
  return maybe_die();
}

Result<void> World::land(Number per_mille) {
  while (!late.empty() && chance(per_mille)) {
    const Late first = std::move(late.front());
    late.erase(late.begin());
    RETURN_IF_ERROR(write(first.key, first.object));
  }
  return {};
}

Partition World::partition(const Member& at, Number version, Number by) const {
  if (!partitioned || lane_of(at.source) != 0) return 0;
  const Number record = record_at(at);
  if (record % 11 == 0 || (record % 7 == 0 && version % 2 == 1)) return kNothing;
  return static_cast<Partition>((record + by) % (version % 2 == 1 ? 2 : 3));
}

void Intent::note(State row) {
  if (state == State::unknown) return;
  if (row == State::begun) {  // one begun before and not ended stays unknown
    state = state == State::begun ? State::unknown : State::begun;
  } else {
    state = row;
  }
}

namespace {

TEST(DeliveryIntent, AnAttemptThatNeverEndedIsUnknownForGood) {
  using enum Intent::State;
  Intent intent;
  intent.note(begun);
  EXPECT_EQ(intent.state, begun);
  intent.note(stored_nothing);
  EXPECT_EQ(intent.state, stored_nothing);
  intent.note(begun);
  intent.note(begun);
  EXPECT_EQ(intent.state, unknown);
  intent.note(stored_nothing);
  EXPECT_EQ(intent.state, unknown);
}

TEST(DeliveryWorld, AnObjectMayBeWrittenTwiceButNotOtherwise) {
  World world(0, Rules{}, Faults{});
  const Object object{.version = 1, .records = {1, 2}};
  EXPECT_TRUE(world.write(7, object));
  EXPECT_TRUE(world.write(7, object));
  EXPECT_FALSE(world.write(7, Object{.version = 1, .records = {1}}));
}

}  // namespace
}  // namespace hyd::delivery::model

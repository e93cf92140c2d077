// Lives of deliveries that end badly. Goal: whatever ends a process and when (a kill at any step or
// at a named point, a power cut), every acknowledged record is in exactly one object, records of a
// shard stay in order, and nothing is in an object that was refused. Method: one seed draws a chain
// of lives on one simulated disk; clients write what they were told into a ledger; the last life
// runs until everything is delivered and the parent compares its objects with the ledger.
#include "delivery/testing/delivery_life.h"
#include "sys/environment.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace hyd::delivery {
namespace {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool kSanitized = true;
#elif defined(__has_feature)
constexpr bool kSanitized = __has_feature(address_sanitizer) || __has_feature(thread_sanitizer);
#else
constexpr bool kSanitized = false;
#endif

constexpr int kLives = 4;
constexpr std::string_view kCreate =
    R"({"DeliveryStreamName":"d","DeliveryStreamType":"KinesisStreamAsSource",)"
    R"("KinesisStreamSourceConfiguration":{"KinesisStreamARN":)"
    R"("arn:aws:kinesis:us-east-1:123456789012:stream/clicks",)"
    R"("RoleARN":"arn:aws:iam::123456789012:role/r"},)"
    R"("ExtendedS3DestinationConfiguration":{"RoleARN":"arn:aws:iam::123456789012:role/r",)"
    R"("BucketARN":"arn:aws:s3:::events","Prefix":"p/!{firehose:random-string}/",)"
    R"("ErrorOutputPrefix":"e/!{firehose:error-output-type}/",)"
    R"("BufferingHints":{"SizeInMBs":1,"IntervalInSeconds":2}}})";

constexpr EngineOptions kOptions{
    .open_intents_max = 3, .slice_bytes = 4096, .buffer_bytes_max = 6000};

// One client: calls of one to three records, with pauses, until `calls` are answered.
void client(DeliveryLife& life, sys::SimProcess& process, const std::string& prefix, int calls) {
  base::FastRng rng(std::hash<std::string>{}(prefix));
  for (int i = 0; i < calls; ++i) {
    std::vector<std::pair<std::uint32_t, std::string>> records;
    std::string names;
    const std::uint64_t n = 1 + rng.below(3);
    for (std::uint64_t k = 0; k < n; ++k) {
      const auto shard = static_cast<std::uint32_t>(1 + rng.below(log::LogLife::kShards));
      std::string name = prefix + "." + std::to_string(i) + "." + std::to_string(k);
      names += " " + std::to_string(shard) + " " + name;
      records.emplace_back(shard, name + ":" + std::string(rng.below(1500), 'p') + "\n");
    }
    const auto done = life.log().append(rng.below(2), records);
    process.tell(done ? "answered " + std::to_string(done->first.raw()) + names
                      : "refused 0" + names);
    if (rng.below(4) == 0) life.pause(std::chrono::milliseconds(rng.below(1500)));
  }
}

std::vector<std::string_view> split(std::string_view text, char at) {
  std::vector<std::string_view> out;
  while (!text.empty()) {
    const std::size_t end = text.find(at);
    out.push_back(text.substr(0, end));
    text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
  }
  return out;
}

// "object KEY FIRST name name …", FIRST as in the metadata.
void tell_objects(DeliveryLife& life, sys::SimProcess& process) {
  for (const StoredObject& object : life.objects()) {
    std::string line = "object " + object.key;
    for (const std::string_view header : split(object.headers, '\n')) {
      constexpr std::string_view kFirst = "x-amz-meta-hydrant-first: ";
      if (header.starts_with(kFirst)) line += " " + std::string(header.substr(kFirst.size()));
    }
    for (const std::string_view record : split(object.body, '\n')) {
      line += " " + std::string(record.substr(0, record.find(':')));
    }
    process.tell(line);
  }
  process.tell("all-told");
}

struct Life {
  std::string prefix;
  bool last = false;
  std::optional<JournalRule> off;
};

void live(sys::SimProcess& process, const Life& what, base::FastRng rng) {
  const auto& [prefix, last, off] = what;
  DeliveryLife life(process, kOptions, off);
  const std::string made = life.ask("CreateDeliveryStream", std::string(kCreate));
  if (!made.starts_with("{") && !made.starts_with("ResourceInUse")) process.runtime.die(made);
  process.tell("created");
  if (!last) life.fail_staging(rng.below(2) * 30);
  std::vector<std::unique_ptr<sys::Thread>> clients;
  for (int c = 0; c < 2; ++c) {
    clients.push_back(process.runtime.spawn(
        "client", [&, c] { client(life, process, prefix + "c" + std::to_string(c), 12); }));
  }
  for (auto& thread : clients) thread->join();
  if (!last) {
    life.pause(std::chrono::milliseconds(rng.below(4000)));
    return life.stop();
  }
  if (!life.delivered()) {
    for (const Status& status : life.delivery().status()) {
      process.tell("stuck " + std::to_string(status.owed_records) + " " + status.last_error);
    }
    process.runtime.die("not everything was delivered");
  }
  tell_objects(life, process);
  life.stop();
}

// What the world outside was told, over all lives.
struct Told {
  // Where each answered record is: (shard, place).
  std::map<std::string, std::pair<std::uint32_t, std::uint64_t>, std::less<>> answered;
  std::set<std::string, std::less<>> refused;
  bool created = false;
  bool all_told = false;
  struct Object {
    std::string key;
    std::map<std::uint32_t, std::uint64_t> firsts;
    std::vector<std::string> names;
  };
  std::vector<Object> objects;
};

std::uint64_t number(std::string_view text) {
  return base::parse_int<std::uint64_t>(text).value_or(0);
}

void hear(std::string_view ledger, Told& told) {
  for (const std::string_view line : split(ledger, '\n')) {
    const auto words = split(line, ' ');
    if (words[0] == "created") told.created = true;
    if (words[0] == "all-told") told.all_told = true;
    if (words[0] == "answered" || words[0] == "refused") {
      for (std::size_t i = 2; i + 1 < words.size(); i += 2) {
        const std::string name(words[i + 1]);
        if (words[0] == "refused") {
          told.refused.insert(name);
        } else {
          told.answered[name] = {static_cast<std::uint32_t>(number(words[i])),
                                 number(words[1]) + (i - 2) / 2};
        }
      }
    }
    if (words[0] == "object") {
      Told::Object object{.key = std::string(words[1]), .firsts = {}, .names = {}};
      for (const std::string_view one : split(words[2], ',')) {
        const std::size_t colon = one.find(':');
        object.firsts[static_cast<std::uint32_t>(number(one.substr(0, colon)))] =
            number(one.substr(colon + 1, one.find('.') - colon - 1));
      }
      for (std::size_t i = 3; i < words.size(); ++i) object.names.emplace_back(words[i]);
      told.objects.push_back(std::move(object));
    }
  }
}

::testing::AssertionResult check(Told& told) {
  if (!told.all_told) return ::testing::AssertionFailure() << "the last life said nothing";
  std::map<std::string, int, std::less<>> seen;
  for (const Told::Object& object : told.objects) {
    for (const std::string& name : object.names) {
      if (++seen[name] > 1) return ::testing::AssertionFailure() << name << " is stored twice";
      if (told.refused.contains(name)) {
        return ::testing::AssertionFailure() << name << " was refused and is stored";
      }
    }
  }
  for (const auto& [name, where] : told.answered) {
    if (!seen.contains(name)) {
      return ::testing::AssertionFailure() << name << " (shard " << where.first << ", place "
                                           << where.second << ") is not stored";
    }
  }
  for (std::uint32_t shard = 1; shard <= log::LogLife::kShards; ++shard) {
    std::vector<const Told::Object*> objects;
    for (const Told::Object& object : told.objects) {
      if (object.firsts.contains(shard)) objects.push_back(&object);
    }
    std::ranges::sort(objects, {}, [&](const auto* object) { return object->firsts.at(shard); });
    std::uint64_t place = 0;
    for (const Told::Object* object : objects) {
      for (const std::string& name : object->names) {
        const auto at = told.answered.find(name);
        if (at == told.answered.end() || at->second.first != shard) continue;
        if (at->second.second <= place) {
          return ::testing::AssertionFailure() << name << " is out of order in " << object->key;
        }
        place = at->second.second;
      }
    }
  }
  return ::testing::AssertionSuccess();
}

struct Ends {
  std::string point{};  // the second life ends here, or fails there
  bool ignore_syncs = false;
  std::optional<JournalRule> off = std::nullopt;  // a rule of the journal
};

std::string drawn_fail_point(base::FastRng& rng) {
  const std::vector<std::string> points = {"delivery.buffer.closed", "delivery.intent",
                                           "delivery.staged", "delivery.committed"};
  return points[rng.below(points.size())] + ":" + std::to_string(1 + rng.below(4)) +
         (rng.below(3) == 0 ? ":error" : ":kill");
}

::testing::AssertionResult run_seed(std::uint64_t seed, const Ends& ends = {}) {
  base::FastRng rng(seed);
  Told told;
  std::string disk;
  for (int n = 0; n < kLives; ++n) {
    const bool last = n == kLives - 1;
    sys::SimLife life{.seed = seed * 100 + static_cast<std::uint64_t>(n)};
    life.ignore_syncs = ends.ignore_syncs;
    life.kill_at_step = last ? 0 : 1000 + rng.below(12'000);
    if (!last && rng.below(3) == 0) life.fail_points = drawn_fail_point(rng);
    if (!ends.point.empty() && n == 1) {
      life.fail_points = ends.point;
      life.kill_at_step = 0;
    }
    const base::FastRng own(rng.next());
    const sys::SimEnd end = sys::run_process(disk, life, [&](sys::SimProcess& process) {
      live(process, {.prefix = "l" + std::to_string(n), .last = last, .off = ends.off}, own);
    });
    hear(end.ledger, told);
    if (end.how == sys::SimEnd::How::crashed || end.why.starts_with("not everything")) {
      return ::testing::AssertionFailure()
             << "life " << n << ": " << end.why << "\n"
             << end.ledger.substr(end.ledger.size() -
                                  std::min<std::size_t>(400, end.ledger.size()));
    }
    if (last && end.how != sys::SimEnd::How::returned) {
      return ::testing::AssertionFailure() << "the last life ended: " << end.why;
    }
    // A record that was answered before the delivery stream existed need not be delivered.
    if (!told.created) told.answered.clear();
    auto after = sys::SimDisk::load(end.disk, seed + static_cast<std::uint64_t>(n));
    if (rng.below(2) == 0) {
      after->lose_power();
    } else {
      after->kill();
    }
    disk = after->save();
  }
  return check(told);
}

// A tenth of what is asked for: the whole program is simulated with all of them (tests/sim).
std::uint64_t seeds(std::uint64_t otherwise) {
  const auto text = sys::environment("HYDRANT_SIM_SEEDS");
  const auto asked = text ? base::parse_int<std::uint64_t>(*text) : std::nullopt;
  return asked ? std::max<std::uint64_t>(1, *asked / 10) : otherwise;
}

TEST(DeliverySimulation, NoKillOrPowerCutLosesRepeatsOrReordersARecord) {
  for (std::uint64_t seed = 1; seed <= seeds(kSanitized ? 4 : 60); ++seed) {
    ASSERT_TRUE(run_seed(seed)) << "seed " << seed;
  }
}

TEST(DeliverySimulation, EveryStepOfAnObjectMayBeTheLast) {
  constexpr std::uint64_t kEach = kSanitized ? 1 : 6;
  for (const char* const point : {"delivery.buffer.closed", "delivery.intent", "delivery.staged",
                                  "delivery.committed", "delivery.recovered"}) {
    for (const char* const action : {"kill", "error"}) {
      const bool start = std::string_view(point) == "delivery.recovered";
      for (std::uint64_t nth = 1; nth <= (start ? 1u : kEach); ++nth) {
        const std::string armed = std::string(point) + ":" + std::to_string(nth) + ":" + action;
        ASSERT_TRUE(run_seed(nth, {.point = armed})) << armed;
      }
    }
  }
}

// The power of the simulation: a journal that breaks one rule must be found out within a few seeds.
TEST(DeliverySimulation, EachRuleSwitchedOffIsSeen) {
  if (kSanitized) GTEST_SKIP() << "the other presets play it";
  constexpr std::uint64_t kSeedsMax = 60;
  for (const JournalRule rule : {JournalRule::one_transaction, JournalRule::intent_before_object,
                                 JournalRule::assigned_with_intent, JournalRule::intents_are_kept,
                                 JournalRule::key_is_kept}) {
    std::uint64_t seed = 1;
    while (seed <= kSeedsMax && run_seed(seed, {.off = rule})) ++seed;
    EXPECT_LE(seed, kSeedsMax) << "rule " << static_cast<int>(rule) << " is not missed";
    RecordProperty("first_seed_of_rule_" + std::to_string(static_cast<int>(rule)),
                   std::to_string(seed));
  }
}

TEST(DeliverySimulation, ADiskThatIgnoresSyncsIsSeenToLoseRecords) {
  if (kSanitized) GTEST_SKIP() << "the other presets play it";
  int bad = 0;
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    if (!run_seed(seed, {.ignore_syncs = true})) ++bad;
  }
  EXPECT_GT(bad, 0);
}

}  // namespace
}  // namespace hyd::delivery

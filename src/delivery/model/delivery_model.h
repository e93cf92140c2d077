// An executable model of the delivery journal: what an engine that reads shards, closes buffers and
// stores objects may forget in a crash, and what it must not, with every rule as a switch.
//
// A history is one delivery stream over three shards: puts, reads, closed buffers, PUTs, changes of
// the configuration, retargets, failures to the error prefix, checkpoints and trims, in an order
// that the seed draws. Its faults: a crash before or after every durable step and every PUT; PUTs
// that are refused, whose answer is lost, or that land after their sender has died; a target that
// mostly refuses; stalled owners that wake up beside a newer one; and an evaluator that changes at
// a restart, so that records get other partition keys than before. Half of the histories are
// partitioned (intents carry their member places), half plain (ranges); half have a backup lane.
//
// At the end everything is drained, and the laws are checked: each record once in the main lane or
// under the error prefix, once in the backup lane, nowhere if it yields nothing; under exactly the
// configuration that the barriers say; an object written twice has the same records; nothing is
// stuck. On the way: the log is never trimmed under an open intent of the owner.
//
// Places count from 0 here, and a mark is the first place that it does not include.
#pragma once

#include "base/result.h"
#include "base/rng.h"

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hyd::delivery::model {

using Number = std::uint64_t;

struct Rules {
  // No byte leaves before the INTENT is durable.
  bool intent_first = true;
  // Only the newest epoch appends frames.
  bool fencing = true;
  // HEAD before a PUT of unknown outcome. Saves a repeat of the same object; the laws do not need
  // it.
  bool head_first = true;
  // `assigned` is kept for each configuration version. Needed where readers skip by it.
  bool assigned_by_version = true;
  // `assigned` never falls.
  bool running_max = true;
  // A barrier is the largest of `low`, every `assigned` and the former barrier. Off: the cursor.
  bool barrier_place = true;
  // What is buffered above a new barrier is dropped,
  bool drop_buffered = true;
  // its coverage as "yields nothing" is forgotten,
  bool forget_nothing = true;
  // and the cursor goes back to the barrier.
  bool cursor_back = true;
  // When `low` runs past the cursor the cursor moves before `assigned` is pruned.
  bool cursor_first = true;
  // Intents of partitioned streams carry their member places. Off: ranges, evaluated anew.
  bool members = true;
  // A repeat of a PUT has its row before it is sent.
  bool attempt_rows = true;
  // Only what surely stored nothing goes to another target.
  bool retarget_sure = true;
  // COMMIT(failed) and the INTENT for the error prefix are one frame.
  bool failed_in_one_frame = true;
  // What is owed to the error prefix is not covered before it is stored there.
  bool error_holds = true;
  // The log is trimmed below the low-water marks of all lanes. Off: of the main lane.
  bool trim_below_all_lanes = true;
};

struct Faults {
  bool new_evaluator = true;  // a restart may evaluate otherwise
};

inline constexpr Number kShards = 3;
inline constexpr Number kLanes = 2;  // main and backup
inline constexpr Number kSources = kShards * kLanes;
inline constexpr Number kOpenMax = 6;  // intents
using PerSource = std::array<Number, kSources>;
constexpr Number shard_of(Number source) { return source % kShards; }
constexpr Number lane_of(Number source) { return source / kShards; }

using Partition = std::int64_t;
inline constexpr Partition kNothing = -1;  // the record yields nothing

struct Member {
  Number source = 0;
  Number place = 0;
  friend bool operator==(const Member&, const Member&) = default;
};

struct Range {
  Number source = 0;
  Number first = 0;
  Number last = 0;
  Number count = 0;
};

struct Intent {
  // unknown: for good. stored_nothing: every attempt surely did.
  enum class State : std::uint8_t { fresh, begun, stored_nothing, unknown };
  Number batch = 0;
  Number lane = 0;
  Number version = 0;
  Partition partition = 0;
  bool error = false;  // owed to the error prefix
  std::vector<Range> inputs{};
  std::vector<Member> members{};
  Number key = 0;
  Number target = 0;
  State state = State::fresh;

  // What an ATTEMPT row says, live and at a recovery alike.
  void note(State row);
};

struct Frame {
  enum class Kind : std::uint8_t {
    open,
    config,
    intent,
    attempt,
    retarget,
    failed,
    commit,
    checkpoint
  };
  Kind kind = Kind::open;
  Number batch = 0;
  Number number = 0;  // a version, a target or the batch that replaces this one
  Number key = 0;
  Intent::State row = Intent::State::fresh;
  Intent intent{};
  PerSource places{};  // barriers or low-water marks
};

struct Object {
  Number lane = 0;
  Number version = 0;
  std::vector<Number> records{};
  friend bool operator==(const Object&, const Object&) = default;
};

struct Late {
  Number key = 0;
  Object object;
};

// What outlives a process: logs, journal, store, PUTs still on their way.
struct World {
  // `trace`, if not null, gets a readable line for each frame, PUT, crash and trim.
  World(Number seed, const Rules& rules, const Faults& faults, std::string* trace = nullptr);

  bool tracing() const { return trace != nullptr; }
  void say(std::string_view line);
  bool chance(Number per_mille) { return rng.below(1000) < per_mille; }
  base::Result<void> maybe_die();  // Code::cancelled
  void produce();
  base::Result<void> append(Number epoch, Frame frame);
  base::Result<void> write(Number key, const Object& object);
  // Code::denied: surely not stored. Code::timed_out: perhaps stored, now or later.
  base::Result<void> put(Number key, const Object& object, Number target);
  base::Result<void> land(Number per_mille);
  // What is dropped depends on the version, the key on the evaluator too.
  Partition partition(const Member& at, Number version, Number evaluator) const;
  Number record_at(const Member& at) const { return logs[shard_of(at.source)][at.place]; }
  Number sources() const { return backup ? kSources : kShards; }

  base::FastRng rng;
  std::string* trace;
  Rules rules;
  Faults faults;
  bool partitioned = false;
  bool backup = false;
  std::array<std::vector<Number>, kShards> logs;  // records by place
  std::vector<Member> where;                      // record n at n - 1, as its main source and place
  std::array<Number, kShards> trim{};
  std::vector<Frame> journal;
  std::map<Number, Object> store;
  std::vector<Late> late;
  Number epoch = 0;
  Number evaluator = 0;
  bool crashes = true;
  Number retargets = 0;
  Number failures = 0;
};

class Engine {
 public:
  explicit Engine(World& world) : world_(&world) {}

  // Recovers: rows in order, nothing is evaluated.
  base::Result<void> open();
  // Code::not_found: the log is trimmed under an intent.
  base::Result<void> step();
  // Closes what fits and stores what is open.
  base::Result<void> drain();
  bool drained() const;
  bool stuck() const;  // after draining: a low-water mark is not at the end
  Number version(const Member& at) const;
  Number evaluator() const { return evaluator_; }

 private:
  struct BufferKey {
    Number lane = 0;
    Number version = 0;
    Partition partition = 0;
    auto operator<=>(const BufferKey&) const = default;
  };
  struct AssignedKey {
    Number source = 0;
    Number version = 0;
    Partition partition = 0;
    auto operator<=>(const AssignedKey&) const = default;
  };
  struct Config {
    Number version = 0;
    PerSource barrier{};
  };

  base::Result<void> replay(const Frame& frame, std::vector<Intent>& done);
  bool by_members(Number lane) const;
  Partition partition(const Member& at, Number version) const;
  AssignedKey assigned_key(Number source, Number version, Partition partition) const;
  void apply(Intent intent, bool recovered);
  base::Result<std::vector<Member>> contents(const Intent& intent) const;
  base::Result<Object> build(const Intent& intent) const;
  base::Result<void> close(BufferKey key);
  base::Result<void> finish(Number batch);
  base::Result<void> note(Intent& intent, Intent::State row);
  void cover(const Member& at);
  void advance();
  void read_some(Number source);
  base::Result<void> configure();
  base::Result<void> retarget();
  base::Result<void> give_up();
  base::Result<void> trim();
  std::optional<Number> any_open();

  World* world_;
  Number epoch_ = 0;
  Number evaluator_ = 0;
  std::vector<Config> configs_;
  PerSource low_{};
  PerSource read_{};
  bool reading_ = false;
  std::map<AssignedKey, Number> assigned_;
  std::array<std::vector<bool>, kSources> covered_;  // above low
  std::array<std::vector<bool>, kSources> taken_;    // members of intents above low
  std::map<Number, Intent> open_;
  std::map<BufferKey, std::vector<Member>> buffers_;
  Number batches_ = 0;
};

struct Totals {
  Number crashes = 0;
  Number objects = 0;
  Number records = 0;
  Number retargets = 0;
  Number failures = 0;
};

// Code::conflict or not_found: a law is broken.
base::Result<Totals> play(Number seed, const Rules& rules, const Faults& faults,
                          std::string* trace = nullptr);

}  // namespace hyd::delivery::model

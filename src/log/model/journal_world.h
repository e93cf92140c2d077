// What outlives a process in the model of the journal: slots, the catalog, writes still on their
// way, and beside them the truth, which no process can see. Plain data; model_test files only.
//
// A block stands for a whole commit and a commit carries at most one event, so that a history stays
// readable. Slots have one to four blocks. The names are the real log's.
#pragma once

#include "base/rng.h"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace hyd::log::model {

using Number = std::uint64_t;

inline constexpr Number kBlocksMax = 4;

struct Block {
  enum class Kind : std::uint8_t { zeros, valid, broken };
  Kind kind = Kind::zeros;
  Number segment = 0;
  Number epoch = 0;
  Number first = 0;  // the first commit of the epoch, in every header
  Number commit = 0;
  Number mark = 0;  // the commits below it were synced when this one was written
  Number place = 0;
  Number event = 0;  // 0: a commit that only begins an epoch
  friend bool operator==(const Block&, const Block&) = default;
};

struct Slot {
  bool exists = true;
  Number length = 0;                     // blocks of disk space
  std::array<Block, kBlocksMax> seen{};  // what a read returns
  std::array<Block, kBlocksMax> safe{};  // what a power cut leaves
  std::array<Block, kBlocksMax>
      earlier{};  // the life before: what a stale read or a lost write shows

  void put(Number at, const Block& block, bool durable);
};

struct EpochRow {
  Number epoch = 0;
  Number first = 0;
  Number place = 0;
};

struct Packed {
  Number commit = 0;
  Number place = 0;
  Number event = 0;
};

struct Intent {  // commits [from, to) belong into one object
  Number from = 0;
  Number to = 0;
};

struct Catalog {
  Number epoch = 0;  // the last number given out
  std::vector<EpochRow> epochs;
  std::vector<Number> slot_segment;  // by slot: the segment that it holds or will hold; 0: no row
  Number trim = 0;                   // commits below are let go
  std::vector<Packed> packed;        // copied elsewhere, their blocks are free
  Number low = 0;                    // commits below are delivered
  std::optional<Intent> intent;
  Number place_max = 0;  // the highest place that any row names

  const Packed* find_packed(Number commit) const;
};

// A transaction is seen at once, also by the next process, and survives a power cut only once it or
// a later one has been synced. A cut leaves any prefix of those that nobody synced.
struct Database {
  Catalog now;
  Catalog safe;
  std::vector<Catalog> unsynced;  // the states between `safe` and `now`, `now` included
};

struct Write {
  Number slot = 0;
  Number at = 0;
  Block block;
  bool done = false;
};

// What must be true of an event from here on.
enum class Fate : std::uint8_t {
  pending,  // submitted, nothing said
  unknown,  // its process died: there or not, until a start serves without it
  kept,     // answered or read: there, unchanged, once, at its place
  weak,     // answered at level `process`, not synced: kept, unless the power is cut
  failed,   // reported as failed: never there
  gone,     // a start has served without it: never there
};

struct Event {
  Number place = 0;
  Number commit = 0;
  Fate fate = Fate::pending;
};

struct Object {
  Intent input;
  std::vector<Number> events;
};

struct Truth {
  std::vector<Event> events;  // event n at n - 1
  Number trim = 0;            // let go on purpose, whatever a restored catalog says
  std::vector<Object> objects;
  Event& of(Number event) { return events[event - 1]; }
};

struct World {
  Number segment_blocks = 3;
  bool power_level = true;  // false: level `process`
  std::vector<Slot> slots;
  Database db;
  std::vector<Write> late;         // of dead processes, not landed yet
  std::vector<Number> pack_files;  // the commits in them, whether a row names the file or not
  Truth truth;

  Number disk_blocks() const;
  // Lands each late write with the chance of `percent`.
  void land_late(base::Rng& rng, Number percent);
  // The process is gone; `flight` are its writes in the order of their commits.
  void kill(base::Rng& rng, const std::vector<Write>& flight);
  void cut_power(base::Rng& rng, const std::vector<Write>& flight);

 private:
  void forget_pending(bool power_cut);
};

std::string describe(const Block& block);

}  // namespace hyd::log::model

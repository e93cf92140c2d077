// What may happen to the journal model's directory between two processes.
#include "log/model/journal_model.h"

#include <fmt/core.h>

#include <algorithm>
#include <utility>
#include <vector>

namespace hyd::log::model {

// Between two processes.
void History::hurt() {
  if (hurt_once_) return;
  if (faults_.rot && chance(40)) rot();
  if (faults_.vanish && chance(40)) vanish();
  if (faults_.restore_directory && copy_ && chance(50)) restore_directory();
  if (faults_.restore_catalog && copy_ && chance(50)) restore_catalog();
}

// One block that a mark elsewhere covers becomes unreadable, or shows its former life.
void History::rot() {
  std::vector<std::pair<Number, Number>> owed;
  for (Number slot = 0; slot < world_.slots.size(); ++slot) {
    for (Number at = 0; at < kBlocksMax; ++at) {
      const Block& block = world_.slots[slot].seen[at];
      if (block.kind != Block::Kind::valid || block.event == 0) continue;
      const Event& event = world_.truth.of(block.event);
      if (event.fate != Fate::kept || event.commit < world_.truth.trim) continue;
      if (world_.db.now.find_packed(event.commit) != nullptr) continue;
      Number mark = std::max(world_.db.safe.low, world_.db.safe.trim);
      if (world_.db.safe.intent) mark = std::max(mark, world_.db.safe.intent->to);
      for (const EpochRow& row : world_.db.safe.epochs) mark = std::max(mark, row.first);
      for (const Packed& it : world_.db.safe.packed) mark = std::max(mark, it.commit + 1);
      for (const Slot& other : world_.slots) {
        for (const Block& safe : other.safe) mark = std::max(mark, safe.mark);
      }
      if (event.commit < mark) owed.emplace_back(slot, at);
    }
  }
  if (owed.empty()) return;
  const auto [slot, at] = owed[rng_.below(owed.size())];
  Slot& hit = world_.slots[slot];
  if (tracing()) say(fmt::format("ROT in slot {} block {}: {}", slot, at, describe(hit.seen[at])));
  hit.put(at, chance(50) ? hit.earlier[at] : Block{.kind = Block::Kind::broken}, true);
  hurt_ = hurt_once_ = true;
}

// A slot file with something in it that is owed is gone.
void History::vanish() {
  std::vector<Number> owed;
  for (Number slot = 0; slot < world_.slots.size(); ++slot) {
    const bool any = std::ranges::any_of(world_.slots[slot].seen, [&](const Block& block) {
      if (block.kind != Block::Kind::valid || block.event == 0) return false;
      const Event& event = world_.truth.of(block.event);
      return event.fate == Fate::kept && event.commit >= world_.truth.trim &&
             world_.db.now.find_packed(event.commit) == nullptr;
    });
    if (any) owed.push_back(slot);
  }
  if (owed.empty()) return;
  const Number slot = owed[rng_.below(owed.size())];
  if (tracing()) say(fmt::format("THE FILE of slot {} VANISHES", slot));
  world_.slots[slot] = Slot{.exists = false};
  hurt_ = hurt_once_ = true;
}

// The directory as a snapshot of the file system at this instant would hold it.
void History::copy_world() {
  copy_ = world_;
  std::vector<Write> flight = process_.flight;
  copy_->cut_power(rng_, flight);
  say("  the directory is copied");
}

void History::restore_directory() {
  say("THE DIRECTORY IS RESTORED from the copy");
  const Number events = world_.truth.events.size();
  world_ = *copy_;
  // What was made since is lost with the old directory; its places stay given out.
  world_.truth.events.resize(events, Event{.fate = Fate::gone});
  copy_.reset();
  for (const auto& [place, event] : given_) clock_ = std::max(clock_, (place >> 32) + 1);
}

// Only the database is the old one: the slots know more than it does.
void History::restore_catalog() {
  say("ONLY THE CATALOG IS RESTORED from the copy");
  world_.db = copy_->db;
  world_.truth.objects = copy_->truth.objects;
  world_.db.now.slot_segment.resize(world_.slots.size(), 0);
  world_.db.safe.slot_segment.resize(world_.slots.size(), 0);
  copy_.reset();
  hurt_ = hurt_once_ = true;
  for (const auto& [place, event] : given_) clock_ = std::max(clock_, (place >> 32) + 1);
}

}  // namespace hyd::log::model

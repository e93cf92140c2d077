// How the journal model recovers: which blocks live, where the log ends, what is damage; and what
// must be true of the outcome.
#include "log/model/journal_model.h"

#include <fmt/core.h>

#include <algorithm>
#include <limits>
#include <tuple>

namespace hyd::log::model {

using base::Code;
using base::fail;
using base::Result;

// The blocks of each slot's newest life, in the order of their segments. A row names a segment only
// when the life before it is over, so blocks of an older one do not count even if no newer is
// there.
std::vector<History::Found> History::scan() {
  std::vector<Found> found;
  process_.slot_segment_found = world_.db.now.slot_segment;
  process_.slot_segment_found.resize(world_.slots.size(), 0);
  for (Number slot = 0; slot < world_.slots.size(); ++slot) {
    if (!world_.slots[slot].exists) continue;
    Number newest = 0;
    for (const Block& block : world_.slots[slot].seen) {
      if (block.kind != Block::Kind::valid) continue;
      newest = std::max(newest, block.segment);
      process_.epoch_found = std::max(process_.epoch_found, block.epoch);
      process_.place_found = std::max(process_.place_found, block.place);
      process_.mark_found = std::max(process_.mark_found, block.mark);
    }
    process_.segment_found = std::max(process_.segment_found, newest);
    const std::vector<Number>& rows = world_.db.now.slot_segment;
    if (rules_.slot_rows && slot < rows.size()) newest = std::max(newest, rows[slot]);
    process_.slot_segment_found[slot] = newest;
    for (Number at = 0; at < kBlocksMax; ++at) {
      const Block& block = world_.slots[slot].seen[at];
      if (block.kind != Block::Kind::valid || block.segment != newest) continue;
      found.push_back({.block = block, .slot = slot, .at = at});
    }
  }
  std::ranges::sort(found, {}, [](const Found& it) { return std::tuple(it.block.segment, it.at); });
  return found;
}

void History::learn_epochs(const std::vector<Found>& found) {
  constexpr Number kNever = std::numeric_limits<Number>::max();
  Number top = std::max(process_.epoch, process_.epoch_found);
  for (const EpochRow& row : world_.db.now.epochs) top = std::max(top, row.epoch);
  process_.buried_from.assign(top + 2, kNever);
  const auto learn = [&](Number epoch, Number first) {
    if (epoch == 0) return;
    Number& from = process_.buried_from[epoch - 1];
    from = std::min(from, first);
  };
  for (const Found& it : found) learn(it.block.epoch, it.block.first);
  if (rules_.keep_epoch_rows) {
    for (const EpochRow& row : world_.db.now.epochs) learn(row.epoch, row.first);
  }
  for (Number epoch = top + 1; epoch-- > 0;) {
    process_.buried_from[epoch] =
        std::min(process_.buried_from[epoch], process_.buried_from[epoch + 1]);
  }
}

bool History::dead(const Block& block) const {
  return rules_.bury_by_epoch && block.epoch < process_.buried_from.size() &&
         process_.buried_from[block.epoch] <= block.commit;
}

Result<void> History::check_slots(const std::vector<Found>& found) const {
  const std::vector<Number>& rows = world_.db.now.slot_segment;
  for (Number slot = 0; slot < rows.size(); ++slot) {
    if (rows[slot] == 0) continue;
    if (!world_.slots[slot].exists) {
      return fail(Code::corrupt, fmt::format("the file of slot {} is missing", slot));
    }
    if (rules_.old_slot_is_no_damage) continue;
    const auto later = [&](const Found& it) { return it.block.segment > rows[slot]; };
    const auto own = [&](const Found& it) {
      return it.slot == slot && it.block.segment >= rows[slot];
    };
    if (std::ranges::any_of(found, later) && std::ranges::none_of(found, own)) {
      return fail(Code::corrupt, fmt::format("slot {} does not hold segment {} although a later "
                                             "one exists",
                                             slot, rows[slot]));
    }
  }
  return {};
}

// The first commit that may be missing without being damage.
Number History::durable_end() const {
  const Catalog& catalog = world_.db.now;
  if (!rules_.durable_mark) return catalog.trim;
  Number end = std::max(catalog.trim, process_.mark_found);
  for (const Number commit : world_.pack_files) end = std::max(end, commit + 1);
  if (!rules_.mark_in_catalog) return end;
  end = std::max(end, catalog.low);
  for (const EpochRow& row : catalog.epochs) end = std::max(end, row.first);
  for (const Packed& it : catalog.packed) end = std::max(end, it.commit + 1);
  if (catalog.intent) end = std::max(end, catalog.intent->to);
  return end;
}

// A slot's row is durable before its first commit, so a segment above its row proves that the
// catalog is an older copy, which may not know that what is missing had been let go.
bool History::catalog_is_old(const std::vector<Found>& found) const {
  const std::vector<Number>& rows = world_.db.now.slot_segment;
  return rules_.slot_rows && std::ranges::any_of(found, [&](const Found& it) {
           return it.block.segment > (it.slot < rows.size() ? rows[it.slot] : 0);
         });
}

Result<void> History::recover() {
  const std::vector<Found> found = scan();
  learn_epochs(found);
  const Catalog& catalog = world_.db.now;
  RETURN_IF_ERROR(check_slots(found));

  process_.floor = catalog.trim;
  process_.index.clear();
  const auto note = [&](const Entry& entry) {
    if (entry.commit < process_.floor) return;
    const Number i = entry.commit - process_.floor;
    if (i >= process_.index.size()) process_.index.resize(i + 1);
    if (!process_.index[i].present) process_.index[i] = entry;
  };
  for (const Packed& it : catalog.packed) {
    note({.present = true,
          .packed = true,
          .commit = it.commit,
          .place = it.place,
          .event = it.event});
  }
  for (const Found& it : found) {
    if (dead(it.block)) continue;
    note({.present = true,
          .commit = it.block.commit,
          .place = it.block.place,
          .event = it.block.event,
          .slot = it.slot,
          .at = it.at});
  }

  Number end = durable_end();
  for (Number commit = process_.floor; commit < end; ++commit) {
    if (find(commit) == nullptr) {
      return fail(Code::corrupt,
                  fmt::format("commit {} is missing below the mark {}", commit, end));
    }
  }
  while (find(end) != nullptr) ++end;
  if (catalog_is_old(found)) {
    for (const Found& it : found) {
      if (it.block.commit < end || dead(it.block)) continue;
      return fail(Code::corrupt, fmt::format("commit {} behind a gap may have been answered: the "
                                             "catalog is older than the log",
                                             it.block.commit));
    }
  }
  process_.index.resize(end - process_.floor);
  process_.first = process_.next = process_.readable = process_.durable = end;
  if (tracing()) {
    say(fmt::format("  recovered commits [{}, {})", process_.floor, end));
    for (const Found& it : found) {
      say(fmt::format("    slot {} block {}: {}{}", it.slot, it.at, describe(it.block),
                      dead(it.block) ? ", dead" : ""));
    }
  }
  return check_recovered();
}

const History::Entry* History::find(Number commit) const {
  if (commit < process_.floor || commit - process_.floor >= process_.index.size()) return nullptr;
  const Entry& entry = process_.index[commit - process_.floor];
  return entry.present ? &entry : nullptr;
}

Result<void> History::check_recovered() {
  Truth& truth = world_.truth;
  std::vector<const Entry*> at(truth.events.size(), nullptr);
  Number place = 0;
  for (const Entry& entry : process_.index) {
    if (entry.event == 0) continue;
    if (at[entry.event - 1] != nullptr) {
      return fail(Code::conflict, fmt::format("event {} is there twice", entry.event));
    }
    at[entry.event - 1] = &entry;
    if (entry.place <= place) {
      return fail(Code::conflict, fmt::format("event {}: places do not grow", entry.event));
    }
    place = entry.place;
  }
  for (Number event = 1; event <= truth.events.size(); ++event) {
    const Event& expected = truth.of(event);
    const Entry* const entry = at[event - 1];
    switch (expected.fate) {
      case Fate::kept:
      case Fate::weak:
        if (expected.commit < truth.trim) break;
        if (entry == nullptr) {
          return fail(Code::conflict, fmt::format("event {} of commit {} was acknowledged and is "
                                                  "lost",
                                                  event, expected.commit));
        }
        if (entry->place != expected.place) {
          return fail(Code::conflict, fmt::format("event {} has moved", event));
        }
        break;
      case Fate::failed:
      case Fate::gone:
        if (entry != nullptr) {
          return fail(
              Code::conflict,
              fmt::format("event {}, {}, has appeared", event,
                          expected.fate == Fate::failed ? "reported as failed" : "missing before"));
        }
        break;
      case Fate::pending:
      case Fate::unknown: break;
    }
  }
  return {};
}

// From here on everybody sees what was recovered, and does not see what was not.
Result<void> History::serve() {
  for (const Entry& entry : process_.index) {
    if (entry.event == 0) continue;
    world_.truth.of(entry.event).fate = Fate::kept;
    RETURN_IF_ERROR(give_out(entry.place, entry.event));
  }
  for (Event& event : world_.truth.events) {
    if (event.fate == Fate::unknown) event.fate = Fate::gone;
  }
  hurt_ = false;
  return {};
}

Result<void> History::give_out(Number place, Number event) {
  const auto [at, fresh] = given_.emplace(place, event);
  if (fresh || at->second == event) return {};
  return fail(Code::conflict, fmt::format("place {}+{} was given to event {} and to event {}",
                                          place >> 32, place & 0xffffffff, at->second, event));
}

}  // namespace hyd::log::model

// Who needs commits in the journal model after they were answered: readers and deliveries; and who
// takes them away: trimming and packing.
#include "log/model/journal_model.h"

#include <fmt/core.h>

#include <algorithm>

namespace hyd::log::model {

using base::Code;
using base::fail;
using base::Result;

// A reader looks up where an event lies and comes for it later.
Result<void> History::open_reader() {
  if (process_.readers.size() >= 3 || process_.index.empty()) return {};
  const Entry& entry = process_.index[rng_.below(process_.index.size())];
  if (entry.event == 0 || entry.packed || entry.commit < world_.db.now.trim) return {};
  process_.readers.push_back(entry);
  if (tracing()) say(fmt::format("  a reader asks for event {}", entry.event));
  return {};
}

Result<void> History::close_reader() {
  if (process_.readers.empty()) return {};
  const Number which = rng_.below(process_.readers.size());
  const Entry entry = process_.readers[which];
  process_.readers.erase(process_.readers.begin() + static_cast<std::ptrdiff_t>(which));
  ASSIGN_OR_RETURN(const Number got, read(entry));
  if (got == entry.event) return {};
  return fail(Code::conflict,
              fmt::format("a reader of event {} was given event {}", entry.event, got));
}

// The event at the entry's address. A read beside direct writes may show the block's former life.
Result<Number> History::read(const Entry& entry) {
  if (entry.packed) return entry.event;
  const Slot& slot = world_.slots[entry.slot];
  const bool stale = slot.earlier[entry.at].kind == Block::Kind::valid && chance(15);
  const Block& first = stale ? slot.earlier[entry.at] : slot.seen[entry.at];
  if (!rules_.frames_prove) return first.event;
  if (first.kind == Block::Kind::valid && first.place == entry.place) return first.event;
  const Block& second = slot.seen[entry.at];
  if (second.kind == Block::Kind::valid && second.place == entry.place) return second.event;
  return fail(Code::conflict, fmt::format("event {} of commit {} is gone from slot {} block {}",
                                          entry.event, entry.commit, entry.slot, entry.at));
}

// One delivery stream: INTENT, object, COMMIT, each a step that a crash may follow.
Result<void> History::deliver() {
  Catalog& catalog = world_.db.now;
  if (catalog.intent) {
    RETURN_IF_ERROR(build(*catalog.intent));
    RETURN_IF_ERROR(maybe_die(150));
    catalog.low = catalog.intent->to;
    catalog.intent.reset();
    return commit(true);
  }
  const Number end = rules_.catalog_names_synced ? process_.durable : process_.readable;
  if (catalog.low >= end) return {};
  catalog.intent =
      Intent{.from = catalog.low, .to = std::min(end, catalog.low + 1 + rng_.below(4))};
  catalog.place_max = std::max(catalog.place_max, process_.next_place - 1);
  if (tracing()) {
    say(fmt::format("  intends to deliver [{}, {})", catalog.intent->from, catalog.intent->to));
  }
  return commit(true);
}

Result<void> History::build(const Intent& intent) {
  Object object{.input = intent, .events = {}};
  for (Number commit = intent.from; commit < intent.to; ++commit) {
    const Entry* const entry = find(commit);
    if (entry == nullptr || commit < world_.db.now.trim) {
      return fail(Code::conflict,
                  fmt::format("an intent names commit {}, which is not there", commit));
    }
    if (entry->event == 0) continue;
    ASSIGN_OR_RETURN(const Number event, read(*entry));
    object.events.push_back(event);
  }
  if (tracing()) say(fmt::format("  delivers [{}, {})", intent.from, intent.to));
  for (const Object& other : world_.truth.objects) {
    if (other.input.from == intent.from && other.input.to == intent.to) {
      if (other.events == object.events) return {};
      return fail(Code::conflict, fmt::format("the object of [{}, {}) is built with other events",
                                              intent.from, intent.to));
    }
    for (const Number event : object.events) {
      if (std::ranges::find(other.events, event) == other.events.end()) continue;
      return fail(Code::conflict, fmt::format("event {} is in two objects", event));
    }
  }
  world_.truth.objects.push_back(std::move(object));
  return {};
}

Result<void> History::trim() {
  Catalog& catalog = world_.db.now;
  const Number limit = rules_.intents_hold ? catalog.low : process_.durable;
  const Number percent = faults_.restore_catalog && !hurt_once_ ? 10 : 60;
  if (limit <= catalog.trim || !chance(percent)) return {};
  catalog.trim += 1 + rng_.below(limit - catalog.trim);
  world_.truth.trim = std::max(world_.truth.trim, catalog.trim);
  std::erase_if(catalog.packed, [&](const Packed& it) { return it.commit < catalog.trim; });
  if (tracing()) say(fmt::format("  trims below {}", catalog.trim));
  RETURN_IF_ERROR(commit(true));
  std::erase_if(world_.pack_files, [&](Number it) { return it < catalog.trim; });
  return {};
}

// Copies what is owed of any full slot elsewhere, so that the slot is free: in no order.
Result<void> History::pack() {
  Catalog& catalog = world_.db.now;
  catalog.packed.insert(catalog.packed.end(), process_.unwritten.begin(), process_.unwritten.end());
  process_.unwritten.clear();
  std::vector<Number> full;
  for (Number slot = 0; slot < world_.slots.size(); ++slot) {
    if (!world_.slots[slot].exists || (process_.slot && *process_.slot == slot)) continue;
    Number owed = 0;
    bool durable = true;
    for (const Entry& entry : process_.index) {
      if (!entry.present || entry.packed || entry.slot != slot) continue;
      if (entry.commit < world_.db.now.trim) continue;
      ++owed;
      durable &= entry.commit < process_.durable;
    }
    const bool written = std::ranges::any_of(
        process_.flight, [&](const Write& write) { return write.slot == slot; });
    if (owed > 0 && durable && !written) full.push_back(slot);
  }
  if (full.empty()) return {};
  const Number slot = full[rng_.below(full.size())];
  for (Entry& entry : process_.index) {
    if (!entry.present || entry.packed || entry.slot != slot) continue;
    if (entry.commit < world_.db.now.trim) continue;
    entry.packed = true;
    world_.pack_files.push_back(entry.commit);
    (rules_.free_durably ? catalog.packed : process_.unwritten)
        .push_back({.commit = entry.commit, .place = entry.place, .event = entry.event});
  }
  catalog.place_max = std::max(catalog.place_max, process_.next_place - 1);
  if (tracing()) say(fmt::format("  packs slot {}", slot));
  return commit(true);
}

// A row goes when no slot holds a commit of an older epoch, in whatever life of its blocks.
Result<void> History::forget_epochs() {
  Number oldest = process_.epoch;
  for (const Slot& slot : world_.slots) {
    for (const auto* blocks : {&slot.seen, &slot.safe}) {
      for (const Block& block : *blocks) {
        if (block.kind == Block::Kind::valid) oldest = std::min(oldest, block.epoch);
      }
    }
  }
  const auto gone = std::erase_if(world_.db.now.epochs, [&](const EpochRow& row) {
    return row.epoch <= oldest && row.epoch != process_.epoch;
  });
  if (gone == 0) return {};
  if (tracing()) say(fmt::format("  forgets the rows of epochs up to {}", oldest));
  return commit(true);
}

}  // namespace hyd::log::model

// The loops of the machine.
#include "vtl/machine.h"
#include "vtl/objects.h"

namespace hyd::vtl {
namespace {

bool is_walkable(const Value& value) {
  return value.kind() == Kind::list || value.kind() == Kind::map || value.kind() == Kind::view ||
         value.kind() == Kind::loop;
}

const Map* map_of(const Value& items) {
  switch (items.kind()) {
    case Kind::map: return items.map();
    case Kind::view: return items.view()->map;
    case Kind::loop: return items.loop()->storage;
    default: return nullptr;
  }
}

std::uint32_t changes_of(const Value& items) {
  if (items.kind() == Kind::list) return items.list()->changes;
  const Map* const map = map_of(items);
  return map == nullptr ? 0 : map->changes;
}

}  // namespace

bool Machine::begin_loop(const Op& op) {
  const Value items = pop();
  if (!is_walkable(items)) return false;
  Frame frame;
  frame.items = items;
  frame.changes = changes_of(items);
  frame.more = find_more(frame);
  frame.variable = op.a;
  frame.end = op.b;
  frame.stack = top_;
  frame.marks = marks_.size();
  frame.scope = scope_;
  frame.was_masked = host_ == nullptr && masked_[op.a] != 0;
  frame.saved_item = frame.was_masked ? Value() : current(op.a);
  frame.saved_count = current(Program::velocity_count);
  frame.saved_has_next = current(Program::velocity_has_next);
  frame.loop = run_.heap().make<Loop>();
  const Value outer = current(Program::foreach);
  if (outer.kind() == Kind::loop) {
    frame.loop->parent = outer.loop();
  } else {
    frame.loop->replaced = outer;
  }
  frames_.push_back(frame);
  assign(Program::foreach, Value(frame.loop));
  return true;
}

bool Machine::has_next(const Frame& frame) const {
  if (frame.items.kind() == Kind::list) return frame.cursor != frame.items.list()->size;
  return frame.more;
}

// Whether there is an entry at or behind the cursor.
bool Machine::find_more(const Frame& frame) const {
  const Map* const map = map_of(frame.items);
  if (map == nullptr) return false;
  std::uint32_t cursor = frame.cursor;
  Entry* entry = nullptr;
  return next_entry(*map, cursor, entry);
}

// Java's iterators refuse to go on when the collection has changed its size.
bool Machine::next_item(Frame& frame, Value& item) {
  const bool array =
      frame.items.kind() == Kind::list && frame.items.list()->form == List::Form::array;
  if (!array && changes_of(frame.items) != frame.changes) {
    run_.fail("the collection was changed while #foreach walked over it");
    return false;
  }
  if (frame.items.kind() == Kind::list) {
    item = frame.items.list()->items[frame.cursor++];
    return true;
  }
  Entry* entry = nullptr;
  if (!next_entry(*map_of(frame.items), frame.cursor, entry)) return false;
  frame.more = find_more(frame);
  const bool view = frame.items.kind() == Kind::view;
  const View::Form form = view ? frame.items.view()->form : View::Form::values;
  switch (form) {
    case View::Form::keys: item = entry->key; break;
    case View::Form::values: item = entry->value; break;
    case View::Form::entries: item = Value(entry); break;
  }
  return true;
}

bool Machine::next_round() {
  Frame& frame = frames_.back();
  if (!has_next(frame)) return false;
  if (frame.rounds >= run_.limits().loop_rounds_max) {
    ++loops_cut_;
    return false;
  }
  Value item;
  if (!next_item(frame, item)) return false;
  ++frame.rounds;
  const bool more = has_next(frame);
  frame.loop->index = static_cast<std::int32_t>(frame.rounds) - 1;
  frame.loop->has_next = more;
  assign(Program::velocity_count, Value(static_cast<std::int32_t>(frame.rounds)));
  assign(Program::velocity_has_next, Value(more));
  // An item that is null hides whatever the round assigns to the variable.
  if (host_ != nullptr) {
    assign_seen(frame.variable, item);
    frame.hides = item.is_null() && !frame.hid_enough;
    return true;
  }
  variables_[frame.variable] = item;
  masked_[frame.variable] = frame.was_masked || (item.is_null() && !frame.hid_enough) ? 1 : 0;
  return true;
}

// Puts back what the loop's variables were.
void Machine::end_loop() {
  const Frame frame = frames_.back();
  frames_.pop_back();
  masked_[frame.variable] = 0;
  if (frame.was_masked) stop_hiding(frame.variable);
  assign(frame.variable, frame.saved_item);
  assign(Program::velocity_count, frame.saved_count);
  assign(Program::velocity_has_next, frame.saved_has_next);
  const Value scope = current(Program::foreach);
  if (scope.kind() != Kind::loop) return;  // the template has put something else there
  const Loop& loop = *scope.loop();
  assign(Program::foreach, loop.parent != nullptr ? Value(loop.parent) : loop.replaced);
}

// An inner loop over the same variable takes it away at its end, and from then on the outer loop
// hides it no more.
void Machine::stop_hiding(std::uint32_t slot) {
  for (Frame& frame : frames_) {
    if (frame.variable != slot) continue;
    frame.hid_enough = frame.hid_enough || frame.hides || host_ == nullptr;
    frame.hides = frame.was_masked = false;
  }
}

Value Machine::current(std::uint32_t slot) {
  return host_ == nullptr ? variables_[slot] : seen(slot);
}

void Machine::assign(std::uint32_t slot, const Value& value) {
  if (host_ == nullptr) {
    variables_[slot] = value;
  } else if (value.is_null()) {
    forget(slot);
  } else {
    assign_seen(slot, value);
  }
}

// #break: leaves the innermost loop, or the one whose scope it is given; without a loop the block
// that is being rendered, or the template. False when `at` is not to go on.
bool Machine::leave(const Op& op, std::uint32_t& at) {
  const Loop* target = nullptr;
  if (op.n != 0) {
    const Value scope = pop();
    if (scope.kind() != Kind::loop) {
      run_.fail("#break was given what is no $foreach");
      return true;
    }
    target = scope.loop();
  }
  while (frames_.size() > frames_below_) {
    const Frame& frame = frames_.back();
    const bool found = target == nullptr || frame.loop == target;
    const std::uint32_t end = frame.end;
    Value* const stack = frame.stack;
    const std::size_t marks = frame.marks;
    end_loop();
    if (!found) continue;
    drop_marks(marks);
    top_ = stack;
    at = end;
    return true;
  }
  if (target != nullptr) run_.stop();  // a loop outside of the block, or one that has ended
  return false;
}

}  // namespace hyd::vtl

// What keySet(), values() and entrySet() return, and the entries in it.
#include "vtl/functions/arguments.h"
#include "vtl/functions/rows.h"
#include "vtl/objects.h"

namespace hyd::vtl::fn {
namespace {

bool holds(const Call& call, const Value& wanted) {
  const View& view = *call.self.view();
  if (view.form == View::Form::keys) return find(call.run, *view.map, wanted) != nullptr;
  std::uint32_t cursor = 0;
  Entry* entry = nullptr;
  while (next_entry(*view.map, cursor, entry) && !call.run.failed()) {
    const Value item = view.form == View::Form::values ? entry->value : Value(entry);
    if (vtl::equals(call.run, wanted, item)) return true;
  }
  return false;
}

}  // namespace

Value view_size(const Call& call) {
  return Value(static_cast<std::int32_t>(call.self.view()->map->size));
}

Value view_is_empty(const Call& call) { return Value(call.self.view()->map->size == 0); }

Value view_contains(const Call& call) { return Value(holds(call, argument(call, 0))); }

Value view_contains_all(const Call& call) {
  const Value& others = argument(call, 0);
  if (others.is_null()) return null_argument(call);
  if (others.kind() != Kind::list || others.list()->form == List::Form::array) return Value();
  for (const Value& other : *others.list()) {
    if (!holds(call, other)) return Value(false);
  }
  return Value(true);
}

// Removes from the map. Of values only the first that is equal goes.
Value view_remove(const Call& call) {
  const View& view = *call.self.view();
  const Value& wanted = argument(call, 0);
  std::uint32_t cursor = 0;
  Entry* entry = nullptr;
  while (next_entry(*view.map, cursor, entry) && !call.run.failed()) {
    const Value item = view.form == View::Form::keys     ? entry->key
                       : view.form == View::Form::values ? entry->value
                                                         : Value(entry);
    if (!vtl::equals(call.run, wanted, item)) continue;
    remove(call.run, *view.map, entry->key);
    return Value(true);
  }
  return Value(false);
}

Value view_clear(const Call& call) {
  clear(*call.self.view()->map);
  return Value("");
}

Value view_add(const Call& call) { return call.run.fail("a view of a map takes no items"); }

Value view_iterator(const Call& call) { return call.self; }

Value entry_get_key(const Call& call) { return call.self.entry()->key; }
Value entry_get_value(const Call& call) { return call.self.entry()->value; }

}  // namespace hyd::vtl::fn

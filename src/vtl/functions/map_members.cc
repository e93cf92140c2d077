// Maps.
#include "vtl/functions/arguments.h"
#include "vtl/functions/rows.h"
#include "vtl/objects.h"

namespace hyd::vtl::fn {
namespace {

// A $foreach is a map of what templates have stored in it.
Map& map_of(const Call& call) {
  if (call.self.kind() == Kind::map) return *call.self.map();
  Loop& loop = *call.self.loop();
  if (loop.storage == nullptr) loop.storage = new_map(call.run);
  return *loop.storage;
}

Value view(const Call& call, View::Form form) {
  View* const view = call.run.heap().make<View>();
  view->map = &map_of(call);
  view->form = form;
  return Value(view);
}

}  // namespace

Value map_size(const Call& call) { return Value(static_cast<std::int32_t>(map_of(call).size)); }

Value map_is_empty(const Call& call) { return Value(map_of(call).size == 0); }

Value map_get(const Call& call) { return get(call.run, map_of(call), argument(call, 0)); }

// Returns what the key had before, which prints when the call stands alone.
Value map_put(const Call& call) {
  return put(call.run, map_of(call), argument(call, 0), argument(call, 1));
}

Value map_put_all(const Call& call) {
  const Value& others = argument(call, 0);
  if (others.is_null()) return null_argument(call);
  if (others.kind() != Kind::map) return Value();
  Map& map = map_of(call);
  std::uint32_t cursor = 0;
  Entry* entry = nullptr;
  while (&map != others.map() && next_entry(*others.map(), cursor, entry) && call.run.charge(1)) {
    put(call.run, map, entry->key, entry->value);
  }
  return Value("");
}

Value map_remove(const Call& call) { return remove(call.run, map_of(call), argument(call, 0)); }

Value map_contains_key(const Call& call) {
  return Value(find(call.run, map_of(call), argument(call, 0)) != nullptr);
}

Value map_contains_value(const Call& call) {
  std::uint32_t cursor = 0;
  Entry* entry = nullptr;
  while (next_entry(map_of(call), cursor, entry) && !call.run.failed()) {
    if (vtl::equals(call.run, argument(call, 0), entry->value)) return Value(true);
  }
  return Value(false);
}

Value map_clear(const Call& call) {
  clear(map_of(call));
  return Value("");
}

Value map_key_set(const Call& call) { return view(call, View::Form::keys); }
Value map_values(const Call& call) { return view(call, View::Form::values); }
Value map_entry_set(const Call& call) { return view(call, View::Form::entries); }

}  // namespace hyd::vtl::fn

// Changing lists.
#include "vtl/functions/arguments.h"
#include "vtl/functions/rows.h"
#include "vtl/objects.h"

#include <fmt/core.h>

namespace hyd::vtl::fn {

// add(value) and add(index, value).
Value list_add(const Call& call) {
  List& list = *call.self.list();
  if (call.arguments.size() == 1) {
    append(call.run, list, argument(call, 0));
    return Value(true);
  }
  const Value& index = argument(call, 0);
  if (!index.is_integer()) return Value();
  if (index.integer() < 0 || static_cast<std::uint32_t>(index.integer()) > list.size) {
    return call.run.fail(fmt::format("add at {} of a list of {}", index.integer(), list.size));
  }
  insert(call.run, list, static_cast<std::uint32_t>(index.integer()), argument(call, 1));
  return Value("");
}

// Takes lists and the views of maps.
Value list_add_all(const Call& call) {
  List& list = *call.self.list();
  const Value& others = argument(call, 0);
  if (others.is_null()) return null_argument(call);
  const std::uint32_t before = list.size;
  if (others.kind() == Kind::list && others.list()->form != List::Form::array) {
    const std::uint32_t count = others.list()->size;
    for (std::uint32_t i = 0; i < count && call.run.charge(1); ++i) {
      append(call.run, list, others.list()->items[i]);
    }
  } else if (others.kind() == Kind::view) {
    std::uint32_t cursor = 0;
    Entry* entry = nullptr;
    while (next_entry(*others.view()->map, cursor, entry) && call.run.charge(1)) {
      switch (others.view()->form) {
        case View::Form::keys: append(call.run, list, entry->key); break;
        case View::Form::values: append(call.run, list, entry->value); break;
        case View::Form::entries: append(call.run, list, Value(entry)); break;
      }
    }
  } else {
    return Value();
  }
  return Value(list.size != before);
}

// An Integer is an index, anything else the item itself.
Value list_remove(const Call& call) {
  List& list = *call.self.list();
  const Value& what = argument(call, 0);
  if (what.is_integer()) {
    if (what.integer() < 0 || static_cast<std::uint32_t>(what.integer()) >= list.size) {
      return call.run.fail(fmt::format("remove({}) of a list of {}", what.integer(), list.size));
    }
    return remove_at(call.run, list, static_cast<std::uint32_t>(what.integer()));
  }
  const std::int32_t at = index_of(call.run, list, what);
  if (at < 0) return Value(false);
  remove_at(call.run, list, static_cast<std::uint32_t>(at));
  return Value(true);
}

Value list_clear(const Call& call) {
  List& list = *call.self.list();
  list.size = 0;
  ++list.changes;
  return Value("");
}

namespace {

Value refuse(const Call& call) { return call.run.fail("an array cannot change its size"); }

}  // namespace

// What changes an array's size fails; what would change nothing does not.
Value array_add(const Call& call) { return refuse(call); }

Value array_add_all(const Call& call) {
  const Value& others = argument(call, 0);
  if (others.is_null()) return null_argument(call);
  const bool list = others.kind() == Kind::list && others.list()->form != List::Form::array;
  if (!list && others.kind() != Kind::view) return Value();
  const std::uint32_t size = list ? others.list()->size : others.view()->map->size;
  return size == 0 ? Value(false) : refuse(call);
}

Value array_remove(const Call& call) {
  if (argument(call, 0).is_integer()) return refuse(call);
  return index_of(call.run, *call.self.list(), argument(call, 0)) < 0 ? Value(false) : refuse(call);
}

Value array_clear(const Call& call) {
  return call.self.list()->size == 0 ? Value("") : refuse(call);
}

}  // namespace hyd::vtl::fn

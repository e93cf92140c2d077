// Reading lists, JSON arrays and what split returns.
#include "vtl/functions/arguments.h"
#include "vtl/functions/rows.h"
#include "vtl/objects.h"

#include <fmt/core.h>

#include <algorithm>

namespace hyd::vtl::fn {
namespace {

bool in_range(const Call& call, const Value& index) {
  const List& list = *call.self.list();
  if (index.integer() >= 0 && static_cast<std::uint32_t>(index.integer()) < list.size) return true;
  call.run.fail(fmt::format("index {} of a list of {}", index.integer(), list.size));
  return false;
}

}  // namespace

Value list_size(const Call& call) {
  return Value(static_cast<std::int32_t>(call.self.list()->size));
}

Value list_is_empty(const Call& call) { return Value(call.self.list()->size == 0); }

Value list_get(const Call& call) {
  const Value& index = argument(call, 0);
  if (!index.is_integer() || !in_range(call, index)) return Value();
  return call.self.list()->items[index.integer()];
}

// Returns what was there.
Value list_set(const Call& call) {
  const Value& index = argument(call, 0);
  if (!index.is_integer() || !in_range(call, index)) return Value();
  const bool array = call.self.list()->form == List::Form::array;
  if (array && !argument(call, 1).is_text() && !argument(call, 1).is_null()) {
    return call.run.fail("an array of texts takes texts only");
  }
  Value& item = call.self.list()->items[index.integer()];
  const Value previous = item;
  item = argument(call, 1);
  return previous;
}

Value list_contains(const Call& call) {
  return Value(index_of(call.run, *call.self.list(), argument(call, 0)) >= 0);
}

Value list_contains_all(const Call& call) {
  const Value& others = argument(call, 0);
  if (others.is_null()) return null_argument(call);
  if (others.kind() != Kind::list || others.list()->form == List::Form::array) return Value();
  for (const Value& other : *others.list()) {
    if (index_of(call.run, *call.self.list(), other) < 0) return Value(false);
  }
  return Value(true);
}

Value list_index_of(const Call& call) {
  return Value(index_of(call.run, *call.self.list(), argument(call, 0)));
}

Value list_last_index_of(const Call& call) {
  const List& list = *call.self.list();
  for (std::uint32_t i = list.size; i-- > 0 && !call.run.failed();) {
    if (equals(call.run, argument(call, 0), list.items[i])) {
      return Value(static_cast<std::int32_t>(i));
    }
  }
  return Value(-1);
}

// A copy, where Java gives a window on the list.
Value list_sub_list(const Call& call) {
  const Value& from = argument(call, 0);
  const Value& to = argument(call, 1);
  if (!from.is_integer() || !to.is_integer()) return Value();
  const List& list = *call.self.list();
  if (from.integer() < 0 || to.integer() > static_cast<std::int32_t>(list.size) ||
      from.integer() > to.integer()) {
    return call.run.fail(
        fmt::format("subList({}, {}) of a list of {}", from.integer(), to.integer(), list.size));
  }
  const auto size = static_cast<std::uint32_t>(to.integer() - from.integer());
  if (!call.run.charge(size / 16)) return Value();
  List* const part = new_list(call.run, List::Form::list, size);
  for (std::uint32_t i = 0; i < size; ++i) {
    append(call.run, *part, list.items[from.integer() + static_cast<std::int32_t>(i)]);
  }
  return Value(part);
}

// Good for #foreach, which takes the list as well.
Value list_iterator(const Call& call) { return call.self; }

}  // namespace hyd::vtl::fn

#include "vtl/access.h"

#include "vtl/document.h"
#include "vtl/objects.h"

#include <fmt/core.h>

namespace hyd::vtl {
namespace {

Map* storage(Run& run, Loop& loop) {
  if (loop.storage == nullptr) loop.storage = new_map(run);
  return loop.storage;
}

// A $foreach also shows what the loops around it have stored.
Value stored(Run& run, const Loop& loop, const Value& key) {
  for (const Loop* at = &loop; at != nullptr; at = at->parent) {
    const Entry* const entry = at->storage == nullptr ? nullptr : find(run, *at->storage, key);
    if (entry != nullptr) return entry->value;
  }
  return Value();
}

Value loop_property(Run& run, Loop& loop, std::string_view name) {
  if (name == "index") return Value(loop.index);
  if (name == "count") return Value(loop.index + 1);
  if (name == "hasNext") return Value(loop.has_next);
  if (name == "first") return Value(loop.index < 1);
  if (name == "last") return Value(!loop.has_next);
  if (name == "parent") return loop.parent == nullptr ? Value() : Value(loop.parent);
  if (name == "topmost") {
    Loop* at = &loop;
    while (at->parent != nullptr) at = at->parent;
    return Value(at);
  }
  if (name == "replaced") {
    for (const Loop* at = &loop; at != nullptr; at = at->parent) {
      if (!at->replaced.is_null()) return at->replaced;
    }
    return Value();
  }
  return stored(run, loop, Value(name));
}

// Negative integers count from the end of whatever has a size.
bool adjust(Run& run, const Value& self, Value& key) {
  if (!key.is_integer() || key.integer() >= 0) return true;
  std::uint32_t size = 0;
  switch (self.kind()) {
    case Kind::list: size = self.list()->size; break;
    case Kind::map: size = self.map()->size; break;
    case Kind::view: size = self.view()->map->size; break;
    case Kind::loop: size = self.loop()->storage == nullptr ? 0 : self.loop()->storage->size; break;
    default:
      run.fail(fmt::format("index {} of a value that has no size", key.integer()));
      return false;
  }
  key = Value(static_cast<std::int32_t>(size) + key.integer());
  return true;
}

bool in_range(Run& run, const List& list, const Value& key) {
  if (key.integer() >= 0 && static_cast<std::uint32_t>(key.integer()) < list.size) return true;
  run.fail(fmt::format("index {} of a list of {}", key.integer(), list.size));
  return false;
}

}  // namespace

Value property(Run& run, const Value& self, std::string_view name) {
  switch (self.kind()) {
    case Kind::map: return get(run, *self.map(), Value(name));
    case Kind::loop: return loop_property(run, *self.loop(), name);
    case Kind::entry:
      if (name == "key") return self.entry()->key;
      if (name == "value") return self.entry()->value;
      return Value();
    case Kind::list:
      if (name == "empty" && self.list()->form != List::Form::array) {
        return Value(self.list()->size == 0);
      }
      return Value();
    case Kind::view: return name == "empty" ? Value(self.view()->map->size == 0) : Value();
    case Kind::text: return name == "empty" ? Value(self.text().empty()) : Value();
    case Kind::input: return name == "body" ? Value(run.document().text()) : Value();
    default: return Value();
  }
}

Value item(Run& run, const Value& self, const Value& key) {
  Value at = key;
  if (!adjust(run, self, at)) return Value();
  switch (self.kind()) {
    case Kind::map: return get(run, *self.map(), at);
    case Kind::loop: return stored(run, *self.loop(), at);
    case Kind::list:
      if (!at.is_integer() || !in_range(run, *self.list(), at)) return Value();
      return self.list()->items[at.integer()];
    default: return Value();
  }
}

void assign_property(Run& run, const Value& self, std::string_view name, const Value& value) {
  switch (self.kind()) {
    case Kind::map: put(run, *self.map(), Value(name), value); return;
    case Kind::loop: put(run, *storage(run, *self.loop()), Value(name), value); return;
    case Kind::entry:
      if (name == "value") self.entry()->value = value;
      return;
    default: return;
  }
}

void assign_item(Run& run, const Value& self, const Value& key, const Value& value) {
  Value at = key;
  if (!adjust(run, self, at)) return;
  switch (self.kind()) {
    case Kind::map: put(run, *self.map(), at, value); return;
    case Kind::loop: put(run, *storage(run, *self.loop()), at, value); return;
    case Kind::list:
      if (!at.is_integer() || !in_range(run, *self.list(), at)) return;
      if (self.list()->form == List::Form::array && !value.is_text() && !value.is_null()) {
        run.fail("an array of texts takes texts only");
        return;
      }
      self.list()->items[at.integer()] = value;
      return;
    default: return;
  }
}

}  // namespace hyd::vtl

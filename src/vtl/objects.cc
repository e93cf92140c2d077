#include "vtl/objects.h"

#include "vtl/arithmetic.h"
#include "vtl/big_integer.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>

namespace hyd::vtl {
namespace {

constexpr std::uint32_t kIndexedFrom = 8;  // smaller maps are searched one by one

std::uint32_t hash_text(std::string_view text) {
  std::uint64_t hash = 0x9E3779B97F4A7C15u ^ text.size();
  std::size_t i = 0;
  for (; i + 8 <= text.size(); i += 8) {
    std::uint64_t word = 0;
    std::memcpy(&word, text.data() + i, 8);
    hash = (hash ^ word) * 0xFF51AFD7ED558CCDu;
    hash ^= hash >> 32;
  }
  std::uint64_t rest = 0;
  if (i < text.size()) std::memcpy(&rest, text.data() + i, text.size() - i);
  hash = (hash ^ rest) * 0xFF51AFD7ED558CCDu;
  return static_cast<std::uint32_t>(hash ^ hash >> 32);
}

void grow(Run& run, List& list) {
  const std::uint32_t room = std::max<std::uint32_t>(list.room * 2, 8);
  if (!run.reserve(room * sizeof(Value))) return;
  Value* const items = run.heap().make_array<Value>(room);
  if (list.size > 0) std::memcpy(items, list.items, list.size * sizeof(Value));
  list.items = items;
  list.room = room;
}

void index_entry(Map& map, std::uint32_t number) {
  const std::uint32_t mask = map.index_size - 1;
  std::uint32_t slot = map.entries[number]->hash & mask;
  while (map.index[slot] != 0) slot = (slot + 1) & mask;
  map.index[slot] = number + 1;
}

// Drops the holes, makes room for as many again, and indexes all.
bool grow(Run& run, Map& map) {
  const std::uint32_t room = std::max<std::uint32_t>(map.size * 2, 8);
  if (!run.reserve(room * (sizeof(Entry*) + 16))) return false;
  Entry** const entries = run.heap().make_array<Entry*>(room);
  std::uint32_t used = 0;
  for (std::uint32_t i = 0; i < map.used; ++i) {
    if (map.entries[i]->live) entries[used++] = map.entries[i];
  }
  map.entries = entries;
  map.used = used;
  map.room = room;
  if (room <= kIndexedFrom) return true;
  map.index_size = std::bit_ceil(room * 2);
  map.index = run.heap().make_array<std::uint32_t>(map.index_size);
  std::fill_n(map.index, map.index_size, 0u);
  for (std::uint32_t i = 0; i < map.used; ++i) index_entry(map, i);
  return true;
}

bool same_text(const Value& key, std::string_view text) {
  return key.is_text() && key.text() == text;
}

// Deep comparisons go through values that may contain themselves.
class Comparison {
 public:
  explicit Comparison(Run& run) : run_(run) {}

  bool equal(const Value& a, const Value& b) {
    if (!run_.charge(1) || depth_ > run_.limits().depth_max) {
      run_.fail(Failure::Reason::too_deep, "values are nested too deep to compare them");
      return false;
    }
    if (a.kind() != b.kind()) return false;
    switch (a.kind()) {
      case Kind::null:
      case Kind::input:
      case Kind::util:
      case Kind::unread: return true;
      case Kind::boolean: return a.truth() == b.truth();
      case Kind::character: return a.unit() == b.unit();
      case Kind::integer:
      case Kind::long_integer: return a.number() == b.number();
      case Kind::single:
      case Kind::real:
        return std::bit_cast<std::uint64_t>(a.real()) == std::bit_cast<std::uint64_t>(b.real()) ||
               (std::isnan(a.real()) && std::isnan(b.real()));
      case Kind::big_integer: return BigInteger::compare(a.big(), b.big()) == 0;
      case Kind::decimal:
        return a.decimal().scale() == b.decimal().scale() &&
               BigInteger::compare(a.decimal().unscaled(), b.decimal().unscaled()) == 0;
      case Kind::text: return run_.charge_bytes(a.text().size()) && a.text() == b.text();
      case Kind::list: return lists(*a.list(), *b.list());
      case Kind::map: return maps(*a.map(), *b.map());
      case Kind::entry: return entries(*a.entry(), *b.entry());
      case Kind::view:
        return a.object() == b.object() ||
               (a.view()->form == b.view()->form && a.view()->map == b.view()->map);
      case Kind::loop:
      case Kind::block: return a.object() == b.object();
    }
    return false;
  }

 private:
  bool lists(const List& a, const List& b) {
    if (&a == &b) return true;
    // Arrays have no equals of their own.
    if (a.form == List::Form::array || b.form == List::Form::array || a.size != b.size) {
      return false;
    }
    ++depth_;
    for (std::uint32_t i = 0; i < a.size; ++i) {
      if (!equal(a.items[i], b.items[i])) return false;
    }
    --depth_;
    return true;
  }

  bool entries(const Entry& a, const Entry& b) {
    ++depth_;
    const bool same = equal(a.key, b.key) && equal(a.value, b.value);
    --depth_;
    return same;
  }

  bool maps(const Map& a, const Map& b) {
    if (&a == &b) return true;
    if (a.size != b.size) return false;
    ++depth_;
    std::uint32_t cursor = 0;
    Entry* entry = nullptr;
    while (next_entry(a, cursor, entry)) {
      const Entry* const other = find(run_, b, entry->key);
      if (other == nullptr || !equal(entry->value, other->value)) return false;
    }
    --depth_;
    return true;
  }

  Run& run_;
  std::uint32_t depth_ = 0;
};

}  // namespace

List* new_list(Run& run, List::Form form, std::uint32_t room) {
  List* const list = run.heap().make<List>();
  list->form = form;
  if (room > 0 && run.reserve(room * sizeof(Value))) {
    list->items = run.heap().make_array<Value>(room);
    list->room = room;
  }
  return list;
}

Map* new_map(Run& run) { return run.heap().make<Map>(); }

void append(Run& run, List& list, const Value& value) {
  if (list.size == list.room) {
    grow(run, list);
    if (list.size == list.room) return;
  }
  ::new (&list.items[list.size++]) Value(value);
  ++list.changes;
}

void insert(Run& run, List& list, std::uint32_t at, const Value& value) {
  const std::uint32_t before = list.size;
  append(run, list, value);
  if (list.size == before || !run.charge((before - at) / 256)) return;
  std::rotate(list.items + at, list.items + before, list.items + list.size);
}

Value remove_at(Run& run, List& list, std::uint32_t at) {
  const Value removed = list.items[at];
  if (!run.charge((list.size - at) / 256)) return Value();
  std::copy(list.items + at + 1, list.items + list.size, list.items + at);
  --list.size;
  ++list.changes;
  return removed;
}

std::int32_t index_of(Run& run, const List& list, const Value& value) {
  for (std::uint32_t i = 0; i < list.size && !run.failed(); ++i) {
    if (equals(run, value, list.items[i])) return static_cast<std::int32_t>(i);
  }
  return -1;
}

namespace {

// Walks over the entries that may have the key. Keys come from request bodies and can be made to
// collide, so that long walks are charged.
template <class Same>
Entry* search(Run& run, const Map& map, std::uint32_t wanted, const Same& same) {
  constexpr std::uint32_t kProbesPerStep = 8;
  if (map.index == nullptr) {
    for (std::uint32_t i = 0; i < map.used; ++i) {
      Entry* const entry = map.entries[i];
      if (entry->live && entry->hash == wanted && same(entry->key)) return entry;
    }
    return nullptr;
  }
  const std::uint32_t mask = map.index_size - 1;
  std::uint32_t probes = 0;
  for (std::uint32_t slot = wanted & mask; map.index[slot] != 0; slot = (slot + 1) & mask) {
    Entry* const entry = map.entries[map.index[slot] - 1];
    if (entry->hash == wanted && entry->live && same(entry->key)) return entry;
    if (++probes % kProbesPerStep == 0 && !run.charge(1)) return nullptr;
  }
  return nullptr;
}

}  // namespace

Entry* find(Run& run, const Map& map, std::string_view key) {
  return search(run, map, hash_text(key),
                [&](const Value& other) { return same_text(other, key); });
}

Entry* find(Run& run, const Map& map, const Value& key) {
  if (key.is_text()) return find(run, map, key.text());
  return search(run, map, hash(key), [&](const Value& other) { return equals(run, other, key); });
}

Value get(Run& run, const Map& map, const Value& key) {
  const Entry* const entry = find(run, map, key);
  return entry == nullptr ? Value() : entry->value;
}

Value put(Run& run, Map& map, const Value& key, const Value& value) {
  if (Entry* const entry = find(run, map, key)) {
    const Value previous = entry->value;
    entry->value = value;
    return previous;
  }
  if (map.used == map.room && !grow(run, map)) return Value();
  Entry* const entry = run.heap().make<Entry>();
  entry->key = key;
  entry->value = value;
  entry->hash = hash(key);
  map.entries[map.used++] = entry;
  ++map.size;
  ++map.changes;
  if (map.index != nullptr) index_entry(map, map.used - 1);
  return Value();
}

Value remove(Run& run, Map& map, const Value& key) {
  Entry* const entry = find(run, map, key);
  if (entry == nullptr) return Value();
  entry->live = false;  // the hole keeps its place in the index until the map grows
  --map.size;
  ++map.changes;
  return entry->value;
}

void clear(Map& map) {
  for (std::uint32_t i = 0; i < map.used; ++i) map.entries[i]->live = false;
  map.size = 0;
  ++map.changes;
}

bool next_entry(const Map& map, std::uint32_t& cursor, Entry*& entry) {
  while (cursor < map.used) {
    entry = map.entries[cursor++];
    if (entry->live) return true;
  }
  return false;
}

bool equals(Run& run, const Value& a, const Value& b) { return Comparison(run).equal(a, b); }

std::uint32_t hash(const Value& value) {
  switch (value.kind()) {
    case Kind::text: return hash_text(value.text());
    case Kind::boolean:
    case Kind::character:
    case Kind::integer:
    case Kind::long_integer:
      return static_cast<std::uint32_t>(static_cast<std::uint64_t>(value.number()) * 0x9E3779B1u) ^
             static_cast<std::uint32_t>(value.kind());
    default:
      // Seldom a key; equal values have the same kind, which is all that is asked of a hash.
      return static_cast<std::uint32_t>(value.kind()) * 0x9E3779B1u;
  }
}

}  // namespace hyd::vtl

// Lists and maps with Java's behaviour, and Java's equals and hashCode.
#pragma once

#include "vtl/run.h"
#include "vtl/value.h"

#include <cstdint>
#include <string_view>

namespace hyd::vtl {

List* new_list(Run& run, List::Form form = List::Form::list, std::uint32_t room = 0);
Map* new_map(Run& run);

void append(Run& run, List& list, const Value& value);
// `at` <= size.
void insert(Run& run, List& list, std::uint32_t at, const Value& value);
// `at` < size; returns what was there.
Value remove_at(Run& run, List& list, std::uint32_t at);
// -1 when no item is equal to `value`.
std::int32_t index_of(Run& run, const List& list, const Value& value);

// Null when there is none.
Entry* find(Run& run, const Map& map, const Value& key);
Entry* find(Run& run, const Map& map, std::string_view key);
// The value of the key, or null.
Value get(Run& run, const Map& map, const Value& key);
// What the key had before, or null.
Value put(Run& run, Map& map, const Value& key, const Value& value);
Value remove(Run& run, Map& map, const Value& key);
void clear(Map& map);

// The items of anything that #foreach walks over by index: entries that are holes are skipped.
// `cursor` starts at 0; false at the end.
bool next_entry(const Map& map, std::uint32_t& cursor, Entry*& entry);

// equals(); the steps of deep comparisons are charged.
bool equals(Run& run, const Value& a, const Value& b);
std::uint32_t hash(const Value& value);

}  // namespace hyd::vtl

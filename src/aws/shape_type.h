// How the generic core handles a field without knowing its C++ type: one constexpr table of small
// functions for each type that a shape may hold. Services need only `Shape`, `Shaped` and `Map`.
#pragma once

#include "aws/shape_spec.h"
#include "base/clock.h"
#include "codec/json.h"

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace hyd::aws {

struct Member;
using Shape = std::span<const Member>;

template <class T>
concept Shaped = std::is_class_v<T> && requires {
  { T::shape() } -> std::same_as<Shape>;
};

// Entries in document order; a repeated key keeps its first place and its last value.
template <class T>
using Map = std::vector<std::pair<std::string, T>>;

enum class Storage : std::uint8_t {
  text,
  int32,
  int64,
  real,
  truth,
  time,
  enumeration,
  list,
  map,
  structure,
  document,
};

struct Type {
  Storage storage = Storage::text;
  // Absent again (optional), or as freshly made.
  void (*clear)(void* field) = nullptr;
  // The address of the value inside: an optional is engaged first.
  void* (*engage)(void* field) = nullptr;
  // The address of the value inside; null when an optional is absent.
  const void* (*inside)(const void* field) = nullptr;

  // The rest work on the value inside.
  void (*set_index)(void* value, std::size_t index) = nullptr;  // enumeration
  std::size_t (*index)(const void* value) = nullptr;
  std::size_t (*size)(const void* value) = nullptr;  // list, map
  const void* (*at)(const void* value, std::size_t index) = nullptr;
  void* (*append)(void* value) = nullptr;                       // list
  void* (*entry)(void* value, std::string_view key) = nullptr;  // map: found or made
  std::string_view (*key_at)(const void* value, std::size_t index) = nullptr;
  const Type* item = nullptr;  // list, map
  Shape (*shape)() = nullptr;  // structure
};

namespace internal {

template <class T>
struct IsOptional : std::false_type {};
template <class T>
struct IsOptional<std::optional<T>> : std::true_type {};
template <class T>
struct IsVector : std::false_type {};
template <class T>
struct IsVector<std::vector<T>> : std::true_type {};
template <class T>
struct IsMap : std::false_type {};
template <class T>
struct IsMap<Map<T>> : std::true_type {};

template <class T>
consteval Type make_type();

}  // namespace internal

template <class T>
inline constexpr Type kType = internal::make_type<T>();

namespace internal {

template <class T>
consteval void describe_list(Type& type) {
  using Item = typename T::value_type;
  type.storage = Storage::list;
  type.item = &kType<Item>;
  type.size = [](const void* value) { return static_cast<const T*>(value)->size(); };
  type.at = [](const void* value, std::size_t i) -> const void* {
    return &(*static_cast<const T*>(value))[i];
  };
  type.append = [](void* value) -> void* { return &static_cast<T*>(value)->emplace_back(); };
}

template <class T>
consteval void describe_map(Type& type) {
  using Item = typename T::value_type::second_type;
  type.storage = Storage::map;
  type.item = &kType<Item>;
  type.size = [](const void* value) { return static_cast<const T*>(value)->size(); };
  type.at = [](const void* value, std::size_t i) -> const void* {
    return &(*static_cast<const T*>(value))[i].second;
  };
  type.key_at = [](const void* value, std::size_t i) {
    return std::string_view((*static_cast<const T*>(value))[i].first);
  };
  type.entry = [](void* value, std::string_view key) -> void* {
    T& entries = *static_cast<T*>(value);
    for (auto& [name, item] : entries) {
      if (name == key) return &item;
    }
    return &entries.emplace_back(std::string(key), Item{}).second;
  };
}

template <class T>
consteval Type make_plain_type() {
  Type type;
  type.clear = [](void* field) { *static_cast<T*>(field) = T{}; };
  type.engage = [](void* field) { return field; };
  type.inside = [](const void* field) { return field; };
  if constexpr (std::same_as<T, std::string>) {
    type.storage = Storage::text;
  } else if constexpr (std::same_as<T, std::int32_t>) {
    type.storage = Storage::int32;
  } else if constexpr (std::same_as<T, std::int64_t>) {
    type.storage = Storage::int64;
  } else if constexpr (std::same_as<T, double>) {
    type.storage = Storage::real;
  } else if constexpr (std::same_as<T, bool>) {
    type.storage = Storage::truth;
  } else if constexpr (std::same_as<T, base::WallTime>) {
    type.storage = Storage::time;
  } else if constexpr (std::same_as<T, codec::Json>) {
    type.storage = Storage::document;
  } else if constexpr (std::is_enum_v<T>) {
    type.storage = Storage::enumeration;
    type.set_index = [](void* value, std::size_t index) {
      *static_cast<T*>(value) = static_cast<T>(index);
    };
    type.index = [](const void* value) {
      return static_cast<std::size_t>(*static_cast<const T*>(value));
    };
  } else if constexpr (IsMap<T>::value) {
    describe_map<T>(type);
  } else if constexpr (IsVector<T>::value) {
    describe_list<T>(type);
  } else {
    static_assert(Shaped<T>, "a field of a type that shapes do not know");
    type.storage = Storage::structure;
    type.shape = [] { return T::shape(); };
  }
  return type;
}

template <class T>
consteval Type make_type() {
  if constexpr (IsOptional<T>::value) {
    Type type = make_plain_type<typename T::value_type>();
    type.clear = [](void* field) { static_cast<T*>(field)->reset(); };
    type.engage = [](void* field) -> void* {
      T& value = *static_cast<T*>(field);
      return value.has_value() ? &*value : &value.emplace();
    };
    type.inside = [](const void* field) -> const void* {
      const T& value = *static_cast<const T*>(field);
      return value.has_value() ? &*value : nullptr;
    };
    return type;
  } else {
    return make_plain_type<T>();
  }
}

// Whether a field of this type can hold what the spec describes, all the way down.
constexpr bool fits(const Spec& spec, const Type& type) {
  switch (spec.kind) {
    case Kind::string:
      return type.storage == Storage::text ||
             (type.storage == Storage::enumeration && !spec.values.empty());
    case Kind::blob: return type.storage == Storage::text;
    case Kind::integer: return type.storage == Storage::int32 || type.storage == Storage::int64;
    case Kind::long_integer: return type.storage == Storage::int64;
    case Kind::number: return type.storage == Storage::real;
    case Kind::boolean: return type.storage == Storage::truth;
    case Kind::timestamp: return type.storage == Storage::time;
    case Kind::list:
      return type.storage == Storage::list && spec.item != nullptr && fits(*spec.item, *type.item);
    case Kind::map:
      return type.storage == Storage::map && spec.item != nullptr && spec.key != nullptr &&
             fits(*spec.item, *type.item);
    case Kind::structure: return type.storage == Storage::structure;
    case Kind::document: return type.storage == Storage::document;
  }
  return false;
}

}  // namespace internal

}  // namespace hyd::aws

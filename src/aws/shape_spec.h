// What a member must be: its kind on the wire and its constraints, as the service model has them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string_view>

namespace hyd::aws {

enum class Kind : std::uint8_t {
  string,
  blob,     // base64 in JSON, raw bytes in the field
  integer,  // 32 bits on the wire's side; larger values saturate before any range check
  long_integer,
  number,  // double
  boolean,
  timestamp,  // epoch seconds with a fraction in JSON
  list,
  map,
  structure,
  document,  // anything, kept as it is
};

// A regular expression as AWS prints it, and the hand-written matcher that stands for it.
struct Pattern {
  std::string_view text;
  bool (*matches)(std::string_view value) = nullptr;
};

// Built by the functions below: string().required().length(1, 128). Nested specs (list items, map
// keys) are named constants, since a spec keeps their address.
struct Spec {
  static constexpr std::int64_t kUnset = std::numeric_limits<std::int64_t>::min();

  Kind kind = Kind::string;
  bool must = false;
  // Strings: UTF-16 code units, as Java counts; blobs: bytes; lists and maps: entries.
  std::int64_t length_min = kUnset;
  std::int64_t length_max = kUnset;
  std::int64_t value_min = kUnset;
  std::int64_t value_max = kUnset;
  Pattern pattern = {};
  std::span<const std::string_view> values = {};  // in the order that AWS prints
  const Spec* key = nullptr;                      // map
  const Spec* item = nullptr;                     // list, map

  constexpr Spec required() const {
    Spec spec = *this;
    spec.must = true;
    return spec;
  }
  constexpr Spec length(std::int64_t min, std::int64_t max) const {
    Spec spec = *this;
    spec.length_min = min;
    spec.length_max = max;
    return spec;
  }
  constexpr Spec length_at_least(std::int64_t min) const { return length(min, length_max); }
  constexpr Spec length_at_most(std::int64_t max) const { return length(length_min, max); }
  constexpr Spec range(std::int64_t min, std::int64_t max) const {
    Spec spec = *this;
    spec.value_min = min;
    spec.value_max = max;
    return spec;
  }
  constexpr Spec at_least(std::int64_t min) const { return range(min, value_max); }
  constexpr Spec at_most(std::int64_t max) const { return range(value_min, max); }
  constexpr Spec matching(Pattern one) const {
    Spec spec = *this;
    spec.pattern = one;
    return spec;
  }
  constexpr Spec one_of(std::span<const std::string_view> set) const {
    Spec spec = *this;
    spec.values = set;
    return spec;
  }

  constexpr bool constrained() const {
    return length_min != kUnset || length_max != kUnset || value_min != kUnset ||
           value_max != kUnset || pattern.matches != nullptr || !values.empty();
  }
};

constexpr Spec string() { return {.kind = Kind::string}; }
constexpr Spec blob() { return {.kind = Kind::blob}; }
constexpr Spec integer() { return {.kind = Kind::integer}; }
constexpr Spec long_integer() { return {.kind = Kind::long_integer}; }
constexpr Spec number() { return {.kind = Kind::number}; }
constexpr Spec boolean() { return {.kind = Kind::boolean}; }
constexpr Spec timestamp() { return {.kind = Kind::timestamp}; }
constexpr Spec structure() { return {.kind = Kind::structure}; }
constexpr Spec document() { return {.kind = Kind::document}; }
constexpr Spec list(const Spec& item) { return {.kind = Kind::list, .item = &item}; }
constexpr Spec map(const Spec& key, const Spec& value) {
  return {.kind = Kind::map, .key = &key, .item = &value};
}
Spec list(Spec&&) = delete;
Spec map(Spec&&, const Spec&) = delete;
Spec map(const Spec&, Spec&&) = delete;
Spec map(Spec&&, Spec&&) = delete;

}  // namespace hyd::aws

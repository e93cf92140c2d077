// The hash space of a stream: 128-bit numbers, of which each open shard has a range
// (AWS documentation, HashKeyRange).
//
// A record's hash key is the MD5 of its partition key, read as a big-endian number, or the number
// that the client named. Ranges include both ends and the open shards of a stream tile the whole
// space without gap or overlap.
#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace hyd::streams {

struct HashKey {
  std::uint64_t high = 0;
  std::uint64_t low = 0;

  static constexpr HashKey max() { return {UINT64_MAX, UINT64_MAX}; }
  // Of the largest key the smallest, and the other way round.
  constexpr HashKey next() const { return {high + (low == UINT64_MAX ? 1 : 0), low + 1}; }
  constexpr HashKey previous() const { return {high - (low == 0 ? 1 : 0), low - 1}; }
  // Of a partition key's UTF-8 bytes.
  static HashKey of(std::string_view partition_key);
  // Nothing unless it is a decimal number of digits only, below 2^128.
  static std::optional<HashKey> parse(std::string_view decimal);
  std::string decimal() const;
  // 16 bytes, big-endian: they compare as the numbers do.
  std::array<char, 16> bytes() const;
  static HashKey from_bytes(const std::array<char, 16>& bytes);

  friend constexpr auto operator<=>(const HashKey&, const HashKey&) = default;
};

struct HashRange {
  HashKey first;
  HashKey last;  // included
  constexpr bool holds(const HashKey& key) const { return first <= key && key <= last; }
  friend constexpr bool operator==(const HashRange&, const HashRange&) = default;
};

// Range `index` of `count` equal ones: 2^128 / count wide, rounded down; the last one takes the
// rest. `index` < `count`.
struct Tile {
  std::uint32_t index = 0;
  std::uint32_t count = 1;
};
HashRange tile(Tile which);

}  // namespace hyd::streams

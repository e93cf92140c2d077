// Sequence numbers: where a record stands in its shard, as clients see it.
//
// A decimal number of 188 bits. From the top, in hexadecimal digits:
//
//   | digits | meaning                                                       |
//   |--------|---------------------------------------------------------------|
//   | 1      | 2, always                                                     |
//   | 9      | when the shard was created, seconds since 1970                |
//   | 1      | low four bits of the shard's index                            |
//   | 16     | index: the record's place in the log, below 2^63              |
//   | 2      | 00                                                            |
//   | 9      | when the record arrived, seconds since 1970                   |
//   | 8      | the shard's index within its stream                           |
//   | 1      | 2, the version of this layout                                 |
//
// The layout is AWS's (observed). Because the index stands before the time, order in a shard is the
// order of the log, even where clocks step back.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace hyd::streams {

struct Sequence {
  // The index of a closed shard's ending number.
  static constexpr std::uint64_t kIndexMax = INT64_MAX;
  // The first second that no number can name.
  static constexpr std::int64_t kSecondsEnd = 16'025'175'000;

  std::int64_t created_s = 0;  // of the shard
  std::uint32_t shard = 0;     // index within the stream
  std::uint64_t index = 0;     // 0: before the shard's first record
  std::int64_t arrived_s = 0;
  std::uint8_t version = 2;

  // In version 2, whatever `version` says.
  std::string decimal() const;

  // Versions 0, 1 and 2; those before 2 are never given out, and their index, which has another
  // meaning, is not read. Nothing: no such number exists.
  static std::optional<Sequence> parse(std::string_view decimal);

  friend bool operator==(const Sequence&, const Sequence&) = default;
};

}  // namespace hyd::streams

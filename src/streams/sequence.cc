#include "streams/sequence.h"

#include "streams/wide.h"

namespace hyd::streams {
namespace {

using Number = Wide<6>;

// Where each part begins, counted in bits from the lowest.
constexpr std::size_t kShardAt = 4;
constexpr std::size_t kArrivedAt = 36;
constexpr std::size_t kIndexAt = 80;
constexpr std::size_t kNibbleAt = 144;
constexpr std::size_t kCreatedAt = 148;
constexpr std::size_t kTopAt = 184;
constexpr std::size_t kSecondsBits = 36;

// Version 0 has 32 digits, the first of which, a 1, its text leaves out.
constexpr std::size_t kOldTopAt = 124;
constexpr std::size_t kOldCreatedAt = 88;

std::optional<Sequence> checked(Sequence sequence) {
  if (sequence.created_s >= Sequence::kSecondsEnd) return std::nullopt;
  return sequence;
}

std::optional<Sequence> old_sequence(const Number& number) {
  const std::uint64_t top = number.bits(kOldTopAt, 64);
  if (top > 1) return std::nullopt;
  return checked({.created_s = static_cast<std::int64_t>(number.bits(kOldCreatedAt, kSecondsBits)),
                  .shard = static_cast<std::uint32_t>(number.bits(0, 16)),
                  .version = 0});
}

}  // namespace

std::string Sequence::decimal() const {
  Number number;
  number.put(0, 2);
  number.put(kShardAt, shard);
  number.put(kArrivedAt, static_cast<std::uint64_t>(arrived_s));
  number.put(kIndexAt, index);
  number.put(kNibbleAt, shard & 0xf);
  number.put(kCreatedAt, static_cast<std::uint64_t>(created_s));
  number.put(kTopAt, 2);
  return number.decimal();
}

std::optional<Sequence> Sequence::parse(std::string_view decimal) {
  const auto number = Number::parse(decimal);
  if (!number) return std::nullopt;
  if (number->bits(128, 64) == 0) return old_sequence(*number);
  if (number->bits(kTopAt, 8) != 2) return std::nullopt;
  Sequence sequence{.created_s = static_cast<std::int64_t>(number->bits(kCreatedAt, kSecondsBits)),
                    .shard = static_cast<std::uint32_t>(number->bits(kShardAt, 32)),
                    .version = static_cast<std::uint8_t>(number->bits(0, 4))};
  switch (sequence.version) {
    case 1: break;
    case 2:
      sequence.index = number->bits(kIndexAt, 64);
      sequence.arrived_s = static_cast<std::int64_t>(number->bits(kArrivedAt, kSecondsBits));
      if (sequence.index > kIndexMax) return std::nullopt;
      break;
    default: return std::nullopt;
  }
  return checked(sequence);
}

}  // namespace hyd::streams

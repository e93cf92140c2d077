#include "delivery/intent.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>

namespace hyd::delivery {

using base::Code;
using base::fail;
using base::Result;

namespace {

constexpr char kRangesVersion = 1;

// Seven bits a byte, the lowest first; the top bit says that more follow.
void put_number(std::uint64_t n, std::string& out) {
  for (; n >= 0x80; n >>= 7) out += static_cast<char>(n | 0x80);
  out += static_cast<char>(n);
}

// Nothing when the bytes end early, or the number is larger or longer than it need be.
std::optional<std::uint64_t> take_number(std::string_view& bytes) {
  std::uint64_t n = 0;
  for (unsigned shift = 0; shift < 64 && !bytes.empty(); shift += 7) {
    const auto byte = static_cast<unsigned char>(bytes.front());
    bytes.remove_prefix(1);
    if (shift == 63 && byte > 1) return std::nullopt;
    n |= static_cast<std::uint64_t>(byte & 0x7f) << shift;
    if ((byte & 0x80) == 0) {
      if (byte == 0 && shift != 0) return std::nullopt;
      return n;
    }
  }
  return std::nullopt;
}

}  // namespace

std::uint64_t Intent::records() const {
  std::uint64_t sum = 0;
  for (const Range& range : inputs) sum += range.count;
  return sum;
}

std::uint64_t Intent::bytes() const {
  std::uint64_t sum = 0;
  for (const Range& range : inputs) sum += range.bytes;
  return sum;
}

std::string encode_ranges(const std::vector<Range>& ranges) {
  std::string out(1, kRangesVersion);
  put_number(ranges.size(), out);
  std::uint64_t shard = 0;
  for (const Range& range : ranges) {
    put_number(range.shard.raw() - shard, out);
    shard = range.shard.raw();
    put_number(range.first, out);
    put_number(range.last - range.first, out);
    put_number(range.count, out);
    put_number(range.bytes, out);
  }
  return out;
}

Result<std::vector<Range>> decode_ranges(std::string_view bytes) {
  const auto wrong = [] { return fail(Code::corrupt, "an intent's ranges cannot be read"); };
  if (bytes.empty() || bytes.front() != kRangesVersion) return wrong();
  bytes.remove_prefix(1);
  const auto count = take_number(bytes);
  if (!count || *count > bytes.size()) return wrong();
  std::vector<Range> ranges;
  std::uint64_t shard = 0;
  for (std::uint64_t i = 0; i < *count; ++i) {
    std::array<std::uint64_t, 5> numbers{};
    for (std::uint64_t& number : numbers) {
      const auto taken = take_number(bytes);
      if (!taken) return wrong();
      number = *taken;
    }
    const auto [step, first, span, records, size] = numbers;
    if (step > UINT32_MAX - shard || (i > 0 && step == 0) || span > UINT64_MAX - first) {
      return wrong();
    }
    if (records == 0 || records - 1 > span) return wrong();
    shard += step;
    ranges.push_back({.shard = log::ShardNumber(static_cast<std::uint32_t>(shard)),
                      .first = first,
                      .last = first + span,
                      .count = records,
                      .bytes = size});
  }
  if (!bytes.empty()) return wrong();
  return ranges;
}

base::Uid make_batch(std::int64_t now_ms, base::Rng& entropy) {
  std::array<std::uint8_t, 16> bytes = base::Uid::random(entropy).bytes();
  const auto ms = static_cast<std::uint64_t>(std::max<std::int64_t>(now_ms, 0));
  for (std::size_t i = 0; i < 6; ++i) {
    bytes[i] = static_cast<std::uint8_t>(ms >> (8 * (5 - i)));
  }
  bytes[6] = static_cast<std::uint8_t>((bytes[6] & 0x0f) | 0x70);
  bytes[8] = static_cast<std::uint8_t>((bytes[8] & 0x3f) | 0x80);
  return base::Uid(bytes);
}

std::string uuid_text(const base::Uid& uid) {
  std::string text = uid.hex();
  for (const std::size_t at : {20u, 16u, 12u, 8u}) text.insert(at, 1, '-');
  return text;
}

}  // namespace hyd::delivery

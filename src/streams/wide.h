// Unsigned numbers of a fixed width, to and from decimal text: hash keys have 128 bits, sequence
// numbers 188. Internal to this room.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace hyd::streams {

// `kWords` words of 32 bits, the lowest first.
template <std::size_t kWords>
struct Wide {
  std::array<std::uint32_t, kWords> words{};

  // Nothing unless it is digits only and fits; leading zeros are digits too.
  static std::optional<Wide> parse(std::string_view decimal) {
    if (decimal.empty()) return std::nullopt;
    Wide out;
    for (const char c : decimal) {
      if (c < '0' || c > '9') return std::nullopt;
      if (!out.multiply_add(10, static_cast<std::uint32_t>(c - '0'))) return std::nullopt;
    }
    return out;
  }

  std::string decimal() const {
    Wide rest = *this;
    std::array<char, kWords * 10 + 9> digits;  // a word is below 10^10; nine are written at once
    std::size_t at = digits.size();
    std::size_t used = kWords;  // the words above are zero
    while (true) {
      while (used != 0 && rest.words[used - 1] == 0) --used;
      if (used == 0) break;
      std::uint32_t nine = rest.divide(1'000'000'000, used);
      for (int i = 0; i < 4; ++i) {
        const std::uint32_t two = nine % 100;
        nine /= 100;
        digits[--at] = static_cast<char>('0' + two % 10);
        digits[--at] = static_cast<char>('0' + two / 10);
      }
      digits[--at] = static_cast<char>('0' + nine);
    }
    while (at < digits.size() && digits[at] == '0') ++at;
    if (at == digits.size()) return "0";
    return {digits.data() + at, digits.size() - at};
  }

  // Bits [from, from + count) as a number; count is at most 64.
  std::uint64_t bits(std::size_t from, std::size_t count) const {
    std::uint64_t out = 0;
    for (std::size_t i = 0; i < count; ++i) {
      const std::size_t bit = from + i;
      const std::uint64_t one = words[bit / 32] >> (bit % 32) & 1;
      out |= one << i;
    }
    return out;
  }
  // Adds `value` at bit `from`; the bits there are zero and have room.
  void put(std::size_t from, std::uint64_t value) {
    std::size_t word = from / 32;
    const std::size_t shift = from % 32;
    const std::uint64_t low = value << shift;
    words[word] |= static_cast<std::uint32_t>(low);
    if (word + 1 < kWords) words[word + 1] |= static_cast<std::uint32_t>(low >> 32);
    if (shift != 0 && word + 2 < kWords) {
      words[word + 2] |= static_cast<std::uint32_t>(value >> (64 - shift));
    }
  }

 private:
  // False when it does not fit.
  bool multiply_add(std::uint32_t factor, std::uint32_t add) {
    std::uint64_t carry = add;
    for (std::uint32_t& word : words) {
      carry += std::uint64_t{word} * factor;
      word = static_cast<std::uint32_t>(carry);
      carry >>= 32;
    }
    return carry == 0;
  }
  // The remainder; only the lowest `used` words are not zero.
  std::uint32_t divide(std::uint32_t by, std::size_t used) {
    std::uint64_t rest = 0;
    for (std::size_t i = used; i-- > 0;) {
      rest = rest << 32 | words[i];
      words[i] = static_cast<std::uint32_t>(rest / by);
      rest %= by;
    }
    return static_cast<std::uint32_t>(rest);
  }
};

}  // namespace hyd::streams

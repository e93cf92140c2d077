// A random 128-bit id: streams, logs, blobs and batches are named by one, never reused.
#pragma once

#include "base/rng.h"

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace hyd::base {

class Uid {
 public:
  constexpr Uid() = default;  // all zeros: no id
  explicit Uid(std::array<std::uint8_t, 16> bytes) : bytes_(bytes) {}
  static Uid random(Rng& rng);
  // 32 lower-case hexadecimal digits.
  static std::optional<Uid> parse(std::string_view hex);
  std::string hex() const;
  const std::array<std::uint8_t, 16>& bytes() const { return bytes_; }
  friend auto operator<=>(const Uid&, const Uid&) = default;

 private:
  std::array<std::uint8_t, 16> bytes_{};
};

}  // namespace hyd::base

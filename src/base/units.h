// Units that live in the type.
#pragma once

#include <compare>
#include <cstdint>

namespace hyd::base {

class ByteCount {
 public:
  constexpr ByteCount() = default;
  constexpr explicit ByteCount(std::uint64_t bytes) : bytes_(bytes) {}
  constexpr std::uint64_t bytes() const { return bytes_; }
  friend constexpr auto operator<=>(const ByteCount&, const ByteCount&) = default;
  friend constexpr ByteCount operator+(ByteCount a, ByteCount b) {
    return ByteCount(a.bytes_ + b.bytes_);
  }
  friend constexpr ByteCount operator*(ByteCount a, std::uint64_t n) {
    return ByteCount(a.bytes_ * n);
  }

 private:
  std::uint64_t bytes_ = 0;
};

constexpr ByteCount kib(std::uint64_t n) { return ByteCount(n << 10); }
constexpr ByteCount mib(std::uint64_t n) { return ByteCount(n << 20); }
constexpr ByteCount gib(std::uint64_t n) { return ByteCount(n << 30); }

}  // namespace hyd::base

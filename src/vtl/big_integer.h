// Integers of any size and decimal fractions, as java.math has them: JSON bodies carry both.
#pragma once

#include "vtl/heap.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace hyd::vtl {

// Sign and magnitude; the limbs live in the heap, low ones first, no zero at the top.
class BigInteger {
 public:
  BigInteger(const std::uint32_t* limbs, std::uint32_t count, bool negative)
      : limbs_(limbs), count_(count), negative_(negative && count > 0) {}

  std::uint32_t count() const { return count_; }
  std::uint32_t limb(std::size_t i) const { return limbs_[i]; }
  bool negative() const { return negative_; }
  bool zero() const { return count_ == 0; }
  // The low 64 bits in two's complement, like longValue().
  std::int64_t low_bits() const;

  // An optional sign and digits.
  static const BigInteger* parse(Heap& heap, std::string_view digits);
  static const BigInteger* from(Heap& heap, std::int64_t number);
  static const BigInteger* from_unsigned(Heap& heap, std::uint64_t number);

  static const BigInteger* add(Heap& heap, const BigInteger& a, const BigInteger& b);
  static const BigInteger* subtract(Heap& heap, const BigInteger& a, const BigInteger& b);
  static const BigInteger* multiply(Heap& heap, const BigInteger& a, const BigInteger& b);
  struct Division {
    const BigInteger* quotient;   // rounded towards zero
    const BigInteger* remainder;  // with the sign of the dividend
  };
  // `b` is not zero.
  static Division divide(Heap& heap, const BigInteger& a, const BigInteger& b);
  static const BigInteger* power(Heap& heap, std::uint32_t base, std::uint32_t exponent);
  static int compare(const BigInteger& a, const BigInteger& b);

  void append_to(std::string& out) const;
  // Its size in digits of 3 or 4 bits: octal or hexadecimal.
  void append_bits_to(unsigned bits, std::string& out) const;

 private:
  const std::uint32_t* limbs_;
  std::uint32_t count_;
  bool negative_;
};

// unscaled / 10^scale.
class Decimal {
 public:
  Decimal(const BigInteger* unscaled, std::int32_t scale) : unscaled_(unscaled), scale_(scale) {}
  const BigInteger& unscaled() const { return *unscaled_; }
  std::int32_t scale() const { return scale_; }

  // A JSON number; null when its exponent is out of range.
  static const Decimal* parse(Heap& heap, std::string_view number);
  // The exact value of a double.
  static const Decimal* from(Heap& heap, double number);
  static const Decimal* from(Heap& heap, const BigInteger& number);

  static const Decimal* add(Heap& heap, const Decimal& a, const Decimal& b);
  static const Decimal* subtract(Heap& heap, const Decimal& a, const Decimal& b);
  static const Decimal* multiply(Heap& heap, const Decimal& a, const Decimal& b);
  // To the scale of `a`, halves towards zero; `b` is not zero.
  static const Decimal* divide(Heap& heap, const Decimal& a, const Decimal& b);
  static int compare(Heap& heap, const Decimal& a, const Decimal& b);

  // Without its fraction.
  const BigInteger* whole(Heap& heap) const;
  // As toString() writes it: plain, or with an exponent when the scale is negative or large.
  void append_to(std::string& out) const;

 private:
  const BigInteger* unscaled_;
  std::int32_t scale_;
};

}  // namespace hyd::vtl

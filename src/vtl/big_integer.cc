#include "vtl/big_integer.h"

#include "base/parse_int.h"

#include <fmt/core.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <span>
#include <vector>

namespace hyd::vtl {
namespace {

using Limbs = std::vector<std::uint32_t>;
using View = std::span<const std::uint32_t>;

// Beyond it a power of ten alone would not fit any body that templates may see.
constexpr std::int64_t kScaleMax = 20'000'000;

void trim(Limbs& limbs) {
  while (!limbs.empty() && limbs.back() == 0) limbs.pop_back();
}

const BigInteger* keep(Heap& heap, Limbs& limbs, bool negative) {
  trim(limbs);
  std::uint32_t* const at = heap.make_array<std::uint32_t>(limbs.size());
  if (!limbs.empty()) std::memcpy(at, limbs.data(), limbs.size() * sizeof(std::uint32_t));
  return heap.make<BigInteger>(at, static_cast<std::uint32_t>(limbs.size()), negative);
}

int compare_magnitude(View a, View b) {
  if (a.size() != b.size()) return a.size() < b.size() ? -1 : 1;
  for (std::size_t i = a.size(); i-- > 0;) {
    if (a[i] != b[i]) return a[i] < b[i] ? -1 : 1;
  }
  return 0;
}

Limbs add_magnitude(View a, View b) {
  if (a.size() < b.size()) std::swap(a, b);
  Limbs sum(a.size() + 1);
  std::uint64_t carry = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    carry += std::uint64_t{a[i]} + (i < b.size() ? b[i] : 0);
    sum[i] = static_cast<std::uint32_t>(carry);
    carry >>= 32;
  }
  sum[a.size()] = static_cast<std::uint32_t>(carry);
  return sum;
}

// `a` >= `b`.
Limbs subtract_magnitude(View a, View b) {
  Limbs rest(a.begin(), a.end());
  std::uint64_t borrow = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const std::uint64_t take = (i < b.size() ? b[i] : 0) + borrow;
    borrow = rest[i] < take ? 1 : 0;
    rest[i] = static_cast<std::uint32_t>(rest[i] - take);
  }
  return rest;
}

// Divides in place, returns the remainder.
std::uint32_t divide_small(Limbs& limbs, std::uint32_t divisor) {
  std::uint64_t rest = 0;
  for (std::size_t i = limbs.size(); i-- > 0;) {
    rest = rest << 32 | limbs[i];
    limbs[i] = static_cast<std::uint32_t>(rest / divisor);
    rest %= divisor;
  }
  trim(limbs);
  return static_cast<std::uint32_t>(rest);
}

void multiply_small(Limbs& limbs, std::uint32_t factor, std::uint32_t addend) {
  std::uint64_t carry = addend;
  for (std::uint32_t& limb : limbs) {
    carry += std::uint64_t{limb} * factor;
    limb = static_cast<std::uint32_t>(carry);
    carry >>= 32;
  }
  if (carry != 0) limbs.push_back(static_cast<std::uint32_t>(carry));
}

// Knuth's algorithm D: the quotient is returned, `a` is left with the remainder. `b` has at least
// two limbs and a.size() >= b.size().
Limbs divide_long(Limbs& a, Limbs b) {
  const int shift = std::countl_zero(b.back());
  const auto shift_left = [shift](Limbs& limbs) {
    if (shift == 0) return;
    std::uint32_t carry = 0;
    for (std::uint32_t& limb : limbs) {
      const std::uint32_t out = limb >> (32 - shift);
      limb = limb << shift | carry;
      carry = out;
    }
    if (carry != 0) limbs.push_back(carry);
  };
  const std::size_t size = a.size();
  shift_left(b);
  shift_left(a);
  if (a.size() == size) a.push_back(0);
  const std::size_t n = b.size();
  Limbs quotient(a.size() - n);
  for (std::size_t j = a.size() - n; j-- > 0;) {
    const std::uint64_t top = std::uint64_t{a[j + n]} << 32 | a[j + n - 1];
    std::uint64_t guess = top / b[n - 1];
    std::uint64_t rest = top % b[n - 1];
    while (guess > UINT32_MAX || guess * b[n - 2] > (rest << 32 | a[j + n - 2])) {
      --guess;
      rest += b[n - 1];
      if (rest > UINT32_MAX) break;
    }
    std::int64_t borrow = 0;
    std::uint64_t carry = 0;
    for (std::size_t i = 0; i < n; ++i) {
      carry += guess * b[i];
      const std::int64_t difference =
          std::int64_t{a[i + j]} - borrow - static_cast<std::int64_t>(carry & UINT32_MAX);
      a[i + j] = static_cast<std::uint32_t>(difference);
      borrow = difference < 0 ? 1 : 0;
      carry >>= 32;
    }
    const std::int64_t difference =
        std::int64_t{a[j + n]} - borrow - static_cast<std::int64_t>(carry);
    a[j + n] = static_cast<std::uint32_t>(difference);
    if (difference < 0) {
      --guess;
      std::uint64_t back = 0;
      for (std::size_t i = 0; i < n; ++i) {
        back += std::uint64_t{a[i + j]} + b[i];
        a[i + j] = static_cast<std::uint32_t>(back);
        back >>= 32;
      }
      a[j + n] = static_cast<std::uint32_t>(a[j + n] + back);
    }
    quotient[j] = static_cast<std::uint32_t>(guess);
  }
  a.resize(n);
  if (shift != 0) {
    for (std::size_t i = 0; i < n; ++i) {
      const std::uint32_t above = i + 1 < n ? a[i + 1] << (32 - shift) : 0;
      a[i] = a[i] >> shift | above;
    }
  }
  return quotient;
}

}  // namespace

std::int64_t BigInteger::low_bits() const {
  std::uint64_t bits = count_ > 0 ? limbs_[0] : 0;
  if (count_ > 1) bits |= std::uint64_t{limbs_[1]} << 32;
  return static_cast<std::int64_t>(negative_ ? 0 - bits : bits);
}

const BigInteger* BigInteger::parse(Heap& heap, std::string_view digits) {
  const bool negative = digits.starts_with('-');
  if (negative || digits.starts_with('+')) digits.remove_prefix(1);
  Limbs limbs;
  constexpr std::size_t kGroup = 9;
  while (!digits.empty()) {
    const std::size_t length = digits.size() % kGroup != 0 ? digits.size() % kGroup : kGroup;
    std::uint32_t factor = 1;
    std::uint32_t group = 0;
    for (const char c : digits.substr(0, length)) {
      group = group * 10 + static_cast<std::uint32_t>(c - '0');
      factor *= 10;
    }
    multiply_small(limbs, factor, group);
    digits.remove_prefix(length);
  }
  return keep(heap, limbs, negative);
}

const BigInteger* BigInteger::from(Heap& heap, std::int64_t number) {
  const auto bits = static_cast<std::uint64_t>(number);
  const std::uint64_t size = number < 0 ? 0 - bits : bits;
  Limbs limbs = {static_cast<std::uint32_t>(size), static_cast<std::uint32_t>(size >> 32)};
  return keep(heap, limbs, number < 0);
}

const BigInteger* BigInteger::from_unsigned(Heap& heap, std::uint64_t number) {
  Limbs limbs = {static_cast<std::uint32_t>(number), static_cast<std::uint32_t>(number >> 32)};
  return keep(heap, limbs, false);
}

const BigInteger* BigInteger::add(Heap& heap, const BigInteger& a, const BigInteger& b) {
  const View left(a.limbs_, a.count_);
  const View right(b.limbs_, b.count_);
  if (a.negative_ == b.negative_) {
    Limbs sum = add_magnitude(left, right);
    return keep(heap, sum, a.negative_);
  }
  const bool a_bigger = compare_magnitude(left, right) >= 0;
  Limbs rest = a_bigger ? subtract_magnitude(left, right) : subtract_magnitude(right, left);
  return keep(heap, rest, a_bigger ? a.negative_ : b.negative_);
}

const BigInteger* BigInteger::subtract(Heap& heap, const BigInteger& a, const BigInteger& b) {
  const BigInteger minus(b.limbs_, b.count_, !b.negative_);
  return add(heap, a, minus);
}

const BigInteger* BigInteger::multiply(Heap& heap, const BigInteger& a, const BigInteger& b) {
  Limbs product(std::size_t{a.count_} + b.count_);
  for (std::size_t i = 0; i < a.count_; ++i) {
    std::uint64_t carry = 0;
    for (std::size_t j = 0; j < b.count_; ++j) {
      carry += product[i + j] + std::uint64_t{a.limbs_[i]} * b.limbs_[j];
      product[i + j] = static_cast<std::uint32_t>(carry);
      carry >>= 32;
    }
    product[i + b.count_] = static_cast<std::uint32_t>(carry);
  }
  return keep(heap, product, a.negative_ != b.negative_);
}

BigInteger::Division BigInteger::divide(Heap& heap, const BigInteger& a, const BigInteger& b) {
  const View left(a.limbs_, a.count_);
  const View right(b.limbs_, b.count_);
  Limbs rest(left.begin(), left.end());
  Limbs quotient;
  if (compare_magnitude(left, right) >= 0) {
    if (b.count_ == 1) {
      quotient = rest;
      const std::uint32_t small = divide_small(quotient, b.limbs_[0]);
      rest.assign(1, small);
    } else {
      quotient = divide_long(rest, Limbs(right.begin(), right.end()));
    }
  }
  return {keep(heap, quotient, a.negative_ != b.negative_), keep(heap, rest, a.negative_)};
}

const BigInteger* BigInteger::power(Heap& heap, std::uint32_t base, std::uint32_t exponent) {
  const BigInteger* result = from(heap, 1);
  const BigInteger* square = from(heap, base);
  while (true) {
    if ((exponent & 1u) != 0) result = multiply(heap, *result, *square);
    exponent >>= 1;
    if (exponent == 0) return result;
    square = multiply(heap, *square, *square);
  }
}

int BigInteger::compare(const BigInteger& a, const BigInteger& b) {
  if (a.negative_ != b.negative_) return a.negative_ ? -1 : 1;
  const int size = compare_magnitude(View(a.limbs_, a.count_), View(b.limbs_, b.count_));
  return a.negative_ ? -size : size;
}

void BigInteger::append_to(std::string& out) const {
  if (zero()) {
    out.push_back('0');
    return;
  }
  if (negative_) out.push_back('-');
  constexpr std::uint32_t kBillion = 1'000'000'000;
  Limbs rest(limbs_, limbs_ + count_);
  std::vector<std::uint32_t> groups;
  while (!rest.empty()) groups.push_back(divide_small(rest, kBillion));
  out.append(fmt::format("{}", groups.back()));
  for (std::size_t i = groups.size() - 1; i-- > 0;) out.append(fmt::format("{:09}", groups[i]));
}

void BigInteger::append_bits_to(unsigned bits, std::string& out) const {
  constexpr std::string_view kDigits = "0123456789abcdef";
  const std::size_t total = std::size_t{count_} * 32;
  bool started = false;
  for (std::size_t i = (total + bits - 1) / bits; i-- > 0;) {
    unsigned digit = 0;
    for (std::size_t k = bits; k-- > 0;) {
      const std::size_t at = i * bits + k;
      const std::uint32_t limb = at < total ? limbs_[at / 32] : 0;
      digit = digit << 1 | (limb >> (at % 32) & 1u);
    }
    started = started || digit != 0;
    if (started) out.push_back(kDigits[digit]);
  }
  if (!started) out.push_back('0');
}

const Decimal* Decimal::parse(Heap& heap, std::string_view number) {
  const std::size_t mark = std::min(number.find_first_of("eE"), number.size());
  std::string_view power = number.substr(std::min(mark + 1, number.size()));
  if (power.starts_with('+')) power.remove_prefix(1);
  std::int64_t scale = 0;
  if (mark != number.size()) {
    const auto exponent = base::parse_int<std::int32_t>(power);
    if (!exponent) return nullptr;
    scale = -std::int64_t{*exponent};
  }
  std::string digits;
  bool fraction = false;
  for (const char c : number.substr(0, mark)) {
    if (c == '.') {
      fraction = true;
    } else {
      digits.push_back(c);
      if (fraction) ++scale;
    }
  }
  if (scale > kScaleMax || scale < -kScaleMax) return nullptr;
  return heap.make<Decimal>(BigInteger::parse(heap, digits), static_cast<std::int32_t>(scale));
}

const Decimal* Decimal::from(Heap& heap, double number) {
  int exponent = 0;
  const double mantissa = std::frexp(number, &exponent);
  auto significand = static_cast<std::int64_t>(std::ldexp(mantissa, 53));
  exponent -= 53;
  if (significand == 0) return heap.make<Decimal>(BigInteger::from(heap, 0), 0);
  while (significand % 2 == 0) {
    significand /= 2;
    ++exponent;
  }
  const BigInteger& whole = *BigInteger::from(heap, significand);
  const auto shift = static_cast<std::uint32_t>(exponent < 0 ? -exponent : exponent);
  const BigInteger& factor = *BigInteger::power(heap, exponent < 0 ? 5 : 2, shift);
  return heap.make<Decimal>(BigInteger::multiply(heap, whole, factor),
                            exponent < 0 ? -exponent : 0);
}

const Decimal* Decimal::from(Heap& heap, const BigInteger& number) {
  return heap.make<Decimal>(&number, 0);
}

namespace {

// The unscaled value at a scale that is not smaller.
const BigInteger& rescale(Heap& heap, const Decimal& number, std::int32_t scale) {
  if (scale == number.scale()) return number.unscaled();
  const auto power = static_cast<std::uint32_t>(scale - number.scale());
  return *BigInteger::multiply(heap, number.unscaled(), *BigInteger::power(heap, 10, power));
}

}  // namespace

const Decimal* Decimal::add(Heap& heap, const Decimal& a, const Decimal& b) {
  const std::int32_t scale = std::max(a.scale_, b.scale_);
  const BigInteger& left = rescale(heap, a, scale);
  return heap.make<Decimal>(BigInteger::add(heap, left, rescale(heap, b, scale)), scale);
}

const Decimal* Decimal::subtract(Heap& heap, const Decimal& a, const Decimal& b) {
  const std::int32_t scale = std::max(a.scale_, b.scale_);
  const BigInteger& left = rescale(heap, a, scale);
  return heap.make<Decimal>(BigInteger::subtract(heap, left, rescale(heap, b, scale)), scale);
}

const Decimal* Decimal::multiply(Heap& heap, const Decimal& a, const Decimal& b) {
  return heap.make<Decimal>(BigInteger::multiply(heap, *a.unscaled_, *b.unscaled_),
                            a.scale_ + b.scale_);
}

const Decimal* Decimal::divide(Heap& heap, const Decimal& a, const Decimal& b) {
  const BigInteger* dividend = a.unscaled_;
  const BigInteger* divisor = b.unscaled_;
  const auto power = static_cast<std::uint32_t>(b.scale_ < 0 ? -b.scale_ : b.scale_);
  const BigInteger& ten = *BigInteger::power(heap, 10, power);
  if (b.scale_ >= 0) {
    dividend = BigInteger::multiply(heap, *dividend, ten);
  } else {
    divisor = BigInteger::multiply(heap, *divisor, ten);
  }
  const BigInteger::Division result = BigInteger::divide(heap, *dividend, *divisor);
  const BigInteger& twice = *BigInteger::add(heap, *result.remainder, *result.remainder);
  const BigInteger size_of_twice =
      twice.negative() ? *BigInteger::subtract(heap, *BigInteger::from(heap, 0), twice) : twice;
  const BigInteger size_of_divisor =
      divisor->negative() ? *BigInteger::subtract(heap, *BigInteger::from(heap, 0), *divisor)
                          : *divisor;
  const BigInteger* quotient = result.quotient;
  if (BigInteger::compare(size_of_twice, size_of_divisor) > 0) {
    const bool negative = dividend->negative() != divisor->negative();
    quotient = BigInteger::add(heap, *quotient, *BigInteger::from(heap, negative ? -1 : 1));
  }
  return heap.make<Decimal>(quotient, a.scale_);
}

int Decimal::compare(Heap& heap, const Decimal& a, const Decimal& b) {
  const std::int32_t scale = std::max(a.scale_, b.scale_);
  return BigInteger::compare(rescale(heap, a, scale), rescale(heap, b, scale));
}

const BigInteger* Decimal::whole(Heap& heap) const {
  const auto power = static_cast<std::uint32_t>(scale_ < 0 ? -scale_ : scale_);
  const BigInteger& ten = *BigInteger::power(heap, 10, power);
  return scale_ < 0 ? BigInteger::multiply(heap, *unscaled_, ten)
                    : BigInteger::divide(heap, *unscaled_, ten).quotient;
}

void Decimal::append_to(std::string& out) const {
  std::string digits;
  unscaled_->append_to(digits);
  if (digits[0] == '-') {
    out.push_back('-');
    digits.erase(0, 1);
  }
  if (scale_ == 0) {
    out.append(digits);
    return;
  }
  constexpr std::int64_t kPlainMin = -6;  // BigDecimal: below it an exponent is used
  const std::int64_t adjusted = static_cast<std::int64_t>(digits.size()) - 1 - scale_;
  if (scale_ > 0 && adjusted >= kPlainMin) {
    const auto point = static_cast<std::int64_t>(digits.size()) - scale_;
    if (point <= 0) {
      out.append("0.").append(static_cast<std::size_t>(-point), '0').append(digits);
    } else {
      out.append(digits, 0, static_cast<std::size_t>(point)).append(".");
      out.append(digits, static_cast<std::size_t>(point));
    }
    return;
  }
  out.append(digits, 0, 1);
  if (digits.size() > 1) out.append(".").append(digits, 1);
  if (adjusted != 0) out.append(fmt::format("E{:+}", adjusted));
}

}  // namespace hyd::vtl

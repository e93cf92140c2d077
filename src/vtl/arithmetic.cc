#include "vtl/arithmetic.h"

#include "base/parse_int.h"
#include "vtl/big_integer.h"

#include <array>
#include <charconv>
#include <cmath>
#include <limits>

namespace hyd::vtl {
namespace {

using enum Kind;
using Fault = Computed::Fault;

enum class Base : std::uint8_t { whole, big, single, real, decimal };

bool is_whole(const Value& v) {
  return v.kind() == integer || v.kind() == long_integer || v.kind() == big_integer;
}

Base base_of(const Value& a, const Value& b) {
  const bool wholes = is_whole(a) && is_whole(b);
  const bool big = a.kind() == big_integer || b.kind() == big_integer;
  if (a.kind() == decimal || b.kind() == decimal || (big && !wholes)) return Base::decimal;
  if (wholes) return big ? Base::big : Base::whole;
  return a.kind() == real || b.kind() == real ? Base::real : Base::single;
}

const BigInteger& as_big(Heap& heap, const Value& v) {
  if (v.kind() == big_integer) return v.big();
  return *BigInteger::from(heap, to_long(heap, v));
}

const Decimal& as_decimal(Heap& heap, const Value& v) {
  if (v.kind() == decimal) return v.decimal();
  if (v.kind() == big_integer) return *Decimal::from(heap, v.big());
  return *Decimal::from(heap, to_double(v));
}

// No BigDecimal is made of anything else: NumberFormatException in Java.
bool finite(const Value& v) {
  return (v.kind() != real && v.kind() != single) || std::isfinite(v.real());
}

bool is_zero(const Value& v) {
  switch (v.kind()) {
    case integer:
    case long_integer: return v.number() == 0;
    case big_integer: return v.big().zero();
    case decimal: return v.decimal().unscaled().zero();
    default: return v.real() == 0.0;
  }
}

// The larger of the two operands' types, or the next one when the number does not fit.
Value wrap(std::int64_t number, const Value& a, const Value& b) {
  const bool fits = number >= INT32_MIN && number <= INT32_MAX;
  if (a.kind() == integer && b.kind() == integer && fits) {
    return Value(static_cast<std::int32_t>(number));
  }
  return Value::from_long(number);
}

std::int64_t wrapping(std::uint64_t bits) { return static_cast<std::int64_t>(bits); }

Value compute_whole(Heap& heap, Operator op, const Value& a, const Value& b) {
  const std::int64_t x = a.number();
  const std::int64_t y = b.number();
  const auto ux = static_cast<std::uint64_t>(x);
  const auto uy = static_cast<std::uint64_t>(y);
  switch (op) {
    case Operator::add: {
      const std::int64_t sum = wrapping(ux + uy);
      if ((sum ^ x) < 0 && (sum ^ y) < 0) {
        return Value(BigInteger::add(heap, as_big(heap, a), as_big(heap, b)));
      }
      return wrap(sum, a, b);
    }
    case Operator::subtract: {
      const std::int64_t rest = wrapping(ux - uy);
      if ((rest ^ x) < 0 && (rest ^ ~y) < 0) {
        return Value(BigInteger::subtract(heap, as_big(heap, a), as_big(heap, b)));
      }
      return wrap(rest, a, b);
    }
    case Operator::multiply: {
      const std::int64_t product = wrapping(ux * uy);
      // Velocity's own test; it does not see the smallest Long times -1.
      const auto back = [&] {
        return y == -1 ? wrapping(0 - static_cast<std::uint64_t>(product)) : product / y;
      };
      const bool whole = y == 0 || back() == x;
      if (!whole) return Value(BigInteger::multiply(heap, as_big(heap, a), as_big(heap, b)));
      return wrap(product, a, b);
    }
    case Operator::divide: return wrap(y == -1 ? wrapping(0 - ux) : x / y, a, b);
    case Operator::modulo: return wrap(y == -1 ? 0 : x % y, a, b);
  }
  return Value();
}

Computed compute_big(Heap& heap, Operator op, const BigInteger& a, const BigInteger& b) {
  switch (op) {
    case Operator::add: return {.value = Value(BigInteger::add(heap, a, b))};
    case Operator::subtract: return {.value = Value(BigInteger::subtract(heap, a, b))};
    case Operator::multiply: return {.value = Value(BigInteger::multiply(heap, a, b))};
    case Operator::divide: return {.value = Value(BigInteger::divide(heap, a, b).quotient)};
    case Operator::modulo: {
      // BigInteger.mod: never negative, and a negative modulus is an error.
      if (b.negative()) return {.value = Value(), .fault = Fault::arithmetic};
      const BigInteger* rest = BigInteger::divide(heap, a, b).remainder;
      if (rest->negative()) rest = BigInteger::add(heap, *rest, b);
      return {.value = Value(rest)};
    }
  }
  return {};
}

double compute_real(Operator op, double a, double b) {
  switch (op) {
    case Operator::add: return a + b;
    case Operator::subtract: return a - b;
    case Operator::multiply: return a * b;
    case Operator::divide: return a / b;
    case Operator::modulo: return std::fmod(a, b);
  }
  return 0;
}

Computed compute_decimal(Heap& heap, Operator op, const Decimal& a, const Decimal& b) {
  switch (op) {
    case Operator::add: return {.value = Value(Decimal::add(heap, a, b))};
    case Operator::subtract: return {.value = Value(Decimal::subtract(heap, a, b))};
    case Operator::multiply: return {.value = Value(Decimal::multiply(heap, a, b))};
    case Operator::divide: return {.value = Value(Decimal::divide(heap, a, b))};
    case Operator::modulo: return {.value = Value(), .fault = Fault::arithmetic};
  }
  return {};
}

std::uint64_t size_of(std::int64_t n) { return static_cast<std::uint64_t>(n < 0 ? -n : n); }

// Limb operations, in steps of 64, that an operation on numbers of these sizes may take; a power of
// ten has a limb for each nine or ten digits.
std::uint64_t cost_of(std::uint64_t limbs_a, std::uint64_t limbs_b, std::uint64_t digits) {
  const std::uint64_t power = digits / 9;
  return ((limbs_a + power) * (limbs_b + power) + power * power) / 64;
}

std::uint64_t cost_of(Base base, Operator op, const Value& a, const Value& b) {
  const auto limbs = [](const Value& v) -> std::uint64_t {
    if (v.kind() == big_integer) return v.big().count();
    if (v.kind() == decimal) return v.decimal().unscaled().count();
    return 2;
  };
  if (base == Base::whole || base == Base::real || base == Base::single) return 0;
  std::uint64_t digits = 0;
  if (base == Base::decimal && op != Operator::multiply) {
    const auto scale = [](const Value& v) -> std::int64_t {
      return v.kind() == decimal ? v.decimal().scale() : 0;
    };
    constexpr std::int64_t kDoubleDigits = 1100;  // the exact value of a double has no more
    digits = op == Operator::divide ? size_of(scale(b)) : size_of(scale(a) - scale(b));
    digits += a.kind() == decimal && b.kind() == decimal ? 0 : kDoubleDigits;
  }
  if (base == Base::big && (op == Operator::add || op == Operator::subtract)) return 0;
  return cost_of(limbs(a), limbs(b), digits);
}

// Rounds towards zero and saturates, NaN is 0.
template <class T>
T saturate(double number) {
  if (std::isnan(number)) return 0;
  if (number >= static_cast<double>(std::numeric_limits<T>::max())) {
    return std::numeric_limits<T>::max();
  }
  if (number <= static_cast<double>(std::numeric_limits<T>::min())) {
    return std::numeric_limits<T>::min();
  }
  return static_cast<T>(number);
}

// Lays out the digits "d.ddde±xx" as Java does: plain from 1e-3 to below 1e7.
void append_java(std::string_view scientific, std::string& out) {
  if (scientific.starts_with('-')) {
    out.push_back('-');
    scientific.remove_prefix(1);
  }
  const std::size_t mark = scientific.find('e');
  std::string_view power = scientific.substr(mark + 1);
  if (power.starts_with('+')) power.remove_prefix(1);
  const int exponent = base::parse_int<int>(power).value_or(0);
  std::string digits(1, scientific[0]);
  if (mark > 2) digits.append(scientific.substr(2, mark - 2));
  if (digits.size() == 2 && digits[1] == '0') digits.pop_back();
  if (exponent < -3 || exponent >= 7) {
    out.append(digits, 0, 1).append(".");
    out.append(digits.size() > 1 ? std::string_view(digits).substr(1) : "0");
    out.append("E").append(std::to_string(exponent));
  } else if (exponent < 0) {
    out.append("0.").append(static_cast<std::size_t>(-exponent - 1), '0').append(digits);
  } else {
    const auto whole = static_cast<std::size_t>(exponent) + 1;
    if (digits.size() < whole) digits.append(whole - digits.size(), '0');
    out.append(digits, 0, whole).append(".");
    out.append(digits.size() > whole ? std::string_view(digits).substr(whole) : "0");
  }
}

template <class T>
void append_floating(T number, std::string& out) {
  if (std::isnan(number)) {
    out.append("NaN");
  } else if (std::isinf(number)) {
    out.append(number < 0 ? "-Infinity" : "Infinity");
  } else if (number == 0) {
    out.append(std::signbit(number) ? "-0.0" : "0.0");
  } else {
    std::array<char, 64> buffer;
    char* const last = buffer.data() + buffer.size();
    char* end = std::to_chars(buffer.data(), last, number, std::chars_format::scientific).ptr;
    std::string_view shortest(buffer.data(), static_cast<std::size_t>(end - buffer.data()));
    std::array<char, 64> two;
    if (shortest.find('.') == std::string_view::npos) {
      // Java writes at least two digits, and takes the closest two when they mean the same number.
      end = std::to_chars(two.data(), two.data() + two.size(), number,
                          std::chars_format::scientific, 1)
                .ptr;
      T back = 0;
      std::from_chars(two.data(), end, back);
      if (back == number) shortest = {two.data(), static_cast<std::size_t>(end - two.data())};
    }
    append_java(shortest, out);
  }
}

}  // namespace

Computed compute(Heap& heap, Operator op, const Value& a, const Value& b, std::uint64_t cost_max) {
  const bool divides = op == Operator::divide || op == Operator::modulo;
  if (divides && is_zero(b)) return {};
  const Base base = base_of(a, b);
  const std::uint64_t cost = cost_of(base, op, a, b);
  if (cost > cost_max) return {.value = Value(), .fault = Fault::too_large, .cost = cost};
  Computed result;
  switch (base) {
    case Base::whole: return {.value = compute_whole(heap, op, a, b)};
    case Base::real: return {.value = Value(compute_real(op, to_double(a), to_double(b)))};
    case Base::single: {
      const auto x = static_cast<float>(to_double(a));
      const auto y = static_cast<float>(to_double(b));
      const double exact = compute_real(op, static_cast<double>(x), static_cast<double>(y));
      return {.value = Value::from_float(static_cast<float>(exact))};
    }
    case Base::big: result = compute_big(heap, op, as_big(heap, a), as_big(heap, b)); break;
    case Base::decimal:
      if (!finite(a) || !finite(b)) return {.value = Value(), .fault = Fault::arithmetic};
      result = compute_decimal(heap, op, as_decimal(heap, a), as_decimal(heap, b));
      break;
  }
  result.cost = cost;
  return result;
}

std::optional<int> compare_numbers(Heap& heap, const Value& a, const Value& b) {
  const auto order = [](auto x, auto y) { return x < y ? -1 : (x > y ? 1 : 0); };
  constexpr std::uint64_t kCostMax = 100'000;
  const Base base = base_of(a, b);
  switch (base) {
    case Base::whole: return order(a.number(), b.number());
    case Base::single:
      return order(static_cast<float>(to_double(a)), static_cast<float>(to_double(b)));
    case Base::real: return order(to_double(a), to_double(b));
    case Base::big: return BigInteger::compare(as_big(heap, a), as_big(heap, b));
    case Base::decimal: break;
  }
  if (cost_of(base, Operator::subtract, a, b) > kCostMax) return std::nullopt;
  if (!finite(a) || !finite(b)) return std::nullopt;
  return Decimal::compare(heap, as_decimal(heap, a), as_decimal(heap, b));
}

std::int32_t to_int(Heap& heap, const Value& number) {
  if (number.kind() == real || number.kind() == single)
    return saturate<std::int32_t>(number.real());
  return static_cast<std::int32_t>(static_cast<std::uint32_t>(to_long(heap, number)));
}

std::int64_t to_long(Heap& heap, const Value& number) {
  constexpr std::int32_t kScaleMax = 10'000;
  switch (number.kind()) {
    case integer:
    case long_integer: return number.number();
    case big_integer: return number.big().low_bits();
    case decimal: {
      const std::int32_t scale = number.decimal().scale();
      if (scale < -kScaleMax || scale > kScaleMax) return 0;
      return number.decimal().whole(heap)->low_bits();
    }
    default: return saturate<std::int64_t>(number.real());
  }
}

double to_double(const Value& number) {
  switch (number.kind()) {
    case integer:
    case long_integer: return static_cast<double>(number.number());
    case big_integer:
    case decimal: {
      std::string text;
      append_number(number, text);
      return parse_double(text);
    }
    default: return number.real();
  }
}

void append_number(const Value& number, std::string& out) {
  switch (number.kind()) {
    case integer:
    case long_integer: {
      std::array<char, 24> buffer;
      const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), number.number());
      out.append(buffer.data(), end.ptr);
      return;
    }
    case big_integer: number.big().append_to(out); return;
    case decimal: number.decimal().append_to(out); return;
    case single: append_float(static_cast<float>(number.real()), out); return;
    default: append_double(number.real(), out); return;
  }
}

void append_double(double number, std::string& out) { append_floating(number, out); }
void append_float(float number, std::string& out) { append_floating(number, out); }

Value parse_whole(Heap& heap, std::string_view digits) {
  std::string_view plain = digits;
  if (plain.starts_with('+')) plain.remove_prefix(1);
  if (const auto small = base::parse_int<std::int32_t>(plain)) return Value(*small);
  if (const auto wide = base::parse_int<std::int64_t>(plain)) return Value::from_long(*wide);
  return Value(BigInteger::parse(heap, digits));
}

double parse_double(std::string_view text) {
  if (text.starts_with('+')) text.remove_prefix(1);
  double number = 0;
  const char* const end = text.data() + text.size();
  const auto result = std::from_chars(text.data(), end, number);
  if (result.ec != std::errc::result_out_of_range) return number;
  // Out of range: an infinity or a zero, by the sign of the exponent that it really has.
  const bool negative = text.starts_with('-');
  const std::size_t mark = text.find_first_of("eE");
  const bool small = mark != std::string_view::npos
                         ? text.substr(mark + 1).starts_with('-')
                         : text.find_first_of("123456789") > text.find('.');
  const double size = small ? 0.0 : std::numeric_limits<double>::infinity();
  return negative ? -size : size;
}

}  // namespace hyd::vtl

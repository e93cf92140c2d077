// Java's numbers: how they are written and how they widen.
#include "vtl/arithmetic.h"

#include "vtl/big_integer.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>

namespace hyd::vtl {
namespace {

constexpr std::uint64_t kCostMax = 1'000'000;

std::string text_of(const Value& value) {
  if (value.is_null()) return "null";
  std::string text;
  append_number(value, text);
  return text;
}

std::string java(double number) {
  std::string text;
  append_double(number, text);
  return text;
}

TEST(Doubles, PrintAsJavaPrintsThem) {
  EXPECT_EQ(java(1), "1.0");
  EXPECT_EQ(java(0.1), "0.1");
  EXPECT_EQ(java(100), "100.0");
  EXPECT_EQ(java(9999999), "9999999.0");
  EXPECT_EQ(java(1e7), "1.0E7");
  EXPECT_EQ(java(12345678.9), "1.23456789E7");
  EXPECT_EQ(java(0.001), "0.001");
  EXPECT_EQ(java(0.00099), "9.9E-4");
  EXPECT_EQ(java(1e-5), "1.0E-5");
  EXPECT_EQ(java(0.1 + 0.2), "0.30000000000000004");
  EXPECT_EQ(java(100 * 1.1), "110.00000000000001");
  EXPECT_EQ(java(-0.0), "-0.0");
  EXPECT_EQ(java(4.9e-324), "4.9E-324");
  EXPECT_EQ(java(2e-323), "2.0E-323");
  EXPECT_EQ(java(1.7976931348623157e308), "1.7976931348623157E308");
  EXPECT_EQ(java(-std::numeric_limits<double>::infinity()), "-Infinity");
  EXPECT_EQ(java(std::nan("")), "NaN");
  std::string single;
  append_float(0.1f, single);
  EXPECT_EQ(single, "0.1");
}

struct Row {
  std::string_view a;
  char op;
  std::string_view b;
  std::string_view result;
};

Value number(Heap& heap, std::string_view text) {
  if (text.ends_with('m')) return Value(Decimal::parse(heap, text.substr(0, text.size() - 1)));
  return text.find_first_of(".eE") == std::string_view::npos ? parse_whole(heap, text)
                                                             : Value(parse_double(text));
}

TEST(Arithmetic, WidensOnlyWhenItMustAndTruncatesTowardsZero) {
  constexpr Row kRows[] = {
      {"7", '/', "2", "3"},
      {"-7", '/', "2", "-3"},
      {"-7", '%', "3", "-1"},
      {"7", '/', "2.0", "3.5"},
      {"1", '/', "0", "null"},
      {"1.0", '/', "0", "null"},
      {"2147483647", '+', "1", "2147483648"},
      {"-2147483648", '/', "-1", "2147483648"},
      {"9223372036854775807", '+', "1", "9223372036854775808"},
      {"-9223372036854775808", '-', "1", "-9223372036854775809"},
      {"-9223372036854775808", '*', "-1", "-9223372036854775808"},
      {"9223372036854775807", '*', "2", "18446744073709551614"},
      {"18446744073709551616", '/', "4294967296", "4294967296"},
      {"340282366920938463463374607431768211456", '/', "18446744073709551616",
       "18446744073709551616"},
      {"340282366920938463463374607431768211457", '%', "18446744073709551616", "1"},
      {"-340282366920938463463374607431768211457", '%', "18446744073709551616",
       "18446744073709551615"},
      {"99999999999999999999", '-', "99999999999999999998", "1"},
      {"99999999999999999999", '*', "99999999999999999999",
       "9999999999999999999800000000000000000001"},
      {"1.10m", '+', "2m", "3.10"},
      {"1.5m", '*', "2.0m", "3.00"},
      {"10m", '/', "4m", "2"},
      {"10.0m", '/', "4m", "2.5"},
      {"1.25m", '+', "0.5", "1.75"},
  };
  for (const Row& row : kRows) {
    Heap heap;
    const Operator op = row.op == '+'   ? Operator::add
                        : row.op == '-' ? Operator::subtract
                        : row.op == '*' ? Operator::multiply
                        : row.op == '/' ? Operator::divide
                                        : Operator::modulo;
    const Computed result = compute(heap, op, number(heap, row.a), number(heap, row.b), kCostMax);
    EXPECT_EQ(result.fault, Computed::Fault::none);
    EXPECT_EQ(text_of(result.value), row.result) << row.a << " " << row.op << " " << row.b;
  }
}

TEST(Arithmetic, ComparesAcrossTypes) {
  Heap heap;
  const auto compare = [&](std::string_view a, std::string_view b) {
    return compare_numbers(heap, number(heap, a), number(heap, b));
  };
  EXPECT_EQ(compare("1", "1.0"), 0);
  EXPECT_EQ(compare("9223372036854775807", "9223372036854775808"), -1);
  EXPECT_EQ(compare("1.10m", "1.1m"), 0);
  EXPECT_EQ(compare("0.1m", "0.1"), -1);
  EXPECT_EQ(compare_numbers(heap, Value(std::nan("")), Value(1)), 0);
}

TEST(Arithmetic, RefusesWhatWouldTakeTooLong) {
  Heap heap;
  const Value huge(Decimal::parse(heap, "1e9000000"));
  const Value small(Decimal::parse(heap, "1.0000000000000000000"));
  EXPECT_EQ(compute(heap, Operator::add, huge, small, kCostMax).fault, Computed::Fault::too_large);
  EXPECT_FALSE(compare_numbers(heap, huge, small).has_value());
}

TEST(Decimals, PrintPlainOrWithAnExponentAsBigDecimalDoes) {
  Heap heap;
  const auto echo = [&](std::string_view text) {
    return text_of(Value(Decimal::parse(heap, text)));
  };
  EXPECT_EQ(echo("1.10"), "1.10");
  EXPECT_EQ(echo("0.0000001"), "1E-7");
  EXPECT_EQ(echo("0.000001"), "0.000001");
  EXPECT_EQ(echo("1e5"), "1E+5");
  EXPECT_EQ(echo("-12.5e-3"), "-0.0125");
  EXPECT_EQ(echo("123e-1"), "12.3");
  std::string exact;
  Decimal::from(heap, 0.1)->append_to(exact);
  EXPECT_EQ(exact, "0.1000000000000000055511151231257827021181583404541015625");
}

TEST(Conversions, NarrowAsJavaNarrows) {
  Heap heap;
  EXPECT_EQ(to_int(heap, Value(1e20)), std::numeric_limits<std::int32_t>::max());
  EXPECT_EQ(to_int(heap, Value(std::nan(""))), 0);
  EXPECT_EQ(to_int(heap, Value::from_long(99999999999)), 1215752191);
  EXPECT_EQ(to_long(heap, number(heap, "18446744073709551617")), 1);
  EXPECT_EQ(to_long(heap, number(heap, "-12.9m")), -12);
}

}  // namespace
}  // namespace hyd::vtl

// Numbers: Velocity 1.7's arithmetic over Java's number classes, and how Java writes them.
//
// Whole numbers widen when they must: Integer to Long to BigInteger. A Double on either side makes
// a Double. BigDecimal comes only from JSON numbers of more than 18 characters.
#pragma once

#include "vtl/heap.h"
#include "vtl/value.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace hyd::vtl {

enum class Operator : std::uint8_t { add, subtract, multiply, divide, modulo };

// What one operation gave. `cost` is its work in steps when it was more than one: numbers have no
// size limit of their own, the step limit holds them.
struct Computed {
  enum class Fault : std::uint8_t { none, arithmetic, too_large };
  Value value;  // null when there is no result: division by zero
  Fault fault = Fault::none;
  std::uint64_t cost = 0;
};

// Both are numbers. An operation that would cost more than `cost_max` is refused as too_large.
Computed compute(Heap& heap, Operator op, const Value& a, const Value& b, std::uint64_t cost_max);
// -1, 0 or 1; NaN compares equal to everything, as in Velocity. Nothing when one is no
// number of BigDecimal's, or when it would cost too much.
std::optional<int> compare_numbers(Heap& heap, const Value& a, const Value& b);

// Java's narrowing conversions.
std::int32_t to_int(Heap& heap, const Value& number);
std::int64_t to_long(Heap& heap, const Value& number);
double to_double(const Value& number);

void append_number(const Value& number, std::string& out);
// Double.toString and Float.toString.
void append_double(double number, std::string& out);
void append_float(float number, std::string& out);

// The smallest of Integer, Long and BigInteger that holds it; `digits` has an optional sign.
Value parse_whole(Heap& heap, std::string_view digits);
// A decimal fraction as Double; the text is well-formed.
double parse_double(std::string_view text);

}  // namespace hyd::vtl

// Statics of the number classes, which any number of the class reaches: #set($Integer = 0).
#include "base/parse_int.h"
#include "vtl/arithmetic.h"
#include "vtl/functions/arguments.h"
#include "vtl/functions/rows.h"

#include <fmt/core.h>

#include <limits>
#include <optional>

namespace hyd::vtl::fn {
namespace {

Value refuse(const Call& call, std::string_view text) {
  return call.run.fail(fmt::format("\"{}\" is no number", text));
}

// As Integer.parseInt: an optional sign and digits, nothing around them.
template <class T>
std::optional<T> parse(std::string_view text) {
  if (text.starts_with('+')) {
    text.remove_prefix(1);
    if (text.starts_with('-') || text.starts_with('+')) return std::nullopt;
  }
  return base::parse_int<T>(text);
}

Value parsed_int(const Call& call) {
  const Value& text = argument(call, 0);
  if (text.is_null()) return refuse(call, "null");
  if (!text.is_text()) return Value();
  const std::optional<std::int32_t> number = parse<std::int32_t>(text.text());
  return number ? Value(*number) : refuse(call, text.text());
}

Value parsed_long(const Call& call) {
  const Value& text = argument(call, 0);
  if (text.is_null()) return refuse(call, "null");
  if (!text.is_text()) return Value();
  const std::optional<std::int64_t> number = parse<std::int64_t>(text.text());
  return number ? Value::from_long(*number) : refuse(call, text.text());
}

// Decimal notation with white space around, NaN and Infinity, an f or d behind; no hexadecimal.
std::optional<double> parse_java_double(std::string_view text) {
  const auto blank = [](char c) { return static_cast<unsigned char>(c) <= ' '; };
  while (!text.empty() && blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && blank(text.back())) text.remove_suffix(1);
  std::string_view size = text;
  if (size.starts_with('-') || size.starts_with('+')) size.remove_prefix(1);
  const double sign = text.starts_with('-') ? -1.0 : 1.0;
  if (size == "NaN") return std::numeric_limits<double>::quiet_NaN();
  if (size == "Infinity") return sign * std::numeric_limits<double>::infinity();
  if (!size.empty() && std::string_view("fFdD").contains(size.back())) size.remove_suffix(1);
  std::size_t i = 0;
  std::size_t digits = 0;
  const auto skip_digits = [&] {
    const std::size_t start = i;
    while (i < size.size() && size[i] >= '0' && size[i] <= '9') ++i;
    return i - start;
  };
  digits += skip_digits();
  if (i < size.size() && size[i] == '.') {
    ++i;
    digits += skip_digits();
  }
  if (digits == 0) return std::nullopt;
  if (i < size.size() && (size[i] == 'e' || size[i] == 'E')) {
    ++i;
    if (i < size.size() && (size[i] == '+' || size[i] == '-')) ++i;
    if (skip_digits() == 0) return std::nullopt;
  }
  if (i != size.size()) return std::nullopt;
  return sign * parse_double(size);
}

Value parsed_double(const Call& call) {
  const Value& text = argument(call, 0);
  if (text.is_null()) return call.run.fail("null is no number");
  if (!text.is_text()) return Value();
  const std::optional<double> number = parse_java_double(text.text());
  return number ? Value(*number) : refuse(call, text.text());
}

}  // namespace

Value integer_parse_int(const Call& call) { return parsed_int(call); }

Value integer_value_of(const Call& call) {
  return argument(call, 0).is_integer() ? argument(call, 0) : parsed_int(call);
}

Value long_parse_long(const Call& call) { return parsed_long(call); }

Value long_value_of(const Call& call) {
  const Value& value = argument(call, 0);
  const bool whole = value.is_integer() || value.kind() == Kind::long_integer;
  return whole ? Value::from_long(value.number()) : parsed_long(call);
}

Value double_parse_double(const Call& call) { return parsed_double(call); }

Value double_value_of(const Call& call) {
  const Value& value = argument(call, 0);
  const bool widens = value.is_integer() || value.kind() == Kind::long_integer ||
                      value.kind() == Kind::single || value.kind() == Kind::real;
  return widens ? Value(to_double(value)) : parsed_double(call);
}

}  // namespace hyd::vtl::fn

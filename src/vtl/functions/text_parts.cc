// Lengths and pieces of texts. Indexes count UTF-16 units.
#include "vtl/functions/arguments.h"
#include "vtl/functions/rows.h"
#include "vtl/text.h"

#include <fmt/core.h>

#include <string>

namespace hyd::vtl::fn {

Value text_length(const Call& call) {
  if (!call.run.charge_bytes(call.self.text().size())) return Value();
  return Value(static_cast<std::int32_t>(unit_count(call.self.text())));
}

Value text_is_empty(const Call& call) { return Value(call.self.text().empty()); }

Value text_char_at(const Call& call) {
  const Value& index = argument(call, 0);
  if (!index.is_integer() || !call.run.charge_bytes(call.self.text().size())) return Value();
  const std::string_view text = call.self.text();
  const auto at = static_cast<std::size_t>(index.integer());
  if (index.integer() < 0 || at >= unit_count(text)) {
    return call.run.fail(
        fmt::format("charAt({}) of a text of {}", index.integer(), unit_count(text)));
  }
  return Value::from_unit(unit_at(text, at));
}

Value text_code_point_at(const Call& call) {
  const Value& index = argument(call, 0);
  if (!index.is_integer() || !call.run.charge_bytes(call.self.text().size())) return Value();
  const std::string_view text = call.self.text();
  const auto at = static_cast<std::size_t>(index.integer());
  if (index.integer() < 0 || at >= unit_count(text)) {
    return call.run.fail(
        fmt::format("codePointAt({}) of a text of {}", index.integer(), unit_count(text)));
  }
  std::size_t offset = unit_offset(text, at);
  if (unit_count(text.substr(0, offset)) != at) {
    return Value(static_cast<std::int32_t>(unit_at(text, at)));
  }
  return Value(static_cast<std::int32_t>(next_point(text, offset)));
}

Value text_substring(const Call& call) {
  const std::string_view text = call.self.text();
  const Value& from = argument(call, 0);
  const bool has_end = call.arguments.size() == 2;
  if (!from.is_integer() || (has_end && !argument(call, 1).is_integer())) return Value();
  if (!call.run.charge_bytes(text.size())) return Value();
  const auto length = static_cast<std::int64_t>(unit_count(text));
  const std::int64_t begin = from.integer();
  const std::int64_t end = has_end ? argument(call, 1).integer() : length;
  if (begin < 0 || end > length || begin > end) {
    return call.run.fail(fmt::format("substring({}, {}) of a text of {}", begin, end, length));
  }
  const auto first = static_cast<std::size_t>(begin);
  const auto last = static_cast<std::size_t>(end);
  const std::size_t a = unit_offset(text, first);
  const std::size_t b = a + unit_offset(text.substr(a), last - unit_count(text.substr(0, a)));
  // A piece of the same bytes, unless a surrogate pair is cut.
  if (unit_count(text.substr(0, a)) == first && unit_count(text.substr(0, b)) == last) {
    return Value(text.substr(a, b - a));
  }
  std::string piece;
  append_units(text, first, last, piece);
  return call.run.make_text(piece);
}

// Everything up to the blank counts as white space.
Value text_trim(const Call& call) {
  std::string_view text = call.self.text();
  const auto blank = [](char c) { return static_cast<unsigned char>(c) <= ' '; };
  while (!text.empty() && blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && blank(text.back())) text.remove_suffix(1);
  return Value(text);
}

Value text_itself(const Call& call) { return call.self; }

}  // namespace hyd::vtl::fn

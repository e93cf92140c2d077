// Looking for one text in another.
#include "codec/utf8.h"
#include "vtl/functions/arguments.h"
#include "vtl/functions/rows.h"
#include "vtl/text.h"

#include <algorithm>
#include <optional>
#include <string>

namespace hyd::vtl::fn {
namespace {

// What is looked for: a text, or a character by its number. Nothing when it is neither.
std::optional<std::string> wanted(const Value& value) {
  if (value.is_text()) return std::string(value.text());
  if (!value.is_integer() || value.integer() < 0 || value.integer() > 0x10FFFF) {
    return std::nullopt;
  }
  std::string text;
  codec::append_utf8(static_cast<std::uint32_t>(value.integer()), text);
  return text;
}

Value units_before(std::string_view text, std::size_t offset) {
  if (offset == std::string_view::npos) return Value(-1);
  return Value(static_cast<std::int32_t>(unit_count(text.substr(0, offset))));
}

bool charged(const Call& call) { return call.run.charge_bytes(call.self.text().size()); }

}  // namespace

Value text_contains(const Call& call) {
  const Value& other = argument(call, 0);
  if (other.is_null()) return null_argument(call);
  if (!other.is_text() || !charged(call)) return Value();
  return Value(call.self.text().find(other.text()) != std::string_view::npos);
}

Value text_starts_with(const Call& call) {
  const Value& other = argument(call, 0);
  if (call.arguments.size() == 2) {
    if (!argument(call, 1).is_integer()) return Value();
    if (argument(call, 1).integer() < 0 && other.is_null()) return Value(false);
  }
  if (other.is_null()) return null_argument(call);
  if (!other.is_text()) return Value();
  std::string_view text = call.self.text();
  if (call.arguments.size() == 2) {
    if (!charged(call)) return Value();
    const std::int32_t at = argument(call, 1).integer();
    if (at < 0 || static_cast<std::size_t>(at) > unit_count(text)) return Value(false);
    text = text.substr(unit_offset(text, static_cast<std::size_t>(at)));
  }
  return Value(text.starts_with(other.text()));
}

Value text_ends_with(const Call& call) {
  const Value& other = argument(call, 0);
  if (other.is_null()) return null_argument(call);
  if (!other.is_text()) return Value();
  return Value(call.self.text().ends_with(other.text()));
}

Value text_index_of(const Call& call) {
  if (call.arguments.size() == 2 && !argument(call, 1).is_integer()) return Value();
  if (argument(call, 0).is_null()) return null_argument(call);
  const std::optional<std::string> other = wanted(argument(call, 0));
  const std::string_view text = call.self.text();
  if (!other) return argument(call, 0).is_integer() ? Value(-1) : Value();
  std::size_t from = 0;
  if (call.arguments.size() == 2) {
    from = unit_offset(text, static_cast<std::size_t>(std::max(0, argument(call, 1).integer())));
  }
  if (!charged(call)) return Value();
  return units_before(text, text.find(*other, from));
}

Value text_last_index_of(const Call& call) {
  if (call.arguments.size() == 2 && !argument(call, 1).is_integer()) return Value();
  if (argument(call, 0).is_null()) return null_argument(call);
  const std::optional<std::string> other = wanted(argument(call, 0));
  const std::string_view text = call.self.text();
  if (!other) return argument(call, 0).is_integer() ? Value(-1) : Value();
  std::size_t from = std::string_view::npos;
  if (call.arguments.size() == 2) {
    const Value& last = argument(call, 1);
    if (last.integer() < 0) return Value(-1);
    from = unit_offset(text, static_cast<std::size_t>(last.integer()));
  }
  if (!charged(call)) return Value();
  return units_before(text, text.rfind(*other, from));
}

}  // namespace hyd::vtl::fn

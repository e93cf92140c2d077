// A JSON document as a value: members keep their order (and duplicates), numbers keep their text.
//
// For control planes, tests and everything that is not a hot path: AWS's answers depend on member
// order and on numbers that no double can hold. Copyable, owns its memory, any thread.
#pragma once

#include "base/result.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace hyd::codec {

class Json {
 public:
  enum class Kind : std::uint8_t { null, boolean, number, string, array, object };
  using Array = std::vector<Json>;
  using Member = std::pair<std::string, Json>;
  using Object = std::vector<Member>;
  // A number as it was written: "1", "1.0", "1e400".
  struct Number {
    std::string text;
    friend bool operator==(const Number&, const Number&) = default;
  };

  Json() = default;  // null
  Json(bool value) : value_(value) {}
  Json(Number number) : value_(std::move(number)) {}
  Json(std::int64_t number) : value_(Number{std::to_string(number)}) {}
  Json(int number) : value_(Number{std::to_string(number)}) {}
  Json(std::uint64_t number) : value_(Number{std::to_string(number)}) {}
  Json(std::string text) : value_(std::move(text)) {}
  Json(std::string_view text) : value_(std::string(text)) {}
  Json(const char* text) : value_(std::string(text)) {}
  Json(Array items) : value_(std::move(items)) {}
  Json(Object members) : value_(std::move(members)) {}

  Kind kind() const { return static_cast<Kind>(value_.index()); }
  bool is_null() const { return kind() == Kind::null; }

  // Null when it is of another kind.
  const bool* if_boolean() const { return std::get_if<bool>(&value_); }
  const Number* if_number() const { return std::get_if<Number>(&value_); }
  const std::string* if_string() const { return std::get_if<std::string>(&value_); }
  const Array* if_array() const { return std::get_if<Array>(&value_); }
  const Object* if_object() const { return std::get_if<Object>(&value_); }
  Array* if_array() { return std::get_if<Array>(&value_); }
  Object* if_object() { return std::get_if<Object>(&value_); }

  // The last member of that name, as most readers see it; null when absent or not an object.
  const Json* find(std::string_view name) const;
  // A whole number that fits; "1.0" and "1e3" count, "1.5" does not.
  std::optional<std::int64_t> as_integer() const;
  // Appends a member; a null value becomes an object first.
  void set(std::string_view name, Json value);

  friend bool operator==(const Json&, const Json&) = default;

 private:
  std::variant<std::monostate, bool, Number, std::string, Array, Object> value_;
};

struct JsonLimits {
  std::size_t depth_max = 512;
};

// Strict RFC 8259 in valid UTF-8, one document and white space around it. Code::invalid with
// "line L, column C: what was expected".
base::Result<Json> parse_json(std::string_view text, JsonLimits limits = {});

// Compact, no added white space. Escapes only what must be escaped: `"`, `\`, control characters
// (\b \f \n \r \t, else \u00xx).
std::string to_text(const Json& value);
void append_text(const Json& value, std::string& out);
void append_quoted(std::string_view text, std::string& out);

}  // namespace hyd::codec

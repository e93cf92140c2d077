// Values as text: what a reference prints, and JSON.
#pragma once

#include "vtl/run.h"
#include "vtl/value.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace hyd::vtl {

// toString(): lists as [a, b], maps as {k=v}, JSON arrays as JSON. False when the value has no text
// (null, or a #define block too deep in itself) or the run has failed.
bool append_text(Run& run, const Value& value, std::string& out);
// String.valueOf(): what has no text is "null".
void append_text_or_null(Run& run, const Value& value, std::string& out);
// The text as a value; a text is itself. What has no text is null.
Value to_text(Run& run, const Value& value);

enum class JsonSlash : std::uint8_t { plain, escaped };

// Compact JSON as json-smart 2.5 writes it: $input.json keeps slashes, the text form of a JSON
// array escapes them.
void append_json(Run& run, const Value& value, JsonSlash slash, std::string& out);
void append_json_text(std::string_view text, JsonSlash slash, std::string& out);
// json-smart escapes U+007F to U+009F and U+2000 to U+20FF.
constexpr bool escapes_in_json(std::uint32_t point) {
  return (point >= 0x7F && point <= 0x9F) || (point >= 0x2000 && point <= 0x20FF);
}

}  // namespace hyd::vtl

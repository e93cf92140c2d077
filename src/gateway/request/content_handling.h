// Which bytes of a body a template or a backend is given: API Gateway's tables of content handling
// (AWS documentation, "Working with binary media types for REST APIs"; observed).
//
// A body is binary when its media type is among the API's binary ones, else text: UTF-8 in which
// malformed bytes have become U+FFFD.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace hyd::gateway {

// Exact types, "image/*" and "*/*".
bool is_binary_type(std::span<const std::string> binary_types, std::string_view media_type);

enum class BodyChange : std::uint8_t {
  as_text,    // malformed UTF-8 is replaced
  as_bytes,   // untouched; no template can be used on it
  to_base64,  // becomes text that a template may see
  to_bytes,   // was base64, strictly
};

// `handling`: "", "CONVERT_TO_TEXT" or "CONVERT_TO_BINARY".
BodyChange request_change(bool is_binary, std::string_view handling);
// `wants_binary`: the first media type that the client accepts is a binary one.
BodyChange response_change(bool is_binary, std::string_view handling, bool wants_binary);

// Nothing when the text is no base64.
std::optional<std::string> changed(std::string_view body, BodyChange change);

}  // namespace hyd::gateway

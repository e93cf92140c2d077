#include "gateway/request/content_handling.h"

#include "codec/base64.h"
#include "vtl/text.h"

#include <algorithm>

namespace hyd::gateway {
namespace {

constexpr std::string_view kToText = "CONVERT_TO_TEXT";
constexpr std::string_view kToBinary = "CONVERT_TO_BINARY";

}  // namespace

bool is_binary_type(std::span<const std::string> binary_types, std::string_view media_type) {
  return std::ranges::any_of(binary_types, [&](std::string_view type) {
    if (type == media_type || type == "*/*") return true;
    if (!type.ends_with("/*")) return false;
    return media_type.starts_with(type.substr(0, type.size() - 1));
  });
}

BodyChange request_change(bool is_binary, std::string_view handling) {
  if (is_binary) return handling == kToText ? BodyChange::to_base64 : BodyChange::as_bytes;
  return handling == kToBinary ? BodyChange::to_bytes : BodyChange::as_text;
}

BodyChange response_change(bool is_binary, std::string_view handling, bool wants_binary) {
  if (is_binary) {
    if (handling == kToBinary) return BodyChange::as_bytes;
    if (handling == kToText) return BodyChange::to_base64;
    return wants_binary ? BodyChange::as_bytes : BodyChange::to_base64;
  }
  if (handling == kToBinary) return BodyChange::to_bytes;
  if (handling == kToText) return BodyChange::as_text;
  return wants_binary ? BodyChange::to_bytes : BodyChange::as_text;
}

std::optional<std::string> changed(std::string_view body, BodyChange change) {
  switch (change) {
    case BodyChange::as_bytes: return std::string(body);
    case BodyChange::to_base64: return codec::base64_encode(body);
    case BodyChange::to_bytes: {
      auto bytes = codec::base64_decode(body);
      if (!bytes) return std::nullopt;
      return *std::move(bytes);
    }
    case BodyChange::as_text: break;
  }
  return vtl::is_well_formed(body) ? std::string(body) : vtl::replace_malformed(body);
}

}  // namespace hyd::gateway

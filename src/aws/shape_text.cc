#include "aws/shape_text.h"

#include "codec/base64.h"

#include <fmt/core.h>

#include <algorithm>

namespace hyd::aws::internal {
namespace {

// A finding repeats what the client sent; past this it is cut, or an answer could be many times the
// request.
constexpr std::size_t kPrintedBytesMax = 256 << 10;

void lower_first(std::string_view name, std::string& out) {
  if (name.empty()) return;
  const char first = name.front();
  out += first >= 'A' && first <= 'Z' ? static_cast<char>(first - 'A' + 'a') : first;
  out += name.substr(1);
}

std::size_t blob_size(std::string_view base64) {
  const std::size_t padding = base64.ends_with("==") ? 2 : base64.ends_with('=') ? 1 : 0;
  return base64.size() / 4 * 3 - padding;
}

void append_printed(const Spec& spec, const codec::Json& value, std::string& out);

void append_list(const Spec& spec, const codec::Json::Array& items, std::string& out) {
  out += '[';
  for (std::size_t i = 0; i < items.size() && out.size() < kPrintedBytesMax; ++i) {
    if (i > 0) out += ", ";
    append_printed(*spec.item, items[i], out);
  }
  out += ']';
}

void append_map(const Spec& spec, const codec::Json::Object& entries, std::string& out) {
  out += '{';
  for (std::size_t i = 0; i < entries.size() && out.size() < kPrintedBytesMax; ++i) {
    if (i > 0) out += ", ";
    out += entries[i].first;
    out += '=';
    append_printed(*spec.item, entries[i].second, out);
  }
  out += '}';
}

void append_printed(const Spec& spec, const codec::Json& value, std::string& out) {
  if (value.is_null()) {
    out += "null";
  } else if (spec.kind == Kind::structure ||
             (spec.item == nullptr &&
              (value.if_array() != nullptr || value.if_object() != nullptr))) {
    // (The second is a wrong type that has not been found yet: nobody will see this text.)
    // AWS prints Java's class name and hash code here.
    out += "com.amazonaws.Structure@1b28cdfa";
  } else if (const std::string* text = value.if_string()) {
    if (spec.kind == Kind::blob) {
      const std::size_t bytes = blob_size(*text);
      out += fmt::format("java.nio.HeapByteBuffer[pos=0 lim={} cap={}]", bytes, bytes);
    } else {
      out += *text;
    }
  } else if (const codec::Json::Number* number = value.if_number()) {
    out += number->text;
  } else if (const bool* truth = value.if_boolean()) {
    out += *truth ? "true" : "false";
  } else if (const codec::Json::Array* items = value.if_array()) {
    append_list(spec, *items, out);
  } else if (const codec::Json::Object* entries = value.if_object()) {
    append_map(spec, *entries, out);
  }
}

}  // namespace

std::size_t utf16_length(std::string_view utf8) {
  std::size_t units = 0;
  for (const char c : utf8) {
    const auto byte = static_cast<unsigned char>(c);
    units += (byte & 0xc0) != 0x80 ? 1 : 0;  // not a continuation byte
    units += byte >= 0xf0 ? 1 : 0;           // beyond the basic plane: a surrogate pair
  }
  return units;
}

bool keeps_length(const Spec& spec, std::size_t length) {
  const auto n = static_cast<std::int64_t>(length);
  return (spec.length_min == Spec::kUnset || n >= spec.length_min) &&
         (spec.length_max == Spec::kUnset || n <= spec.length_max);
}

bool keeps_value(const Spec& spec, std::int64_t value) {
  return (spec.value_min == Spec::kUnset || value >= spec.value_min) &&
         (spec.value_max == Spec::kUnset || value <= spec.value_max);
}

bool is_one_of(const Spec& spec, std::string_view value) {
  return spec.values.empty() || std::ranges::find(spec.values, value) != spec.values.end();
}

bool keeps_text(const Spec& spec, std::string_view value) {
  if (spec.length_min != Spec::kUnset || spec.length_max != Spec::kUnset) {
    // A character takes one unit for one to three bytes, so most lengths need no counting.
    const bool surely = keeps_length(spec, value.size()) && keeps_length(spec, value.size() / 3);
    if (!surely && !keeps_length(spec, utf16_length(value))) return false;
  }
  return (spec.pattern.matches == nullptr || spec.pattern.matches(value)) && is_one_of(spec, value);
}

std::string Path::text() const {
  std::string out = parent != nullptr ? parent->text() : std::string();
  if (!out.empty()) out += '.';
  switch (what) {
    case What::member: lower_first(name, out); break;
    case What::item: out += fmt::format("{}.member", item); break;
    case What::entry:
      out += name;
      out += ".member";
      break;
  }
  return out;
}

void Findings::add(std::string_view value, const Path& at, std::string_view constraint) {
  if (full()) return;
  texts_.push_back(fmt::format("Value '{}' at '{}' failed to satisfy constraint: {}", value,
                               at.text(), constraint));
}

void Findings::add_null(const Path& at) {
  if (full()) return;
  texts_.push_back(fmt::format(
      "Value null at '{}' failed to satisfy constraint: Member must not be null", at.text()));
}

Fault Findings::fault() const {
  std::string text =
      fmt::format("{} validation error{} detected: ", texts_.size(), texts_.size() == 1 ? "" : "s");
  for (std::size_t i = 0; i < texts_.size(); ++i) {
    if (i > 0) text += "; ";
    text += texts_[i];
  }
  return validation(std::move(text));
}

std::string length_min_text(const Spec& spec) {
  return fmt::format("Member must have length greater than or equal to {}", spec.length_min);
}
std::string length_max_text(const Spec& spec) {
  return fmt::format("Member must have length less than or equal to {}", spec.length_max);
}
std::string value_min_text(const Spec& spec) {
  return fmt::format("Member must have value greater than or equal to {}", spec.value_min);
}
std::string value_max_text(const Spec& spec) {
  return fmt::format("Member must have value less than or equal to {}", spec.value_max);
}
std::string pattern_text(const Spec& spec) {
  return fmt::format("Member must satisfy regular expression pattern: {}", spec.pattern.text);
}
std::string values_text(const Spec& spec) {
  std::string out = "Member must satisfy enum value set: [";
  for (std::size_t i = 0; i < spec.values.size(); ++i) {
    if (i > 0) out += ", ";
    out += spec.values[i];
  }
  return out + "]";
}

std::string bracketed(const Spec& item) {
  std::vector<std::string> parts;
  if (item.length_max != Spec::kUnset) parts.push_back(length_max_text(item));
  if (item.length_min != Spec::kUnset) parts.push_back(length_min_text(item));
  if (item.value_max != Spec::kUnset) parts.push_back(value_max_text(item));
  if (item.value_min != Spec::kUnset) parts.push_back(value_min_text(item));
  if (item.pattern.matches != nullptr) parts.push_back(pattern_text(item));
  if (!item.values.empty()) parts.push_back(values_text(item));
  std::string out = "[";
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (i > 0) out += ", ";
    out += parts[i];
  }
  return out + "]";
}

std::string printed(const Spec& spec, const codec::Json& value) {
  std::string out;
  append_printed(spec, value, out);
  if (out.size() > kPrintedBytesMax) {
    std::size_t end = kPrintedBytesMax;
    while (end > 0 && (static_cast<unsigned char>(out[end]) & 0xc0) == 0x80) --end;
    out.resize(end);
  }
  return out;
}

}  // namespace hyd::aws::internal

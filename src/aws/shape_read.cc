// Reading a document into a typed input, type checks and constraint checks in one walk.
//
// The walk is in table order. The first wrong type ends it; findings are collected beside it, since
// AWS reports them only when every type was right. The constraint checks look at the document, not
// at the filled field: only it has the value as the client wrote it, which the texts repeat.
#include "aws/shape.h"
#include "aws/shape_text.h"
#include "codec/base64.h"

#include <fmt/core.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <system_error>

namespace hyd::aws {
namespace {

using codec::Json;
using internal::Findings;
using internal::Path;

constexpr std::string_view kListNotExpected = "Start of list found where not expected";
constexpr std::string_view kStructureNotExpected =
    "Start of structure or map found where not expected.";
constexpr std::string_view kJavaString = "java.lang.String";
constexpr std::string_view kJavaBoolean = "java.lang.Boolean";
constexpr std::string_view kJavaNumber = "com.amazon.coral.value.json.numbers.TruncatingBigNumber";

struct Bounds {
  std::int64_t min = 0;
  std::int64_t max = 0;
};

// The number rounded down; what does not fit becomes the nearest bound.
std::int64_t floor_saturated(std::string_view text, Bounds bounds) {
  std::int64_t whole = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, whole);
  if (stop == end) {
    if (error == std::errc()) return std::clamp(whole, bounds.min, bounds.max);
    return text.starts_with('-') ? bounds.min : bounds.max;
  }
  double value = 0;
  if (std::from_chars(text.data(), end, value).ec != std::errc()) {
    // Out of a double's range: huge, or next to zero.
    const bool tiny = text.contains("e-") || text.contains("E-");
    if (text.starts_with('-')) return tiny ? -1 : bounds.min;
    return tiny ? 0 : bounds.max;
  }
  value = std::floor(value);
  if (value <= static_cast<double>(bounds.min)) return bounds.min;
  if (value >= static_cast<double>(bounds.max)) return bounds.max;
  return static_cast<std::int64_t>(value);
}

double real_value(std::string_view text) {
  double value = 0;
  const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error == std::errc()) return value;
  if (text.contains("e-") || text.contains("E-")) return 0;
  return text.starts_with('-') ? std::numeric_limits<double>::lowest()
                               : std::numeric_limits<double>::max();
}

// Epoch seconds with a fraction, rounded to the microsecond; times that no calendar has become the
// nearest one. Plain decimals are read exactly: a double holds no milliseconds of far years.
base::WallTime wall_time(std::string_view text) {
  constexpr std::int64_t kSecondsMax = 9'200'000'000'000;
  if (text.find_first_of("eE") != std::string_view::npos) {
    constexpr auto kMax = static_cast<double>(kSecondsMax);
    const double seconds = std::clamp(real_value(text), -kMax, kMax);
    return base::WallTime(std::chrono::microseconds(std::llround(seconds * 1e6)));
  }
  const std::size_t dot = text.find('.');
  const std::int64_t seconds =
      floor_saturated(text.substr(0, dot), {.min = -kSecondsMax, .max = kSecondsMax});
  const std::string_view digits =
      dot == std::string_view::npos ? std::string_view() : text.substr(dot + 1);
  std::int64_t us = 0;
  for (std::size_t i = 0; i < 6; ++i) us = us * 10 + (i < digits.size() ? digits[i] - '0' : 0);
  if (digits.size() > 6 && digits[6] >= '5') ++us;
  if (text.starts_with('-')) us = -us;
  return base::WallTime(std::chrono::seconds(seconds) + std::chrono::microseconds(us));
}

std::string upper(std::string_view text) {
  std::string out(text);
  std::ranges::transform(out, out.begin(), [](char c) {
    return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  });
  return out;
}

// The whole character (UTF-8) that starts at `at`.
std::string_view character_at(std::string_view text, std::size_t at) {
  std::size_t end = at + 1;
  while (end < text.size() && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) ++end;
  return text.substr(at, end - at);
}

class Reader {
 public:
  // False: a wrong type was found, `type_fault` says which, and the walk is over.
  bool structure(Shape shape, const Json& document, void* object, const Path* parent) {
    for (const Member& member : shape) {
      const Path at{.parent = parent, .name = member.name};
      const Json* value = document.find(member.name);
      if (value == nullptr || value->is_null()) {
        if (member.spec.must) findings_.add_null(at);
        continue;
      }
      if (!any(member.spec, *member.type, *value, member.field(object), at)) return false;
    }
    return true;
  }

  Outcome<void> outcome() const {
    if (!type_fault_.empty()) return serialization(type_fault_);
    if (!findings_.empty()) return findings_.fault();
    return {};
  }

 private:
  bool wrong(std::string_view text) {
    type_fault_ = text;
    return false;
  }
  bool cannot_convert(std::string_view from, std::string_view to) {
    type_fault_ = fmt::format("class {} can not be converted to {}", from, to);
    return false;
  }

  // `value` is not null.
  bool any(const Spec& spec, const Type& type, const Json& value, void* field, const Path& at) {
    switch (spec.kind) {
      case Kind::list: return list(spec, type, value, field, at);
      case Kind::map: return map(spec, type, value, field, at);
      case Kind::structure:
        if (value.if_array() != nullptr) return wrong(kListNotExpected);
        if (value.if_object() == nullptr) return wrong("Expected null");
        return structure(type.shape(), value, type.engage(field), &at);
      case Kind::document: *static_cast<Json*>(type.engage(field)) = value; return true;
      default: break;
    }
    if (value.if_array() != nullptr) return wrong(kListNotExpected);
    if (value.if_object() != nullptr) return wrong(kStructureNotExpected);
    switch (spec.kind) {
      case Kind::string: return string(spec, type, value, field, at);
      case Kind::blob: return blob(spec, type, value, field, at);
      case Kind::boolean: return boolean(type, value, field);
      default: return numeric(spec, type, value, field, at);
    }
  }

  bool string(const Spec& spec, const Type& type, const Json& value, void* field, const Path& at) {
    const std::string* const text = value.if_string();
    if (text == nullptr) {
      return cannot_convert(value.if_boolean() != nullptr ? kJavaBoolean : kJavaNumber,
                            "an String");
    }
    if (spec.pattern.matches != nullptr && !spec.pattern.matches(*text)) {
      findings_.add(internal::printed(spec, value), at, internal::pattern_text(spec));
    }
    length(spec, internal::utf16_length(*text), value, at);
    const auto found = std::ranges::find(spec.values, *text);
    if (!spec.values.empty() && found == spec.values.end()) {
      findings_.add(internal::printed(spec, value), at, internal::values_text(spec));
      return true;
    }
    if (type.storage == Storage::enumeration) {
      type.set_index(type.engage(field), static_cast<std::size_t>(found - spec.values.begin()));
    } else {
      *static_cast<std::string*>(type.engage(field)) = *text;
    }
    return true;
  }

  bool blob(const Spec& spec, const Type& type, const Json& value, void* field, const Path& at) {
    const std::string* const text = value.if_string();
    if (text == nullptr) {
      return cannot_convert(value.if_boolean() != nullptr ? kJavaBoolean : kJavaNumber, "a Blob");
    }
    std::string& bytes = *static_cast<std::string*>(type.engage(field));
    codec::Base64Decoded decoded;
    bytes.resize_and_overwrite(codec::base64_decoded_size_max(text->size()),
                               [&](char* out, std::size_t room) {
                                 decoded = codec::base64_decode_to(*text, {out, room});
                                 return decoded.size;
                               });
    using enum codec::Base64Decoded::Fault;
    switch (decoded.fault) {
      case none: break;
      case length:
        return not_base64(*text,
                          fmt::format("Base64 encoded length is expected a multiple of 4 bytes "
                                      "but found: {}",
                                      internal::utf16_length(*text)));
      case character:
        return not_base64(
            *text, fmt::format("Invalid Base64 character: '{}'", character_at(*text, decoded.at)));
      case trailing_bits:
        return not_base64(*text, "Invalid last non-pad Base64 character dectected");
    }
    this->length(spec, bytes.size(), value, at);
    return true;
  }

  bool not_base64(std::string_view text, std::string_view why) {
    type_fault_ = fmt::format("'{}' can not be converted to a Blob: {}", text, why);
    return false;
  }

  bool boolean(const Type& type, const Json& value, void* field) {
    if (const bool* truth = value.if_boolean()) {
      *static_cast<bool*>(type.engage(field)) = *truth;
      return true;
    }
    const std::string* const text = value.if_string();
    if (text == nullptr) return cannot_convert(kJavaNumber, "an Boolean");
    const std::string word = upper(*text);
    if (word != "TRUE" && word != "FALSE") {
      return wrong(fmt::format("'{}' can not be converted to an Boolean", word));
    }
    *static_cast<bool*>(type.engage(field)) = word == "TRUE";
    return true;
  }

  bool numeric(const Spec& spec, const Type& type, const Json& value, void* field, const Path& at) {
    const Json::Number* const number = value.if_number();
    if (number == nullptr) {
      const std::string_view to = spec.kind == Kind::timestamp ? "milliseconds since epoch"
                                  : spec.kind == Kind::number  ? "an Double"
                                                               : "an Integer";
      return cannot_convert(value.if_boolean() != nullptr ? kJavaBoolean : kJavaString, to);
    }
    void* const inside = type.engage(field);
    if (spec.kind == Kind::timestamp) {
      *static_cast<base::WallTime*>(inside) = wall_time(number->text);
      return true;
    }
    if (spec.kind == Kind::number) {
      *static_cast<double*>(inside) = real_value(number->text);
      return true;
    }
    const Bounds bounds = spec.kind == Kind::integer
                              ? Bounds{std::numeric_limits<std::int32_t>::min(),
                                       std::numeric_limits<std::int32_t>::max()}
                              : Bounds{std::numeric_limits<std::int64_t>::min(),
                                       std::numeric_limits<std::int64_t>::max()};
    const std::int64_t whole = floor_saturated(number->text, bounds);
    if (type.storage == Storage::int32) {
      *static_cast<std::int32_t*>(inside) = static_cast<std::int32_t>(whole);
    } else {
      *static_cast<std::int64_t*>(inside) = whole;
    }
    if (spec.value_min != Spec::kUnset && whole < spec.value_min) {
      findings_.add(std::to_string(whole), at, internal::value_min_text(spec));
    }
    if (spec.value_max != Spec::kUnset && whole > spec.value_max) {
      findings_.add(std::to_string(whole), at, internal::value_max_text(spec));
    }
    return true;
  }

  bool list(const Spec& spec, const Type& type, const Json& value, void* field, const Path& at) {
    if (value.if_object() != nullptr) return wrong(kStructureNotExpected);
    const Json::Array* const items = value.if_array();
    if (items == nullptr) return wrong("Expected list or null");
    void* const into = type.engage(field);
    length(spec, items->size(), value, at);

    // Items behind the largest legal number are only looked at, not kept: the call fails anyway,
    // and an empty item of two bytes would cost a hundred.
    const std::size_t kept_max =
        spec.length_max == Spec::kUnset ? items->size() : static_cast<std::size_t>(spec.length_max);
    const bool nested = spec.item->kind == Kind::structure || spec.item->kind == Kind::list ||
                        spec.item->kind == Kind::map;
    Findings whole_list;  // scalars: all items' findings are one finding of the list
    void* item = nullptr;
    for (std::size_t i = 0; i < items->size(); ++i) {
      if (item == nullptr || i < kept_max) {
        item = type.append(into);
      } else {
        type.item->clear(item);
      }
      const Path here{.parent = &at, .name = {}, .item = i + 1, .what = Path::What::item};
      if ((*items)[i].is_null()) {
        findings_.add_null(here);
        continue;
      }
      if (!nested) std::swap(findings_, whole_list);
      const bool good = any(*spec.item, *type.item, (*items)[i], item, here);
      if (!nested) std::swap(findings_, whole_list);
      if (!good) return false;
    }
    if (!whole_list.empty()) {
      findings_.add(internal::printed(spec, value), at,
                    "Member must satisfy constraint: " + internal::bracketed(*spec.item));
    }
    return true;
  }

  bool map(const Spec& spec, const Type& type, const Json& value, void* field, const Path& at) {
    if (value.if_array() != nullptr) return wrong(kListNotExpected);
    const Json::Object* const entries = value.if_object();
    if (entries == nullptr) return wrong("Expected map or null");
    void* const into = type.engage(field);
    length(spec, entries->size(), value, at);

    const bool nested = spec.item->kind == Kind::structure || spec.item->kind == Kind::list ||
                        spec.item->kind == Kind::map;
    bool keys_good = true;
    Findings values;
    for (std::size_t i = 0; i < entries->size(); ++i) {
      const auto& [key, item] = (*entries)[i];
      keys_good = keys_good && internal::keeps_text(*spec.key, key);
      const Path here{.parent = &at, .name = key, .what = Path::What::entry};
      if (item.is_null()) {
        findings_.add_null(here);
        continue;
      }
      if (!nested) std::swap(findings_, values);
      const bool good = any(*spec.item, *type.item, item, type.entry(into, key), here);
      if (!nested) std::swap(findings_, values);
      if (!good) return false;
    }
    if (!keys_good) {
      findings_.add(internal::printed(spec, value), at,
                    "Map keys must satisfy constraint: " + internal::bracketed(*spec.key));
    }
    if (!values.empty()) {
      findings_.add(internal::printed(spec, value), at,
                    "Map value must satisfy constraint: " + internal::bracketed(*spec.item));
    }
    return true;
  }

  void length(const Spec& spec, std::size_t size, const Json& value, const Path& at) {
    const auto n = static_cast<std::int64_t>(size);
    if (spec.length_min != Spec::kUnset && n < spec.length_min) {
      findings_.add(internal::printed(spec, value), at, internal::length_min_text(spec));
    }
    if (spec.length_max != Spec::kUnset && n > spec.length_max) {
      findings_.add(internal::printed(spec, value), at, internal::length_max_text(spec));
    }
  }

  Findings findings_;
  std::string type_fault_;
};

}  // namespace

Outcome<void> read_into(Shape shape, const Json& document, void* object) {
  Reader reader;
  reader.structure(shape, document, object, nullptr);
  return reader.outcome();
}

}  // namespace hyd::aws

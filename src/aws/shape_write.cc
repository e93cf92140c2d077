#include "aws/shape.h"
#include "aws/shape_text.h"
#include "codec/base64.h"

#include <array>
#include <charconv>
#include <chrono>
#include <cmath>
#include <cstdint>

namespace hyd::aws {
namespace {

using codec::Json;

template <class T>
std::string number_text(T value) {
  std::array<char, 32> digits;
  const auto [end, error] = std::to_chars(digits.data(), digits.data() + digits.size(), value);
  return std::string(digits.data(), end);
}

// Epoch seconds, exact to the millisecond: "1700000000.123", "1700000000".
std::string seconds_text(base::WallTime time) {
  const auto ms = std::chrono::floor<std::chrono::milliseconds>(time.time_since_epoch()).count();
  std::int64_t seconds = ms / 1000;
  std::int64_t rest = ms % 1000;
  std::string text;
  if (ms < 0) {
    text = "-";
    seconds = -seconds;
    rest = -rest;
  }
  text += number_text(seconds);
  if (rest == 0) return text;
  text += '.';
  text += static_cast<char>('0' + rest / 100);
  text += static_cast<char>('0' + rest / 10 % 10);
  text += static_cast<char>('0' + rest % 10);
  while (text.ends_with('0')) text.pop_back();
  return text;
}

// JSON has no infinities; ours come from no calculation that a client can see.
std::string real_text(double value) { return std::isfinite(value) ? number_text(value) : "0"; }

std::string_view enum_text(const Spec& spec, std::size_t index) {
  return index < spec.values.size() ? spec.values[index] : std::string_view();
}

std::string scalar_number(const Type& type, const void* value) {
  switch (type.storage) {
    case Storage::int32: return number_text(*static_cast<const std::int32_t*>(value));
    case Storage::int64: return number_text(*static_cast<const std::int64_t*>(value));
    case Storage::real: return real_text(*static_cast<const double*>(value));
    default: return seconds_text(*static_cast<const base::WallTime*>(value));
  }
}

void append_value(const Spec& spec, const Type& type, const void* value, std::string& out) {
  switch (type.storage) {
    case Storage::text:
      if (spec.kind == Kind::blob) {
        out += '"';
        codec::append_base64(*static_cast<const std::string*>(value), out);
        out += '"';
      } else {
        codec::append_quoted(*static_cast<const std::string*>(value), out);
      }
      return;
    case Storage::truth: out += *static_cast<const bool*>(value) ? "true" : "false"; return;
    case Storage::enumeration:
      codec::append_quoted(enum_text(spec, type.index(value)), out);
      return;
    case Storage::structure: append_json(type.shape(), value, out); return;
    case Storage::document: codec::append_text(*static_cast<const Json*>(value), out); return;
    case Storage::list:
    case Storage::map: break;
    default: out += scalar_number(type, value); return;
  }
  const bool is_map = type.storage == Storage::map;
  out += is_map ? '{' : '[';
  const std::size_t size = type.size(value);
  for (std::size_t i = 0; i < size; ++i) {
    if (i > 0) out += ',';
    if (is_map) {
      codec::append_quoted(type.key_at(value, i), out);
      out += ':';
    }
    const void* const item = type.item->inside(type.at(value, i));
    if (item == nullptr) {
      out += "null";
    } else {
      append_value(*spec.item, *type.item, item, out);
    }
  }
  out += is_map ? '}' : ']';
}

}  // namespace

namespace internal {

codec::Json value_document(const Spec& spec, const Type& type, const void* value) {
  switch (type.storage) {
    case Storage::text: {
      const std::string& text = *static_cast<const std::string*>(value);
      return spec.kind == Kind::blob ? codec::base64_encode(text) : text;
    }
    case Storage::truth: return *static_cast<const bool*>(value);
    case Storage::enumeration: return enum_text(spec, type.index(value));
    case Storage::structure: return to_document(type.shape(), value);
    case Storage::document: return *static_cast<const Json*>(value);
    case Storage::list:
    case Storage::map: break;
    default: return Json::Number{scalar_number(type, value)};
  }
  const std::size_t size = type.size(value);
  Json::Array items;
  Json::Object entries;
  for (std::size_t i = 0; i < size; ++i) {
    const void* const item = type.item->inside(type.at(value, i));
    Json document = item == nullptr ? Json() : value_document(*spec.item, *type.item, item);
    if (type.storage == Storage::map) {
      entries.emplace_back(std::string(type.key_at(value, i)), std::move(document));
    } else {
      items.push_back(std::move(document));
    }
  }
  if (type.storage == Storage::map) return entries;
  return items;
}

}  // namespace internal

Json to_document(Shape shape, const void* object) {
  Json::Object members;
  for (const Member& member : shape) {
    const void* const value = member.type->inside(member.of(object));
    if (value == nullptr) continue;
    members.emplace_back(std::string(member.name),
                         internal::value_document(member.spec, *member.type, value));
  }
  return members;
}

void append_json(Shape shape, const void* object, std::string& out) {
  out += '{';
  bool first = true;
  for (const Member& member : shape) {
    const void* const value = member.type->inside(member.of(object));
    if (value == nullptr) continue;
    if (!first) out += ',';
    first = false;
    codec::append_quoted(member.name, out);
    out += ':';
    append_value(member.spec, *member.type, value, out);
  }
  out += '}';
}

}  // namespace hyd::aws

// Resolved properties as the types that a resource wants.
//
// CloudFormation converts scalars: 4, "4" and 4.0 are an integer, "True" is a boolean, a number or
// boolean is its source text where text is wanted. Here a type says what it wants in rows, and all
// that does not fit is told at once, each with its place.
#pragma once

#include "codec/json.h"
#include "stacks/node.h"

#include <cstdint>
#include <expected>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace hyd::stacks {

enum class Want : std::uint8_t {
  text,
  integer,
  number,
  boolean,
  json,       // any document; a text that holds one is parsed, an empty text means absent
  json_text,  // the same, kept as compact JSON text (a policy document)
  object,     // a map with the members of `members`
  list,       // of `of`
  map,        // any keys to `of`
};

struct Property {
  std::string_view name;
  Want want = Want::text;
  Want of = Want::text;                    // what a list or map holds; not a list or map itself
  std::span<const Property> members = {};  // of an object, or of the objects that are held
  bool required = false;
  bool ignored = false;  // known to AWS, without effect here: not typed, not kept
  std::span<const std::string_view> one_of = {};                // texts; empty: any
  std::int64_t min = std::numeric_limits<std::int64_t>::min();  // of an integer
  std::int64_t max = std::numeric_limits<std::int64_t>::max();
  bool lone = false;  // a list that may be written as its only item (IAM's Action)
};

struct Typed {
  codec::Json value;  // an object in the order of the file
  std::vector<Problem> problems;
  std::vector<std::string> ignored;  // paths of what has no effect: "StreamEncryption/KeyId"
};

// `node` is a resolved map. A member that no row names is a problem, with the nearest known name.
Typed to_typed(const Node& node, std::span<const Property> properties, std::string path);

// One value at a time. The error says what was expected; `path` is for its message.
template <class T>
using Converted = std::expected<T, Problem>;
Converted<std::int64_t> as_integer(const Node& node, std::string_view path);
Converted<std::string> as_number(const Node& node, std::string_view path);  // JSON's spelling
Converted<bool> as_boolean(const Node& node, std::string_view path);
Converted<std::string> as_text(const Node& node, std::string_view path);
Converted<std::vector<std::string>> as_texts(const Node& node, std::string_view path);
Converted<codec::Json> as_json(const Node& node, std::string_view path);

}  // namespace hyd::stacks

// JSONPath in the dialect of Jayway JsonPath 2.9.0, which API Gateway's templates see.
//
// `$`, `.name`, `['name']`, `['a','b']`, `[n]`, `[-n]`, `[a,b]`, `[a:b]`, `.*`, `[*]`, `..`,
// `[?(filter)]` and functions at the end (`length()`, `sum()`, …). A path is definite when it can
// find one value only; then that value is the result, or it is missing. An indefinite one gives an
// array of what it found. The dialect's oddities are kept, since templates depend on them: a path
// without its leading `$` is taken, one stray character behind a `]` is ignored, and a definite
// beginning that is missing makes the whole path missing instead of an empty array.
//
// Paths are compiled once and hold no state; documents come through JsonTree, so that the same code
// walks the values of templates and codec::Json. Any thread.
#pragma once

#include "base/result.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace hyd::codec {

// A value of some document, as its JsonTree numbers it.
struct JsonNode {
  std::uint64_t first = 0;
  std::uint64_t second = 0;
};

class JsonTree {
 public:
  enum class Type : std::uint8_t { null, boolean, number, string, array, object, other };
  virtual ~JsonTree() = default;

  virtual Type type(const JsonNode& node) = 0;
  virtual bool boolean(const JsonNode& node) = 0;
  virtual std::string_view string(const JsonNode& node) = 0;
  virtual double number(const JsonNode& node) = 0;
  // As Java writes it: "1", "1.5", "1.0E10".
  virtual std::string number_text(const JsonNode& node) = 0;
  // Of an array or object inside a text that a path joins.
  virtual std::string text(const JsonNode& node) = 0;
  virtual std::size_t size(const JsonNode& container) = 0;
  // `index` < size.
  virtual JsonNode item(const JsonNode& array, std::size_t index) = 0;
  virtual std::optional<JsonNode> member(const JsonNode& object, std::string_view name) = 0;
  // Walks over the members in order; `cursor` starts at 0.
  virtual bool next_member(const JsonNode& object, std::size_t& cursor, std::string_view& name,
                           JsonNode& value) = 0;
  virtual bool equal(const JsonNode& a, const JsonNode& b) = 0;

  // New values, for results and for literals in filters.
  virtual JsonNode make_array(std::span<const JsonNode> items) = 0;
  virtual JsonNode make_object() = 0;
  virtual void set_member(const JsonNode& object, std::string_view name, const JsonNode& value) = 0;
  virtual void append(const JsonNode& array, const JsonNode& value) = 0;
  virtual JsonNode make_null() = 0;
  virtual JsonNode make_boolean(bool value) = 0;
  virtual JsonNode make_integer(std::int32_t value) = 0;
  virtual JsonNode make_double(double value) = 0;
  virtual JsonNode make_string(std::string_view text) = 0;
  // The names of an object's members.
  virtual JsonNode make_names(const JsonNode& object) = 0;
  // A JSON text inside a path; nothing when it is malformed.
  virtual std::optional<JsonNode> read(std::string_view json) = 0;

  // Counts work; false when there was too much of it.
  virtual bool charge(std::uint64_t steps) = 0;
};

class JsonPath {
 public:
  struct Compiled;

  // Code::invalid with what is wrong and where.
  static base::Result<JsonPath> compile(std::string_view expression);
  JsonPath(JsonPath&&) noexcept;
  JsonPath& operator=(JsonPath&&) noexcept;
  ~JsonPath();

  // True for `$` alone.
  bool whole() const;
  bool definite() const;
  // The single member name of `$.name`, for a short cut; nothing for any other path.
  std::optional<std::string_view> single_name() const;

  // What it finds below `root`. Code::not_found when that is missing, Code::exhausted when the tree
  // said that it is enough or nests too deep, Code::invalid when the path cannot be applied.
  base::Result<JsonNode> find(JsonTree& tree, const JsonNode& root) const;

 private:
  explicit JsonPath(std::unique_ptr<const Compiled> compiled);
  std::unique_ptr<const Compiled> compiled_;
};

}  // namespace hyd::codec

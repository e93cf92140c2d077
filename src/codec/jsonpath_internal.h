// The compiled form of a JSONPath. Only jsonpath*.cc include this.
#pragma once

#include "codec/java_regex.h"
#include "codec/jsonpath.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hyd::codec::jsonpath {

struct Filter;
struct Path;

// A function's argument: JSON, or a path from the root.
struct Parameter {
  std::string json;
  std::shared_ptr<const Path> path;
};

struct Token {
  enum class Kind : std::uint8_t { property, index, slice, wildcard, scan, filter, function };
  Kind kind = Kind::property;
  std::vector<std::string> names;
  std::vector<std::int32_t> indexes;
  std::optional<std::int32_t> from;
  std::optional<std::int32_t> to;
  std::shared_ptr<const Filter> filter;  // shared by copies of a path
  std::string function;
  std::vector<Parameter> parameters;
};

struct Path {
  std::vector<Token> tokens;  // without the root
  bool from_root = true;      // `$`, not `@`
  bool definite = true;
  std::size_t appended = 0;  // tokens that length() has put behind its argument
};

enum class Operator : std::uint8_t {
  greater_equal,
  less_equal,
  equal,
  type_safe_equal,
  not_equal,
  type_safe_not_equal,
  less,
  greater,
  regex,
  not_in,
  in,
  contains,
  all,
  size,
  exists,
  empty,
  subset_of,
  any_of,
  none_of,
  type,
  matches,
};

// A side of a comparison, as it is written.
struct Operand {
  enum class Kind : std::uint8_t { path, string, number, boolean, null, json, pattern };
  Kind kind = Kind::null;
  std::string text;  // string: without quotes and escapes; number, json: as written
  bool truth = false;
  std::unique_ptr<Path> path;
  bool should_exist = true;  // of a path: no `!` before it
  std::unique_ptr<JavaRegex> pattern;
};

struct Filter {
  enum class Kind : std::uint8_t { all_of, one_of, negation, comparison };
  Kind kind = Kind::comparison;
  std::vector<Filter> parts;
  Operator op = Operator::exists;
  Operand left;
  Operand right;
};

// Reads paths and filters; the first failure is kept.
class Reader {
 public:
  // `depth` counts how many filters and arguments are around it.
  Reader(std::string text, std::size_t depth) : text_(std::move(text)), depth_(depth) {
    end_ = static_cast<std::ptrdiff_t>(text_.size()) - 1;
  }

  std::unique_ptr<Path> read_path();
  std::unique_ptr<Filter> read_filter();
  const std::string& error() const { return error_; }

 private:
  using At = std::ptrdiff_t;

  bool fail(std::string_view what);
  char at(At index) const {
    return index >= 0 && index < static_cast<At>(text_.size())
               ? text_[static_cast<std::size_t>(index)]
               : '\0';
  }
  char current() const { return at(position_); }
  bool in_bounds(At index) const { return index >= 0 && index <= end_; }
  bool in_bounds() const { return in_bounds(position_); }
  bool is_tail() const { return position_ >= end_; }
  std::string_view cut(At from, At to) const {
    return std::string_view(text_).substr(static_cast<std::size_t>(from),
                                          static_cast<std::size_t>(to - from));
  }
  void skip_blanks();
  void trim();
  At next_significant(At from) const;
  At index_of_next(At from, char c) const;
  At index_of_unescaped(At from, char c) const;
  At matching_close(At from, char open, char close, bool skip_regex);
  bool next_is(At from, char c) const { return at(next_significant(from)) == c; }

  bool read_next(Path& path);
  bool read_dot(Path& path);
  bool read_property(Path& path);
  bool read_arguments(Token& token);
  bool read_bracket(Path& path);
  bool read_names(Path& path);
  bool read_index(Path& path, bool& taken);
  bool read_wildcard(Path& path);
  bool read_filter_token(Path& path);
  bool go_on(Path& path) { return is_tail() || read_next(path); }

  bool read_or(Filter& out);
  bool read_and(Filter& out);
  bool read_operand_of_and(Filter& out);
  bool read_comparison(Filter& out);
  bool read_operator(Operator& out);
  bool read_value(Operand& out);
  bool read_path_operand(Operand& out);
  bool closes_function(At begin) const;
  bool read_pattern(Operand& out);
  bool take_sign(std::string_view sign);

  std::string text_;
  std::size_t depth_;
  At position_ = 0;
  At end_ = 0;  // of the last character that counts
  std::string error_;
};

// "\u0041", "\n", "\'" and the like inside quoted names and texts.
std::string unescape(std::string_view text);
void finish(Path& path);

// Whether a string of a list counts as a path: such a string equals nothing.
bool is_path(std::string_view text);

class Evaluation;

// Decides filters. Separate from the walk because only here values have the peculiar equality of
// the dialect.
bool matches(const Filter& filter, Evaluation& evaluation, const JsonNode& item);

// One walk: collects what a path finds.
class Evaluation {
 public:
  // `invalid` inside a filter makes it false; `broken`, where the dialect stumbles, does not.
  // `out_of_range` passes over the item that it happened in.
  enum class Fault : std::uint8_t { none, missing, exhausted, invalid, broken, out_of_range };

  Evaluation(JsonTree& tree, const JsonNode& root, std::uint32_t depth)
      : tree_(tree), root_(root), depth_(depth) {}

  JsonTree& tree() { return tree_; }
  const JsonNode& root() const { return root_; }
  std::uint32_t depth() const { return depth_; }
  Fault fault() const { return fault_; }
  const std::string& what() const { return what_; }
  void fail(Fault fault, std::string what);
  bool stopped() const { return fault_ != Fault::none; }

  // The value of a path below `item`; nothing when it is missing. With `require`, properties that
  // indefinite paths step over must exist too.
  std::optional<JsonNode> value(const Path& path, const JsonNode& item, bool require);

 private:
  friend class Walk;
  JsonTree& tree_;
  JsonNode root_;
  std::uint32_t depth_;
  Fault fault_ = Fault::none;
  std::string what_;
};

}  // namespace hyd::codec::jsonpath

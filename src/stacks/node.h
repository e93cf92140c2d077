// A piece of a template: a value that knows where it stands in its file.
//
// YAML and JSON become the same nodes. Scalars keep their source text beside their kind, since a
// version such as 2012-10-17, an account such as 000000000000 or a status of 200 is text wherever
// the property wants text. Short tags (`!Ref x`) have already become their long form.
#pragma once

#include "codec/json.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace hyd::stacks {

// Line and column count from 1; 0: made by the program (a pseudo parameter, a default).
struct Mark {
  std::uint32_t line = 0;
  std::uint32_t column = 0;
  friend bool operator==(const Mark&, const Mark&) = default;
};

struct Entry;

struct Node {
  enum class Kind : std::uint8_t { null, boolean, number, string, list, map };

  Kind kind = Kind::null;
  Mark mark;
  std::string text;            // a scalar's source text; a boolean's is "true" or "false"
  std::vector<Node> items;     // of a list
  std::vector<Entry> entries;  // of a map, in the order of the file, each key once

  bool is_scalar() const { return kind != Kind::list && kind != Kind::map; }
  // Null when this is no map or has no such key.
  const Node* find(std::string_view key) const;

  static Node string(std::string text, Mark mark = {});
  static Node list(std::vector<Node> items, Mark mark = {});
  static Node map(std::vector<Entry> entries, Mark mark = {});
};

struct Entry {
  std::string key;
  Mark key_mark;
  Node value;
};

// As JSON: numbers keep their text.
codec::Json to_json(const Node& node);

// Whether JSON would read it as a number: "4", "-1.5e3". A plain 0755, 1:30 or 000000000000 is none
// and therefore text.
bool is_json_number(std::string_view text);

// One step down a path for as long as it lives.
class PathStep {
 public:
  PathStep(std::string& path, std::string_view name) : path_(path), size_(path.size()) {
    path_.append("/").append(name);
  }
  ~PathStep() { path_.resize(size_); }
  PathStep(const PathStep&) = delete;
  PathStep& operator=(const PathStep&) = delete;

 private:
  std::string& path_;  // outlives it
  const std::size_t size_;
};

// One thing that is wrong with a template: what, where, and what was expected.
struct Problem {
  Mark mark;
  std::string path;  // "Resources/Post/Properties/Integration/Uri"
  std::string what;  // one sentence
  // The name that nothing has, where that is what is wrong: several places that use it are one
  // mistake, and told as one (problem_text.h).
  std::string missing = {};
};

}  // namespace hyd::stacks

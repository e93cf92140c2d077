// A template as the rules of the linter look at it: its tree, and what can be said of its variables
// without running it. Flow is not followed: a variable is all that is ever assigned to it.
#pragma once

#include "vtl/syntax.h"
#include "vtl/tools/lint.h"

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace hyd::vtl {

class Subject {
 public:
  // Lends both.
  Subject(std::string_view text, const Syntax& syntax, Stream stream);

  std::string_view text() const { return text_; }
  Stream stream() const { return stream_; }
  const Node& at(NodeId id) const { return syntax_.at(id); }
  NodeId root() const { return syntax_.root; }
  std::size_t nodes() const { return syntax_.nodes.size(); }

  // The part of the text at a node or at a step of a reference.
  Range range_of(const Node& node) const { return extent_at(text_, shown_at(node.offset)); }
  Range range_of(const Step& step) const { return extent_at(text_, step.offset); }
  std::string_view source_of(const Node& node) const;

  // Every reference of the template, and every step that is a call of `name`.
  void each_reference(const std::function<void(const Node&)>& see) const;
  void each_call(std::string_view name,
                 const std::function<void(const Node&, std::size_t)>& see) const;

  // The values that #set gives to a variable; empty: it is a loop's, built in, or never set.
  const std::vector<NodeId>& assigned(std::string_view variable) const;
  // What a loop's variable walks over.
  const std::vector<NodeId>& walked(std::string_view variable) const;
  bool is_known(std::string_view variable) const;

  // The text of a value that is always the same; nothing otherwise.
  std::optional<std::string> constant(NodeId id) const;
  // A text that a client chose and nothing has escaped.
  bool is_raw(NodeId id) const;
  // A list or text of the request, as long as its sender likes.
  bool is_unbounded(NodeId id) const;
  // Whether the value's text ends with a line end; nothing: it cannot be told.
  std::optional<bool> ends_line(NodeId id) const;
  // The statements of a quoted text, less the character that the parser has added.
  struct Piece {
    NodeId node = kNoNode;  // a reference, or a text's node
    std::string text;       // of a text
  };
  std::vector<Piece> pieces(const Node& interpolation) const;

 private:
  using Seen = std::set<std::string, std::less<>>;
  // A question about a value may lead from variable to variable; beyond so many it is given up,
  // with the answer that finds nothing.
  static constexpr std::size_t kVariablesMax = 200;

  std::size_t shown_at(std::size_t offset) const;
  bool enter(const std::string& variable, Seen& seen) const {
    return seen.size() < kVariablesMax && seen.insert(variable).second;
  }
  bool is_raw(NodeId id, Seen& seen) const;
  bool is_raw_variable(const Reference& reference, Seen& seen) const;
  bool is_unbounded(NodeId id, Seen& seen) const;
  std::optional<bool> ends_line(NodeId id, Seen& seen) const;

  std::string_view text_;
  const Syntax& syntax_;
  Stream stream_;
  std::map<std::string, std::vector<NodeId>, std::less<>> assigned_;
  std::map<std::string, std::vector<NodeId>, std::less<>> walked_;
  // Answers about variables, so that each is asked once; one thread asks.
  mutable std::map<std::string, std::optional<std::string>, std::less<>> constants_;
  mutable std::map<std::string, bool, std::less<>> raw_;
  mutable std::size_t depth_ = 0;  // of constants in each other
};

// `$root.name(…)` at the front of a reference.
bool begins_with_call(const Reference& reference, std::string_view root, std::string_view name);
// A reference to a variable and nothing of it.
bool is_plain_variable(const Node& node);

}  // namespace hyd::vtl

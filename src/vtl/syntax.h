// The tree of a template, as the parser hands it to the compiler.
//
// Nodes live in one pool and name each other by number, so that a template of a million operators
// is no deep structure of pointers.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace hyd::vtl {

enum class NodeKind : std::uint8_t {
  block,  // kids in order
  text,   // `text` is printed
  // `reference`; `text` is the variable that it names as a target: its first token without the '$'.
  // Thus "${x}" assigns to a variable called "{", which no reference reads.
  reference,
  string,         // a constant: `text`
  interpolation,  // kid 0: the block of a quoted text that is a template itself
  integer,        // `text`
  floating,       // `text`
  true_,
  false_,
  word,  // `text`
  list,
  range,  // from, to
  map,    // key, value, key, value…
  or_,
  and_,
  equal,
  not_equal,
  less,
  less_equal,
  greater,
  greater_equal,
  add,
  subtract,
  multiply,
  divide,
  modulo,
  not_,
  set,        // target, value; `text` as of the target
  if_,        // condition, block, condition, block…, and a last block when there is an #else
  directive,  // `text` is the word; arguments, then the block of a block directive
};

// Which of the two languages a text is in: what API Gateway runs, or Velocity by its own defaults
// (classic.h).
enum class Dialect : std::uint8_t { gateway, classic };

using NodeId = std::uint32_t;
inline constexpr NodeId kNoNode = UINT32_MAX;

// One step of a reference: `.name`, `.name(arguments)` or `[argument]`.
struct Step {
  enum class Kind : std::uint8_t { property, method, index };
  Kind kind = Kind::property;
  std::uint32_t offset = 0;
  std::string name;
  std::vector<NodeId> arguments;
};

struct Reference {
  std::string root;
  std::vector<Step> steps;
  std::string halved;   // half of the backslashes before it, printed first
  std::string stray;    // '$' and '#' before it that began nothing, printed next
  std::string literal;  // printed instead of a value that has none, and when escaped
  bool escaped = false;
  bool bare = false;  // a name without '$': as an argument null, in text itself
};

struct Node {
  NodeKind kind = NodeKind::text;
  // Of an interpolation: the last character of what it renders is dropped. The parser has put it
  // there, because a '$' or '#' at the very end of a text is an error.
  bool chop = false;
  std::uint32_t offset = 0;  // of its first character in the outermost template
  std::string text;
  // Its source text as Velocity prints it: of a directive whose word nobody knows, and of an
  // operand of `+` that has no value. Of an operator it starts behind the sign, unless in
  // parentheses. In the classic dialect every value has one.
  std::string literal;
  std::vector<NodeId> kids;
  Reference reference;
};

struct Syntax {
  std::vector<Node> nodes;
  NodeId root = kNoNode;
  const Node& at(NodeId id) const { return nodes[id]; }
};

}  // namespace hyd::vtl

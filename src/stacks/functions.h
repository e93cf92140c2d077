// Resolves values: what every intrinsic function comes to. Internal to stacks; evaluate.h is what
// others call.
#pragma once

#include "stacks/evaluate.h"
#include "stacks/node.h"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hyd::stacks {

// The call that a map is: its only key is Ref or begins with Fn::. Null otherwise.
const Entry* call_of(const Node& node);

// An Fn::GetAtt's resource and the node of its attribute (null when `written` holds it).
struct GetAtt {
  std::string resource;
  std::string written;
  const Node* attribute = nullptr;
};
std::optional<GetAtt> parse_get_att(const Node& argument);

// The name and the map of an Fn::Sub; null when it is malformed.
struct SubArgument {
  const Node* text = nullptr;
  const Node* values = nullptr;  // null: it has none
};
SubArgument parse_sub_argument(const Node& argument);

// Both are said where references are checked and where they are resolved.
std::string unresolved_resource(std::string_view name, std::string_view block);
std::string unresolved_condition(std::string_view name, const Template& tmpl);

class Resolver {
 public:
  // Lends scope and attributes. Without attributes no resource may be referred to: the values of
  // Conditions and Rules.
  Resolver(const Scope& scope, Attributes* attributes, std::string path)
      : scope_(scope), attributes_(attributes), path_(std::move(path)) {}

  // Nothing: AWS::NoValue. After a problem the value is meaningless.
  std::optional<Node> resolve(const Node& node);
  // A text; lists and maps are problems.
  std::string text(const Node& node);

  void problem(Mark mark, std::string what);
  std::vector<Problem> take_problems() { return std::move(problems_); }
  bool failed() const { return !problems_.empty(); }

 private:
  friend struct FunctionRow;
  using Value = std::optional<Node>;

  Value call(const Entry& entry);
  Value list(const Node& node);
  Value map(const Node& node);
  Value ref(const Node& argument);
  Value get_att(const Node& argument);
  Value sub(const Node& argument);
  Value join(const Node& argument);
  Value select(const Node& argument);
  Value split(const Node& argument);
  Value condition(const Node& argument);
  Value find_in_map(const Node& argument);
  Value base64(const Node& argument);
  Value cidr(const Node& argument);
  Value availability_zones(const Node& argument);

  Value name(std::string_view name, Mark mark);
  Value attribute(std::string_view resource, std::string_view attribute, Mark mark);
  std::string variable(std::string_view name, const std::vector<Entry>& values, Mark mark);
  // A list, resolved; a problem and an empty one when it is none.
  std::vector<Node> items(const Node& node, std::string_view complaint);
  // A text that a function has made, within the bound of all that is made.
  Node made(std::string text, Mark mark);
  bool charge(std::size_t bytes, Mark mark);
  Value wrong(Mark mark, std::string what);

  const Scope& scope_;
  Attributes* attributes_;
  std::string path_;
  std::vector<Problem> problems_;
  std::size_t bytes_ = 0;  // of what was resolved so far
};

}  // namespace hyd::stacks

// What a template's expressions come to: conditions, functions, and the order of its resources.
//
//   parse_template -> bind_parameters -> make_scope -> order -> for each resource, in that order:
//   resolve(properties) with the ids of those before it
//
// The functions: Ref, Fn::GetAtt, Sub, Join, If, Select, Split, FindInMap, Base64, Cidr, GetAZs,
// and Condition, Fn::Equals, And, Or, Not in conditions and rules (there also Contains,
// EachMemberIn, EachMemberEquals). A map is a call when a function's name is its only key. What is
// not supported is refused by its name.
//
// All pure functions; any thread. Nothing here is recursive beyond the depth of the nodes, and what
// functions can blow up (a Sub that repeats a long value) is bounded by kResolvedBytesMax.
#pragma once

#include "stacks/node.h"
#include "stacks/parameters.h"
#include "stacks/template.h"

#include <cstddef>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace hyd::stacks {

// Of one resolved value: all of its texts together.
inline constexpr std::size_t kResolvedBytesMax = std::size_t{4} << 20;

// What names stand for in one operation. Lends the template, which outlives it.
class Scope {
 public:
  const Template& tmpl() const { return *tmpl_; }
  // A parameter's or pseudo parameter's value; null when there is none of that name.
  const Node* value(std::string_view name) const;
  // Of all parameters and pseudo parameters.
  void add_names(std::vector<std::string_view>& to) const;
  bool has_condition(std::string_view name) const { return conditions_.contains(name); }
  // Whether the condition of that name is true; false too when there is none.
  bool holds(std::string_view condition) const;
  // A resource or output exists when it has no condition, or one that is true.
  bool exists(const std::optional<Name>& condition) const;
  // Null: no resource of that name, or its condition is false.
  const Resource* existing(std::string_view logical_id) const;

 private:
  friend struct ScopeMaker;
  const Template* tmpl_ = nullptr;
  Values values_;
  std::map<std::string, bool, std::less<>> conditions_;
};

struct MadeScope {
  Scope scope;  // meaningless when there are problems
  std::vector<Problem> problems;
};

// Evaluates every condition, then every rule: an assertion that fails is a problem.
MadeScope make_scope(const Template& tmpl, Values parameters, const StackPlace& place);

// What resources that are made or planned already answer to Ref and GetAtt. Only asked about
// existing ones; order() has seen to it that they come earlier. Nothing: the resource's type does
// not have that attribute.
class Attributes {
 public:
  virtual ~Attributes() = default;
  virtual std::string ref(std::string_view logical_id) = 0;
  virtual std::optional<std::string> get_att(std::string_view logical_id,
                                             std::string_view attribute) = 0;
};

struct Resolved {
  // Nothing: AWS::NoValue stands for the whole of it.
  std::optional<Node> value;  // meaningless when there are problems
  std::vector<Problem> problems;
};

// `path` is where `node` stands ("Resources/Post/Properties"), for messages. What is resolved has
// the place of the call that it came from.
Resolved resolve(const Node& node, std::string path, const Scope& scope, Attributes& attributes);

// An output's value and its export's name: one text each.
struct ResolvedText {
  std::string value;
  std::vector<Problem> problems;
};
ResolvedText resolve_text(const Node& node, std::string path, const Scope& scope,
                          Attributes& attributes);

// The logical ids that `node` refers to, those in branches of Fn::If that are not taken left out.
std::set<std::string, std::less<>> references(const Node& node, const Scope& scope);

struct Ordered {
  // Those that exist, each behind all that it refers to or depends on, else as in the file.
  std::vector<const Resource*> resources;
  std::vector<Problem> problems;
};

// Checks every reference of resources and outputs as well.
Ordered order(const Template& tmpl, const Scope& scope);

}  // namespace hyd::stacks

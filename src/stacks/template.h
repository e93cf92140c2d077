// A template as its sections declare it: every name, type and count checked, nothing evaluated yet.
//
// A pure function of the nodes; all problems are told at once, each with its place and path. The
// texts are CloudFormation's where it has one (AWS documentation "Template anatomy").
#pragma once

#include "stacks/node.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hyd::stacks {

// Limits of AWS ("CloudFormation quotas").
inline constexpr std::size_t kParametersMax = 200;
inline constexpr std::size_t kMappingsMax = 200;
inline constexpr std::size_t kResourcesMax = 500;
inline constexpr std::size_t kOutputsMax = 200;
inline constexpr std::size_t kNameBytesMax = 255;
inline constexpr std::size_t kDescriptionBytesMax = 1024;

// A name where it stands.
struct Name {
  std::string text;
  Mark mark;
};

struct ParameterDeclaration {
  std::string name;
  Mark mark;
  std::string path;  // "Parameters/Env"
  std::string type;  // "String", "AWS::SSM::Parameter::Value<String>"
  std::string description;
  std::optional<std::string> default_text;
  std::optional<std::vector<std::string>> allowed_values;
  std::optional<Name> allowed_pattern;  // a Java regular expression for the whole value
  std::string constraint_description;
  std::optional<std::uint64_t> min_length;
  std::optional<std::uint64_t> max_length;
  std::optional<double> min_value;
  std::optional<double> max_value;
  bool no_echo = false;
};

// An expression that is true or false.
struct ConditionDeclaration {
  std::string name;
  Mark mark;
  Node expression;
};

struct RuleDeclaration {
  struct Assertion {
    Node expression;
    std::string description;
    Mark mark;
  };
  std::string name;
  Mark mark;
  std::optional<Node> condition;  // absent: the rule always applies
  std::vector<Assertion> assertions;
};

// What becomes of a resource that its stack gives up.
enum class Policy : std::uint8_t { remove, retain, retain_except_on_create };

struct Resource {
  std::string logical_id;
  std::string type;
  Mark mark;  // of the logical id
  Mark type_mark;
  Node properties;  // a map; an empty one when absent. Functions are not yet resolved
  std::vector<Name> depends_on = {};
  std::optional<Name> condition = {};
  Policy deletion_policy = Policy::remove;
  Policy update_replace_policy = Policy::remove;
};

struct Output {
  std::string name;
  Mark mark;
  Node value;
  std::string description = {};
  std::optional<Name> condition = {};
  std::optional<Node> export_name = {};
};

struct Template {
  std::string description;
  std::vector<ParameterDeclaration> parameters;
  Node mappings;  // a map of maps of maps: scalars or lists of scalars
  std::vector<ConditionDeclaration> conditions;
  std::vector<RuleDeclaration> rules;
  std::vector<Resource> resources;  // in the order of the file, as all here
  std::vector<Output> outputs;

  // Null: there is none of that name.
  const ParameterDeclaration* find_parameter(std::string_view name) const;
  const ConditionDeclaration* find_condition(std::string_view name) const;
  const Resource* find_resource(std::string_view logical_id) const;
};

struct ParsedTemplate {
  Template value;  // meaningless when there are problems
  std::vector<Problem> problems;
};

ParsedTemplate parse_template(const Node& root);

// Reads and parses: the problems of the text alone when it cannot be read.
ParsedTemplate parse_template(std::string_view text);

}  // namespace hyd::stacks

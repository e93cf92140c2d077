// Conditions and rules: the expressions that are true or false.
#include "stacks/evaluate.h"
#include "stacks/functions.h"
#include "stacks/nearest.h"

#include <fmt/core.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>

namespace hyd::stacks {
namespace {

// Of expressions in each other, conditions that conditions refer to included.
constexpr std::size_t kDepthMax = 200;

constexpr auto kFunctions =
    std::to_array<std::string_view>({"Condition", "Fn::Equals", "Fn::And", "Fn::Or", "Fn::Not",
                                     "Fn::Contains", "Fn::EachMemberIn", "Fn::EachMemberEquals"});
constexpr std::string_view kForm =
    "Template format error: Conditions can only be boolean operations on parameters and other "
    "conditions";

bool is_list_of(const Node& node, std::size_t least, std::size_t most) {
  return node.kind == Node::Kind::list && node.items.size() >= least && node.items.size() <= most;
}

}  // namespace

struct ScopeMaker {
  const Template& tmpl;
  MadeScope out = {};
  std::map<std::string_view, const ConditionDeclaration*> declarations = {};
  std::vector<std::string_view> open = {};  // conditions that are being evaluated
  std::size_t depth = 0;
  std::string path = {};

  void problem(Mark mark, std::string what) {
    out.problems.push_back({.mark = mark, .path = path, .what = std::move(what)});
  }

  bool wrong(Mark mark, std::string what) {
    problem(mark, std::move(what));
    return false;
  }

  // A condition by its name, evaluated once.
  bool condition(std::string_view name, Mark mark) {
    if (const auto known = out.scope.conditions_.find(name); known != out.scope.conditions_.end()) {
      return known->second;
    }
    const auto found = declarations.find(name);
    if (found == declarations.end()) {
      return wrong(mark, fmt::format("Template error: unresolved condition dependency {}", name));
    }
    const ConditionDeclaration* const declared = found->second;
    if (const auto begun = std::ranges::find(open, name); begun != open.end()) {
      return wrong(mark, fmt::format("Circular dependency between conditions: [{}]",
                                     fmt::join(begun, open.end(), ", ")));
    }
    open.push_back(declared->name);
    std::string outer = std::exchange(path, "Conditions/" + declared->name);
    const bool value = truth(declared->expression);
    path = std::move(outer);
    open.pop_back();
    out.scope.conditions_.insert_or_assign(declared->name, value);
    return value;
  }

  bool truth(const Node& node) {
    if (depth == kDepthMax) {
      return wrong(node.mark, fmt::format("Conditions are nested more than {} deep", kDepthMax));
    }
    if (node.kind != Node::Kind::map || node.entries.size() != 1) {
      return wrong(node.mark, std::string(kForm));
    }
    const Entry& call = node.entries.front();
    const std::size_t size = path.size();
    path += "/" + call.key;
    ++depth;
    const bool value = apply(call);
    --depth;
    path.resize(size);
    return value;
  }

  bool apply(const Entry& call) {
    const Node& argument = call.value;
    if (call.key == "Condition") {
      if (!argument.is_scalar()) return wrong(argument.mark, std::string(kForm));
      return condition(argument.text, argument.mark);
    }
    if (call.key == "Fn::Equals") return equals(argument);
    if (call.key == "Fn::And" || call.key == "Fn::Or") return several(call);
    if (call.key == "Fn::Not") {
      if (!is_list_of(argument, 1, 1)) {
        return wrong(argument.mark,
                     "Template error: every Fn::Not object requires one boolean parameter.");
      }
      return !truth(argument.items.front());
    }
    const bool member = call.key == "Fn::Contains" || call.key == "Fn::EachMemberIn" ||
                        call.key == "Fn::EachMemberEquals";
    if (member && path.starts_with("Rules/")) return members(call);
    return wrong(call.key_mark, std::string(kForm) + suggestion(call.key, kFunctions));
  }

  // All are evaluated, so that all that is wrong is told.
  bool several(const Entry& call) {
    if (!is_list_of(call.value, 2, 10)) {
      return wrong(call.value.mark,
                   fmt::format("Template error: every {} object requires a list of at least 2 and "
                               "at most 10 boolean parameters.",
                               call.key));
    }
    const bool all = call.key == "Fn::And";
    bool value = all;
    for (const Node& item : call.value.items) {
      const bool one = truth(item);
      value = all ? value && one : value || one;
    }
    return value;
  }

  std::optional<Node> resolved(const Node& node) {
    Resolver resolver(out.scope, nullptr, path);
    auto value = resolver.resolve(node);
    std::ranges::move(resolver.take_problems(), std::back_inserter(out.problems));
    return value;
  }

  bool equals(const Node& argument) {
    if (!is_list_of(argument, 2, 2)) return equals_form(argument.mark);
    const auto left = resolved(argument.items[0]);
    const auto right = resolved(argument.items[1]);
    if (!left || !right || !left->is_scalar() || !right->is_scalar()) {
      return equals_form(argument.mark);
    }
    return left->text == right->text;
  }

  bool equals_form(Mark mark) {
    return wrong(mark,
                 "Template error: every Fn::Equals object requires a list of 2 string parameters.");
  }

  std::optional<std::vector<std::string>> texts(const Node& node) {
    const auto value = resolved(node);
    if (!value || value->kind != Node::Kind::list ||
        !std::ranges::all_of(value->items, &Node::is_scalar)) {
      return std::nullopt;
    }
    std::vector<std::string> all;
    for (const Node& item : value->items) all.push_back(item.text);
    return all;
  }

  bool members(const Entry& call) {
    const bool in = call.key == "Fn::EachMemberIn";
    const auto form = [&] {
      return wrong(call.value.mark, fmt::format("Template error: {} requires a list and {}",
                                                call.key, in ? "another list" : "a value"));
    };
    if (!is_list_of(call.value, 2, 2)) return form();
    const auto list = texts(call.value.items[0]);
    if (!list) return form();
    if (in) {
      const auto allowed = texts(call.value.items[1]);
      if (!allowed) return form();
      return std::ranges::all_of(*list, [&](const std::string& one) {
        return std::ranges::find(*allowed, one) != allowed->end();
      });
    }
    const auto value = resolved(call.value.items[1]);
    if (!value || !value->is_scalar()) return form();
    const auto is_it = [&](const std::string& one) { return one == value->text; };
    return call.key == "Fn::Contains" ? std::ranges::any_of(*list, is_it)
                                      : std::ranges::all_of(*list, is_it);
  }

  void rule(const RuleDeclaration& rule) {
    path = fmt::format("Rules/{}/RuleCondition", rule.name);
    const std::size_t before = out.problems.size();
    if (rule.condition && !truth(*rule.condition)) return;
    for (std::size_t i = 0; i < rule.assertions.size(); ++i) {
      const RuleDeclaration::Assertion& assertion = rule.assertions[i];
      path = fmt::format("Rules/{}/Assertions/{}", rule.name, i);
      if (truth(assertion.expression) || out.problems.size() > before) continue;
      problem(assertion.mark, assertion.description.empty()
                                  ? fmt::format("An assertion of the rule {} is false", rule.name)
                                  : assertion.description);
    }
  }

  void make(Values parameters, const StackPlace& place) {
    out.scope.tmpl_ = &tmpl;
    out.scope.values_ = std::move(parameters);
    out.scope.values_.merge(pseudo_parameters(place));
    for (const ConditionDeclaration& one : tmpl.conditions) declarations.emplace(one.name, &one);
    for (const ConditionDeclaration& one : tmpl.conditions) condition(one.name, one.mark);
    for (const RuleDeclaration& one : tmpl.rules) rule(one);
  }
};

const Node* Scope::value(std::string_view name) const {
  const auto found = values_.find(name);
  return found == values_.end() ? nullptr : &found->second;
}

void Scope::add_names(std::vector<std::string_view>& to) const {
  for (const auto& [name, value] : values_) to.push_back(name);
}

bool Scope::holds(std::string_view condition) const {
  const auto found = conditions_.find(condition);
  return found != conditions_.end() && found->second;
}

bool Scope::exists(const std::optional<Name>& condition) const {
  return !condition || holds(condition->text);
}

const Resource* Scope::existing(std::string_view logical_id) const {
  const Resource* const resource = tmpl_->find_resource(logical_id);
  return resource != nullptr && exists(resource->condition) ? resource : nullptr;
}

MadeScope make_scope(const Template& tmpl, Values parameters, const StackPlace& place) {
  ScopeMaker maker{.tmpl = tmpl};
  maker.make(std::move(parameters), place);
  return std::move(maker.out);
}

}  // namespace hyd::stacks

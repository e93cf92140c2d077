#include "stacks/evaluate.h"

#include "stacks/functions.h"
#include "stacks/nearest.h"
#include "stacks/sub.h"

#include <fmt/core.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <iterator>
#include <utility>

namespace hyd::stacks {
namespace {

constexpr std::string_view kNoValue = "AWS::NoValue";

// "; did you mean NAME?" for what a Ref (or Fn::GetAtt: resources alone) wanted to refer to.
std::string meant(const Scope& scope, std::string_view name, bool resources_alone) {
  std::vector<std::string_view> known;
  for (const Resource& one : scope.tmpl().resources) known.push_back(one.logical_id);
  if (!resources_alone) scope.add_names(known);
  return suggestion(name, known);
}

// Walks a value and looks at every name that it refers to.
class ReferenceWalker {
 public:
  ReferenceWalker(const Scope& scope, std::string path) : scope_(scope), path_(std::move(path)) {}

  // `taken` is false where the value is not used: in the other branch of an Fn::If, or of a
  // resource that does not exist. There a name only has to be declared.
  void walk(const Node& node, bool taken) {
    if (const Entry* const call = call_of(node)) {
      const PathStep step(path_, call->key);
      walk_call(*call, taken);
      return;
    }
    for (std::size_t i = 0; i < node.items.size(); ++i) {
      const PathStep step(path_, std::to_string(i));
      walk(node.items[i], taken);
    }
    for (const Entry& entry : node.entries) {
      const PathStep step(path_, entry.key);
      walk(entry.value, taken);
    }
  }

  std::set<std::string, std::less<>> names;  // of resources, where taken
  std::vector<Problem> problems;

 private:
  void walk_call(const Entry& call, bool taken) {
    const Node& argument = call.value;
    if (call.key == "Ref" && argument.is_scalar()) {
      reference({.name = argument.text, .attribute = {}}, argument.mark, taken);
    } else if (const auto parsed =
                   call.key == "Fn::GetAtt" ? parse_get_att(argument) : std::nullopt) {
      reference({.name = parsed->resource, .attribute = "?"}, argument.mark, taken);
      if (parsed->attribute != nullptr) walk(*parsed->attribute, taken);
    } else if (call.key == "Fn::Sub" && parse_sub_argument(argument).text != nullptr) {
      walk_sub(parse_sub_argument(argument), taken);
    } else if (call.key == "Fn::If" && argument.items.size() == 3 &&
               argument.items[0].is_scalar()) {
      walk_if(argument, taken);
    } else {
      walk(argument, taken);
    }
  }

  void walk_sub(const SubArgument& sub, bool taken) {
    if (sub.values != nullptr) walk(*sub.values, taken);
    const auto parts = parse_sub(sub.text->text);
    if (!parts) return;  // told where it is resolved
    for (const SubPart& part : *parts) {
      const bool own = sub.values != nullptr && sub.values->find(part.text) != nullptr;
      if (part.variable && !own) reference(parse_sub_name(part.text), sub.text->mark, taken);
    }
  }

  void walk_if(const Node& argument, bool taken) {
    const std::string& name = argument.items[0].text;
    if (!scope_.has_condition(name)) {
      problems.push_back({.mark = argument.items[0].mark,
                          .path = path_,
                          .what = unresolved_condition(name, scope_.tmpl()),
                          .missing = name});
    }
    const bool holds = scope_.holds(name);
    for (const std::size_t branch : {1uz, 2uz}) {
      const PathStep step(path_, std::to_string(branch));
      walk(argument.items[branch], taken && holds == (branch == 1));
    }
  }

  void reference(const SubName& to, Mark mark, bool taken) {
    const bool get_att = !to.attribute.empty();
    if (!get_att && (to.name == kNoValue || scope_.value(to.name) != nullptr)) return;
    const Resource* const resource = scope_.tmpl().find_resource(to.name);
    const std::string block = path_.substr(0, path_.find('/'));
    if (resource == nullptr) {
      std::string what = get_att ? fmt::format(
                                       "Template error: instance of Fn::GetAtt references "
                                       "undefined resource {}",
                                       to.name)
                                 : unresolved_resource(to.name, block);
      what += meant(scope_, to.name, get_att);
      problems.push_back(
          {.mark = mark, .path = path_, .what = std::move(what), .missing = std::string(to.name)});
    } else if (taken && !scope_.exists(resource->condition)) {
      problem(mark, unresolved_resource(to.name, block));
    } else if (taken) {
      names.insert(resource->logical_id);
    }
  }

  void problem(Mark mark, std::string what) {
    problems.push_back({.mark = mark, .path = path_, .what = std::move(what)});
  }

  const Scope& scope_;
  std::string path_;
};

class Orderer {
 public:
  Orderer(const Template& tmpl, const Scope& scope) : tmpl_(tmpl), scope_(scope) {}

  Ordered order() {
    const std::size_t size = tmpl_.resources.size();
    waits_for_.resize(size);
    for (std::size_t i = 0; i < size; ++i) {
      index_.emplace(tmpl_.resources[i].logical_id, i);
    }
    for (std::size_t i = 0; i < size; ++i) resource(i);
    for (const Output& output : tmpl_.outputs) {
      const bool taken = scope_.exists(output.condition);
      check("Outputs/" + output.name + "/Value", output.value, taken);
      if (output.export_name) {
        check("Outputs/" + output.name + "/Export/Name", *output.export_name, taken);
      }
    }
    if (out_.problems.empty()) sort();
    return std::move(out_);
  }

 private:
  std::set<std::string, std::less<>> check(std::string path, const Node& node, bool taken) {
    ReferenceWalker walker(scope_, std::move(path));
    walker.walk(node, taken);
    std::ranges::move(walker.problems, std::back_inserter(out_.problems));
    return std::move(walker.names);
  }

  void resource(std::size_t i) {
    const Resource& resource = tmpl_.resources[i];
    const bool exists = scope_.exists(resource.condition);
    const std::string path = "Resources/" + resource.logical_id;
    for (const std::string& name : check(path + "/Properties", resource.properties, exists)) {
      waits_for_[i].insert(index_.find(name)->second);
    }
    for (const Name& name : resource.depends_on) {
      const auto found = index_.find(name.text);
      if (found == index_.end()) {
        out_.problems.push_back(
            {.mark = name.mark,
             .path = path + "/DependsOn",
             .what = unresolved_resource(name.text, "Resources") + meant(scope_, name.text, true),
             .missing = name.text});
      } else if (exists && scope_.exists(tmpl_.resources[found->second].condition)) {
        waits_for_[i].insert(found->second);
      }
    }
    if (exists) left_.insert(i);
  }

  // Always the first of the file that waits for nothing any more.
  void sort() {
    std::vector<std::vector<std::size_t>> waiting(tmpl_.resources.size());
    std::vector<std::size_t> count(tmpl_.resources.size());
    std::set<std::size_t> ready;
    for (const std::size_t i : left_) {
      for (const std::size_t needed : waits_for_[i]) waiting[needed].push_back(i);
      count[i] = waits_for_[i].size();
      if (count[i] == 0) ready.insert(i);
    }
    while (!ready.empty()) {
      const std::size_t first = *ready.begin();
      ready.erase(ready.begin());
      left_.erase(first);
      out_.resources.push_back(&tmpl_.resources[first]);
      for (const std::size_t i : waiting[first]) {
        if (--count[i] == 0) ready.insert(i);
      }
    }
    if (!left_.empty()) circle(waiting);
  }

  // Those left wait for each other, or for such: the latter are no part of a circle.
  void circle(const std::vector<std::vector<std::size_t>>& waiting) {
    const auto needed = [&](std::size_t i) {
      return std::ranges::any_of(waiting[i],
                                 [&](std::size_t other) { return left_.contains(other); });
    };
    while (std::erase_if(left_, [&](std::size_t i) { return !needed(i); }) != 0) {
    }
    std::vector<std::string_view> names;
    names.reserve(left_.size());
    for (const std::size_t i : left_) names.push_back(tmpl_.resources[i].logical_id);
    const Resource& first = tmpl_.resources[*left_.begin()];
    out_.resources.clear();
    out_.problems.push_back({.mark = first.mark,
                             .path = "Resources/" + first.logical_id,
                             .what = fmt::format("Circular dependency between resources: [{}]",
                                                 fmt::join(names, ", "))});
  }

  const Template& tmpl_;
  const Scope& scope_;
  Ordered out_;
  std::map<std::string_view, std::size_t> index_;
  std::vector<std::set<std::size_t>> waits_for_;
  std::set<std::size_t> left_;  // those that exist and have no place yet
};

}  // namespace

Resolved resolve(const Node& node, std::string path, const Scope& scope, Attributes& attributes) {
  Resolver resolver(scope, &attributes, std::move(path));
  Resolved out;
  out.value = resolver.resolve(node);
  out.problems = resolver.take_problems();
  return out;
}

ResolvedText resolve_text(const Node& node, std::string path, const Scope& scope,
                          Attributes& attributes) {
  Resolver resolver(scope, &attributes, std::move(path));
  ResolvedText out;
  out.value = resolver.text(node);
  out.problems = resolver.take_problems();
  return out;
}

std::set<std::string, std::less<>> references(const Node& node, const Scope& scope) {
  ReferenceWalker walker(scope, {});
  walker.walk(node, true);
  return std::move(walker.names);
}

Ordered order(const Template& tmpl, const Scope& scope) { return Orderer(tmpl, scope).order(); }

}  // namespace hyd::stacks

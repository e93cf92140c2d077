#include "stacks/plan.h"

#include "base/parse_int.h"
#include "stacks/difference.h"
#include "stacks/nearest.h"
#include "stacks/typing.h"

#include <fmt/core.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <set>
#include <utility>

namespace hyd::stacks {

using codec::Json;

namespace {

std::string path_of(std::string_view logical_id) { return fmt::format("Resources/{}", logical_id); }

bool has(std::span<const std::string_view> names, std::string_view name) {
  return std::ranges::find(names, name) != names.end();
}

// Top-level properties in which two differ, in the order of `after`, then those it has no more.
std::vector<std::string> differences(const Json& before, const Json& after) {
  std::vector<std::string> out;
  if (const Json::Object* const members = after.if_object()) {
    for (const auto& [name, value] : *members) {
      const Json* const old = before.find(name);
      if (old == nullptr || !same(*old, value)) out.push_back(name);
    }
  }
  if (const Json::Object* const members = before.if_object()) {
    for (const auto& [name, value] : *members) {
      if (after.find(name) == nullptr) out.push_back(name);
    }
  }
  return out;
}

// The place of what is at `path` (indexes too) in a resolved map, or of as much of it as there is.
template <class Path>
Mark mark_of(const Node& node, const Path& path, Mark otherwise) {
  const Node* at = &node;
  Mark mark = otherwise;
  for (const std::string_view step : path) {
    const auto index = base::parse_int<std::size_t>(step);
    const bool item = at->kind == Node::Kind::list && index && *index < at->items.size();
    at = item ? &at->items[*index] : at->find(step);
    if (at == nullptr) break;
    if (at->mark.line != 0) mark = at->mark;
  }
  return mark;
}

// The API that a record is part of, by its id; empty: of none.
std::string api_of(const Record& record) {
  const Json* const id = record.properties.find("RestApiId");
  if (id != nullptr && id->if_string() != nullptr) return *id->if_string();
  return record.physical_id;
}

class Planner final : private Attributes {
 public:
  explicit Planner(PlanInput input) : in_(std::move(input)) {}

  Planned run() {
    check_types();
    Ordered ordered = order(in_.scope.tmpl(), in_.scope);
    if (!ordered.problems.empty()) {
      std::ranges::move(ordered.problems, std::back_inserter(out_.problems));
      return std::move(out_);
    }
    for (const Resource* resource : ordered.resources) wanted_.insert(resource->logical_id);
    for (const Resource* resource : deployments_last(ordered.resources)) take(*resource);
    if (!frozen_) remove_early();
    remove_late();
    outputs();
    finish();
    return std::move(out_);
  }

 private:
  // Of all resources, those whose condition is false too.
  void check_types() {
    for (const Resource& resource : in_.scope.tmpl().resources) {
      if (find_type(resource.type) != nullptr) continue;
      std::string what =
          fmt::format("Template format error: Unrecognized resource types: [{}]", resource.type);
      what += suggestion(resource.type, type_names());
      problem(resource.type_mark, path_of(resource.logical_id) + "/Type", std::move(what));
    }
  }

  // A stable order in which deployments, and all that needs one, come behind the rest.
  std::vector<const Resource*> deployments_last(const std::vector<const Resource*>& ordered) const {
    std::vector<const Resource*> first;
    std::vector<const Resource*> last;
    std::set<std::string, std::less<>> late;
    for (const Resource* resource : ordered) {
      const ResourceType* const type = find_type(resource->type);
      const auto needs = references(resource->properties, in_.scope);
      const bool behind =
          (type != nullptr && type->freezes_api) ||
          std::ranges::any_of(needs, [&](const std::string& id) { return late.contains(id); }) ||
          std::ranges::any_of(resource->depends_on,
                              [&](const Name& name) { return late.contains(name.text); });
      if (behind) late.insert(resource->logical_id);
      (behind ? last : first).push_back(resource);
    }
    std::ranges::move(last, std::back_inserter(first));
    return first;
  }

  // One resource: what it shall be, and the steps to there.
  void take(const Resource& resource) {
    const ResourceType* const type = find_type(resource.type);
    if (type == nullptr) return give_up_on(resource);
    const std::string path = path_of(resource.logical_id) + "/Properties";
    Resolved resolved = resolve(resource.properties, path, in_.scope, *this);
    if (!resolved.problems.empty()) {
      std::ranges::move(resolved.problems, std::back_inserter(out_.problems));
      return give_up_on(resource);
    }
    Node properties;
    properties.kind = Node::Kind::map;
    if (resolved.value) properties = *std::move(resolved.value);
    Typed typed = to_typed(properties, type->properties, path);
    if (!typed.problems.empty()) {
      std::ranges::move(typed.problems, std::back_inserter(out_.problems));
      return give_up_on(resource);
    }
    if (is_unknown(resource)) return give_up_on(resource);
    if (type->check != nullptr) object(resource, properties, type->check(typed.value));

    Record record{.logical_id = resource.logical_id,
                  .type = resource.type,
                  .physical_id = {},
                  .properties = std::move(typed.value),
                  .mark = resource.mark,
                  .retain = resource.deletion_policy != Policy::remove,
                  .retain_replaced = resource.update_replace_policy != Policy::remove};
    if (type->freezes_api && !frozen_) remove_early();
    const std::size_t steps_before = out_.run.steps.size();
    if (const Record* const old = former(*type, record, resource)) {
      compare(*type, *old, record, properties);
    } else {
      choose(*type, record);
      add({.before = std::nullopt, .after = record});
      line("created", record);
    }
    if (out_.run.steps.size() > steps_before) {
      for (const std::string& ignored : typed.ignored) {
        out_.lines.push_back(
            fmt::format("ignored  {}: {} has no effect here", resource.logical_id, ignored));
      }
    }
    planned_.insert_or_assign(record.logical_id, record);
    out_.run.after.resources.push_back(std::move(record));
  }

  // Its ids and attributes are not known, so nothing can be said about what refers to it.
  void give_up_on(const Resource& resource) { unknown_.insert(resource.logical_id); }
  bool is_unknown(const Resource& resource) const {
    const auto needs = references(resource.properties, in_.scope);
    return std::ranges::any_of(needs, [&](const std::string& id) { return unknown_.contains(id); });
  }

  void object(const Resource& resource, const Node& properties, std::vector<Objection> objections) {
    for (Objection& one : objections) {
      std::string path = path_of(resource.logical_id) + "/Properties";
      for (const std::string_view step : one.path) path += "/" + std::string(step);
      problem(mark_of(properties, one.path, resource.mark), std::move(path), std::move(one.what));
    }
  }

  // The record of this resource in the stack as it is. One that has left the template and is the
  // same for its service only has another logical id now.
  const Record* former(const ResourceType& type, const Record& record, const Resource& resource) {
    if (in_.now == nullptr) return nullptr;
    if (const Record* const old = in_.now->find(record.logical_id)) {
      claimed_.insert(old->logical_id);
      if (old->type == record.type) return old;
      problem(resource.type_mark, path_of(record.logical_id) + "/Type",
              fmt::format("Update of resource type is not permitted: it is an {}", old->type));
      return old;
    }
    if (type.key == nullptr) return nullptr;
    Record named = record;
    choose(type, named);
    for (const Record& old : in_.now->resources) {
      if (old.type != record.type || wanted_.contains(old.logical_id)) continue;
      if (claimed_.contains(old.logical_id) || type.key(old) != type.key(named)) continue;
      claimed_.insert(old.logical_id);
      return &old;
    }
    return nullptr;
  }

  void compare(const ResourceType& type, const Record& old, Record& record,
               const Node& properties) {
    record.physical_id = old.physical_id;
    record.chosen = old.chosen;
    if (old.type != record.type) return;
    const std::vector<std::string> changed = differences(old.properties, record.properties);
    bool replaces = false;
    for (const std::string& name : changed) {
      replaces = replaces || has(type.replace, name);
      if (type.update != nullptr && !has(type.fixed, name)) continue;
      refuse_change(type, old, record, {.name = name, .properties = properties});
    }
    const bool again = changed.empty() && type.freezes_api && apis_.contains(api_of(record));
    if (!replaces && !again) {
      if (changed.empty()) return;
      add({.before = old, .after = record});
      line("changed", record);
      return;
    }
    choose(type, record);
    const bool same_key = type.key != nullptr ? type.key(old) == type.key(record)
                                              : old.physical_id == record.physical_id;
    if (same_key) {
      problem(record.mark, path_of(record.logical_id),
              fmt::format("CloudFormation cannot update a stack when a custom-named resource "
                          "requires replacing. Rename {} and update the stack again.",
                          old.physical_id));
    }
    add({.before = std::nullopt, .after = record});
    if (again) {
      out_.lines.push_back(fmt::format("deployed {} again ({}): what it deploys has changed",
                                       record.logical_id, record.physical_id));
    } else {
      line("replaced", record);
    }
    give_up(type, old, old.retain_replaced);
  }

  struct Changed {
    const std::string& name;  // of a property
    const Node& properties;   // as the file has them
  };
  void refuse_change(const ResourceType& type, const Record& old, const Record& record,
                     const Changed& changed) {
    const std::string above = path_of(record.logical_id) + "/Properties/";
    // What can never be needs no second sentence.
    const bool told = std::ranges::any_of(out_.problems, [&](const Problem& one) {
      return one.path == above + changed.name || one.path + "/" == above;
    });
    if (told) return;
    const auto value = [&](const Json& in) {
      const Json* const found = in.find(changed.name);
      return found == nullptr ? Json() : Json(*found);
    };
    Difference at = first_difference(value(old.properties), value(record.properties));
    const ShownPair pair =
        shown(in_.secrets.masked(std::move(at.before)), in_.secrets.masked(std::move(at.after)));
    const std::string below = fmt::format("{}", fmt::join(at.path, "/"));
    at.path.insert(at.path.begin(), changed.name);
    problem(mark_of(changed.properties, at.path, record.mark),
            fmt::format("{}{}", above, fmt::join(at.path, "/")),
            fmt::format("{} of an {} that is there cannot be changed by this version: {} is {}, "
                        "and this file says {}",
                        changed.name, type.name, below.empty() ? "it" : below, pair.before,
                        pair.after));
  }

  void choose(const ResourceType& type, Record& record) {
    record.physical_id.clear();
    record.chosen.clear();
    type.choose(in_.names, in_.place, record);
  }

  void add(Step step) {
    const Record& record = step.record();
    if (find_type(record.type)->defines_api) apis_.insert(api_of(record));
    out_.run.steps.push_back(std::move(step));
  }

  // `old` is removed, early or late, unless it is to live on.
  void give_up(const ResourceType& type, const Record& old, bool retain) {
    if (retain) {
      out_.lines.push_back(fmt::format("kept     {} ({}) {}: it is to be retained", old.logical_id,
                                       old.type, old.physical_id));
      return;
    }
    if (type.defines_api) apis_.insert(api_of(old));
    (type.removed_early && !frozen_ ? early_ : late_).push_back(old);
  }

  // All of the stack as it is that nobody wants any more, and is of a kind that goes early. Called
  // when everything that comes before deployments is known.
  void remove_early() {
    if (in_.now != nullptr) {
      for (const Record& old : in_.now->resources) {
        const ResourceType* const type = find_type(old.type);
        if (wanted_.contains(old.logical_id) || claimed_.contains(old.logical_id)) continue;
        if (type == nullptr || !type->removed_early) continue;
        claimed_.insert(old.logical_id);
        line("removed", old);
        if (type->defines_api) apis_.insert(api_of(old));
        give_up(*type, old, old.retain);
      }
    }
    for (const Record& old : backwards(early_)) add({.before = old, .after = std::nullopt});
    early_.clear();
    frozen_ = true;
  }

  void remove_late() {
    if (in_.now != nullptr) {
      for (const Record& old : in_.now->resources) {
        if (wanted_.contains(old.logical_id) || claimed_.contains(old.logical_id)) continue;
        const ResourceType* const type = find_type(old.type);
        if (type == nullptr || type->update == nullptr) {
          problem({}, path_of(old.logical_id),
                  fmt::format("an {} cannot leave its stack in this version; expected the resource "
                              "that line {} of the former file declares",
                              old.type, old.mark.line));
          continue;
        }
        line("removed", old);
        give_up(*type, old, old.retain);
      }
    }
    out_.run.keep = out_.run.steps.size();
    for (const Record& old : backwards(late_)) add({.before = old, .after = std::nullopt});
  }

  // In the reverse of the order in which they were made.
  std::vector<Record> backwards(std::vector<Record> records) const {
    std::ranges::sort(records, std::greater<>(), [&](const Record& record) {
      return std::ranges::find(in_.now->resources, record.logical_id, &Record::logical_id) -
             in_.now->resources.begin();
    });
    return records;
  }

  void outputs() {
    for (const Output& output : in_.scope.tmpl().outputs) {
      if (!in_.scope.exists(output.condition)) continue;
      ResolvedText text =
          resolve_text(output.value, "Outputs/" + output.name + "/Value", in_.scope, *this);
      std::ranges::move(text.problems, std::back_inserter(out_.problems));
      out_.run.after.outputs.push_back(
          {.name = output.name, .value = std::move(text.value), .description = output.description});
    }
  }

  void finish() {
    in_.head.resources = std::move(out_.run.after.resources);
    in_.head.outputs = std::move(out_.run.after.outputs);
    out_.run.after = std::move(in_.head);
  }

  // Attributes. What has a problem of its own answers anything.
  std::string ref(std::string_view logical_id) override {
    const auto found = planned_.find(logical_id);
    return found == planned_.end() ? std::string(logical_id) : found->second.physical_id;
  }
  std::optional<std::string> get_att(std::string_view logical_id,
                                     std::string_view attribute) override {
    const Resource* const resource = in_.scope.existing(logical_id);
    const ResourceType* const type = resource == nullptr ? nullptr : find_type(resource->type);
    if (type == nullptr) return std::string(logical_id);
    if (!has(type->attributes, attribute)) return std::nullopt;
    const auto found = planned_.find(logical_id);
    if (found == planned_.end()) return std::string(logical_id);
    return type->attribute(in_.place, found->second, attribute);
  }

  void line(std::string_view what, const Record& record) {
    const ResourceType* const type = find_type(record.type);
    out_.lines.push_back(fmt::format("{:<8} {} ({}) {}{}", what, record.logical_id, record.type,
                                     record.physical_id,
                                     type->inert ? ": accepted, not provisioned" : ""));
  }
  void problem(Mark mark, std::string path, std::string what) {
    out_.problems.push_back({.mark = mark, .path = std::move(path), .what = std::move(what)});
  }

  PlanInput in_;
  Planned out_;
  std::set<std::string, std::less<>> wanted_;   // logical ids of the template that exist
  std::set<std::string, std::less<>> claimed_;  // of the stack as it is: accounted for
  std::set<std::string, std::less<>> unknown_;  // logical ids of what has a problem
  std::map<std::string, Record, std::less<>> planned_;
  std::set<std::string, std::less<>> apis_;  // whose definition changes
  std::vector<Record> early_;                // to be removed before deployments are made
  std::vector<Record> late_;                 // to be removed at the end
  bool frozen_ = false;                      // what is removed early has been removed
};

}  // namespace

Planned plan(PlanInput input) { return Planner(std::move(input)).run(); }

}  // namespace hyd::stacks

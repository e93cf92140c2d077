#include "stacks/template.h"

#include "stacks/nearest.h"
#include "stacks/template_sections.h"
#include "stacks/typing.h"
#include "stacks/yaml.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <utility>

namespace hyd::stacks {
namespace {

constexpr auto kSections = std::to_array<std::string_view>(
    {"AWSTemplateFormatVersion", "Description", "Metadata", "Parameters", "Rules", "Mappings",
     "Conditions", "Transform", "Resources", "Outputs"});
constexpr auto kResourceMembers = std::to_array<std::string_view>(
    {"Type", "Properties", "DependsOn", "Condition", "DeletionPolicy", "UpdateReplacePolicy",
     "Metadata", "CreationPolicy", "UpdatePolicy", "Version"});
constexpr auto kOutputMembers =
    std::to_array<std::string_view>({"Value", "Description", "Condition", "Export"});
constexpr auto kExportMembers = std::to_array<std::string_view>({"Name"});
constexpr auto kRuleMembers = std::to_array<std::string_view>({"RuleCondition", "Assertions"});
constexpr auto kAssertionMembers = std::to_array<std::string_view>({"Assert", "AssertDescription"});

bool is_letter_or_digit(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

// Letters, digits and those of `others`.
bool is_name(std::string_view name, std::string_view others) {
  return !name.empty() && name.size() <= kNameBytesMax && std::ranges::all_of(name, [&](char c) {
    return is_letter_or_digit(c) || others.contains(c);
  });
}

class TemplateParser {
 public:
  explicit TemplateParser(const Node& root) : root_(root) {}

  ParsedTemplate parse() {
    if (root_.kind != Node::Kind::map) {
      findings_.add(root_.mark, "", "Template format error: a template is a map of sections");
      return {.value = {}, .problems = findings_.take()};
    }
    meant_ = expect_keys(findings_, {root_, ""},
                         {kSections, "Invalid template property or properties [{}]"});
    for (const Entry& entry : root_.entries) {
      if (entry.key != "Metadata") refuse_nulls(entry.value, "/" + entry.key);
    }
    head();
    if (const Node* const node = section("Parameters")) {
      out_.parameters = parse_parameters(findings_, *node);
    }
    mappings();
    conditions();
    rules();
    resources();
    outputs();
    return {.value = std::move(out_), .problems = findings_.take()};
  }

 private:
  // Null when it is absent or no map.
  const Node* section(const std::string& name) {
    const Node* const node = root_.find(name);
    return node != nullptr && expect_map(findings_, {*node, name}) ? node : nullptr;
  }

  void refuse_nulls(const Node& node, const std::string& path) {
    if (node.kind == Node::Kind::null) {
      findings_.add_null(node.mark, path.substr(1),
                         fmt::format("Template format error: [{}] 'null' values are not allowed in "
                                     "templates",
                                     path));
    }
    for (std::size_t i = 0; i < node.items.size(); ++i) {
      refuse_nulls(node.items[i], fmt::format("{}/{}", path, i));
    }
    for (const Entry& entry : node.entries) {
      if (entry.key != "Metadata") refuse_nulls(entry.value, path + "/" + entry.key);
    }
  }

  void head();
  void mappings();
  void conditions();
  void rules();
  void rule(const Entry& entry);
  void resources();
  void resource(const Entry& entry);
  void depends_on(const Placed& at, Resource& out);
  Policy policy(const Entry& entry, const std::string& member);
  void outputs();
  void output(const Entry& entry);
  std::optional<Name> condition(const Entry& entry, const std::string& section);
  // False, and told: there are too many to look at each.
  bool count(const Node& section, std::size_t max, const std::string& name);

  const Node& root_;
  Findings findings_;
  std::vector<std::string_view> meant_;  // sections, by misspelled names
  Template out_;
};

bool TemplateParser::count(const Node& section, std::size_t max, const std::string& name) {
  if (section.entries.size() <= max) return true;
  std::string plural = name;
  plural[0] = static_cast<char>(plural[0] - 'A' + 'a');
  findings_.add(section.mark, name,
                fmt::format("Template format error: Number of {}, {}, is greater than maximum "
                            "allowed, {}",
                            plural, section.entries.size(), max));
  return false;
}

void TemplateParser::head() {
  if (const Node* const node = root_.find("AWSTemplateFormatVersion");
      node != nullptr && node->kind != Node::Kind::null &&
      (!node->is_scalar() || node->text != "2010-09-09")) {
    findings_.add(node->mark, "AWSTemplateFormatVersion",
                  "Template format error: unsupported value for AWSTemplateFormatVersion; the only "
                  "one is '2010-09-09'");
  }
  if (const Node* const node = root_.find("Description")) {
    out_.description = expect_text(findings_, {*node, "Description"}).value_or("");
    if (out_.description.size() > kDescriptionBytesMax) {
      findings_.add(node->mark, "Description",
                    fmt::format("Template format error: 'Description' length is greater than {}.",
                                kDescriptionBytesMax));
    }
  }
  const Node* const transform = root_.find("Transform");
  if (transform == nullptr) return;
  const auto refuse = [&](const Node& node) {
    if (auto name = expect_text(findings_, {node, "Transform"})) {
      findings_.add(node.mark, "Transform",
                    fmt::format("The transform {} is not supported", *name));
    }
  };
  if (transform->kind == Node::Kind::list) {
    std::ranges::for_each(transform->items, refuse);
  } else {
    refuse(*transform);
  }
}

void TemplateParser::mappings() {
  out_.mappings = Node::map({});
  const Node* const node = section("Mappings");
  if (node == nullptr) return;
  out_.mappings = *node;
  if (!count(*node, kMappingsMax, "Mappings")) return;
  for (const Entry& mapping : node->entries) {
    const std::string path = "Mappings/" + mapping.key;
    if (!is_alphanumeric(mapping.key)) {
      findings_.add(
          mapping.key_mark, path,
          fmt::format("Template format error: Mapping name {} is non alphanumeric.", mapping.key));
    }
    if (!expect_map(findings_, {mapping.value, path})) continue;
    for (const Entry& top : mapping.value.entries) {
      const std::string top_path = path + "/" + top.key;
      if (!is_name(top.key, ".-")) {
        findings_.add(top.key_mark, top_path,
                      "Keys of a mapping consist of letters, digits, periods and dashes");
      }
      if (!expect_map(findings_, {top.value, top_path})) continue;
      for (const Entry& second : top.value.entries) {
        const bool fits =
            second.value.is_scalar() || (second.value.kind == Node::Kind::list &&
                                         std::ranges::all_of(second.value.items, &Node::is_scalar));
        if (!fits) {
          findings_.add(second.value.mark, top_path + "/" + second.key,
                        "Template format error: Every Mappings attribute must be a String or a "
                        "List.");
        }
      }
    }
  }
}

void TemplateParser::conditions() {
  const Node* const node = section("Conditions");
  if (node == nullptr) return;
  for (const Entry& entry : node->entries) {
    if (!is_name(entry.key, "&_")) {
      findings_.add(entry.key_mark, "Conditions/" + entry.key,
                    "The name of a condition consists of letters, digits, & and _");
    }
    out_.conditions.push_back({entry.key, entry.key_mark, entry.value});
  }
}

void TemplateParser::rules() {
  const Node* const node = section("Rules");
  if (node == nullptr) return;
  for (const Entry& entry : node->entries) rule(entry);
}

void TemplateParser::rule(const Entry& entry) {
  const std::string path = "Rules/" + entry.key;
  if (!expect_map(findings_, {entry.value, path})) return;
  const auto meant = expect_keys(findings_, {entry.value, path},
                                 {kRuleMembers, "Invalid template rule property '{}'"});
  RuleDeclaration rule{entry.key, entry.key_mark, {}, {}};
  if (const Node* const node = entry.value.find("RuleCondition")) rule.condition = *node;
  const Node* const assertions = entry.value.find("Assertions");
  if (assertions == nullptr || assertions->kind != Node::Kind::list || assertions->items.empty()) {
    if (assertions != nullptr || !has_or_means(entry.value, "Assertions", meant)) {
      findings_.add(entry.value.mark, path, "A rule has a list of Assertions");
    }
    return;
  }
  for (std::size_t i = 0; i < assertions->items.size(); ++i) {
    const Node& item = assertions->items[i];
    const std::string item_path = fmt::format("{}/Assertions/{}", path, i);
    if (!expect_map(findings_, {item, item_path})) continue;
    const auto meant_here =
        expect_keys(findings_, {item, item_path},
                    {kAssertionMembers, "Invalid template assertion property '{}'"});
    const Node* const expression = item.find("Assert");
    if (expression == nullptr) {
      if (!has_or_means(item, "Assert", meant_here)) {
        findings_.add(item.mark, item_path, "An assertion has an Assert member");
      }
      continue;
    }
    const Node* const text = item.find("AssertDescription");
    const std::string text_path = item_path + "/AssertDescription";
    rule.assertions.push_back(
        {.expression = *expression,
         .description =
             text == nullptr ? "" : expect_text(findings_, {*text, text_path}).value_or(""),
         .mark = item.mark});
  }
  out_.rules.push_back(std::move(rule));
}

void TemplateParser::resources() {
  const Node* const node = section("Resources");
  if (node == nullptr || node->entries.empty()) {
    if (node != nullptr || !has_or_means(root_, "Resources", meant_)) {
      findings_.add(node == nullptr ? root_.mark : node->mark, node == nullptr ? "" : "Resources",
                    "Template format error: At least one Resources member must be defined.");
    }
    return;
  }
  if (!count(*node, kResourcesMax, "Resources")) return;
  for (const Entry& entry : node->entries) resource(entry);
}

void TemplateParser::resource(const Entry& entry) {
  const std::string path = "Resources/" + entry.key;
  if (!is_alphanumeric(entry.key)) {
    findings_.add(
        entry.key_mark, path,
        fmt::format("Template format error: Resource name {} is non alphanumeric.", entry.key));
  }
  if (out_.find_parameter(entry.key) != nullptr) {
    findings_.add(
        entry.key_mark, path,
        fmt::format("{} is a parameter's name as well: a Ref could mean either", entry.key));
  }
  if (entry.value.kind != Node::Kind::map) {
    if (entry.value.kind != Node::Kind::null) {
      findings_.add(
          entry.value.mark, path,
          fmt::format("Template format error: [/{}] resource definition is malformed", path));
    }
    return;
  }
  const auto meant = expect_keys(findings_, {entry.value, path},
                                 {kResourceMembers, "Invalid template resource property '{}'"});
  Resource out;
  out.logical_id = entry.key;
  out.mark = entry.key_mark;
  out.properties = Node::map({}, entry.key_mark);
  if (const Node* const type = entry.value.find("Type")) {
    out.type = expect_text(findings_, {*type, path + "/Type"}).value_or("");
    out.type_mark = type->mark;
  } else if (!has_or_means(entry.value, "Type", meant)) {
    findings_.add(entry.key_mark, path,
                  fmt::format("Template format error: [/{}] Every Resources object must contain a "
                              "Type member.",
                              path));
  }
  if (const Node* const properties = entry.value.find("Properties");
      properties != nullptr && expect_map(findings_, {*properties, path + "/Properties"})) {
    out.properties = *properties;
  }
  if (const Node* const names = entry.value.find("DependsOn")) {
    depends_on({*names, path + "/DependsOn"}, out);
  }
  out.condition = condition(entry, "Resources");
  out.deletion_policy = policy(entry, "DeletionPolicy");
  out.update_replace_policy = policy(entry, "UpdateReplacePolicy");
  out_.resources.push_back(std::move(out));
}

void TemplateParser::depends_on(const Placed& at, Resource& out) {
  const auto add = [&](const Node& name) {
    if (name.kind == Node::Kind::string || name.kind == Node::Kind::number) {
      out.depends_on.push_back({name.text, name.mark});
    } else if (name.kind != Node::Kind::null) {
      findings_.add(name.mark, at.path,
                    "Template format error: DependsOn must be a string or list of strings.");
    }
  };
  if (at.node.kind == Node::Kind::list) {
    std::ranges::for_each(at.node.items, add);
  } else {
    add(at.node);
  }
}

Policy TemplateParser::policy(const Entry& entry, const std::string& member) {
  const Node* const node = entry.value.find(member);
  if (node == nullptr) return Policy::remove;
  const std::string path = fmt::format("Resources/{}/{}", entry.key, member);
  const auto text = expect_text(findings_, {*node, path});
  if (!text || text == "Delete") return Policy::remove;
  if (text == "Retain") return Policy::retain;
  if (text == "RetainExceptOnCreate" && member == "DeletionPolicy") {
    return Policy::retain_except_on_create;
  }
  findings_.add(
      node->mark, path,
      text == "Snapshot"
          ? fmt::format("{} Snapshot is not supported: nothing here has snapshots", member)
          : fmt::format("Template format error: Unrecognized {} {} for resource {}", member, *text,
                        entry.key));
  return Policy::remove;
}

std::optional<Name> TemplateParser::condition(const Entry& entry, const std::string& section) {
  const Node* const node = entry.value.find("Condition");
  if (node == nullptr) return std::nullopt;
  const std::string path = fmt::format("{}/{}/Condition", section, entry.key);
  auto text = expect_text(findings_, {*node, path});
  if (!text) return std::nullopt;
  if (out_.find_condition(*text) == nullptr) {
    std::vector<std::string_view> known;
    known.reserve(out_.conditions.size());
    for (const ConditionDeclaration& one : out_.conditions) known.push_back(one.name);
    findings_.add({.mark = node->mark,
                   .path = path,
                   .what = fmt::format("Template format error: Unresolved condition dependency {} "
                                       "in the {} block of the template{}",
                                       *text, section, suggestion(*text, known)),
                   .missing = *text});
  }
  return Name{*std::move(text), node->mark};
}

void TemplateParser::outputs() {
  const Node* const node = section("Outputs");
  if (node == nullptr) return;
  if (!count(*node, kOutputsMax, "Outputs")) return;
  for (const Entry& entry : node->entries) output(entry);
}

void TemplateParser::output(const Entry& entry) {
  const std::string path = "Outputs/" + entry.key;
  if (!is_alphanumeric(entry.key)) {
    findings_.add(
        entry.key_mark, path,
        fmt::format("Template format error: Output name {} is non alphanumeric.", entry.key));
  }
  if (!expect_map(findings_, {entry.value, path})) return;
  const auto meant = expect_keys(findings_, {entry.value, path},
                                 {kOutputMembers, "Invalid template output property '{}'"});
  Output out;
  out.name = entry.key;
  out.mark = entry.key_mark;
  if (const Node* const value = entry.value.find("Value")) {
    out.value = *value;
  } else if (!has_or_means(entry.value, "Value", meant)) {
    findings_.add(entry.key_mark, path,
                  "Template format error: Every Outputs member must contain a Value object");
  }
  if (const Node* const text = entry.value.find("Description")) {
    out.description = expect_text(findings_, {*text, path + "/Description"}).value_or("");
    if (out.description.size() > kDescriptionBytesMax) {
      findings_.add(text->mark, path + "/Description",
                    fmt::format("Template format error: 'Description' length is greater than {}.",
                                kDescriptionBytesMax));
    }
  }
  out.condition = condition(entry, "Outputs");
  const std::string export_path = path + "/Export";
  if (const Node* const node = entry.value.find("Export");
      node != nullptr && expect_map(findings_, {*node, export_path})) {
    const auto meant_here = expect_keys(findings_, {*node, export_path},
                                        {kExportMembers, "Invalid template export property '{}'"});
    const Node* const name = node->find("Name");
    if (name != nullptr) {
      out.export_name = *name;
    } else if (!has_or_means(*node, "Name", meant_here)) {
      findings_.add(node->mark, export_path, "An export has a Name");
    }
  }
  out_.outputs.push_back(std::move(out));
}

template <class T>
const T* find_by(const std::vector<T>& all, std::string T::* name, std::string_view wanted) {
  const auto found = std::ranges::find(all, wanted, name);
  return found == all.end() ? nullptr : &*found;
}

}  // namespace

bool is_alphanumeric(std::string_view name) { return is_name(name, ""); }

bool expect_map(Findings& findings, const Placed& at) {
  if (at.node.kind == Node::Kind::map) return true;
  if (at.node.kind != Node::Kind::null) {
    findings.add(at.node.mark, at.path, "Template format error: expected a map here");
  }
  return false;
}

std::optional<std::string> expect_text(Findings& findings, const Placed& at) {
  if (at.node.kind == Node::Kind::null) return std::nullopt;
  auto text = as_text(at.node, at.path);
  if (text) return *std::move(text);
  findings.add(text.error().mark, text.error().path, "Template format error: " + text.error().what);
  return std::nullopt;
}

std::vector<Problem> Findings::take() {
  for (Problem& one : nulls_) {
    const bool told = std::ranges::find(problems_, one.path, &Problem::path) != problems_.end();
    if (!told) problems_.push_back(std::move(one));
  }
  return std::move(problems_);
}

bool has_or_means(const Node& map, std::string_view member,
                  std::span<const std::string_view> meant) {
  return map.find(member) != nullptr || std::ranges::find(meant, member) != meant.end();
}

std::vector<std::string_view> expect_keys(Findings& findings, const Placed& at,
                                          const KnownKeys& known) {
  std::vector<std::string_view> meant;
  for (const Entry& entry : at.node.entries) {
    if (std::ranges::find(known.names, entry.key) != known.names.end()) continue;
    meant.push_back(nearest(entry.key, known.names));
    const std::string path = at.path.empty() ? entry.key : at.path + "/" + entry.key;
    findings.add(
        entry.key_mark, path,
        fmt::format(fmt::runtime(known.complaint), entry.key) + suggestion(entry.key, known.names));
  }
  return meant;
}

const ParameterDeclaration* Template::find_parameter(std::string_view name) const {
  return find_by(parameters, &ParameterDeclaration::name, name);
}

const ConditionDeclaration* Template::find_condition(std::string_view name) const {
  return find_by(conditions, &ConditionDeclaration::name, name);
}

const Resource* Template::find_resource(std::string_view logical_id) const {
  return find_by(resources, &Resource::logical_id, logical_id);
}

ParsedTemplate parse_template(const Node& root) { return TemplateParser(root).parse(); }

ParsedTemplate parse_template(std::string_view text) {
  Read read = read_text(text);
  if (!read.problems.empty()) return {.value = {}, .problems = std::move(read.problems)};
  return parse_template(read.root);
}

}  // namespace hyd::stacks

#include "stacks/functions.h"

#include "base/parse_int.h"
#include "codec/base64.h"
#include "stacks/nearest.h"
#include "stacks/sub.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <utility>

namespace hyd::stacks {

struct FunctionRow {
  std::string_view name;
  Resolver::Value (Resolver::*function)(const Node& argument);
};

namespace {

constexpr std::size_t kNodeBytes = 32;  // what a node counts beside its text

constexpr auto kUnsupported = std::to_array<std::string_view>(
    {"Fn::ImportValue", "Fn::GetStackOutput", "Fn::Transform", "Fn::ToJsonString", "Fn::Length"});
// Where only true or false is wanted.
constexpr auto kLogical = std::to_array<std::string_view>(
    {"Fn::Equals", "Fn::And", "Fn::Or", "Fn::Not", "Fn::Contains", "Fn::EachMemberEquals",
     "Fn::EachMemberIn", "Fn::RefAll", "Fn::ValueOf", "Fn::ValueOfAll"});

constexpr std::string_view kNoValue = "AWS::NoValue";
constexpr std::string_view kJoinForm =
    "Template error: every Fn::Join object requires two parameters, (1) a string delimiter and (2) "
    "a list of strings to be joined or a function that returns a list of strings (such as "
    "Fn::GetAZs) to be joined.";
constexpr std::string_view kSubForm =
    "Template error: One or more Fn::Sub intrinsic functions don't specify expected arguments. "
    "Specify a string as first argument, and an optional second argument to specify a mapping of "
    "values to replace in the string";
constexpr std::string_view kSubNames =
    "Template error: variable names in Fn::Sub syntax must contain only alphanumeric characters, "
    "underscores, periods, and colons";
constexpr std::string_view kGetAttForm =
    "Template error: every Fn::GetAtt object requires two non-empty parameters, the resource name "
    "and the resource attribute";
constexpr std::string_view kSelectForm =
    "Template error: every Fn::Select object requires two parameters, the first is an index and "
    "the second a list";
constexpr std::string_view kSplitForm =
    "Template error: every Fn::Split object requires two parameters, (1) a string delimiter and "
    "(2) a string to be split or a function that returns a string to be split.";
constexpr std::string_view kFindForm =
    "Template error: every Fn::FindInMap object requires three parameters, the map name, map key "
    "and the attribute for return value";
constexpr std::string_view kCidrForm =
    "Template error: every Fn::Cidr object requires an IPv4 block, a count from 1 to 256 and, "
    "unless 8, the number of bits of each part";

bool is_list_of(const Node& node, std::size_t least, std::size_t most) {
  return node.kind == Node::Kind::list && node.items.size() >= least && node.items.size() <= most;
}

bool is_among(std::span<const std::string_view> known, std::string_view name) {
  return std::ranges::find(known, name) != known.end();
}

struct Block {
  std::uint32_t address = 0;
  unsigned prefix = 0;
};

std::optional<Block> parse_block(std::string_view text) {
  const std::size_t slash = text.find('/');
  if (slash == std::string_view::npos) return std::nullopt;
  const auto prefix = base::parse_int<unsigned>(text.substr(slash + 1));
  if (!prefix || *prefix > 32) return std::nullopt;
  std::string_view rest = text.substr(0, slash);
  std::uint32_t address = 0;
  for (int part = 0; part < 4; ++part) {
    const std::size_t dot = rest.find('.');
    if ((dot == std::string_view::npos) != (part == 3)) return std::nullopt;
    const auto byte = base::parse_int<std::uint8_t>(rest.substr(0, dot));
    if (!byte) return std::nullopt;
    address = (address << 8U) | *byte;
    rest = part == 3 ? std::string_view() : rest.substr(dot + 1);
  }
  return Block{address, *prefix};
}

}  // namespace

const Entry* call_of(const Node& node) {
  if (node.kind != Node::Kind::map || node.entries.size() != 1) return nullptr;
  const Entry& only = node.entries.front();
  return only.key == "Ref" || only.key.starts_with("Fn::") ? &only : nullptr;
}

std::optional<GetAtt> parse_get_att(const Node& argument) {
  GetAtt out;
  if (argument.kind == Node::Kind::string) {
    const SubName both = parse_sub_name(argument.text);
    out.resource = both.name;
    out.written = both.attribute;
  } else if (is_list_of(argument, 2, 2) && argument.items[0].is_scalar()) {
    out.resource = argument.items[0].text;
    out.attribute = &argument.items[1];
    if (out.attribute->is_scalar()) out.written = out.attribute->text;
  }
  if (out.resource.empty()) return std::nullopt;
  const bool computed = out.attribute != nullptr && !out.attribute->is_scalar();
  if (!computed) out.attribute = nullptr;
  if (out.written.empty() && !computed) return std::nullopt;
  return out;
}

SubArgument parse_sub_argument(const Node& argument) {
  SubArgument out;
  if (argument.is_scalar() && argument.kind != Node::Kind::null) {
    out.text = &argument;
  } else if (is_list_of(argument, 2, 2) && argument.items[0].is_scalar() &&
             argument.items[1].kind == Node::Kind::map) {
    out.text = &argument.items[0];
    out.values = &argument.items[1];
  }
  return out;
}

std::string unresolved_resource(std::string_view name, std::string_view block) {
  return fmt::format(
      "Template format error: Unresolved resource dependencies [{}] in the {} block of the "
      "template",
      name, block);
}

std::string unresolved_condition(std::string_view name, const Template& tmpl) {
  std::vector<std::string_view> known;
  known.reserve(tmpl.conditions.size());
  for (const ConditionDeclaration& one : tmpl.conditions) known.push_back(one.name);
  return fmt::format("Template error: unresolved condition dependency {} in Fn::If{}", name,
                     suggestion(name, known));
}

void Resolver::problem(Mark mark, std::string what) {
  problems_.push_back({.mark = mark, .path = path_, .what = std::move(what)});
}

Resolver::Value Resolver::wrong(Mark mark, std::string what) {
  problem(mark, std::move(what));
  return Node::string("", mark);
}

bool Resolver::charge(std::size_t bytes, Mark mark) {
  const bool before = bytes_ <= kResolvedBytesMax;
  bytes_ += std::min(bytes, kResolvedBytesMax + 1);
  if (bytes_ <= kResolvedBytesMax) return true;
  if (before) {
    problem(mark, fmt::format("The values here come to more than {} bytes", kResolvedBytesMax));
  }
  return false;
}

Node Resolver::made(std::string text, Mark mark) {
  if (!charge(text.size() + kNodeBytes, mark)) text.clear();
  return Node::string(std::move(text), mark);
}

std::optional<Node> Resolver::resolve(const Node& node) {
  if (!charge(node.text.size() + kNodeBytes, node.mark)) return Node::string("", node.mark);
  if (node.kind == Node::Kind::list) return list(node);
  if (node.kind == Node::Kind::map) {
    const Entry* const entry = call_of(node);
    return entry != nullptr ? call(*entry) : map(node);
  }
  if (node.kind == Node::Kind::string && node.text.contains("{{resolve:")) {
    return wrong(node.mark, "Dynamic references ({{resolve:...}}) are not supported");
  }
  return node;
}

Resolver::Value Resolver::list(const Node& node) {
  Node out = Node::list({}, node.mark);
  for (std::size_t i = 0; i < node.items.size(); ++i) {
    const PathStep step(path_, std::to_string(i));
    if (auto item = resolve(node.items[i])) out.items.push_back(*std::move(item));
  }
  return out;
}

Resolver::Value Resolver::map(const Node& node) {
  Node out = Node::map({}, node.mark);
  for (const Entry& entry : node.entries) {
    const PathStep step(path_, entry.key);
    if (!charge(entry.key.size(), entry.key_mark)) break;
    if (auto value = resolve(entry.value)) {
      out.entries.push_back({entry.key, entry.key_mark, *std::move(value)});
    }
  }
  return out;
}

Resolver::Value Resolver::call(const Entry& entry) {
  static constexpr FunctionRow kFunctions[] = {
      {"Ref", &Resolver::ref},
      {"Fn::GetAtt", &Resolver::get_att},
      {"Fn::Sub", &Resolver::sub},
      {"Fn::Join", &Resolver::join},
      {"Fn::Select", &Resolver::select},
      {"Fn::Split", &Resolver::split},
      {"Fn::If", &Resolver::condition},
      {"Fn::FindInMap", &Resolver::find_in_map},
      {"Fn::Base64", &Resolver::base64},
      {"Fn::Cidr", &Resolver::cidr},
      {"Fn::GetAZs", &Resolver::availability_zones},
  };
  const PathStep step(path_, entry.key);
  const auto row = std::ranges::find(kFunctions, entry.key, &FunctionRow::name);
  if (row != std::end(kFunctions)) return (this->*row->function)(entry.value);
  if (is_among(kLogical, entry.key)) {
    return wrong(entry.key_mark,
                 fmt::format("{} can only be used in Conditions and Rules", entry.key));
  }
  if (is_among(kUnsupported, entry.key) || entry.key.starts_with("Fn::ForEach::")) {
    return wrong(entry.key_mark, fmt::format("{} is not supported", entry.key));
  }
  std::vector<std::string_view> names;
  for (const FunctionRow& one : kFunctions) names.push_back(one.name);
  return wrong(entry.key_mark,
               fmt::format("There is no function {}{}", entry.key, suggestion(entry.key, names)));
}

std::string Resolver::text(const Node& node) {
  const auto value = resolve(node);
  if (!value) return {};
  if (!value->is_scalar() || value->kind == Node::Kind::null) {
    problem(node.mark, "Template error: a text is wanted here");
    return {};
  }
  return value->text;
}

std::vector<Node> Resolver::items(const Node& node, std::string_view complaint) {
  auto value = resolve(node);
  if (value && value->kind == Node::Kind::list) return std::move(value->items);
  if (!failed()) problem(node.mark, std::string(complaint));
  return {};
}

Resolver::Value Resolver::name(std::string_view name, Mark mark) {
  if (name == kNoValue) return std::nullopt;
  if (const Node* const value = scope_.value(name)) {
    Node out = *value;
    out.mark = mark;
    std::size_t bytes = out.text.size();
    for (Node& item : out.items) {
      item.mark = mark;
      bytes += item.text.size() + kNodeBytes;
    }
    return charge(bytes, mark) ? std::move(out) : Node::string("", mark);
  }
  if (attributes_ == nullptr) {
    const std::string block = path_.substr(0, path_.find('/'));
    if (block != "Conditions" && block != "Rules") {
      return wrong(mark, fmt::format("Fn::FindInMap cannot depend on the resource {}", name));
    }
    std::vector<std::string_view> known;
    scope_.add_names(known);
    return wrong(mark, fmt::format("Template format error: Unresolved dependencies [{}]. Cannot "
                                   "reference resources in the {} block of the template{}",
                                   name, block, suggestion(name, known)));
  }
  if (scope_.existing(name) == nullptr) {
    return wrong(mark, unresolved_resource(name, path_.substr(0, path_.find('/'))));
  }
  return made(attributes_->ref(name), mark);
}

Resolver::Value Resolver::ref(const Node& argument) {
  if (!argument.is_scalar() || argument.text.empty()) {
    return wrong(argument.mark,
                 "Template format error: Every Ref object must have a single String value.");
  }
  return name(argument.text, argument.mark);
}

Resolver::Value Resolver::attribute(std::string_view resource, std::string_view attribute,
                                    Mark mark) {
  if (attributes_ == nullptr) return name(resource, mark);
  if (scope_.tmpl().find_resource(resource) == nullptr) {
    return wrong(mark, fmt::format("Template error: instance of Fn::GetAtt references undefined "
                                   "resource {}",
                                   resource));
  }
  if (scope_.existing(resource) == nullptr) return name(resource, mark);
  auto value = attributes_->get_att(resource, attribute);
  if (value) return made(*std::move(value), mark);
  return wrong(mark, fmt::format("Template error: resource {} does not support attribute type {} "
                                 "in Fn::GetAtt",
                                 resource, attribute));
}

Resolver::Value Resolver::get_att(const Node& argument) {
  const auto parsed = parse_get_att(argument);
  if (!parsed) return wrong(argument.mark, std::string(kGetAttForm));
  std::string name = parsed->written;
  if (parsed->attribute != nullptr) name = text(*parsed->attribute);
  return attribute(parsed->resource, name, argument.mark);
}

std::string Resolver::variable(std::string_view variable, const std::vector<Entry>& values,
                               Mark mark) {
  if (const auto found = std::ranges::find(values, variable, &Entry::key); found != values.end()) {
    return found->value.text;
  }
  const SubName parsed = parse_sub_name(variable);
  const Value value = parsed.attribute.empty() ? name(parsed.name, mark)
                                               : attribute(parsed.name, parsed.attribute, mark);
  if (!value) return {};
  if (!value->is_scalar()) {
    problem(mark, fmt::format("Template error: {} is a list, which Fn::Sub cannot put in a text; "
                              "use Fn::Join",
                              variable));
  }
  return value->text;
}

Resolver::Value Resolver::sub(const Node& argument) {
  const SubArgument parsed = parse_sub_argument(argument);
  if (parsed.text == nullptr) return wrong(argument.mark, std::string(kSubForm));
  const auto parts = parse_sub(parsed.text->text);
  if (!parts) return wrong(parsed.text->mark, std::string(kSubNames));
  std::vector<Entry> values;
  if (parsed.values != nullptr) {
    for (const Entry& entry : parsed.values->entries) {
      const PathStep step(path_, entry.key);
      values.push_back({entry.key, entry.key_mark, Node::string(text(entry.value))});
    }
  }
  std::string out;
  for (const SubPart& part : *parts) {
    const std::size_t before = out.size();
    out += part.variable ? variable(part.text, values, parsed.text->mark) : std::string(part.text);
    if (!charge(out.size() - before, argument.mark)) break;
  }
  return Node::string(std::move(out), argument.mark);
}

Resolver::Value Resolver::join(const Node& argument) {
  if (!is_list_of(argument, 2, 2) || !argument.items[0].is_scalar()) {
    return wrong(argument.mark, std::string(kJoinForm));
  }
  std::string out;
  bool first = true;
  for (const Node& item : items(argument.items[1], kJoinForm)) {
    if (!item.is_scalar()) return wrong(item.mark, std::string(kJoinForm));
    if (!std::exchange(first, false)) out += argument.items[0].text;
    out += item.text;
    if (out.size() > kResolvedBytesMax) break;
  }
  return made(std::move(out), argument.mark);
}

Resolver::Value Resolver::select(const Node& argument) {
  if (!is_list_of(argument, 2, 2)) return wrong(argument.mark, std::string(kSelectForm));
  const std::string index_text = text(argument.items[0]);
  std::vector<Node> all = items(argument.items[1], kSelectForm);
  if (failed()) return Node::string("", argument.mark);
  const auto index = base::parse_int<std::int64_t>(index_text);
  if (!index) return wrong(argument.mark, std::string(kSelectForm));
  if (*index < 0 || static_cast<std::uint64_t>(*index) >= all.size()) {
    return wrong(
        argument.mark,
        fmt::format("Template error: Fn::Select cannot select nonexistent value at index {}",
                    *index));
  }
  return std::move(all[static_cast<std::size_t>(*index)]);
}

Resolver::Value Resolver::split(const Node& argument) {
  if (!is_list_of(argument, 2, 2) || !argument.items[0].is_scalar() ||
      argument.items[0].text.empty()) {
    return wrong(argument.mark, std::string(kSplitForm));
  }
  const std::string& delimiter = argument.items[0].text;
  const std::string whole = text(argument.items[1]);
  std::string_view rest = whole;
  Node out = Node::list({}, argument.mark);
  for (;;) {
    const std::size_t at = rest.find(delimiter);
    out.items.push_back(made(std::string(rest.substr(0, at)), argument.mark));
    if (at == std::string_view::npos || bytes_ > kResolvedBytesMax) return out;
    rest.remove_prefix(at + delimiter.size());
  }
}

Resolver::Value Resolver::condition(const Node& argument) {
  if (attributes_ == nullptr) {
    return wrong(argument.mark, "Fn::If cannot be used in Conditions and Rules");
  }
  if (!is_list_of(argument, 3, 3) || !argument.items[0].is_scalar()) {
    return wrong(argument.mark,
                 "Template error: Fn::If requires a list argument with three parameters");
  }
  const std::string& name = argument.items[0].text;
  if (!scope_.has_condition(name)) {
    return wrong(argument.items[0].mark, unresolved_condition(name, scope_.tmpl()));
  }
  const std::size_t taken = scope_.holds(name) ? 1 : 2;
  const PathStep step(path_, std::to_string(taken));
  return resolve(argument.items[taken]);
}

Resolver::Value Resolver::find_in_map(const Node& argument) {
  if (argument.kind == Node::Kind::list && argument.items.size() == 4) {
    return wrong(argument.mark,
                 "A DefaultValue of Fn::FindInMap needs AWS::LanguageExtensions, which is not "
                 "supported");
  }
  if (!is_list_of(argument, 3, 3)) return wrong(argument.mark, std::string(kFindForm));
  Attributes* const attributes = std::exchange(attributes_, nullptr);
  std::array<std::string, 3> keys;
  for (std::size_t i = 0; i < keys.size(); ++i) keys[i] = text(argument.items[i]);
  attributes_ = attributes;
  if (failed()) return Node::string("", argument.mark);
  const Node* found = scope_.tmpl().mappings.find(keys[0]);
  if (found == nullptr) {
    return wrong(argument.mark, fmt::format("Template error: Mapping named '{}' is not present in "
                                            "the 'Mappings' section of template",
                                            keys[0]));
  }
  found = found->find(keys[1]);
  if (found != nullptr) found = found->find(keys[2]);
  if (found == nullptr) {
    return wrong(argument.mark, fmt::format("Template error: Unable to get mapping for {}::{}::{}",
                                            keys[0], keys[1], keys[2]));
  }
  if (found->kind != Node::Kind::list) return made(found->text, argument.mark);
  Node out = Node::list({}, argument.mark);
  for (const Node& item : found->items) out.items.push_back(made(item.text, argument.mark));
  return out;
}

Resolver::Value Resolver::base64(const Node& argument) {
  return made(codec::base64_encode(text(argument)), argument.mark);
}

Resolver::Value Resolver::cidr(const Node& argument) {
  if (!is_list_of(argument, 2, 3)) return wrong(argument.mark, std::string(kCidrForm));
  const auto block = parse_block(text(argument.items[0]));
  const auto count = base::parse_int<std::uint32_t>(text(argument.items[1]));
  const auto bits = base::parse_int<unsigned>(argument.items.size() == 3 ? text(argument.items[2])
                                                                         : std::string("8"));
  if (failed()) return Node::string("", argument.mark);
  const bool fits = block && count && *count >= 1 && *count <= 256 && bits && *bits >= 1 &&
                    *bits <= 32 - block->prefix &&
                    *count <= (std::uint64_t{1} << (32 - block->prefix - *bits));
  if (!fits) return wrong(argument.mark, std::string(kCidrForm));
  Node out = Node::list({}, argument.mark);
  // A /0 has no bits to keep, and a shift by 32 is no shift.
  const std::uint64_t size = std::uint64_t{1} << (32 - block->prefix);
  const std::uint64_t start = block->address & ~(size - 1);
  for (std::uint32_t i = 0; i < *count; ++i) {
    const std::uint64_t at = start + (std::uint64_t{i} << *bits);
    out.items.push_back(made(fmt::format("{}.{}.{}.{}/{}", at >> 24U, (at >> 16U) & 255U,
                                         (at >> 8U) & 255U, at & 255U, 32 - *bits),
                             argument.mark));
  }
  return out;
}

Resolver::Value Resolver::availability_zones(const Node& argument) {
  std::string region = text(argument);
  if (const Node* const own = scope_.value("AWS::Region"); region.empty() && own != nullptr) {
    region = own->text;
  }
  Node out = Node::list({}, argument.mark);
  for (const char zone : {'a', 'b', 'c'}) out.items.push_back(made(region + zone, argument.mark));
  return out;
}

}  // namespace hyd::stacks

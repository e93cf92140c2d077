#include "codec/json_tree.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

namespace hyd::codec {

// The address of the value; documents are only lent, so that those made here are told apart.
JsonNode JsonValueTree::node(const Json& value) {
  return {.first = reinterpret_cast<std::uintptr_t>(&value), .second = 0};
}

const Json& JsonValueTree::value(const JsonNode& node) {
  return *reinterpret_cast<const Json*>(static_cast<std::uintptr_t>(node.first));
}

JsonNode JsonValueTree::keep(Json value) {
  made_.push_back(std::move(value));
  return node(made_.back());
}

Json* JsonValueTree::mine(const JsonNode& node) {
  for (Json& json : made_) {
    if (&json == &value(node)) return &json;
  }
  return nullptr;
}

JsonTree::Type JsonValueTree::type(const JsonNode& node) {
  switch (value(node).kind()) {
    case Json::Kind::null: return Type::null;
    case Json::Kind::boolean: return Type::boolean;
    case Json::Kind::number: return Type::number;
    case Json::Kind::string: return Type::string;
    case Json::Kind::array: return Type::array;
    case Json::Kind::object: return Type::object;
  }
  return Type::other;
}

double JsonValueTree::number(const JsonNode& node) {
  const std::string& text = value(node).if_number()->text;
  double number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

std::size_t JsonValueTree::size(const JsonNode& container) {
  const Json& json = value(container);
  return json.if_array() != nullptr ? json.if_array()->size() : json.if_object()->size();
}

JsonNode JsonValueTree::item(const JsonNode& array, std::size_t index) {
  return node((*value(array).if_array())[index]);
}

std::optional<JsonNode> JsonValueTree::member(const JsonNode& object, std::string_view name) {
  const Json* const found = value(object).find(name);
  if (found == nullptr) return std::nullopt;
  return node(*found);
}

bool JsonValueTree::next_member(const JsonNode& object, std::size_t& cursor, std::string_view& name,
                                JsonNode& out) {
  const Json::Object& members = *value(object).if_object();
  if (cursor >= members.size()) return false;
  name = members[cursor].first;
  out = node(members[cursor].second);
  ++cursor;
  return true;
}

JsonNode JsonValueTree::make_array(std::span<const JsonNode> items) {
  Json::Array array;
  for (const JsonNode& item : items) array.push_back(value(item));
  return keep(Json(std::move(array)));
}

void JsonValueTree::set_member(const JsonNode& object, std::string_view name, const JsonNode& to) {
  if (Json* const json = mine(object)) json->set(name, value(to));
}

// Documents are const: a path's append() changes only what paths have made.
void JsonValueTree::append(const JsonNode& array, const JsonNode& item) {
  Json* const json = mine(array);
  if (json != nullptr && json->if_array() != nullptr) json->if_array()->push_back(value(item));
}

JsonNode JsonValueTree::make_double(double value) {
  std::array<char, 32> buffer;
  const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value);
  return keep(Json(Json::Number{std::string(buffer.data(), end.ptr)}));
}

JsonNode JsonValueTree::make_names(const JsonNode& object) {
  Json::Array names;
  for (const auto& [name, member] : *value(object).if_object()) names.emplace_back(name);
  return keep(Json(std::move(names)));
}

std::optional<JsonNode> JsonValueTree::read(std::string_view json) {
  std::string text(json);
  if (text.find('"') == std::string::npos) std::replace(text.begin(), text.end(), '\'', '"');
  base::Result<Json> parsed = parse_json(text);
  if (!parsed) return std::nullopt;
  return keep(*std::move(parsed));
}

bool JsonValueTree::charge(std::uint64_t steps) {
  if (steps > steps_left_) return false;
  steps_left_ -= steps;
  return true;
}

}  // namespace hyd::codec

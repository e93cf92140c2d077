#include "vtl/value_tree.h"

#include "vtl/arithmetic.h"
#include "vtl/json_reader.h"
#include "vtl/objects.h"
#include "vtl/rendering.h"

#include <cstring>

namespace hyd::vtl {

using codec::JsonNode;

static_assert(sizeof(JsonNode) == sizeof(Value) && std::is_trivially_copyable_v<Value>);

JsonNode ValueTree::node(const Value& value) {
  JsonNode node;
  std::memcpy(static_cast<void*>(&node), &value, sizeof node);
  return node;
}

Value ValueTree::value(const JsonNode& node) {
  Value value;
  std::memcpy(static_cast<void*>(&value), &node, sizeof value);
  return value;
}

ValueTree::Type ValueTree::type(const JsonNode& node) {
  const Value v = value(node);
  switch (v.kind()) {
    case Kind::null: return Type::null;
    case Kind::boolean: return Type::boolean;
    case Kind::text: return Type::string;
    case Kind::list: return Type::array;
    case Kind::map: return Type::object;
    default: return v.is_number() ? Type::number : Type::other;
  }
}

double ValueTree::number(const JsonNode& node) { return to_double(value(node)); }

std::string ValueTree::number_text(const JsonNode& node) {
  std::string text;
  append_number(value(node), text);
  return text;
}

std::string ValueTree::text(const JsonNode& node) {
  std::string text;
  append_text(run_, value(node), text);
  return text;
}

std::size_t ValueTree::size(const JsonNode& container) {
  const Value v = value(container);
  return v.kind() == Kind::list ? v.list()->size : v.map()->size;
}

JsonNode ValueTree::item(const JsonNode& array, std::size_t index) {
  return node(value(array).list()->items[index]);
}

std::optional<JsonNode> ValueTree::member(const JsonNode& object, std::string_view name) {
  const Entry* const entry = find(run_, *value(object).map(), name);
  if (entry == nullptr) return std::nullopt;
  return node(entry->value);
}

bool ValueTree::next_member(const JsonNode& object, std::size_t& cursor, std::string_view& name,
                            JsonNode& out) {
  auto at = static_cast<std::uint32_t>(cursor);
  Entry* entry = nullptr;
  if (!next_entry(*value(object).map(), at, entry)) return false;
  cursor = at;
  name = entry->key.is_text() ? entry->key.text() : std::string_view();
  out = node(entry->value);
  return true;
}

bool ValueTree::equal(const JsonNode& a, const JsonNode& b) {
  return equals(run_, value(a), value(b));
}

JsonNode ValueTree::make_array(std::span<const JsonNode> items) {
  List* const list = new_list(run_, List::Form::json, static_cast<std::uint32_t>(items.size()));
  for (const JsonNode& item : items) vtl::append(run_, *list, value(item));
  return node(Value(list));
}

JsonNode ValueTree::make_object() { return node(Value(new_map(run_))); }

void ValueTree::set_member(const JsonNode& object, std::string_view name, const JsonNode& to) {
  put(run_, *value(object).map(), run_.make_text(name), value(to));
}

void ValueTree::append(const JsonNode& array, const JsonNode& item) {
  vtl::append(run_, *value(array).list(), value(item));
}

JsonNode ValueTree::make_string(std::string_view text) { return node(run_.make_text(text)); }

JsonNode ValueTree::make_names(const JsonNode& object) {
  View* const view = run_.heap().make<View>();
  view->map = value(object).map();
  return node(Value(view));
}

std::optional<JsonNode> ValueTree::read(std::string_view json) {
  const Value v = read_json(run_, run_.heap().copy(json));
  if (run_.failed()) return std::nullopt;
  return node(v);
}

}  // namespace hyd::vtl

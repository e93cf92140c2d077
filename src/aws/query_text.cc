#include "aws/query_text.h"

#include "aws/shape.h"
#include "aws/shape_text.h"
#include "base/parse_int.h"
#include "codec/json.h"
#include "codec/time_text.h"
#include "codec/xml.h"

#include <algorithm>
#include <cstdint>
#include <map>
#include <memory>
#include <utility>

namespace hyd::aws {
namespace {

using codec::Json;

// A form's parameters as the tree that their dotted names mean.
struct Node {
  const std::string* value = nullptr;
  std::map<std::string_view, std::unique_ptr<Node>> children;
};

// Deeper names than any shape has are ignored, like all unknown members.
constexpr int kDepthMax = 16;

void plant(Node& root, std::string_view name, const std::string& value) {
  Node* at = &root;
  for (int depth = 0; !name.empty(); ++depth) {
    if (depth == kDepthMax) return;
    const std::size_t dot = name.find('.');
    std::unique_ptr<Node>& child = at->children[name.substr(0, dot)];
    if (child == nullptr) child = std::make_unique<Node>();
    at = child.get();
    name = dot == std::string_view::npos ? std::string_view() : name.substr(dot + 1);
  }
  at->value = &value;
}

const Node* find(const Node& node, std::string_view name) {
  const auto child = node.children.find(name);
  return child == node.children.end() ? nullptr : child->second.get();
}

// Children named by numbers, in their order.
std::vector<const Node*> numbered(const Node& node) {
  std::vector<std::pair<std::uint32_t, const Node*>> found;
  for (const auto& [name, child] : node.children) {
    if (const auto number = base::parse_int<std::uint32_t>(name)) {
      found.emplace_back(*number, child.get());
    }
  }
  std::ranges::sort(found, {}, &std::pair<std::uint32_t, const Node*>::first);
  std::vector<const Node*> nodes;
  for (const auto& [number, child] : found) nodes.push_back(child);
  return nodes;
}

bool looks_like_number(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) {
    return (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '+' || c == 'e' || c == 'E';
  });
}

Json structure(Shape shape, const Node& node);

Json value_of(const Spec& spec, const Type& type, const Node& node) {
  switch (spec.kind) {
    case Kind::structure: return structure(type.shape(), node);
    case Kind::list: {
      Json::Array items;
      const Node* member = find(node, "member");
      for (const Node* item : numbered(member != nullptr ? *member : node)) {
        items.push_back(value_of(*spec.item, *type.item, *item));
      }
      return items;
    }
    case Kind::map: {
      Json::Object entries;
      const Node* entry = find(node, "entry");
      for (const Node* item : numbered(entry != nullptr ? *entry : node)) {
        const Node* key = find(*item, "key");
        const Node* value = find(*item, "value");
        if (key == nullptr || key->value == nullptr || value == nullptr) continue;
        entries.emplace_back(*key->value, value_of(*spec.item, *type.item, *value));
      }
      return entries;
    }
    default: break;
  }
  if (node.value == nullptr) return {};
  const std::string& text = *node.value;
  switch (spec.kind) {
    case Kind::integer:
    case Kind::long_integer:
    case Kind::number: return looks_like_number(text) ? Json(Json::Number{text}) : Json(text);
    case Kind::timestamp:
      if (const auto time = codec::parse_iso(text)) {
        return Json(base::unix_seconds(*time));
      }
      return looks_like_number(text) ? Json(Json::Number{text}) : Json(text);
    default: return text;
  }
}

Json structure(Shape shape, const Node& node) {
  Json::Object members;
  for (const Member& member : shape) {
    if (const Node* child = find(node, member.name)) {
      members.emplace_back(std::string(member.name), value_of(member.spec, *member.type, *child));
    }
  }
  return members;
}

void append_members(Shape shape, const void* object, codec::XmlWriter& xml);

void append_value(std::string_view name, const Spec& spec, const Type& type, const void* value,
                  codec::XmlWriter& xml) {
  if (type.storage == Storage::structure) {
    xml.open(name);
    append_members(type.shape(), value, xml);
    xml.close();
    return;
  }
  if (type.storage == Storage::list || type.storage == Storage::map) {
    xml.open(name);
    for (std::size_t i = 0; i < type.size(value); ++i) {
      const void* const item = type.item->inside(type.at(value, i));
      if (item == nullptr) continue;
      if (type.storage == Storage::list) {
        append_value("member", *spec.item, *type.item, item, xml);
        continue;
      }
      xml.open("entry");
      xml.element("key", type.key_at(value, i));
      append_value("value", *spec.item, *type.item, item, xml);
      xml.close();
    }
    xml.close();
    return;
  }
  if (type.storage == Storage::time) {
    xml.element(name, codec::iso_millis(*static_cast<const base::WallTime*>(value)));
    return;
  }
  // The rest looks in XML as in JSON, without the quotes.
  const Json document = internal::value_document(spec, type, value);
  if (const std::string* text = document.if_string()) {
    xml.element(name, *text);
  } else {
    xml.element(name, codec::to_text(document));
  }
}

void append_members(Shape shape, const void* object, codec::XmlWriter& xml) {
  for (const Member& member : shape) {
    const void* const value = member.type->inside(member.of(object));
    if (value == nullptr) continue;
    append_value(member.name, member.spec, *member.type, value, xml);
  }
}

}  // namespace

Outcome<void> FormSource::fill(void* input) {
  Node root;
  for (const auto& [name, value] : form_) plant(root, name, value);
  const Shape shape = operation_.input();
  return read_into(shape, structure(shape, root), input);
}

std::string query_text(const QueryAnswer& answer, Shape shape, const void* output) {
  const std::string response = std::string(answer.action) + "Response";
  const std::string result = std::string(answer.action) + "Result";
  std::string out;
  codec::XmlWriter xml(out);
  xml.open(response, {{"xmlns", answer.xml_namespace}});
  if (!shape.empty()) {
    xml.open(result);
    append_members(shape, output, xml);
    xml.close();
  }
  xml.open("ResponseMetadata");
  xml.element("RequestId", answer.request_id);
  xml.close();
  xml.close();
  return out;
}

}  // namespace hyd::aws

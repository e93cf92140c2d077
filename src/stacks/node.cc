#include "stacks/node.h"

#include <cstddef>
#include <utility>

namespace hyd::stacks {
namespace {

codec::Json scalar_to_json(const Node& node) {
  switch (node.kind) {
    case Node::Kind::boolean: return node.text == "true";
    case Node::Kind::number: return codec::Json::Number{node.text};
    default: return node.text;
  }
}

}  // namespace

const Node* Node::find(std::string_view key) const {
  for (const Entry& entry : entries) {
    if (entry.key == key) return &entry.value;
  }
  return nullptr;
}

Node Node::string(std::string text, Mark mark) {
  Node out;
  out.kind = Kind::string;
  out.mark = mark;
  out.text = std::move(text);
  return out;
}

Node Node::list(std::vector<Node> items, Mark mark) {
  Node out;
  out.kind = Kind::list;
  out.mark = mark;
  out.items = std::move(items);
  return out;
}

Node Node::map(std::vector<Entry> entries, Mark mark) {
  Node out;
  out.kind = Kind::map;
  out.mark = mark;
  out.entries = std::move(entries);
  return out;
}

codec::Json to_json(const Node& node) {
  switch (node.kind) {
    case Node::Kind::null: return {};
    case Node::Kind::list: {
      codec::Json::Array items;
      items.reserve(node.items.size());
      for (const Node& item : node.items) items.push_back(to_json(item));
      return items;
    }
    case Node::Kind::map: {
      codec::Json::Object members;
      members.reserve(node.entries.size());
      for (const Entry& entry : node.entries) {
        members.emplace_back(entry.key, to_json(entry.value));
      }
      return members;
    }
    default: return scalar_to_json(node);
  }
}

bool is_json_number(std::string_view text) {
  std::size_t at = 0;
  const auto digits = [&] {
    const std::size_t from = at;
    while (at < text.size() && text[at] >= '0' && text[at] <= '9') ++at;
    return at - from;
  };
  const auto skip = [&](std::string_view any) {
    const bool there = at < text.size() && any.contains(text[at]);
    if (there) ++at;
    return there;
  };
  skip("-");
  const std::size_t first = at;
  const std::size_t whole = digits();
  if (whole == 0 || (whole > 1 && text[first] == '0')) return false;
  if (skip(".") && digits() == 0) return false;
  if (skip("eE")) {
    skip("+-");
    if (digits() == 0) return false;
  }
  return at == text.size();
}

}  // namespace hyd::stacks

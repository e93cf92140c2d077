#include "stacks/resources/patch.h"

#include "stacks/record.h"
#include "stacks/resources/request.h"

#include <algorithm>
#include <string>

namespace hyd::stacks {

using codec::Json;

namespace {

// A key as a segment of a JSON pointer.
std::string segment(std::string_view key) {
  std::string out;
  for (const char c : key) {
    if (c == '~') {
      out += "~0";
    } else if (c == '/') {
      out += "~1";
    } else {
      out += c;
    }
  }
  return out;
}

std::string scalar_text(const Json& value) {
  if (const std::string* const text = value.if_string()) return *text;
  return codec::to_text(value);
}

bool has(std::span<const Json> items, const Json& item) {
  return std::ranges::find(items, item) != items.end();
}

}  // namespace

void Patch::add(std::string_view op, std::string_view path, std::string_view value) {
  Json operation;
  operation.set("op", op);
  operation.set("path", path);
  operation.set("value", value);
  operations_.push_back(std::move(operation));
}

void Patch::remove(std::string_view path) {
  Json operation;
  operation.set("op", "remove");
  operation.set("path", path);
  operations_.push_back(std::move(operation));
}

void Patch::scalar(std::string_view path, std::string_view property, const Json& before,
                   const Json& after) {
  const Json* const from = before.find(property);
  const Json* const to = after.find(property);
  if (to != nullptr) {
    if (from == nullptr || !same(*from, *to)) replace(path, scalar_text(*to));
  } else if (from != nullptr) {
    replace(path, "");
  }
}

void Patch::entries(std::string_view path, std::string_view property, const Json& before,
                    const Json& after) {
  const Json* const from = before.find(property);
  const Json* const to = after.find(property);
  const std::string head = std::string(path) + "/";
  if (from != nullptr && from->if_object() != nullptr) {
    for (const auto& [key, value] : *from->if_object()) {
      if (to == nullptr || to->find(key) == nullptr) remove(head + segment(key));
    }
  }
  if (to != nullptr && to->if_object() != nullptr) {
    for (const auto& [key, value] : *to->if_object()) {
      const Json* const old = from == nullptr ? nullptr : from->find(key);
      if (old == nullptr || !same(*old, value)) replace(head + segment(key), scalar_text(value));
    }
  }
}

void Patch::members(std::string_view path, std::string_view property, const Json& before,
                    const Json& after) {
  const std::span<const Json> from = items_of(before, property);
  const std::span<const Json> to = items_of(after, property);
  const std::string head = std::string(path) + "/";
  for (const Json& item : from) {
    if (!has(to, item)) remove(head + segment(scalar_text(item)));
  }
  for (const Json& item : to) {
    if (!has(from, item)) add(head + segment(scalar_text(item)), "");
  }
}

}  // namespace hyd::stacks

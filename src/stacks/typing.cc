#include "stacks/typing.h"

#include "base/parse_int.h"
#include "stacks/nearest.h"

#include <fmt/core.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <optional>
#include <utility>

namespace hyd::stacks {
namespace {

using codec::Json;

constexpr std::size_t kShownBytesMax = 60;

// What somebody wrote, short enough for a message.
std::string shown(const Node& node) {
  switch (node.kind) {
    case Node::Kind::null: return "nothing";
    case Node::Kind::list: return "a list";
    case Node::Kind::map: return "a map";
    default: break;
  }
  if (node.text.size() <= kShownBytesMax) return fmt::format("\"{}\"", node.text);
  return "a longer text";
}

std::unexpected<Problem> unfit(const Node& node, std::string_view path, std::string_view wanted) {
  return std::unexpected(
      Problem{.mark = node.mark,
              .path = std::string(path),
              .what = fmt::format("Expected {}, found {}", wanted, shown(node))});
}

bool is_text(const Node& node) { return node.is_scalar() && node.kind != Node::Kind::null; }

class Typer {
 public:
  explicit Typer(std::string path) : path_(std::move(path)), root_size_(path_.size()) {}

  Json members(const Node& node, std::span<const Property> properties);
  Typed take(Json value) {
    out_.value = std::move(value);
    return std::move(out_);
  }

 private:
  // Nothing: told, or as good as absent.
  std::optional<Json> value(const Node& node, const Property& property, Want want);
  std::optional<Json> scalar(const Node& node, const Property& property, Want want);
  std::optional<Json> items(const Node& node, const Property& property);
  std::optional<Json> entries(const Node& node, const Property& property);
  std::optional<Json> document(const Node& node, Want want);

  template <class T>
  std::optional<Json> keep(Converted<T> converted) {
    if (converted) return Json(*std::move(converted));
    out_.problems.push_back(std::move(converted).error());
    return std::nullopt;
  }
  void problem(Mark mark, std::string what) {
    out_.problems.push_back({.mark = mark, .path = path_, .what = std::move(what)});
  }
  std::string path_;
  std::size_t root_size_;
  Typed out_;
};

Json Typer::members(const Node& node, std::span<const Property> properties) {
  Json::Object out;
  if (node.kind != Node::Kind::map) {
    out_.problems.push_back(unfit(node, path_, "a map").error());
    return out;
  }
  std::vector<std::string_view> names;
  for (const Property& one : properties) names.push_back(one.name);
  std::vector<std::string_view> meant;  // by names that are not known: absent only by a slip
  for (const Entry& entry : node.entries) {
    const PathStep step(path_, entry.key);
    const auto row = std::ranges::find(properties, entry.key, &Property::name);
    if (row == properties.end()) {
      meant.push_back(nearest(entry.key, names));
      problem(entry.key_mark, fmt::format("Encountered unsupported property {}{}", entry.key,
                                          suggestion(entry.key, names)));
    } else if (row->ignored) {
      out_.ignored.push_back(path_.substr(std::min(path_.size(), root_size_ + 1)));
    } else if (auto typed = value(entry.value, *row, row->want)) {
      out.emplace_back(entry.key, *std::move(typed));
    }
  }
  for (const Property& row : properties) {
    if (row.required && node.find(row.name) == nullptr &&
        std::ranges::find(meant, row.name) == meant.end()) {
      problem(node.mark, fmt::format("The required property {} is missing", row.name));
    }
  }
  return out;
}

std::optional<Json> Typer::value(const Node& node, const Property& property, Want want) {
  switch (want) {
    case Want::object: return members(node, property.members);
    case Want::list: return items(node, property);
    case Want::map: return entries(node, property);
    case Want::json:
    case Want::json_text: return document(node, want);
    default: return scalar(node, property, want);
  }
}

std::optional<Json> Typer::scalar(const Node& node, const Property& property, Want want) {
  switch (want) {
    case Want::boolean: return keep(as_boolean(node, path_));
    case Want::number: {
      auto number = as_number(node, path_);
      if (number) return Json(Json::Number{*std::move(number)});
      out_.problems.push_back(std::move(number).error());
      return std::nullopt;
    }
    case Want::integer: {
      const auto integer = as_integer(node, path_);
      if (integer && (*integer < property.min || *integer > property.max)) {
        const bool low = *integer < property.min;
        problem(node.mark, fmt::format("{} is {} than {}", *integer, low ? "less" : "more",
                                       low ? property.min : property.max));
        return std::nullopt;
      }
      return keep(integer);
    }
    default: {
      auto text = as_text(node, path_);
      if (text && !property.one_of.empty() &&
          std::ranges::find(property.one_of, *text) == property.one_of.end()) {
        problem(node.mark,
                fmt::format("Expected one of {}, found {}{}", fmt::join(property.one_of, ", "),
                            shown(node), suggestion(*text, property.one_of)));
        return std::nullopt;
      }
      return keep(std::move(text));
    }
  }
}

std::optional<Json> Typer::items(const Node& node, const Property& property) {
  Json::Array out;
  if (node.kind != Node::Kind::list) {
    if (property.lone && is_text(node)) {
      if (auto only = value(node, property, property.of)) out.push_back(*std::move(only));
      return out;
    }
    out_.problems.push_back(unfit(node, path_, "a list").error());
    return std::nullopt;
  }
  for (std::size_t i = 0; i < node.items.size(); ++i) {
    const PathStep step(path_, std::to_string(i));
    if (auto item = value(node.items[i], property, property.of)) out.push_back(*std::move(item));
  }
  return out;
}

std::optional<Json> Typer::entries(const Node& node, const Property& property) {
  if (node.kind != Node::Kind::map) {
    out_.problems.push_back(unfit(node, path_, "a map").error());
    return std::nullopt;
  }
  Json::Object out;
  for (const Entry& entry : node.entries) {
    const PathStep step(path_, entry.key);
    // Generators write '*' and the like where a response only declares a header (observed).
    if (property.of == Want::boolean && is_text(entry.value) && !as_boolean(entry.value, path_)) {
      out.emplace_back(entry.key, false);
    } else if (auto typed = value(entry.value, property, property.of)) {
      out.emplace_back(entry.key, *std::move(typed));
    }
  }
  return out;
}

std::optional<Json> Typer::document(const Node& node, Want want) {
  if (is_text(node) && node.text.empty()) return std::nullopt;
  auto json = as_json(node, path_);
  if (json && want == Want::json_text) return Json(codec::to_text(*json));
  return keep(std::move(json));
}

}  // namespace

Typed to_typed(const Node& node, std::span<const Property> properties, std::string path) {
  Typer typer(std::move(path));
  Json value = typer.members(node, properties);
  return typer.take(std::move(value));
}

Converted<std::int64_t> as_integer(const Node& node, std::string_view path) {
  if (is_text(node)) {
    if (const auto plain = base::parse_int<std::int64_t>(node.text)) return *plain;
    if (is_json_number(node.text)) {
      if (const auto whole = Json(Json::Number{node.text}).as_integer()) return *whole;
    }
  }
  return unfit(node, path, "an integer");
}

Converted<std::string> as_number(const Node& node, std::string_view path) {
  if (is_text(node) && is_json_number(node.text)) return node.text;
  return unfit(node, path, "a number");
}

Converted<bool> as_boolean(const Node& node, std::string_view path) {
  if (is_text(node)) {
    if (node.text == "true" || node.text == "True" || node.text == "TRUE") return true;
    if (node.text == "false" || node.text == "False" || node.text == "FALSE") return false;
  }
  return unfit(node, path, "true or false");
}

Converted<std::string> as_text(const Node& node, std::string_view path) {
  if (is_text(node)) return node.text;
  return unfit(node, path, "a text");
}

Converted<std::vector<std::string>> as_texts(const Node& node, std::string_view path) {
  if (node.kind != Node::Kind::list) return unfit(node, path, "a list of texts");
  std::vector<std::string> out;
  for (std::size_t i = 0; i < node.items.size(); ++i) {
    auto text = as_text(node.items[i], fmt::format("{}/{}", path, i));
    if (!text) return std::unexpected(std::move(text).error());
    out.push_back(*std::move(text));
  }
  return out;
}

Converted<Json> as_json(const Node& node, std::string_view path) {
  if (node.kind == Node::Kind::map || node.kind == Node::Kind::list) return to_json(node);
  if (node.kind == Node::Kind::string) {
    auto parsed = codec::parse_json(node.text);
    if (parsed) return *std::move(parsed);
    return std::unexpected(
        Problem{.mark = node.mark,
                .path = std::string(path),
                .what = "Expected a document or JSON text: " + parsed.error().what});
  }
  return unfit(node, path, "a document");
}

}  // namespace hyd::stacks

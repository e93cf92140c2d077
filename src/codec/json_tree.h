// Lets JSONPaths walk over codec::Json.
#pragma once

#include "codec/json.h"
#include "codec/jsonpath.h"

#include <deque>
#include <string>

namespace hyd::codec {

// Lends documents; owns what paths make. One thread.
class JsonValueTree final : public JsonTree {
 public:
  explicit JsonValueTree(std::uint64_t steps_max) : steps_left_(steps_max) {}

  static JsonNode node(const Json& value);
  static const Json& value(const JsonNode& node);

  Type type(const JsonNode& node) override;
  bool boolean(const JsonNode& node) override { return *value(node).if_boolean(); }
  std::string_view string(const JsonNode& node) override { return *value(node).if_string(); }
  double number(const JsonNode& node) override;
  std::string number_text(const JsonNode& node) override { return value(node).if_number()->text; }
  std::string text(const JsonNode& node) override { return to_text(value(node)); }
  std::size_t size(const JsonNode& container) override;
  JsonNode item(const JsonNode& array, std::size_t index) override;
  std::optional<JsonNode> member(const JsonNode& object, std::string_view name) override;
  bool next_member(const JsonNode& object, std::size_t& cursor, std::string_view& name,
                   JsonNode& value) override;
  bool equal(const JsonNode& a, const JsonNode& b) override { return value(a) == value(b); }

  JsonNode make_array(std::span<const JsonNode> items) override;
  JsonNode make_object() override { return keep(Json(Json::Object{})); }
  void set_member(const JsonNode& object, std::string_view name, const JsonNode& value) override;
  void append(const JsonNode& array, const JsonNode& value) override;
  JsonNode make_null() override { return keep(Json()); }
  JsonNode make_boolean(bool value) override { return keep(Json(value)); }
  JsonNode make_integer(std::int32_t value) override { return keep(Json(value)); }
  JsonNode make_double(double value) override;
  JsonNode make_string(std::string_view text) override { return keep(Json(text)); }
  JsonNode make_names(const JsonNode& object) override;
  // Strict JSON; single quotes are taken for double ones.
  std::optional<JsonNode> read(std::string_view json) override;
  bool charge(std::uint64_t steps) override;

 private:
  JsonNode keep(Json value);
  Json* mine(const JsonNode& node);

  std::deque<Json> made_;
  std::uint64_t steps_left_;
};

}  // namespace hyd::codec

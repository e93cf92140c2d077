// Lets JSONPaths walk over the values of a render.
#pragma once

#include "codec/jsonpath.h"
#include "vtl/run.h"
#include "vtl/value.h"

#include <bit>
#include <string>

namespace hyd::vtl {

class ValueTree final : public codec::JsonTree {
 public:
  explicit ValueTree(Run& run) : run_(run) {}

  static codec::JsonNode node(const Value& value);
  static Value value(const codec::JsonNode& node);

  Type type(const codec::JsonNode& node) override;
  bool boolean(const codec::JsonNode& node) override { return value(node).truth(); }
  std::string_view string(const codec::JsonNode& node) override { return value(node).text(); }
  double number(const codec::JsonNode& node) override;
  std::string number_text(const codec::JsonNode& node) override;
  std::string text(const codec::JsonNode& node) override;
  std::size_t size(const codec::JsonNode& container) override;
  codec::JsonNode item(const codec::JsonNode& array, std::size_t index) override;
  std::optional<codec::JsonNode> member(const codec::JsonNode& object,
                                        std::string_view name) override;
  bool next_member(const codec::JsonNode& object, std::size_t& cursor, std::string_view& name,
                   codec::JsonNode& value) override;
  bool equal(const codec::JsonNode& a, const codec::JsonNode& b) override;

  codec::JsonNode make_array(std::span<const codec::JsonNode> items) override;
  codec::JsonNode make_object() override;
  void set_member(const codec::JsonNode& object, std::string_view name,
                  const codec::JsonNode& value) override;
  void append(const codec::JsonNode& array, const codec::JsonNode& value) override;
  codec::JsonNode make_null() override { return node(Value()); }
  codec::JsonNode make_boolean(bool value) override { return node(Value(value)); }
  codec::JsonNode make_integer(std::int32_t value) override { return node(Value(value)); }
  codec::JsonNode make_double(double value) override { return node(Value(value)); }
  codec::JsonNode make_string(std::string_view text) override;
  codec::JsonNode make_names(const codec::JsonNode& object) override;
  std::optional<codec::JsonNode> read(std::string_view json) override;
  bool charge(std::uint64_t steps) override { return run_.charge(steps); }

 private:
  Run& run_;
};

}  // namespace hyd::vtl

// A definition's text: what is written is read, whatever it is; what is damaged is named.
#include "gateway/definition_json.h"

#include "base/rng.h"

#include <gtest/gtest.h>

namespace hyd::gateway {
namespace {

// Texts with everything that JSON must escape, and empty ones.
std::string some_text(base::Rng& rng) {
  constexpr std::string_view kPieces[] = {"",    "a",   "\"",         "\\",  "\n\t", "$input.body",
                                          "é😀", "#if", "{\"x\":[]}", "\x7f"};
  std::string text;
  for (std::uint64_t i = rng.below(4); i > 0; --i) text += kPieces[rng.below(std::size(kPieces))];
  return text;
}
TextMap some_map(base::Rng& rng) {
  TextMap map;
  for (std::uint64_t i = rng.below(3); i > 0; --i) map[some_text(rng)] = some_text(rng);
  return map;
}
std::map<std::string, bool, std::less<>> some_flags(base::Rng& rng) {
  std::map<std::string, bool, std::less<>> map;
  for (std::uint64_t i = rng.below(3); i > 0; --i) map[some_text(rng)] = rng.below(2) == 0;
  return map;
}

Integration some_integration(base::Rng& rng) {
  Integration one{.type = rng.below(2) == 0 ? "AWS" : "HTTP",
                  .http_method = some_text(rng),
                  .uri = some_text(rng),
                  .credentials = some_text(rng),
                  .parameters = some_map(rng),
                  .templates = some_map(rng),
                  .passthrough_behavior = some_text(rng),
                  .content_handling = some_text(rng),
                  .cache_namespace = some_text(rng),
                  .cache_key_parameters = {some_text(rng), some_text(rng)},
                  .timeout_ms = static_cast<std::int32_t>(rng.below(29'000)),
                  .responses = {}};
  for (const char* const status : {"200", "400"}) {
    if (rng.below(2) == 0) continue;
    IntegrationResponse& response = one.responses[status];
    response.has_pattern = rng.below(2) == 0;
    if (response.has_pattern) response.selection_pattern = some_text(rng);
    response.parameters = some_map(rng);
    response.templates = some_map(rng);
    response.content_handling = some_text(rng);
  }
  return one;
}

Method some_method(base::Rng& rng) {
  Method method{.authorization_type = some_text(rng),
                .api_key_required = rng.below(2) == 0,
                .operation_name = some_text(rng),
                .validator_id = some_text(rng),
                .parameters = some_flags(rng),
                .models = some_map(rng),
                .responses = {},
                .integration = std::nullopt};
  if (rng.below(3) > 0) method.integration = some_integration(rng);
  if (rng.below(2) == 0) {
    method.responses["200"] = {.parameters = some_flags(rng), .models = some_map(rng)};
  }
  return method;
}

Definition some_definition(base::Rng& rng) {
  Definition definition;
  definition.resources["root"].id = "root";
  std::vector<std::string> ids{"root"};
  for (std::uint64_t i = rng.below(6); i > 0; --i) {
    const std::string id = "r" + std::to_string(i);
    definition.resources[id] = {.id = id,
                                .parent_id = ids[rng.below(ids.size())],
                                .path_part = some_text(rng),
                                .methods = {}};
    ids.push_back(id);
  }
  for (auto& [id, resource] : definition.resources) {
    for (const char* const verb : {"POST", "ANY"}) {
      if (rng.below(2) == 0) resource.methods[verb] = some_method(rng);
    }
  }
  if (rng.below(2) == 0) {
    definition.gateway_responses["DEFAULT_4XX"] = {
        .status_code = some_text(rng), .parameters = some_map(rng), .templates = some_map(rng)};
  }
  if (rng.below(2) == 0) definition.binary_media_types = {"image/png", some_text(rng)};
  definition.default_endpoint_disabled = rng.below(2) == 0;
  if (rng.below(2) == 0) definition.compression_bytes_min = 1'024;
  return definition;
}

TEST(DefinitionJson, WhatIsWrittenIsRead) {
  for (std::uint64_t seed = 1; seed <= 300; ++seed) {
    SCOPED_TRACE(seed);
    base::FastRng rng(seed);
    const Definition definition = some_definition(rng);
    const std::string text = definition_text(definition);
    const base::Result<Definition> read = parse_definition(text);
    ASSERT_TRUE(read) << read.error().what << "\n" << text;
    EXPECT_EQ(*read, definition) << text;
    EXPECT_EQ(definition_text(*read), text) << "equal definitions have equal texts";
  }
}

TEST(DefinitionJson, ATextThatIsNoTreeIsDamage) {
  const std::string_view kBad[] = {
      "",
      "{",
      "[]",
      "{}",
      R"({"resources":[],"apiKeySource":"HEADER"})",
      R"({"resources":[{"id":"a"},{"id":"b"}],"apiKeySource":"HEADER"})",
      R"({"resources":[{"id":"a"},{"id":"b","parentId":"gone"}],"apiKeySource":"HEADER"})",
      R"({"resources":[{"id":"a"},{"id":"b","parentId":"c"},{"id":"c","parentId":"b"}],)"
      R"("apiKeySource":"HEADER"})",
      R"({"resources":{},"apiKeySource":"HEADER"})",
  };
  for (const std::string_view text : kBad) {
    const base::Result<Definition> read = parse_definition(text);
    ASSERT_FALSE(read) << text;
    EXPECT_EQ(read.error().code, base::Code::corrupt) << text;
  }
}

TEST(DefinitionJson, MapsOfTextsAreReadAsTheyWere) {
  base::FastRng rng(7);
  for (int i = 0; i < 50; ++i) {
    const TextMap map = some_map(rng);
    const base::Result<TextMap> read = parse_text_map(text_map_text(map));
    ASSERT_TRUE(read);
    EXPECT_EQ(*read, map);
  }
  EXPECT_FALSE(parse_text_map("[]"));
  EXPECT_FALSE(parse_text_map(R"({"a":1})"));
}

}  // namespace
}  // namespace hyd::gateway

// A JSONPath on its own line, then a document. What a definite path finds it finds again, and an
// indefinite one finds an array.
#include "base/check.h"
#include "codec/json.h"
#include "codec/json_tree.h"
#include "codec/jsonpath.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace hyd::codec;
  const std::string input(data, data + size);
  const std::size_t line = input.find('\n');
  const auto path = JsonPath::compile(std::string_view(input).substr(0, line));
  if (!path) {
    HYD_CHECK(path.error().code == hyd::base::Code::invalid);
    return 0;
  }
  const std::string_view text =
      line == std::string::npos ? std::string_view("{}") : std::string_view(input).substr(line + 1);
  const auto document = parse_json(text, {.depth_max = 100});
  if (!document) return 0;

  constexpr std::uint64_t kSteps = 20'000;
  JsonValueTree tree(kSteps);
  const JsonNode root = JsonValueTree::node(*document);
  const auto found = path->find(tree, root);
  if (!found) return 0;
  if (!path->definite()) HYD_CHECK(tree.type(*found) == JsonTree::Type::array);
  if (path->whole()) HYD_CHECK(JsonValueTree::value(*found) == *document);
  const std::string printed = to_text(JsonValueTree::value(*found));
  JsonValueTree again(kSteps);
  const auto second = path->find(again, root);
  HYD_CHECK(second.has_value() && to_text(JsonValueTree::value(*second)) == printed);
  return 0;
}

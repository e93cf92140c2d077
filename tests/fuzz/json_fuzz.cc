// Whatever parse_json takes prints to a text that reads back as the same value, and prints the same
// again.
#include "base/check.h"
#include "codec/json.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(data, data + size);
  const auto value = hyd::codec::parse_json(text);
  if (!value) {
    HYD_CHECK(value.error().what.starts_with("line "));
    return 0;
  }
  const std::string printed = hyd::codec::to_text(*value);
  const auto again = hyd::codec::parse_json(printed);
  HYD_CHECK(again.has_value());
  HYD_CHECK(*again == *value);
  HYD_CHECK(hyd::codec::to_text(*again) == printed);
  return 0;
}

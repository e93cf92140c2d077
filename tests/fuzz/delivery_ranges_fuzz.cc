// An intent's ranges as the catalog keeps them. What is accepted is written back byte for byte, and
// keeps the promises of a range.
#include "base/check.h"
#include "delivery/intent.h"

#include <cstddef>
#include <cstdint>
#include <string>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace hyd;
  const std::string bytes(data, data + size);
  const auto ranges = delivery::decode_ranges(bytes);
  if (!ranges) {
    HYD_CHECK(ranges.error().code == base::Code::corrupt);
    return 0;
  }
  for (const delivery::Range& range : *ranges) {
    HYD_CHECK(range.first <= range.last && range.count > 0);
  }
  HYD_CHECK(delivery::encode_ranges(*ranges) == bytes);
  return 0;
}

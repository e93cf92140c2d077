// An input is an aws-chunked body behind one byte that says how it is cut into pieces.
//
// Whatever it holds, the verdict and the data are the same for every cut, and no more data comes
// out than was announced.
#include "base/check.h"
#include "objects/s3/chunked_body.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace {

using namespace hyd;

constexpr std::uint64_t kLength = 40'000;

struct Verdict {
  std::string fault;
  std::string data;
  friend bool operator==(const Verdict&, const Verdict&) = default;
};

Verdict read(std::string_view wire, std::size_t step) {
  objects::ChunkedBody body({.trailer = "x-amz-checksum-crc32", .decoded_length = kLength});
  Verdict verdict;
  const objects::ChunkedBody::Data take = [&](std::string_view piece) -> aws::Outcome<void> {
    verdict.data += piece;
    return {};
  };
  for (std::size_t at = 0; at < wire.size(); at += step) {
    const auto fed = body.feed(wire.substr(at, step), take);
    if (!fed) {
      verdict.fault = fed.error().name;
      return verdict;
    }
  }
  if (const auto whole = body.finish(); !whole) verdict.fault = whole.error().name;
  verdict.data += body.trailer_value();
  return verdict;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string wire(data + 1, data + size);
  const Verdict whole = read(wire, wire.size() + 1);
  const Verdict cut = read(wire, 1uz + data[0] % 64);
  HYD_CHECK(whole == cut);
  HYD_CHECK(whole.data.size() <= kLength + 1024);
  return 0;
}

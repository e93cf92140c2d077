// A prefix of an S3 destination. What is accepted evaluates, within bounds, and equally for equal
// random numbers.
#include "base/check.h"
#include "base/rng.h"
#include "codec/time_text.h"
#include "delivery/prefix.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace hyd;
  const std::string text(data, data + size);
  for (const auto what : {delivery::Prefix::For::objects, delivery::Prefix::For::errors}) {
    const auto prefix = delivery::Prefix::parse(text, what);
    if (!prefix) {
      HYD_CHECK(prefix.error().code == base::Code::invalid ||
                prefix.error().code == base::Code::unsupported);
      continue;
    }
    for (const std::int64_t seconds : {0L, 1'704'067'199L, 1'735'689'599L, 253'402'300'799L}) {
      const base::WallTime when{std::chrono::seconds(seconds)};
      base::FastRng one(1);
      base::FastRng other(1);
      const std::string key = prefix->evaluate(when, one);
      HYD_CHECK(key == prefix->evaluate(when, other));
      // A padded field is as wide as its letters say, any other at most 24 characters a letter.
      HYD_CHECK(key.size() <= 24 * text.size() + 24);
    }
  }
  return 0;
}

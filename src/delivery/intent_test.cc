#include "delivery/intent.h"

#include "base/rng.h"

#include <gtest/gtest.h>

namespace hyd::delivery {
namespace {

std::vector<Range> some_ranges() {
  return {{.shard = log::ShardNumber(3), .first = 1, .last = 1, .count = 1, .bytes = 0},
          {.shard = log::ShardNumber(4),
           .first = (7ull << 32) + 5,
           .last = (7ull << 32) + 900,
           .count = 12,
           .bytes = 1'000'000},
          {.shard = log::ShardNumber(UINT32_MAX),
           .first = 2,
           .last = UINT64_MAX,
           .count = 9,
           .bytes = UINT64_MAX}};
}

TEST(Ranges, ComeBackAsTheyWere) {
  for (const std::vector<Range>& ranges : {std::vector<Range>(), some_ranges()}) {
    const auto back = decode_ranges(encode_ranges(ranges));
    ASSERT_TRUE(back) << back.error().what;
    EXPECT_EQ(*back, ranges);
  }
}

// docs/formats/delivery.md has this example.
TEST(Ranges, LookAsTheirPageSays) {
  const std::string bytes = encode_ranges(
      {{.shard = log::ShardNumber(3), .first = 10, .last = 12, .count = 2, .bytes = 300},
       {.shard = log::ShardNumber(4), .first = 11, .last = 11, .count = 1, .bytes = 5}});
  EXPECT_EQ(bytes, std::string("\x01\x02\x03\x0a\x02\x02\xac\x02\x01\x0b\x00\x01\x05", 13));
}

TEST(Ranges, AreCorruptWhenAnythingIsMissingOrTooMuch) {
  const std::string good = encode_ranges(some_ranges());
  for (std::size_t length = 0; length < good.size(); ++length) {
    EXPECT_FALSE(decode_ranges(good.substr(0, length))) << length;
  }
  EXPECT_FALSE(decode_ranges(good + '\0'));
  std::string other_version = good;
  other_version[0] = 2;
  EXPECT_FALSE(decode_ranges(other_version));
}

// Whatever is accepted is exactly what would have been written.
TEST(Ranges, HaveOneFormOnly) {
  base::FastRng rng(1);
  int accepted = 0;
  for (int i = 0; i < 200'000; ++i) {
    std::string bytes = encode_ranges(some_ranges());
    bytes[rng.below(bytes.size())] = static_cast<char>(rng.below(256));
    const auto back = decode_ranges(bytes);
    if (!back) {
      EXPECT_EQ(back.error().code, base::Code::corrupt);
      continue;
    }
    ++accepted;
    ASSERT_EQ(encode_ranges(*back), bytes);
  }
  EXPECT_GT(accepted, 0);
}

TEST(Batch, IsAUuidOfVersionSevenThatBeginsWithItsTime) {
  base::FastRng rng(1);
  const std::string text = uuid_text(make_batch(0x0190a5c87d5e, rng));
  ASSERT_EQ(text.size(), 36u);
  EXPECT_TRUE(text.starts_with("0190a5c8-7d5e-7")) << text;
  EXPECT_TRUE(std::string("89ab").contains(text[19])) << text;
  EXPECT_NE(text, uuid_text(make_batch(0x0190a5c87d5e, rng)));
}

}  // namespace
}  // namespace hyd::delivery

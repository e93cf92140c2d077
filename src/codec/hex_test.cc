#include "codec/hex.h"

#include <gtest/gtest.h>

namespace hyd::codec {
namespace {

TEST(Hex, EveryByteHasTwoLowerCaseDigitsAndComesBack) {
  for (int value = 0; value < 256; ++value) {
    const std::string byte(1, static_cast<char>(value));
    const std::string digits = hex(byte);
    ASSERT_EQ(digits.size(), 2u);
    EXPECT_EQ(hex_digit(digits[0]) * 16 + hex_digit(digits[1]), value);
    EXPECT_EQ(hex_decode(digits), byte);
  }
  EXPECT_EQ(hex("\x01\xab\xff"), "01abff");
  EXPECT_EQ(hex(""), "");
}

TEST(Hex, ReadsBothCasesAndNothingElse) {
  EXPECT_EQ(hex_decode("ABcd"), "\xab\xcd");
  EXPECT_EQ(hex_decode(""), "");
  for (const std::string_view bad : {"a", "abc", "0x", "g0", "0g", " 0", "+1", "a\n"}) {
    EXPECT_FALSE(hex_decode(bad)) << bad;
  }
  std::array<char, 2> two{};
  EXPECT_TRUE(hex_decode_to("0102", two));
  EXPECT_FALSE(hex_decode_to("01", two));
  EXPECT_FALSE(hex_decode_to("010203", two));
}

TEST(Hex, AppendsBehindWhatIsThere) {
  std::string out = "id-";
  append_hex("\x0f", out);
  EXPECT_EQ(out, "id-0f");
}

}  // namespace
}  // namespace hyd::codec

#include "codec/percent.h"

#include <gtest/gtest.h>

namespace hyd::codec {
namespace {

std::string all_bytes() {
  std::string bytes;
  for (int value = 0; value < 256; ++value) bytes += static_cast<char>(value);
  return bytes;
}

TEST(Percent, KeepsExactlyTheUnreservedCharacters) {
  EXPECT_EQ(percent_encode("AZaz09-._~"), "AZaz09-._~");
  EXPECT_EQ(percent_encode(" +*'()!/%"), "%20%2B%2A%27%28%29%21%2F%25");
  EXPECT_EQ(percent_encode("a/b c", Slash::keep), "a/b%20c");
  EXPECT_EQ(percent_encode("\xc3\xa9"), "%C3%A9");
}

TEST(Percent, EveryByteComesBack) {
  const auto back = percent_decode(percent_encode(all_bytes()));
  ASSERT_TRUE(back);
  EXPECT_EQ(*back, all_bytes());
  const auto form_back = form_decode(form_encode(all_bytes()));
  ASSERT_TRUE(form_back);
  EXPECT_EQ(*form_back, all_bytes());
}

TEST(Percent, APlusIsASpaceInFormsOnly) {
  EXPECT_EQ(*percent_decode("a+b%20c"), "a+b c");
  EXPECT_EQ(*form_decode("a+b%20c%2B"), "a b c+");
  EXPECT_EQ(form_encode("a b*~+"), "a+b*%7E%2B");
}

TEST(Percent, ReadsEscapesInBothCases) { EXPECT_EQ(*percent_decode("%2f%2F"), "//"); }

TEST(Percent, ABadEscapeIsAnErrorOrStandsForItself) {
  const std::pair<std::string_view, std::string_view> kBad[] = {
      {"%", "%"}, {"a%2", "a%2"}, {"%zz%41", "%zzA"}, {"%4", "%4"}, {"%%41", "%A"}, {"%4g", "%4g"}};
  for (const auto& [text, loose] : kBad) {
    EXPECT_FALSE(percent_decode(text)) << text;
    EXPECT_FALSE(form_decode(text)) << text;
    EXPECT_EQ(percent_decode_loose(text), loose);
    EXPECT_EQ(form_decode_loose(text), loose);
  }
}

}  // namespace
}  // namespace hyd::codec

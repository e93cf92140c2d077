#include "codec/utf8.h"

#include <gtest/gtest.h>

namespace hyd::codec {
namespace {

TEST(Utf8, EachLengthOfCodePointHasItsBytesAndHalvesAreKept) {
  const auto bytes = [](std::uint32_t point) {
    std::string out;
    append_utf8(point, out);
    return out;
  };
  EXPECT_EQ(bytes(0x41), "A");
  EXPECT_EQ(bytes(0x7F), "\x7f");
  EXPECT_EQ(bytes(0x80), "\xc2\x80");
  EXPECT_EQ(bytes(0x7FF), "\xdf\xbf");
  EXPECT_EQ(bytes(0xAC00), "가");
  EXPECT_EQ(bytes(0xD800), "\xed\xa0\x80");
  EXPECT_EQ(bytes(0x1F600), "😀");
  EXPECT_EQ(bytes(0x10FFFF), "\xf4\x8f\xbf\xbf");
}

}  // namespace
}  // namespace hyd::codec

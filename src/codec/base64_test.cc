#include "codec/base64.h"

#include "base/rng.h"
#include "codec/base64_wide.h"

#include <gtest/gtest.h>

#include <vector>

namespace hyd::codec {
namespace {

using Fault = Base64Decoded::Fault;

Base64Decoded decode(std::string_view text) {
  std::vector<char> out(base64_decoded_size_max(text.size()));
  return base64_decode_to(text, out);
}

std::string random_bytes(base::Rng& rng, std::size_t size) {
  std::string bytes(size, '\0');
  rng.fill(bytes);
  return bytes;
}

TEST(Base64, MatchesTheVectorsOfTheRfc) {
  const std::pair<std::string_view, std::string_view> kVectors[] = {
      {"", ""},
      {"f", "Zg=="},
      {"fo", "Zm8="},
      {"foo", "Zm9v"},
      {"foob", "Zm9vYg=="},
      {"fooba", "Zm9vYmE="},
      {"foobar", "Zm9vYmFy"},
  };
  for (const auto& [bytes, text] : kVectors) {
    EXPECT_EQ(base64_encode(bytes), text);
    const auto back = base64_decode(text);
    ASSERT_TRUE(back) << text;
    EXPECT_EQ(*back, bytes);
  }
}

TEST(Base64, EveryLengthComesBackWhole) {
  base::FastRng rng(1);
  for (std::size_t size = 0; size < 600; ++size) {
    const std::string bytes = random_bytes(rng, size);
    std::string text = "before:";
    append_base64(bytes, text);
    ASSERT_EQ(text.size(), 7 + base64_encoded_size(size));
    const auto back = base64_decode(std::string_view(text).substr(7));
    ASSERT_TRUE(back) << size;
    EXPECT_EQ(*back, bytes);
  }
}

// Whatever the machine can run must say what the plain code says, at every alignment of the end.
TEST(Base64, EveryInstructionSetAgreesWithThePlainCode) {
  base::FastRng rng(2);
  for (const wide::Set set : {wide::Set::avx2, wide::Set::avx512}) {
    if (!wide::usable(set)) continue;
    const wide::Roads roads = wide::roads(set);
    for (std::size_t size = 0; size < 300; ++size) {
      const std::string bytes = random_bytes(rng, size);
      const std::string text = base64_encode(bytes);
      std::vector<char> out(base64_encoded_size(size));
      const std::size_t done = roads.encode(bytes.data(), size, out.data());
      ASSERT_EQ(done % 3, 0u);
      EXPECT_EQ(std::string_view(out.data(), done / 3 * 4), text.substr(0, done / 3 * 4));
      std::vector<char> back(base64_decoded_size_max(text.size()));
      const std::size_t read = roads.decode(text.data(), text.size(), back.data());
      ASSERT_EQ(read % 4, 0u);
      EXPECT_EQ(std::string_view(back.data(), read / 4 * 3), bytes.substr(0, read / 4 * 3));
    }
  }
}

// Every byte value at every place of a long text: exactly the 64 letters pass, and the fault names
// the place, also when a wide road has met it first.
TEST(Base64, FindsTheOneForeignCharacterWhereverItIs) {
  const std::string letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  const std::string clean(256, 'Q');
  for (std::size_t at = 0; at < clean.size(); ++at) {
    for (int value = 0; value < 256; ++value) {
      const char c = static_cast<char>(value);
      if (c == '=' && at + 2 >= clean.size()) continue;
      std::string text = clean;
      text[at] = c;
      const Base64Decoded got = decode(text);
      if (letters.contains(c)) {
        ASSERT_EQ(got.fault, Fault::none) << at << ' ' << value;
      } else {
        ASSERT_EQ(got.fault, Fault::character) << at << ' ' << value;
        ASSERT_EQ(got.at, at) << value;
      }
    }
  }
}

TEST(Base64, StrictNamesTheRuleThatWasBroken) {
  struct Row {
    std::string_view text;
    Fault fault;
    std::size_t at;
  };
  const Row kRows[] = {
      {"Z", Fault::length, 1},           {"Zg", Fault::length, 2},
      {"Zm9v\n", Fault::length, 5},      {"Zm 9", Fault::character, 2},
      {"Z===", Fault::character, 1},     {"====", Fault::character, 0},
      {"Zg==Zg==", Fault::character, 2}, {"Zm=v", Fault::character, 2},
      {"Zm-_", Fault::character, 2},     {"Zh==", Fault::trailing_bits, 1},
      {"Zm9=", Fault::trailing_bits, 2}, {"Zg=", Fault::length, 3},
  };
  for (const Row& row : kRows) {
    const Base64Decoded got = decode(row.text);
    EXPECT_EQ(got.fault, row.fault) << row.text;
    EXPECT_EQ(got.at, row.at) << row.text;
    const auto result = base64_decode(row.text);
    ASSERT_FALSE(result) << row.text;
    EXPECT_EQ(result.error().code, base::Code::invalid);
  }
}

TEST(Base64, JavasDecoderForgivesPaddingAndStrayBitsOnly) {
  const std::pair<std::string_view, std::string_view> kGood[] = {
      {"Zg==", "f"}, {"Zg", "f"}, {"Zh==", "f"}, {"Zm8", "fo"}, {"Zm9v", "foo"}, {"", ""}};
  for (const auto& [text, bytes] : kGood) {
    const auto got = base64_decode_java(text);
    ASSERT_TRUE(got) << text;
    EXPECT_EQ(*got, bytes);
  }
  for (const std::string_view bad : {"Z", "Zg=", "Zg===", "Zm9v\n", "Zm9 v", "=", "====", "Z-=="}) {
    EXPECT_FALSE(base64_decode_java(bad)) << bad;
  }
}

}  // namespace
}  // namespace hyd::codec

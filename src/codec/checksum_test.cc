#include "codec/checksum.h"

#include "base/rng.h"

#include <gtest/gtest.h>

#include <string>

namespace hyd::codec {
namespace {

constexpr std::string_view kCheck = "123456789";

std::string random_text(std::size_t size) {
  base::FastRng rng(size);
  std::string text(size, '\0');
  rng.fill(text);
  return text;
}

// One bit at a time, straight from the definition.
template <class Crc>
Crc slow(Crc polynomial, std::string_view bytes) {
  Crc crc = static_cast<Crc>(~Crc{0});
  for (const char byte : bytes) {
    crc ^= static_cast<unsigned char>(byte);
    for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1) ^ ((crc & 1) != 0 ? polynomial : Crc{0});
  }
  return ~crc;
}

// The check values of the CRC catalogue; the CRC-32C row of zeros is RFC 3720's.
TEST(Checksum, MatchesThePublishedVectors) {
  EXPECT_EQ(crc32c(kCheck), 0xe3069283u);
  EXPECT_EQ(crc32c(std::string(32, '\0')), 0x8a9136aau);
  EXPECT_EQ(crc32c(std::string(32, '\xff')), 0x62a8ab43u);
  EXPECT_EQ(crc32(kCheck), 0xcbf43926u);
  EXPECT_EQ(crc64nvme(kCheck), 0xae8b14860a799888u);
  EXPECT_EQ(crc32c(""), 0u);
  EXPECT_EQ(crc32(""), 0u);
  EXPECT_EQ(crc64nvme(""), 0u);
}

// All lengths around the border between the two roads, against the definition.
TEST(Checksum, EveryLengthAgreesWithTheDefinition) {
  for (std::size_t size = 0; size < 700; ++size) {
    const std::string text = random_text(size);
    ASSERT_EQ(crc32c(text), slow<std::uint32_t>(0x82f63b78, text)) << size;
    ASSERT_EQ(crc32(text), slow<std::uint32_t>(0xedb88320, text)) << size;
    ASSERT_EQ(crc64nvme(text), slow<std::uint64_t>(0x9a6c9329ac4bc9b5, text)) << size;
  }
}

TEST(Checksum, PiecesAndCombinationGiveTheChecksumOfTheWhole) {
  const std::string text = random_text(1000);
  for (std::size_t cut = 0; cut <= text.size(); cut += 7) {
    const std::string_view first = std::string_view(text).substr(0, cut);
    const std::string_view second = std::string_view(text).substr(cut);
    ASSERT_EQ(crc32c(second, crc32c(first)), crc32c(text)) << cut;
    ASSERT_EQ(crc32(second, crc32(first)), crc32(text)) << cut;
    ASSERT_EQ(crc64nvme(second, crc64nvme(first)), crc64nvme(text)) << cut;
    ASSERT_EQ(combine_crc32c({crc32c(first), crc32c(second), second.size()}), crc32c(text)) << cut;
    ASSERT_EQ(combine_crc32({crc32(first), crc32(second), second.size()}), crc32(text)) << cut;
    ASSERT_EQ(combine_crc64nvme({crc64nvme(first), crc64nvme(second), second.size()}),
              crc64nvme(text))
        << cut;
  }
}

}  // namespace
}  // namespace hyd::codec

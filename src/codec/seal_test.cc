#include "codec/seal.h"

#include "codec/hex.h"

#include <gtest/gtest.h>

namespace hyd::codec {
namespace {

std::array<char, kSealKeyBytes> key_of(std::string_view digits) {
  std::array<char, kSealKeyBytes> key{};
  EXPECT_TRUE(hex_decode_to(digits, key));
  return key;
}
SealNonce nonce_of(std::string_view digits) {
  SealNonce nonce{};
  EXPECT_TRUE(hex_decode_to(digits, nonce));
  return nonce;
}

// McGrew and Viega, "The Galois/Counter Mode of Operation", cases 13, 14 and 16.
TEST(Seal, MatchesThePublishedVectors) {
  SealKey zero(key_of(std::string(64, '0')));
  EXPECT_EQ(hex(zero.seal({}, "", "")), "530f8afbc74536b9a963b4f1c4cb738b");
  EXPECT_EQ(hex(zero.seal({}, "", std::string(16, '\0'))),
            "cea7403d4d606b6e074ec5d3baf39d18d0d1c8a799996bf0265b98b5d48ab919");
  SealKey key(key_of("feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308"));
  const std::string plain = hex_decode(
                                "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
                                "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39")
                                .value_or("");
  const std::string bound = hex_decode("feedfacedeadbeeffeedfacedeadbeefabaddad2").value_or("");
  EXPECT_EQ(hex(key.seal(nonce_of("cafebabefacedbaddecaf888"), bound, plain)),
            "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa"
            "8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662"
            "76fc6ece0f4e1768cddf8853bb2d551b");
}

TEST(Seal, OnlyTheSameKeyNonceAndPurposeOpenIt) {
  SealKey key(key_of(std::string(64, '1')));
  const SealNonce nonce = nonce_of("000000000000000000000001");
  const std::string sealed = key.seal(nonce, "iterator", "place 42");
  const auto opened = key.open(nonce, "iterator", sealed);
  ASSERT_TRUE(opened);
  EXPECT_EQ(*opened, "place 42");

  EXPECT_FALSE(key.open(nonce, "page", sealed));
  EXPECT_FALSE(key.open(nonce_of("000000000000000000000002"), "iterator", sealed));
  SealKey other(key_of(std::string(64, '2')));
  EXPECT_FALSE(other.open(nonce, "iterator", sealed));
  for (std::size_t size = 0; size < sealed.size(); ++size) {
    EXPECT_FALSE(key.open(nonce, "iterator", sealed.substr(0, size))) << size;
  }
  for (std::size_t bit = 0; bit < 8 * sealed.size(); ++bit) {
    std::string bent = sealed;
    bent[bit / 8] = static_cast<char>(bent[bit / 8] ^ (1 << bit % 8));
    const auto got = key.open(nonce, "iterator", bent);
    ASSERT_FALSE(got) << bit;
    EXPECT_EQ(got.error().code, base::Code::denied);
  }
  EXPECT_TRUE(key.open(nonce, "iterator", sealed)) << "a refusal must not spoil the key";
}

}  // namespace
}  // namespace hyd::codec

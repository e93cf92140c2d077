#include "codec/hash.h"

#include "codec/hex.h"

#include <gtest/gtest.h>

namespace hyd::codec {
namespace {

std::string repeated(std::string_view text, int times) {
  std::string out;
  for (int i = 0; i < times; ++i) out += text;
  return out;
}

// RFC 1321, RFC 3174 and FIPS 180-2.
TEST(Hash, MatchesThePublishedVectors) {
  EXPECT_EQ(md5("").hex(), "d41d8cd98f00b204e9800998ecf8427e");
  EXPECT_EQ(md5("abc").hex(), "900150983cd24fb0d6963f7d28e17f72");
  EXPECT_EQ(
      md5("12345678901234567890123456789012345678901234567890123456789012345678901234567890").hex(),
      "57edf4a22be3c955ac49da2e2107b67a");
  EXPECT_EQ(sha1("abc").hex(), "a9993e364706816aba3e25717850c26c9cd0d89d");
  EXPECT_EQ(sha1("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq").hex(),
            "84983e441c3bd26ebaae4aa1f95129e5e54670f1");
  EXPECT_EQ(sha256("").hex(), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(sha256("abc").hex(),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(sha256(repeated("a", 1'000'000)).hex(),
            "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST(Hash, PiecesGiveTheHashOfTheWhole) {
  const std::string text = repeated("0123456789abcdef!", 20);
  for (std::size_t cut = 0; cut <= text.size(); ++cut) {
    Sha256 sha256_hash;
    Md5 md5_hash;
    for (const std::string_view piece :
         {std::string_view(text).substr(0, cut), std::string_view(text).substr(cut)}) {
      sha256_hash.update(piece);
      md5_hash.update(piece);
    }
    ASSERT_EQ(sha256_hash.finish(), sha256(text)) << cut;
    ASSERT_EQ(md5_hash.finish(), md5(text)) << cut;
  }
}

TEST(Hash, ACopyForksTheComputation) {
  Sha256 stem;
  stem.update("ab");
  Sha256 branch = stem;
  branch.update("d");
  stem.update("c");
  EXPECT_EQ(stem.finish(), sha256("abc"));
  EXPECT_EQ(branch.finish(), sha256("abd"));
}

// RFC 4231, cases 1, 2, 3, 6 (a key longer than a block) and RFC 2202.
TEST(Hash, HmacMatchesTheVectorsOfTheRfcs) {
  EXPECT_EQ(hmac_sha256(repeated("\x0b", 20), "Hi There").hex(),
            "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
  EXPECT_EQ(hmac_sha256("Jefe", "what do ya want for nothing?").hex(),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  EXPECT_EQ(hmac_sha256(repeated("\xaa", 20), repeated("\xdd", 50)).hex(),
            "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe");
  EXPECT_EQ(
      hmac_sha256(repeated("\xaa", 131), "Test Using Larger Than Block-Size Key - Hash Key First")
          .hex(),
      "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
  EXPECT_EQ(hmac_sha1("Jefe", "what do ya want for nothing?").hex(),
            "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79");
  EXPECT_EQ(
      hmac_sha1(repeated("\xaa", 80), "Test Using Larger Than Block-Size Key - Hash Key First")
          .hex(),
      "aa4ae5e15272d00e95705637ce8a3b55ed402112");
}

TEST(Hash, AnHmacKeyServesManyMessages) {
  const HmacKey key("Jefe");
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(key.sign("what do ya want for nothing?").hex(),
              "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  }
}

TEST(Hash, ConstantTimeComparisonComparesEveryByteAndTheLength) {
  EXPECT_TRUE(equal_in_constant_time("", ""));
  EXPECT_TRUE(equal_in_constant_time("abc", "abc"));
  for (const std::string_view other : {"abd", "bbc", "ab", "abcd", ""}) {
    EXPECT_FALSE(equal_in_constant_time("abc", other)) << other;
  }
}

}  // namespace
}  // namespace hyd::codec

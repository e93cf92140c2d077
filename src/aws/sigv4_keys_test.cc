#include "aws/sigv4_keys.h"

#include "aws/sigv4_claim.h"
#include "aws/testing/signed_requests.h"
#include "codec/hex.h"

#include <gtest/gtest.h>

#include <string>

namespace hyd::aws {
namespace {

class SigningKeysTest : public ::testing::Test {
 protected:
  // The signature of one text under the key for that credential.
  std::string signed_with(SigningKeys& keys, const std::string& credential,
                          std::string_view secret = "secret", std::uint64_t generation = 1) {
    const CredentialScope scope = testing::scope_of(credential);
    return keys
        .get({.credential = credential, .scope = scope, .secret = secret, .generation = generation})
        .sign("text")
        .hex();
  }
  static std::string credential(int number) {
    return "AKID" + std::to_string(number) + "/20260131/us-east-1/kinesis/aws4_request";
  }
};

// AWS documentation, "Examples of how to derive a signing key for Signature Version 4".
TEST_F(SigningKeysTest, DerivesAsDocumented) {
  const CredentialScope scope = testing::scope_of("x/20120215/us-east-1/iam/aws4_request");
  const codec::HmacKey key = derive_signing_key("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", scope);
  const auto raw =
      codec::hex_decode("f4780e2d9f65fa895f9c67b32ce1baf0b0d8a43505a000a1a9e090d414db404d");
  ASSERT_TRUE(raw);
  EXPECT_EQ(key.sign("text"), codec::hmac_sha256(*raw, "text"));
}

TEST_F(SigningKeysTest, HoldsNoMoreThanItsBoundAndForgetsTheOldest) {
  SigningKeys keys(3);
  for (int i = 0; i < 10; ++i) {
    signed_with(keys, credential(i));
    signed_with(keys, credential(0));  // used all the time, so it stays
    EXPECT_LE(keys.size(), 3u);
  }
  EXPECT_EQ(signed_with(keys, credential(0)), signed_with(keys, credential(0)));
  EXPECT_NE(signed_with(keys, credential(0)), signed_with(keys, "a" + credential(0), "other"));
}

TEST_F(SigningKeysTest, ANewGenerationOfTheSecretIsDerivedAnew) {
  SigningKeys keys(3);
  const std::string before = signed_with(keys, credential(1), "old", 1);
  EXPECT_EQ(signed_with(keys, credential(1), "new", 1), before) << "kept: same generation";
  const std::string after = signed_with(keys, credential(1), "new", 2);
  EXPECT_NE(after, before);
  EXPECT_EQ(keys.size(), 1u);
}

}  // namespace
}  // namespace hyd::aws

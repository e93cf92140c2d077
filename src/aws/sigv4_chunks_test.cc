#include "aws/sigv4_chunks.h"

#include "aws/sigv4_claim.h"
#include "aws/sigv4_keys.h"
#include "aws/testing/signed_requests.h"

#include <gtest/gtest.h>

namespace hyd::aws {
namespace {

// AWS documentation, "Signature calculations for the authorization header: transferring a payload
// in multiple chunks": 66,560 times the letter a, in chunks of 64 KiB.
class ChunkSignatures : public ::testing::Test {
 protected:
  static ChunkSigner example() {
    constexpr std::string_view kCredential =
        "AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request";
    return {derive_signing_key("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
                               testing::scope_of(kCredential)),
            {.timestamp = "20130524T000000Z",
             .scope = kCredential.substr(21),
             .signature = "4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9"}};
  }
  static codec::Sha256Digest letters(std::size_t count) {
    return codec::sha256(std::string(count, 'a'));
  }
  static constexpr std::string_view kFirst =
      "ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648";
  static constexpr std::string_view kSecond =
      "0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497";
  static constexpr std::string_view kLast =
      "b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9";
};

TEST_F(ChunkSignatures, MatchTheExampleOfTheDocumentation) {
  ChunkSigner signer = example();
  EXPECT_TRUE(signer.check_chunk(letters(65'536), kFirst));
  EXPECT_TRUE(signer.check_chunk(letters(1'024), kSecond));
  EXPECT_TRUE(signer.check_chunk(letters(0), kLast));
}

TEST_F(ChunkSignatures, AChangedMissingOrSwappedChunkIsFound) {
  ChunkSigner changed = example();
  EXPECT_FALSE(changed.check_chunk(letters(65'535), kFirst));
  ChunkSigner missing = example();
  EXPECT_FALSE(missing.check_chunk(letters(1'024), kSecond));
  ChunkSigner cut_short = example();
  EXPECT_TRUE(cut_short.check_chunk(letters(65'536), kFirst));
  EXPECT_FALSE(cut_short.check_chunk(letters(0), kLast));
  ChunkSigner bad_signature = example();
  EXPECT_FALSE(bad_signature.check_chunk(letters(65'536), kFirst.substr(1)));
}

// The same pages' example with a trailing checksum.
TEST_F(ChunkSignatures, TheTrailerIsSignedOverTheLastChunk) {
  constexpr std::string_view kCredential =
      "AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request";
  ChunkSigner signer(
      derive_signing_key("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
                         testing::scope_of(kCredential)),
      {.timestamp = "20130524T000000Z",
       .scope = kCredential.substr(21),
       .signature = "106e2a8a18243abcf37539882f36619c00e2dfc72633413f02d3b74544bfeb8e"});
  EXPECT_TRUE(signer.check_chunk(
      letters(65'536), "b474d8862b1487a5145d686f57f013e54db672cee1c953b3010fb58501ef5aa2"));
  EXPECT_TRUE(signer.check_chunk(
      letters(1'024), "1c1344b170168f8e65b41376b44b20fe354e373826ccbbe2c1d40a8cae51e5c7"));
  EXPECT_TRUE(signer.check_chunk(
      letters(0), "2ca2aba2005185cf7159c6277faf83795951dd77a3a99e6e65d5c9f85863f992"));
  EXPECT_TRUE(
      signer.check_trailer("x-amz-checksum-crc32c:sOO8/Q==\n",
                           "d81f82fc3505edab99d459891051a732e8730629a2e4a59689829ca17fe2e435"));
}

}  // namespace
}  // namespace hyd::aws

#include "streams/tokens.h"

#include "codec/base64.h"

#include <gtest/gtest.h>

#include <string>

namespace hyd::streams {
namespace {

constexpr std::array<char, codec::kSealKeyBytes> kKey{'k', 'e', 'y'};
constexpr std::array<char, codec::kSealKeyBytes> kOther{'o', 't', 'h', 'e', 'r'};

class TokensTest : public ::testing::Test {
 protected:
  TokensTest() : entropy_(1), tokens_(kKey, entropy_) {
    iterator_ = {.issued_ms = 1'700'000'000'123,
                 .stream = base::Uid::random(entropy_),
                 .shard = 41,
                 .from = log::Place(INT64_MAX),
                 .stream_name = "clicks"};
  }

  base::FastRng entropy_;
  Tokens tokens_;
  Iterator iterator_;
};

TEST_F(TokensTest, ComeBackWholeInEveryProcessThatHasTheKey) {
  Tokens elsewhere(kKey, entropy_);
  EXPECT_EQ(elsewhere.open_iterator(tokens_.seal(iterator_)), iterator_);
  iterator_.stream_name = std::string(128, 'n');
  EXPECT_EQ(elsewhere.open_iterator(tokens_.seal(iterator_)), iterator_);
  const PageToken page{.issued_ms = 5, .text = "where it stands"};
  EXPECT_EQ(elsewhere.open_page("List", tokens_.seal_page("List", page)), page);
  Tokens stranger(kOther, entropy_);
  EXPECT_EQ(stranger.open_iterator(tokens_.seal(iterator_)), std::nullopt);
}

// 152 bytes and a multiple of 16 more, at most 512 characters: what clients have seen.
TEST_F(TokensTest, LookLikeAwssFromOutside) {
  for (const std::size_t name : {1u, 64u, 128u}) {
    iterator_.stream_name = std::string(name, 'n');
    const std::string text = tokens_.seal(iterator_);
    EXPECT_LE(text.size(), 512u);
    const auto bytes = codec::base64_decode(text);
    ASSERT_TRUE(bytes);
    EXPECT_TRUE(bytes->starts_with(std::string_view("\0\0\0\0\0\0\0\1", 8)));
    EXPECT_GE(bytes->size(), 152u);
    EXPECT_EQ((bytes->size() - 152) % 16, 0u);
  }
  EXPECT_NE(tokens_.seal(iterator_), tokens_.seal(iterator_)) << "a nonce seals once";
}

TEST_F(TokensTest, NoBitCanBeChanged) {
  const auto bytes = codec::base64_decode(tokens_.seal(iterator_));
  ASSERT_TRUE(bytes);
  for (std::size_t i = 0; i < bytes->size(); ++i) {
    std::string changed = *bytes;
    changed[i] = static_cast<char>(changed[i] ^ 1);
    ASSERT_EQ(tokens_.open_iterator(codec::base64_encode(changed)), std::nullopt) << i;
    ASSERT_EQ(tokens_.open_iterator(codec::base64_encode(bytes->substr(0, i))), std::nullopt) << i;
  }
}

TEST_F(TokensTest, OneKindIsNotTakenForAnother) {
  const std::string page = tokens_.seal_page("ListShards", {.issued_ms = 1, .text = "t"});
  EXPECT_EQ(tokens_.open_page("ListStreams", page), std::nullopt);
  EXPECT_EQ(tokens_.open_iterator(page), std::nullopt);
  EXPECT_EQ(tokens_.open_page("ListShards", tokens_.seal(iterator_)), std::nullopt);
}

}  // namespace
}  // namespace hyd::streams

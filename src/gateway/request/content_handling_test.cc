#include "gateway/request/content_handling.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace hyd::gateway {
namespace {

TEST(IsBinaryType, TakesExactTypesAndBothWildcards) {
  const std::vector<std::string> types = {"application/octet-stream", "image/*"};
  EXPECT_TRUE(is_binary_type(types, "application/octet-stream"));
  EXPECT_TRUE(is_binary_type(types, "image/png"));
  EXPECT_FALSE(is_binary_type(types, "imagery/png"));
  EXPECT_FALSE(is_binary_type(types, "application/json"));
  EXPECT_TRUE(is_binary_type(std::vector<std::string>{"*/*"}, "application/json"));
  EXPECT_FALSE(is_binary_type({}, "application/json"));
}

TEST(ContentHandling, FollowsTheTableOfRequests) {
  constexpr std::string_view kText = "CONVERT_TO_TEXT";
  constexpr std::string_view kBinary = "CONVERT_TO_BINARY";
  EXPECT_EQ(request_change(false, ""), BodyChange::as_text);
  EXPECT_EQ(request_change(false, kText), BodyChange::as_text);
  EXPECT_EQ(request_change(false, kBinary), BodyChange::to_bytes);
  EXPECT_EQ(request_change(true, ""), BodyChange::as_bytes);
  EXPECT_EQ(request_change(true, kBinary), BodyChange::as_bytes);
  EXPECT_EQ(request_change(true, kText), BodyChange::to_base64);
}

TEST(ContentHandling, FollowsTheTableOfResponses) {
  constexpr std::string_view kText = "CONVERT_TO_TEXT";
  constexpr std::string_view kBinary = "CONVERT_TO_BINARY";
  EXPECT_EQ(response_change(false, "", false), BodyChange::as_text);
  EXPECT_EQ(response_change(false, "", true), BodyChange::to_bytes);
  EXPECT_EQ(response_change(false, kText, true), BodyChange::as_text);
  EXPECT_EQ(response_change(false, kBinary, false), BodyChange::to_bytes);
  EXPECT_EQ(response_change(true, "", true), BodyChange::as_bytes);
  EXPECT_EQ(response_change(true, "", false), BodyChange::to_base64);
  EXPECT_EQ(response_change(true, kText, true), BodyChange::to_base64);
  EXPECT_EQ(response_change(true, kBinary, false), BodyChange::as_bytes);
}

TEST(ContentHandling, ChangesBytesAsItSays) {
  EXPECT_EQ(changed("a\xFF", BodyChange::as_text), "a\xEF\xBF\xBD");
  EXPECT_EQ(changed("a\xFF", BodyChange::as_bytes), "a\xFF");
  EXPECT_EQ(changed("a\xFF", BodyChange::to_base64), "Yf8=");
  EXPECT_EQ(changed("Yf8=", BodyChange::to_bytes), "a\xFF");
  EXPECT_FALSE(changed("Yf8", BodyChange::to_bytes).has_value()) << "strictly";
  EXPECT_FALSE(changed("{\"a\":1}", BodyChange::to_bytes).has_value());
}

}  // namespace
}  // namespace hyd::gateway

#include "gateway/request/request_view.h"

#include "gateway/request/testing/one_request.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace hyd::gateway {
namespace {

using testing::OneRequest;

// "Name=value, Name=value".
std::string show(std::span<const vtl::NameValue> values) {
  std::string out;
  for (const vtl::NameValue& one : values) {
    if (!out.empty()) out += ", ";
    out.append(one.name).append("=").append(one.value);
  }
  return out;
}

std::string header(const RequestView& view, std::string_view name) {
  return std::string(find_last(view.headers(), name).value_or("none"));
}

TEST(RequestView, ShowsHeadersAsSentWithoutHiddenOnesAndWithItsOwn) {
  const OneRequest one(
      OneRequest::post("/prod/a",
                       "X-Odd-CASE: 1\r\nConnection: keep-alive\r\nContent-MD5: x\r\n"
                       "TE: trailers\r\nExpect: 100-continue\r\nX-Twice: a\r\n"
                       "X-Twice: b\r\nX-Forwarded-Proto: gopher\r\n"
                       "X-Amzn-Trace-Id: Root=1-a-b\r\n"),
      "/a");
  EXPECT_EQ(show(one.view.headers()),
            "Host=abcdefghij.execute-api.local:8080, X-Odd-CASE=1, X-Twice=a, X-Twice=b, "
            "X-Forwarded-For=203.0.113.9, X-Forwarded-Port=8080, X-Forwarded-Proto=http, "
            "X-Amzn-Trace-Id=Root=1-a-b");
  EXPECT_EQ(header(one.view, "X-Twice"), "b") << "the last one counts";
  EXPECT_EQ(header(one.view, "x-odd-case"), "none") << "names are case-sensitive";
}

TEST(RequestView, AppendsTheClientToTheAddressesItWasForwardedFor) {
  const OneRequest one(
      OneRequest::post("/", "X-Forwarded-For: 1.1.1.1\r\nx-forwarded-for: 2.2.2.2\r\n"), "");
  EXPECT_EQ(header(one.view, "X-Forwarded-For"), "1.1.1.1, 2.2.2.2, 203.0.113.9");
}

TEST(RequestView, AlwaysHasATraceIdWithARoot) {
  const OneRequest without(OneRequest::post("/"), "");
  EXPECT_THAT(without.view.trace_id(), ::testing::MatchesRegex("Root=1-673ff374-[0-9a-f]{24}"));
  EXPECT_EQ(header(without.view, "X-Amzn-Trace-Id"), without.view.trace_id());
  const OneRequest partial(OneRequest::post("/", "x-amzn-trace-id: Sampled=1\r\n"), "");
  EXPECT_THAT(partial.view.trace_id(),
              ::testing::MatchesRegex("Root=1-673ff374-[0-9a-f]{24};Sampled=1"));
  const OneRequest whole(OneRequest::post("/", "x-amzn-trace-id: Self=x; Root=1-2-3\r\n"), "");
  EXPECT_EQ(whole.view.trace_id(), "Self=x; Root=1-2-3");
}

TEST(RequestView, DecodesTheQueryOnceAndKeepsItsOrder) {
  const OneRequest one(OneRequest::post("/?a=1&b=x+y%2B&a=2;c&%61=%&&=v"), "");
  EXPECT_EQ(show(one.view.query()), "a=1, b=x y+, a=2, c=, a=%, =v");
}

TEST(RequestView, DecodesPathParametersOnceAndLeavesThePathItself) {
  OneRequest one(OneRequest::post("/prod/v1/a%2Fb+c"), "/v1/a%2Fb+c",
                 {{.name = "stream-name", .raw = "a%2Fb+c"}});
  EXPECT_EQ(show(one.view.path()), "stream-name=a/b+c");
  EXPECT_EQ(one.view.context_value("path"), "/prod/v1/a%2Fb+c");
}

TEST(RequestView, KnowsItsContext) {
  OneRequest one(OneRequest::post("/prod/v1/s", "User-Agent: curl/8\r\n"), "/v1/s");
  struct {
    const char* name;
    const char* value;
  } const expected[] = {
      {"resourceId", "res123"},
      {"resourcePath", "/v1/{stream-name}"},
      {"httpMethod", "POST"},
      {"requestTime", "22/Nov/2024:02:59:00 +0000"},
      {"requestTimeEpoch", "1732244340123"},
      {"accountId", "123456789012"},
      {"protocol", "HTTP/1.1"},
      {"stage", "prod"},
      {"domainName", "abcdefghij.execute-api.local"},
      {"domainPrefix", "abcdefghij"},
      {"deploymentId", "dep123"},
      {"apiId", "abcdefghij"},
      {"identity.sourceIp", "203.0.113.9"},
      {"identity.userAgent", "curl/8"},
  };
  for (const auto& [name, value] : expected) EXPECT_EQ(one.view.context_value(name), value) << name;
  EXPECT_EQ(one.view.context_value("requestId"), one.ids.request());
  EXPECT_EQ(one.view.context_value("extendedRequestId"), one.ids.extended());
  EXPECT_FALSE(one.view.context_value("identity.userArn").has_value());
  EXPECT_FALSE(one.view.context_value("identity").has_value());
  EXPECT_FALSE(one.view.context_value("isCanaryRequest").has_value());
}

// AWS's map has exactly these, in this order (observed).
TEST(RequestView, OrdersTheKeysOfTheContextAsJavasMapDoes) {
  OneRequest one(OneRequest::post("/prod"), "");
  std::string top;
  std::string identity;
  for (const vtl::ContextField& field : one.view.context()) {
    if (field.object.empty()) top.append(field.name).append(" ");
    if (field.object == "identity") identity.append(field.name).append(" ");
  }
  EXPECT_EQ(top,
            "resourceId resourcePath httpMethod extendedRequestId requestTime path accountId "
            "protocol requestOverride stage domainPrefix requestTimeEpoch requestId identity "
            "domainName deploymentId responseOverride apiId ");
  EXPECT_EQ(identity,
            "cognitoIdentityPoolId accountId cognitoIdentityId caller sourceIp principalOrgId "
            "accessKey cognitoAuthenticationType cognitoAuthenticationProvider userArn userAgent "
            "user ");
}

TEST(RequestIds, TakeOverAUuidOfTheClientAndNothingElse) {
  const OneRequest given(
      OneRequest::post("/", "x-amzn-RequestId: 0F8FAD5B-d9cb-469f-a165-70867728950e\r\n"), "");
  EXPECT_EQ(given.ids.request(), "0f8fad5b-d9cb-469f-a165-70867728950e");
  const OneRequest bad(
      OneRequest::post("/", "x-amzn-RequestId: 0F8FAD5B-d9cb-469f-a165-70867728950g\r\n"), "");
  EXPECT_THAT(bad.ids.request(), ::testing::MatchesRegex("[0-9a-f]{8}-.*"));
  EXPECT_NE(bad.ids.request(), "0f8fad5b-d9cb-469f-a165-70867728950g");
}

TEST(MediaTypeOf, LeavesParametersAndCaseAside) {
  EXPECT_EQ(media_type_of("Application/JSON ; charset=x"), "application/json");
  EXPECT_EQ(media_type_of(""), "");
}

}  // namespace
}  // namespace hyd::gateway

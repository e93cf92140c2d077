// What is refused, with which words, for each family of services; and what is forgiven.
#include "aws/operation.h"
#include "aws/sigv4.h"
#include "aws/sigv4_sign.h"
#include "aws/testing/signed_requests.h"
#include "codec/hash.h"

#include <gtest/gtest.h>

namespace hyd::aws {
namespace {

using testing::OneKey;
using testing::OwnedRequest;
using testing::StillClock;
using Why = AuthFailure::Kind;

constexpr std::string_view kNow = "20260131T120000Z";
constexpr std::string_view kHashOfNothing =
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

class SigV4Refusal : public ::testing::Test {
 protected:
  SigV4Refusal() : clock_(kNow), authenticator_(keys_, clock_) {}

  // Adds the headers that make it a request signed at `at`.
  OwnedRequest signed_by(OwnedRequest request, std::string_view service = "kinesis",
                         std::string_view at = kNow, std::string_view payload = {},
                         std::string_view secret = testing::kExampleSecret) const {
    if (request.header("Host").empty()) request.header("Host") = "127.0.0.1:4566";
    const std::string hash =
        payload.empty() ? codec::sha256(request.body).hex() : std::string(payload);
    const auto added = request.with([&](const SignedRequest& views) {
      return sign({.method = views.method,
                   .path = views.path,
                   .query = views.query,
                   .headers = views.headers,
                   .payload_hash = hash},
                  {.key_id = testing::kExampleId,
                   .secret = secret,
                   .region = "us-east-1",
                   .service = service},
                  *codec::parse_iso_basic(at));
    });
    request.headers.insert(request.headers.end(), added.begin(), added.end());
    return request;
  }
  std::expected<Authenticated, AuthFailure> check(const OwnedRequest& request,
                                                  std::string_view service = "kinesis") {
    return request.with(
        [&](const SignedRequest& views) { return authenticator_.authenticate(views, service); });
  }
  // The kind of the refusal; nothing when it was accepted.
  std::optional<Why> refusal(const OwnedRequest& request, std::string_view service = "kinesis") {
    const auto got = check(request, service);
    if (got) return std::nullopt;
    return got.error().kind;
  }
  Fault fault(const OwnedRequest& request, std::string_view service, Protocol protocol) {
    auto got = check(request, service);
    if (got) return {.name = "accepted"};
    return to_fault(std::move(got).error(), protocol);
  }
  void expect_fault(const Fault& fault, int status, std::string_view name,
                    std::string_view message) {
    EXPECT_EQ(fault.status, status);
    EXPECT_EQ(fault.name, name);
    EXPECT_EQ(fault.message, message);
    EXPECT_FALSE(fault.ours);
  }
  static void replace(std::string& text, std::string_view old, std::string_view with) {
    const std::size_t at = text.find(old);
    ASSERT_NE(at, std::string::npos) << old;
    text.replace(at, old.size(), with);
  }

  OneKey keys_;
  StillClock clock_;
  Authenticator authenticator_;
};

constexpr std::string_view kDiffers =
    "The request signature we calculated does not match the signature you provided. Check your AWS "
    "Secret Access Key and signing method. Consult the service documentation for details.";

TEST_F(SigV4Refusal, NothingSigned) {
  const OwnedRequest request{.headers = {{"Host", "h"}}};
  expect_fault(fault(request, "s3", Protocol::rest_xml), 403, "AccessDenied", "Access Denied");
  expect_fault(fault(request, "iam", Protocol::query), 403, "MissingAuthenticationToken",
               "Request is missing Authentication Token");
  expect_fault(fault(request, "kinesis", Protocol::json_1_1), 400,
               "MissingAuthenticationTokenException", "Missing Authentication Token");
  expect_fault(fault(request, "apigateway", Protocol::rest_json), 403,
               "MissingAuthenticationTokenException", "Missing Authentication Token");
}

TEST_F(SigV4Refusal, AnIncompleteHeaderNamesWhatIsMissing) {
  const OwnedRequest request{.headers = {{"Host", "h"}, {"Authorization", "AWS4-HMAC-SHA256"}}};
  expect_fault(
      fault(request, "kinesis", Protocol::json_1_1), 400, "IncompleteSignatureException",
      "Authorization header requires 'Credential' parameter. Authorization header requires "
      "'Signature' parameter. Authorization header requires 'SignedHeaders' parameter. "
      "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' "
      "header. Authorization=AWS4-HMAC-SHA256");
  OwnedRequest some = request;
  some.header("Authorization") = "AWS4-HMAC-SHA256 Credential=a,SignedHeaders=host";
  some.header("X-Amz-Date") = kNow;
  expect_fault(fault(some, "iam", Protocol::query), 403, "IncompleteSignature",
               "Authorization header requires 'Signature' parameter. "
               "Authorization=AWS4-HMAC-SHA256 Credential=a,SignedHeaders=host");
  EXPECT_EQ(fault(some, "apigateway", Protocol::rest_json).name, "IncompleteSignatureException");
  expect_fault(fault(some, "s3", Protocol::rest_xml), 400, "AuthorizationHeaderMalformed",
               "The authorization header is malformed; the authorization header requires three "
               "components: Credential, SignedHeaders, and Signature.");
}

TEST_F(SigV4Refusal, PartsOfTheHeaderMayBeSeparatedByCommasOrBlanks) {
  for (const std::string_view separator : {",", " ", ",  ", "\t"}) {
    OwnedRequest request = signed_by({});
    std::string& header = request.header("Authorization");
    replace(header, ", ", separator);
    replace(header, ", ", separator);
    EXPECT_TRUE(check(request)) << header;
  }
}

TEST_F(SigV4Refusal, OtherSchemesAreRefusedByName) {
  OwnedRequest v2{.headers = {{"Host", "h"}, {"Authorization", "AWS AKID:c2ln"}}};
  expect_fault(fault(v2, "s3", Protocol::rest_xml), 400, "InvalidRequest",
               "The authorization mechanism you have provided is not supported. Please use "
               "AWS4-HMAC-SHA256.");
  EXPECT_EQ(fault(v2, "kinesis", Protocol::json_1_1).name, "IncompleteSignatureException");
  OwnedRequest v4a{
      .headers = {{"Host", "h"}, {"Authorization", "AWS4-ECDSA-P256-SHA256 Credential=x"}}};
  EXPECT_EQ(fault(v4a, "s3", Protocol::rest_xml).status, 501);
  EXPECT_EQ(fault(v4a, "iam", Protocol::query).name, "IncompleteSignature");
  OwnedRequest bearer{.headers = {{"Host", "h"}, {"Authorization", "Bearer x"}}};
  const Fault refused = fault(bearer, "s3", Protocol::rest_xml);
  expect_fault(refused, 400, "InvalidArgument", "Unsupported Authorization Type");
  EXPECT_EQ(refused.details, (AuthFailure::Details{{"ArgumentName", "Authorization"},
                                                   {"ArgumentValue", "Bearer x"}}));
  OwnedRequest v2_query{.query = "AWSAccessKeyId=a&Signature=b&Expires=1",
                        .headers = {{"Host", "h"}}};
  EXPECT_EQ(refusal(v2_query, "s3"), Why::not_supported);
  EXPECT_EQ(refusal(v2_query, "kinesis"), Why::nothing_signed);
}

TEST_F(SigV4Refusal, CredentialsInTwoPlacesAreRefusedWhicheverIsRight) {
  OwnedRequest both = signed_by({.query = "X-Amz-Algorithm=AWS4-HMAC-SHA256"});
  expect_fault(
      fault(both, "kinesis", Protocol::json_1_1), 400, "InvalidSignatureException",
      "Found both 'X-Amz-Algorithm' as a query-string param and 'Authorization' as HTTP header.");
  EXPECT_EQ(fault(both, "s3", Protocol::rest_xml).name, "InvalidArgument");
  for (const std::string_view query :
       {"X-Amz-Signature=0", "X-Amz-Credential=other/20260131/us-east-1/kinesis/aws4_request",
        "X%2DAmz%2DAlgorithm=x"}) {
    EXPECT_EQ(refusal(signed_by({.query = std::string(query)})), Why::several_forms) << query;
  }
  OwnedRequest two_headers = signed_by({});
  two_headers.headers.emplace_back("authorization", two_headers.header("Authorization"));
  EXPECT_EQ(refusal(two_headers), Why::several_forms);
  EXPECT_TRUE(check(signed_by({.query = "x-amz-algorithm=lower-case-is-another-name"})));
}

TEST_F(SigV4Refusal, UnknownAndInactiveKeysLookTheSame) {
  OwnedRequest unknown = signed_by({}, "s3");
  replace(unknown.header("Authorization"), "AKIDEXAMPLE", "AKIDUNKNOWN");
  const Fault s3 = fault(unknown, "s3", Protocol::rest_xml);
  expect_fault(s3, 403, "InvalidAccessKeyId",
               "The AWS Access Key Id you provided does not exist in our records.");
  EXPECT_EQ(s3.details, (AuthFailure::Details{{"AWSAccessKeyId", "AKIDUNKNOWN"}}));

  keys_.key.active = false;
  constexpr std::string_view kText = "The security token included in the request is invalid.";
  expect_fault(fault(signed_by({}), "kinesis", Protocol::json_1_1), 400,
               "UnrecognizedClientException", kText);
  expect_fault(fault(signed_by({}, "iam"), "iam", Protocol::query), 403, "InvalidClientTokenId",
               kText);
  expect_fault(fault(signed_by({}, "apigateway"), "apigateway", Protocol::rest_json), 403,
               "UnrecognizedClientException", kText);
}

TEST_F(SigV4Refusal, ADifferingSignatureShowsWhatWasComputedOver) {
  const OwnedRequest wrong = signed_by({}, "s3", kNow, {}, "another secret");
  const Fault s3 = fault(wrong, "s3", Protocol::rest_xml);
  expect_fault(s3, 403, "SignatureDoesNotMatch",
               "The request signature we calculated does not match the signature you provided. "
               "Check your key and signing method.");
  ASSERT_EQ(s3.details.size(), 6u);
  EXPECT_EQ(s3.details[0].second, "AKIDEXAMPLE");
  EXPECT_EQ(s3.details[1].second.substr(0, 33), "AWS4-HMAC-SHA256\n20260131T120000Z");
  EXPECT_EQ(s3.details[3].second.substr(0, 11), "41 57 53 34");
  EXPECT_EQ(s3.details[4].second.substr(0, 24), "GET\n/\n\nhost:127.0.0.1:45");

  expect_fault(fault(signed_by({}, "iam", kNow, {}, "x"), "iam", Protocol::query), 403,
               "SignatureDoesNotMatch", kDiffers);
  expect_fault(fault(signed_by({}, "kinesis", kNow, {}, "x"), "kinesis", Protocol::json_1_1), 400,
               "InvalidSignatureException", kDiffers);
  const Fault rest =
      fault(signed_by({}, "apigateway", kNow, {}, "x"), "apigateway", Protocol::rest_json);
  EXPECT_EQ(rest.status, 403);
  EXPECT_TRUE(rest.message.starts_with(kDiffers));
  EXPECT_TRUE(
      rest.message.contains("\n\nThe String-to-Sign should have been\n'AWS4-HMAC-SHA256\n"));
  for (const Fault& shown : {s3, rest}) {
    EXPECT_FALSE(shown.message.contains(testing::kExampleSecret));
  }
}

TEST_F(SigV4Refusal, TheClockWindowIsFiveMinutesAndFifteenForS3BothWaysInclusive) {
  struct Row {
    std::string_view service;
    std::string_view at;
    bool good;
  };
  const Row kRows[] = {
      {"kinesis", "20260131T115500Z", true}, {"kinesis", "20260131T115459Z", false},
      {"kinesis", "20260131T120500Z", true}, {"kinesis", "20260131T120501Z", false},
      {"s3", "20260131T114500Z", true},      {"s3", "20260131T114459Z", false},
      {"s3", "20260131T121500Z", true},      {"s3", "20260131T121501Z", false},
  };
  clock_.move(std::chrono::microseconds(999'999));  // parts of a second do not count
  for (const Row& row : kRows) {
    const auto got = refusal(signed_by({}, row.service, row.at), row.service);
    EXPECT_EQ(got, row.good ? std::nullopt : std::optional(Why::clock)) << row.service << row.at;
  }
}

TEST_F(SigV4Refusal, AClockThatIsOffIsToldBothTimes) {
  const std::string old = "20260131T110000Z";
  expect_fault(fault(signed_by({}, "kinesis", old), "kinesis", Protocol::json_1_1), 400,
               "InvalidSignatureException",
               "Signature expired: 20260131T110000Z is now earlier than 20260131T115500Z "
               "(20260131T120000Z - 5 min.)");
  expect_fault(fault(signed_by({}, "iam", "20260131T130000Z"), "iam", Protocol::query), 403,
               "SignatureDoesNotMatch",
               "Signature not yet current: 20260131T130000Z is still later than 20260131T120500Z "
               "(20260131T120000Z + 5 min.)");
  const Fault s3 = fault(signed_by({}, "s3", old), "s3", Protocol::rest_xml);
  expect_fault(s3, 403, "RequestTimeTooSkewed",
               "The difference between the request time and the current time is too large.");
  EXPECT_EQ(s3.details, (AuthFailure::Details{{"RequestTime", old},
                                              {"ServerTime", "2026-01-31T12:00:00Z"},
                                              {"MaxAllowedSkewMilliseconds", "900000"}}));
}

TEST_F(SigV4Refusal, TheDateHeaderServesWhenXAmzDateIsMissing) {
  OwnedRequest request = signed_by({});
  request.drop("X-Amz-Date");
  expect_fault(fault(request, "s3", Protocol::rest_xml), 403, "AccessDenied",
               "AWS authentication requires a valid Date or x-amz-date header");
  EXPECT_EQ(fault(request, "kinesis", Protocol::json_1_1).name, "IncompleteSignatureException");
  for (const std::string_view date : {"Sat, 31 Jan 2026 12:00:00 GMT", "20260131T120000Z"}) {
    request.header("Date") = date;
    EXPECT_EQ(refusal(request), Why::header_absent) << "x-amz-date is in the list and not there";
  }
  request.header("Date") = "yesterday";
  EXPECT_EQ(refusal(request), Why::no_date);
}

TEST_F(SigV4Refusal, TheScopeMustFitTheRequest) {
  struct Row {
    std::string_view old;
    std::string_view with;
    std::string_view text;
    std::string_view s3_text;
  };
  const Row kRows[] = {
      {"/s3/", "/ec2/", "Credential should be scoped to correct service: 's3'. ",
       "incorrect service \"ec2\". This endpoint belongs to \"s3\"."},
      {"/aws4_request", "/aws5",
       "Credential should be scoped with a valid terminator: 'aws4_request', not 'aws5'.",
       "incorrect terminal \"aws5\". This endpoint uses \"aws4_request\"."},
      {"/20260131/", "/20260130/",
       "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: "
       "'20260130' != '20260131', from '20260131T120000Z'.",
       "Invalid credential date \"20260130\". This date is not the same as X-Amz-Date: "
       "\"20260131\"."},
  };
  for (const Row& row : kRows) {
    OwnedRequest request = signed_by({}, "s3");
    replace(request.header("Authorization"), row.old, row.with);
    expect_fault(fault(request, "s3", Protocol::json_1_1), 400, "InvalidSignatureException",
                 row.text);
    expect_fault(fault(request, "s3", Protocol::rest_xml), 400, "AuthorizationHeaderMalformed",
                 "The authorization header is malformed; " + std::string(row.s3_text));
  }
  OwnedRequest short_scope = signed_by({});
  replace(short_scope.header("Authorization"), "AKIDEXAMPLE/20260131/us-east-1/", "AKIDEXAMPLE/");
  EXPECT_EQ(fault(short_scope, "kinesis", Protocol::json_1_1).message,
            "Credential must have exactly 5 slash-delimited elements, e.g. "
            "keyid/date/region/service/term, got 'AKIDEXAMPLE/kinesis/aws4_request'");
}

TEST_F(SigV4Refusal, AnyRegionIsAcceptedUnlessOneIsDemanded) {
  EXPECT_TRUE(check(signed_by({})));
  Authenticator strict(keys_, clock_, {.region = "eu-west-1"});
  const OwnedRequest request = signed_by({}, "s3");
  request.with([&](const SignedRequest& views) {
    auto got = strict.authenticate(views, "s3");
    ASSERT_FALSE(got);
    const Fault fault = to_fault(std::move(got).error(), Protocol::rest_xml);
    EXPECT_EQ(fault.message,
              "The authorization header is malformed; the region 'us-east-1' is wrong; expecting "
              "'eu-west-1'");
    EXPECT_EQ(fault.details, (AuthFailure::Details{{"Region", "eu-west-1"}}));
  });
}

TEST_F(SigV4Refusal, HostAndEveryAmzHeaderMustBeSigned) {
  OwnedRequest added = signed_by({}, "s3");
  added.headers.emplace_back("x-amz-acl", "public-read");
  added.headers.emplace_back("X-Amz-Meta-A", "b");
  const Fault s3 = fault(added, "s3", Protocol::rest_xml);
  expect_fault(s3, 403, "AccessDenied",
               "There were headers present in the request which were not signed");
  EXPECT_EQ(s3.details, (AuthFailure::Details{{"HeadersNotSigned", "x-amz-acl, X-Amz-Meta-A"}}));

  OwnedRequest other = signed_by({});
  other.headers.emplace_back("X-Amz-Target", "Kinesis_20131202.DeleteStream");
  EXPECT_EQ(fault(other, "kinesis", Protocol::json_1_1).message,
            "'X-Amz-Target' must be a 'SignedHeader' in the AWS Authorization.");

  OwnedRequest no_host = signed_by({});
  replace(no_host.header("Authorization"), "host;", "");
  EXPECT_EQ(fault(no_host, "kinesis", Protocol::json_1_1).message,
            "'Host' must be a 'SignedHeader' in the AWS Authorization.");

  OwnedRequest by_proxies = signed_by({});
  by_proxies.headers.emplace_back("X-Amzn-Trace-Id", "Root=1");
  by_proxies.headers.emplace_back("X-Amz-Cf-Id", "x");
  by_proxies.headers.emplace_back("x-amz-user-agent", "aws-sdk-js");
  EXPECT_TRUE(check(by_proxies));
}

TEST_F(SigV4Refusal, TheListOfSignedHeadersMustBeSortedAndLowerCase) {
  for (const std::string_view list :
       {"x-amz-date;host", "Host;x-amz-date", "host;host;x-amz-date", "host;x-amz-date;", ""}) {
    OwnedRequest request = signed_by({});
    replace(request.header("Authorization"), "host;x-amz-date", list);
    EXPECT_TRUE(refusal(request)) << list;
  }
}

TEST_F(SigV4Refusal, ASignedHeaderThatAProxyAteIsRefusedExceptTwo) {
  OwnedRequest request{
      .method = "POST",
      .headers = {{"Content-Length", "2"}, {"Expect", "100-continue"}, {"X-A", "b"}},
      .body = "{}"};
  request = signed_by(request);
  EXPECT_TRUE(check(request));
  OwnedRequest eaten = request;
  eaten.drop("Content-Length");
  eaten.drop("Expect");
  EXPECT_TRUE(check(eaten));
  eaten.drop("X-A");
  EXPECT_EQ(refusal(eaten), Why::header_absent);
}

TEST_F(SigV4Refusal, ATrustedProxyMaySayWhichHostWasMeant) {
  OwnedRequest request = signed_by({.headers = {{"Host", "api.example.com"}}});
  request.header("Host") = "127.0.0.1:4566";
  EXPECT_EQ(refusal(request), Why::signature_differs);
  request.with([&](SignedRequest views) {
    views.forwarded_host = "api.example.com";
    EXPECT_TRUE(authenticator_.authenticate(views, "kinesis"));
  });
}

TEST_F(SigV4Refusal, S3TriesThePathAsSentAndThePlusAsASpace) {
  // Signed over the raw path, which S3 would recode: "%2b" stays lower case.
  OwnedRequest lower = signed_by({.path = "/b/a%2Bb"}, "s3");
  lower.path = "/b/a%2bb";
  EXPECT_TRUE(check(lower, "s3"));
  OwnedRequest plus = signed_by({.path = "/b", .query = "prefix=a%20b"}, "s3");
  plus.query = "prefix=a+b";
  EXPECT_TRUE(check(plus, "s3"));
  EXPECT_EQ(refusal(signed_by({.path = "/b/a b"}, "kinesis"), "kinesis"), std::nullopt);
}

TEST_F(SigV4Refusal, S3DemandsAContentHashOfAKnownForm) {
  OwnedRequest none = signed_by({}, "s3");
  none.drop("X-Amz-Content-Sha256");
  replace(none.header("Authorization"), "x-amz-content-sha256;", "");
  expect_fault(fault(none, "s3", Protocol::rest_xml), 400, "InvalidRequest",
               "Missing required header for this request: x-amz-content-sha256");
  EXPECT_EQ(refusal(signed_by({}, "s3", kNow, "unsigned"), "s3"), Why::bad_content_hash);

  using Mode = BodyPromise::Mode;
  const std::pair<std::string_view, Mode> kForms[] = {
      {"UNSIGNED-PAYLOAD", Mode::unsigned_payload},
      {"STREAMING-AWS4-HMAC-SHA256-PAYLOAD", Mode::signed_chunks},
      {"STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER", Mode::signed_chunks_and_trailer},
      {"STREAMING-UNSIGNED-PAYLOAD-TRAILER", Mode::unsigned_chunks_and_trailer},
      {kHashOfNothing, Mode::checked},
  };
  for (const auto& [text, mode] : kForms) {
    const auto got = check(signed_by({}, "s3", kNow, text), "s3");
    ASSERT_TRUE(got) << text;
    EXPECT_EQ(got->body.mode, mode) << text;
    EXPECT_EQ(got->chunks.has_value(),
              mode == Mode::signed_chunks || mode == Mode::signed_chunks_and_trailer);
    // The mode of the body never replaces the request's own signature.
    EXPECT_EQ(refusal(signed_by({}, "s3", kNow, text, "bogus"), "s3"), Why::signature_differs);
  }
}

TEST_F(SigV4Refusal, ABodyThatIsStillToComeIsCheckedAtItsEnd) {
  OwnedRequest request = signed_by({.method = "PUT", .path = "/b/k", .body = "hello"}, "s3");
  request.body.clear();
  request.with([&](SignedRequest views) {
    views.body_complete = false;
    const auto got = authenticator_.authenticate(views, "s3");
    ASSERT_TRUE(got);
    ASSERT_EQ(got->body.mode, BodyPromise::Mode::hash);
    EXPECT_FALSE(check_body(got->body, codec::sha256("hello")));
    auto failure = check_body(got->body, codec::sha256("hellO"));
    ASSERT_TRUE(failure);
    const Fault fault = to_fault(std::move(*failure), Protocol::rest_xml);
    EXPECT_EQ(fault.name, "XAmzContentSHA256Mismatch");
    EXPECT_EQ(fault.status, 400);
  });
}

TEST_F(SigV4Refusal, OtherServicesHoldALiteralContentHashAgainstTheBody) {
  const std::string hash = codec::sha256("{}").hex();
  OwnedRequest request{.method = "POST", .headers = {{"x-amz-content-sha256", hash}}, .body = "{}"};
  EXPECT_TRUE(check(signed_by(request)));
  OwnedRequest other = signed_by(request);
  other.body = "{ }";
  EXPECT_EQ(refusal(other), Why::body_differs);

  OwnedRequest unsigned_body{
      .method = "POST", .headers = {{"x-amz-content-sha256", "UNSIGNED-PAYLOAD"}}, .body = "{}"};
  unsigned_body = signed_by(unsigned_body, "kinesis", kNow, "UNSIGNED-PAYLOAD");
  EXPECT_EQ(refusal(unsigned_body), Why::bad_content_hash);
  unsigned_body.tls = true;
  EXPECT_TRUE(check(unsigned_body));
}

TEST_F(SigV4Refusal, ASessionTokenDoesNotBelongToALongTermKey) {
  const OwnedRequest request = signed_by({.headers = {{"X-Amz-Security-Token", "abc"}}});
  EXPECT_EQ(refusal(request), Why::token_invalid);
  EXPECT_EQ(fault(request, "kinesis", Protocol::json_1_1).name, "UnrecognizedClientException");
  const AuthFailure expired{.kind = Why::token_expired};
  EXPECT_EQ(to_fault(expired, Protocol::rest_xml).name, "ExpiredToken");
  EXPECT_EQ(to_fault(expired, Protocol::query).status, 403);
  EXPECT_EQ(to_fault(expired, Protocol::json_1_1).name, "ExpiredTokenException");
}

class SigV4Presigned : public SigV4Refusal {
 protected:
  // A URL for GET /b/k, made at `at`.
  OwnedRequest url(std::string_view expires, std::string_view at = kNow,
                   std::string_view extra = "") const {
    OwnedRequest request{.path = "/b/k", .headers = {{"Host", "h"}}};
    request.query =
        "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIDEXAMPLE%2F20260131%2F"
        "us-east-1%2Fs3%2Faws4_request&X-Amz-Date=" +
        std::string(at) + "&X-Amz-Expires=" + std::string(expires) + "&X-Amz-SignedHeaders=host" +
        std::string(extra);
    std::string canonical = "GET\n/b/k\n";
    append_canonical_query(request.query, {}, canonical);
    canonical += "\nhost:h\n\nhost\nUNSIGNED-PAYLOAD";
    const std::string scope = "20260131/us-east-1/s3/aws4_request";
    const std::string credential = "AKIDEXAMPLE/" + scope;
    const std::string to_sign = "AWS4-HMAC-SHA256\n" + std::string(at) + "\n" + scope + "\n" +
                                codec::sha256(canonical).hex();
    const codec::HmacKey key =
        derive_signing_key(testing::kExampleSecret, testing::scope_of(credential));
    request.query += "&X-Amz-Signature=" + key.sign(to_sign).hex();
    return request;
  }
};

TEST_F(SigV4Presigned, LivesFromItsDateForItsExpiry) {
  struct Row {
    std::string_view at;
    std::string_view expires;
    std::optional<Why> refusal;
  };
  const Row kRows[] = {
      {"20260131T120000Z", "1", std::nullopt},
      {"20260131T115000Z", "600", std::nullopt},
      {"20260131T115000Z", "599", Why::url_expired},
      {"20260131T000000Z", "604800", std::nullopt},
      {"20260131T121500Z", "60", std::nullopt},
      {"20260131T121501Z", "60", Why::clock},
      {"20260131T120000Z", "0", Why::url_expired},
      {"20260131T120000Z", "604801", Why::presign_parameters},
      {"20260131T120000Z", "-1", Why::presign_parameters},
      {"20260131T120000Z", "x", Why::presign_parameters},
  };
  for (const Row& row : kRows) {
    EXPECT_EQ(refusal(url(row.expires, row.at), "s3"), row.refusal) << row.at << ' ' << row.expires;
  }
  const Fault expired = fault(url("1", "20260131T110000Z"), "s3", Protocol::rest_xml);
  expect_fault(expired, 403, "AccessDenied", "Request has expired");
  EXPECT_EQ(expired.details, (AuthFailure::Details{{"X-Amz-Expires", "1"},
                                                   {"Expires", "2026-01-31T11:00:01Z"},
                                                   {"ServerTime", "2026-01-31T12:00:00Z"}}));
}

TEST_F(SigV4Presigned, OnlyItsOwnMethodAndParametersAreSigned) {
  OwnedRequest request = url("60");
  EXPECT_TRUE(check(request, "s3"));
  request.method = "HEAD";
  EXPECT_EQ(refusal(request, "s3"), Why::signature_differs);
  request = url("60");
  request.query += "&versionId=1";
  EXPECT_EQ(refusal(request, "s3"), Why::signature_differs);
  request = url("60");
  request.query += "&X-Amz-Signature=0";
  EXPECT_EQ(refusal(request, "s3"), Why::several_forms);
  EXPECT_TRUE(check(url("60", kNow, "&x-amz-acl=private"), "s3"));
}

TEST_F(SigV4Presigned, AMissingParameterIsNamed) {
  OwnedRequest request = url("60");
  replace(request.query, "&X-Amz-SignedHeaders=host", "");
  expect_fault(fault(request, "s3", Protocol::rest_xml), 400, "AuthorizationQueryParametersError",
               "Query-string authentication version 4 requires the X-Amz-Algorithm, "
               "X-Amz-Credential, X-Amz-Signature, X-Amz-Date, X-Amz-SignedHeaders, and "
               "X-Amz-Expires parameters.");
  expect_fault(fault(request, "kinesis", Protocol::json_1_1), 400, "IncompleteSignatureException",
               "AWS query-string parameters must include 'X-Amz-SignedHeaders'. Re-examine the "
               "query-string parameters.");
}

}  // namespace
}  // namespace hyd::aws

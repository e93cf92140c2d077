// Requests whose signatures others have computed: AWS's test suite, the examples of its
// documentation, botocore 1.29; and that none of them survives a change of one byte.
#include "aws/sigv4.h"

#include "aws/testing/signed_requests.h"

#include <gtest/gtest.h>

#include <functional>

namespace hyd::aws {
namespace {

using testing::OneKey;
using testing::OwnedRequest;
using testing::StillClock;
using Headers = std::vector<std::pair<std::string, std::string>>;

constexpr std::string_view kHashOfNothing =
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

struct Known {
  std::string name;
  std::string service;
  std::string now;
  OwnedRequest request;
  std::string key_id = "AKIDEXAMPLE";
  std::string secret = std::string(testing::kExampleSecret);
};

// The pages on S3 use another pair.
constexpr const char* kS3ExampleId = "AKIAIOSFODNN7EXAMPLE";
constexpr const char* kS3ExampleSecret = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";

std::string authorization(std::string_view scope, std::string_view headers,
                          std::string_view signature, std::string_view key_id = "AKIDEXAMPLE") {
  std::string text = "AWS4-HMAC-SHA256 Credential=";
  text += key_id;
  text += '/';
  text += scope;
  text += "/aws4_request, SignedHeaders=";
  text += headers;
  text += ", Signature=";
  text += signature;
  return text;
}

// aws-sig-v4-test-suite. Its service is called "service".
Known suite(std::string name, std::string_view signature, OwnedRequest request,
            std::string_view signed_headers = "host;x-amz-date") {
  request.headers.insert(request.headers.begin(), {"Host", "example.amazonaws.com"});
  request.headers.emplace_back("X-Amz-Date", "20150830T123600Z");
  request.headers.emplace_back(
      "Authorization", authorization("20150830/us-east-1/service", signed_headers, signature));
  return {std::move(name), "service", "20150830T123600Z", std::move(request)};
}

std::vector<Known> suite_requests() {
  return {
      suite("get-vanilla", "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31", {}),
      suite("get-vanilla-query-order-key-case",
            "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500",
            {.query = "Param2=value2&Param1=value1"}),
      suite("get-vanilla-utf8-query",
            "2cdec8eed098649ff3a119c94853b13c643bcf08f8b0a1d91e12c9027818dd04",
            {.query = "\xe1\x88\xb4=bar"}),
      suite("get-utf8", "8318018e0b0f223aa2bbf98705b62bb787dc9c0e678f255a891fd03141be5d85",
            {.path = "/\xe1\x88\xb4"}),
      suite("post-vanilla", "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b",
            {.method = "POST"}),
      suite("get-header-key-duplicate",
            "c9d5ea9f3f72853aea855b47ea873832890dbdd183b4468f858259531a5138ea",
            {.headers = {{"My-Header1", "value2"},
                         {"My-Header1", "value2"},
                         {"My-Header1", "value1"}}},
            "host;my-header1;x-amz-date"),
      suite("get-header-value-trim",
            "acc3ed3afb60bb290fc8d2dd0098b9911fcaa05412b367055dee359757a9c736",
            {.headers = {{"My-Header1", " value1"}, {"My-Header2", " \"a   b   c\""}}},
            "host;my-header1;my-header2;x-amz-date"),
      suite("post-x-www-form-urlencoded",
            "ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a",
            {.method = "POST",
             .headers = {{"Content-Type", "application/x-www-form-urlencoded"}},
             .body = "Param1=value1"},
            "content-type;host;x-amz-date"),
  };
}

// AWS documentation, "Authenticating requests: using the Authorization header".
Known s3_example(std::string name, std::string_view signature, OwnedRequest request,
                 std::string_view signed_headers, std::string_view hash) {
  request.headers.insert(request.headers.begin(), {"Host", "examplebucket.s3.amazonaws.com"});
  request.headers.emplace_back("x-amz-content-sha256", hash);
  request.headers.emplace_back("x-amz-date", "20130524T000000Z");
  request.headers.emplace_back(
      "Authorization",
      authorization("20130524/us-east-1/s3", signed_headers, signature, kS3ExampleId));
  return {std::move(name),    "s3",         "20130524T000000Z",
          std::move(request), kS3ExampleId, kS3ExampleSecret};
}

std::vector<Known> s3_examples() {
  const std::string plain = "host;x-amz-content-sha256;x-amz-date";
  return {
      s3_example("get object", "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41",
                 {.path = "/test.txt", .headers = {{"Range", "bytes=0-9"}}},
                 "host;range;x-amz-content-sha256;x-amz-date", kHashOfNothing),
      s3_example("put object", "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd",
                 {.method = "PUT",
                  .path = "/test$file.text",
                  .headers = {{"Date", "Fri, 24 May 2013 00:00:00 GMT"},
                              {"x-amz-storage-class", "REDUCED_REDUNDANCY"}},
                  .body = "Welcome to Amazon S3."},
                 "date;host;x-amz-content-sha256;x-amz-date;x-amz-storage-class",
                 "44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072"),
      s3_example("get lifecycle",
                 "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543",
                 {.query = "lifecycle"}, plain, kHashOfNothing),
      s3_example("list objects", "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7",
                 {.query = "max-keys=2&prefix=J"}, plain, kHashOfNothing),
  };
}

// What Debian's botocore sent for these calls, with its clock held at one second.
Known botocore(std::string service, std::string region, std::string_view signature,
               OwnedRequest request, std::string_view signed_headers) {
  request.headers.emplace_back("host", "127.0.0.1:4566");
  request.headers.emplace_back("User-Agent", "Botocore/1.29.27 Python/3.11.2");
  request.headers.emplace_back("X-Amz-Date", "20260131T235958Z");
  request.headers.emplace_back("Authorization", authorization("20260131/" + region + "/" + service,
                                                              signed_headers, signature));
  request.headers.emplace_back("amz-sdk-request", "attempt=1");
  const std::string name = service + " " + request.method + " " + request.path;
  return {name, std::move(service), "20260131T235958Z", std::move(request)};
}

std::vector<Known> botocore_requests() {
  const std::string s3 = "host;x-amz-content-sha256;x-amz-date";
  return {
      botocore("kinesis", "ap-northeast-2",
               "c760e293b6dac0b8c242ad7032d3457c6bd8fba256a0ec7d7ab4657649580792",
               {.method = "POST",
                .headers = {{"X-Amz-Target", "Kinesis_20131202.PutRecord"},
                            {"Content-Type", "application/x-amz-json-1.1"}},
                .body = R"({"StreamName": "clicks", "Data": "eyJhIjoxfQo=", )"
                        R"("PartitionKey": "user-1"})"},
               "content-type;host;x-amz-date;x-amz-target"),
      botocore("s3", "us-east-1",
               "8b7b8944dc59ac73b1deab3abac7bf1baceba6149f9b9e42174f136bfc1bcd67",
               {.path = "/logs/odd%20key/%C3%A9%2Ba%20b%26c%3Dd%3Be%27f%28g%29h%21i%2Aj~k%2520"
                        "//..//./x",
                .headers = {{"x-amz-content-sha256", std::string(kHashOfNothing)}}},
               s3),
      botocore("s3", "us-east-1",
               "93e4484219a4730b9c683f4a770b6245d45668d1d8ae0b19525d39643b2a7794",
               {.method = "PUT",
                .path = "/logs/year%3D2026/a%20b%2Bc.json",
                .headers = {{"Content-Type", "application/json"},
                            {"x-amz-meta-owner", "two   words"},
                            {"Content-MD5", "sZRqySSS0jR8YjW00mERhA=="},
                            {"Expect", "100-continue"},
                            {"x-amz-content-sha256",
                             "5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03"}},
                .body = "hello\n"},
               "content-md5;content-type;host;x-amz-content-sha256;x-amz-date;x-amz-meta-owner"),
      botocore("s3", "us-east-1",
               "eb0095baade9598cc89dd13cd63ed79529c774f74c6d4ca2701e4d698401b230",
               {.path = "/logs",
                .query = "list-type=2&prefix=a%2Bb%20c%2F%26%3D&delimiter=%2F&encoding-type=url",
                .headers = {{"x-amz-content-sha256", std::string(kHashOfNothing)}}},
               s3),
      botocore("iam", "us-east-1",
               "0bf47550dcfbb5538588c458061a4694bbe7862d103d95bfee9d313c207a44aa",
               {.method = "POST",
                .headers = {{"Content-Type", "application/x-www-form-urlencoded; charset=utf-8"}},
                .body = "Action=GetRole&Version=2010-05-08&RoleName=writer"},
               "content-type;host;x-amz-date"),
      botocore("apigateway", "us-east-1",
               "46b504a3206dc1c077bff2b20f0bed19243abe8853fcc6be79462597f8b5df65",
               {.path = "/restapis/ab%20c/resources",
                .query = "limit=5",
                .headers = {{"Accept", "application/json"}}},
               "accept;host;x-amz-date"),
      botocore("apigateway", "us-east-1",
               "93e1fdf0d31aaa8c5c050e180ec8dd5bb17d867fdf88859315fcf3102dc54697",
               {.method = "PUT",
                .path = "/tags/arn%3Aaws%3Aapigateway%3Aus-east-1%3A%3A%2Frestapis%2Fx",
                .headers = {{"Content-Type", "application/json"}, {"Accept", "application/json"}},
                .body = R"({"tags": {"a": "b"}})"},
               "accept;content-type;host;x-amz-date"),
  };
}

// Presigned URLs: AWS documentation, "Authenticating requests: using query parameters", botocore.
std::vector<Known> presigned_requests() {
  return {
      {"documentation",
       "s3",
       "20130524T000000Z",
       {.path = "/test.txt",
        .query = "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524"
                 "%2Fus-east-1%2Fs3%2Faws4_request&X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400"
                 "&X-Amz-SignedHeaders=host&X-Amz-Signature="
                 "aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404",
        .headers = {{"Host", "examplebucket.s3.amazonaws.com"}}},
       kS3ExampleId,
       kS3ExampleSecret},
      {"botocore s3",
       "s3",
       "20260131T235958Z",
       {.path = "/logs/a%20b%2Bc.json",
        .query = "response-content-type=text%2Fplain&X-Amz-Algorithm=AWS4-HMAC-SHA256"
                 "&X-Amz-Credential=AKIDEXAMPLE%2F20260131%2Fus-east-1%2Fs3%2Faws4_request"
                 "&X-Amz-Date=20260131T235958Z&X-Amz-SignedHeaders=host&X-Amz-Expires=600"
                 "&X-Amz-Signature="
                 "7363f928775809779dc353b00896c50a06223cc8f0c54b0e9811b7ec3983a26d",
        .headers = {{"Host", "127.0.0.1:4566"}}}},
      {"botocore sts",
       "sts",
       "20260131T235958Z",
       {.query = "Action=GetCallerIdentity&Version=2011-06-15&X-Amz-Algorithm=AWS4-HMAC-SHA256"
                 "&X-Amz-Credential=AKIDEXAMPLE%2F20260131%2Fus-east-1%2Fsts%2Faws4_request"
                 "&X-Amz-Date=20260131T235958Z&X-Amz-SignedHeaders=host&X-Amz-Expires=60"
                 "&X-Amz-Signature="
                 "d0c42cf4251844d473188075ebf50f864273a88d1dcd4c39cc32b7ba14035acd",
        .headers = {{"Host", "127.0.0.1:4566"}}}},
  };
}

std::vector<Known> all_known() {
  std::vector<Known> all;
  for (auto&& some : {suite_requests(), s3_examples(), botocore_requests(), presigned_requests()}) {
    all.insert(all.end(), some.begin(), some.end());
  }
  return all;
}

std::expected<Authenticated, AuthFailure> check(const Known& known, const OwnedRequest& request) {
  OneKey keys;
  keys.key.id = known.key_id;
  keys.key.secret = known.secret;
  const StillClock clock(known.now);
  Authenticator authenticator(keys, clock);
  return request.with(
      [&](const SignedRequest& views) { return authenticator.authenticate(views, known.service); });
}

TEST(SigV4, AcceptsWhatOthersHaveSigned) {
  for (const Known& known : all_known()) {
    SCOPED_TRACE(known.name);
    const auto got = check(known, known.request);
    EXPECT_TRUE(got) << name(got.error().kind) << '\n' << got.error().canonical_request;
    if (!got) continue;
    EXPECT_EQ(got->principal->arn, "arn:aws:iam::123456789012:root");
    EXPECT_EQ(got->region, known.name.starts_with("kinesis") ? "ap-northeast-2" : "us-east-1");
    EXPECT_EQ(got->presigned,
              !known.request.query.empty() && known.request.query.contains("X-Amz-Signature"));
  }
}

// Every byte of a text, each changed in its lowest bit, must spoil the signature, save where the
// change means the same (a letter's case in a header's name is not such a place: names are fixed).
void expect_every_byte_counts(const Known& known, const char* where,
                              const std::function<std::string&(OwnedRequest&)>& text,
                              std::size_t first = 0) {
  OwnedRequest request = known.request;
  const std::size_t size = text(request).size();
  for (std::size_t i = first; i < size; ++i) {
    std::string& bytes = text(request);
    const char before = bytes[i];
    bytes[i] = static_cast<char>(before ^ 1);
    EXPECT_FALSE(check(known, request)) << known.name << ": " << where << ", byte " << i;
    text(request)[i] = before;
  }
  EXPECT_TRUE(check(known, request));
}

TEST(SigV4, OneChangedByteOfMethodPathQueryOrBodySpoilsTheSignature) {
  for (const Known& known : all_known()) {
    expect_every_byte_counts(known, "method", [](OwnedRequest& r) -> auto& { return r.method; });
    // No parser lets a path begin with anything but a slash.
    expect_every_byte_counts(known, "path", [](OwnedRequest& r) -> auto& { return r.path; }, 1);
    expect_every_byte_counts(known, "query", [](OwnedRequest& r) -> auto& { return r.query; });
    expect_every_byte_counts(known, "body", [](OwnedRequest& r) -> auto& { return r.body; });
  }
}

TEST(SigV4, OneChangedByteOfASignedHeaderSpoilsTheSignature) {
  for (const Known& known : all_known()) {
    for (std::size_t i = 0; i < known.request.headers.size(); ++i) {
      const std::string& name = known.request.headers[i].first;
      if (name == "User-Agent" || name == "Expect" || name == "amz-sdk-request") continue;
      expect_every_byte_counts(known, name.c_str(), [i](OwnedRequest& request) -> std::string& {
        return request.headers[i].second;
      });
    }
  }
}

TEST(SigV4, AddedBytesSpoilTheSignature) {
  for (const Known& known : all_known()) {
    OwnedRequest longer = known.request;
    longer.path += "x";
    EXPECT_FALSE(check(known, longer)) << known.name;
    longer = known.request;
    longer.query += longer.query.empty() ? "x" : "&x";
    EXPECT_FALSE(check(known, longer)) << known.name;
    longer = known.request;
    longer.headers.emplace_back("X-Amz-Acl", "public-read");
    EXPECT_FALSE(check(known, longer)) << known.name;
  }
}

TEST(SigV4, ABodyThatIsNotTheSignedOneIsRefused) {
  for (const Known& known : all_known()) {
    if (known.request.query.contains("X-Amz-Signature")) continue;
    OwnedRequest other = known.request;
    other.body += "x";
    const auto got = check(known, other);
    ASSERT_FALSE(got) << known.name;
    EXPECT_EQ(got.error().kind, known.service == "s3" ? AuthFailure::Kind::body_differs
                                                      : AuthFailure::Kind::signature_differs);
  }
}

}  // namespace
}  // namespace hyd::aws

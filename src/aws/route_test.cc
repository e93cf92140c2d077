#include "aws/route.h"

#include "net/http_parser.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

namespace hyd::aws {
namespace {

constexpr std::string_view kSigned =
    "Authorization: AWS4-HMAC-SHA256 Credential=AKIA/20260101/eu-west-1/";

// Routes the head that `lines` make; the first is the request line without the version.
class Request {
 public:
  Request(std::string_view method_and_target, std::vector<std::string> headers) {
    text_ = std::string(method_and_target) + " HTTP/1.1\r\n";
    bool has_host = false;
    for (const std::string& header : headers) {
      has_host = has_host || header.starts_with("Host:");
      text_ += header + "\r\n";
    }
    if (!has_host) text_ += "Host: 127.0.0.1:4566\r\n";
    text_ += "\r\n";
    EXPECT_EQ(parser_.parse(text_), net::RequestParser::State::complete) << text_;
  }
  const net::RequestHead& head() const { return parser_.head(); }

 private:
  std::string text_;
  net::RequestParser parser_;
};

std::string signed_for(std::string_view service) {
  return std::string(kSigned) + std::string(service) +
         "/aws4_request, SignedHeaders=host, Signature=ab";
}

TEST(Route, TellsTheServiceFromTheHeadAlone) {
  using enum Door;
  struct Row {
    std::string_view request;
    std::vector<std::string> headers;
    Door door;
  };
  const std::string form = "Content-Type: application/x-www-form-urlencoded; charset=utf-8";
  const Row rows[] = {
      {"GET /ping", {}, ping},
      {"HEAD /ping", {}, ping},
      {"PUT /ping", {}, s3},
      {"GET /ping", {signed_for("s3")}, s3},
      {"GET /metrics", {}, metrics},
      {"GET /_hydrant/status", {}, metrics},
      {"GET /metrics", {signed_for("s3")}, s3},
      {"GET /_hydrant/index.html", {}, console},

      {"POST /", {"X-Amz-Target: Kinesis_20131202.PutRecord"}, json},
      {"POST /", {"x-amz-target: Firehose_20150804.PutRecord"}, json},
      {"POST /", {signed_for("kinesis")}, json},
      {"GET /", {}, json},
      {"POST /", {}, json},
      {"POST /", {signed_for("dynamodb")}, json},

      {"POST /", {form, signed_for("iam")}, query},
      {"POST /", {form, signed_for("cloudformation")}, query},
      {"POST /", {form}, query},
      {"GET /?Action=GetCallerIdentity&Version=2011-06-15", {}, query},
      {"GET /?X-Amz-Credential=AKIA%2F20260101%2Fus-east-1%2Fsts%2Faws4_request", {}, query},

      {"GET /restapis", {signed_for("apigateway")}, api_gateway},
      {"GET /restapis", {}, api_gateway},
      {"GET /restapis/a1/stages/prod", {}, api_gateway},
      {"POST /restapis/a1/prod/_user_request_/events", {}, stage},
      {"POST /restapis/a1/prod/_user_request_/events", {signed_for("execute-api")}, stage},
      {"POST /_aws/execute-api/A1/prod/events", {}, stage},
      {"POST /events", {"Host: a1.execute-api.us-east-1.amazonaws.com"}, stage},
      {"POST /prod/events", {"x-apigw-api-id: a1"}, stage},
      {"POST /prod/events", {signed_for("execute-api")}, stage},

      {"GET /bucket/key", {}, s3},
      {"GET /", {signed_for("s3")}, s3},
      {"GET /restapis/key", {signed_for("s3")}, s3},
      {"GET /b?AWSAccessKeyId=AKIA&Signature=x&Expires=1", {}, s3},
      {"GET /", {"Authorization: AWS AKIA:sig"}, s3},
      {"GET /", {"Host: s3.amazonaws.com"}, s3},
      {"GET /account", {"Host: bucket.s3.localhost:4566"}, s3},
      {"GET /", {"Host: bucket.localhost:4566"}, s3},
      {"GET /", {"Host: localhost:4566"}, json},
  };
  for (const Row& row : rows) {
    const Request request(row.request, row.headers);
    EXPECT_EQ(route(request.head()), row.door)
        << row.request << " " << (row.headers.empty() ? "" : row.headers.front());
  }
}

TEST(Route, ReadsTheScopeOfAHeaderOrOfAQuery) {
  const Request header("POST /", {signed_for("kinesis")});
  EXPECT_EQ(scope_hint(header.head()).service, "kinesis");
  EXPECT_EQ(scope_hint(header.head()).region, "eu-west-1");
  EXPECT_EQ(scope_hint(header.head()).access_key_id, "AKIA");

  for (const std::string_view slash : {"/", "%2F", "%2f"}) {
    std::string target = "GET /?a=b&X-Amz-Credential=AKIA";
    for (const std::string_view part : {"20260101", "local", "s3", "aws4_request"}) {
      target += slash;
      target += part;
    }
    const Request query(target + "&c=d", {});
    EXPECT_EQ(scope_hint(query.head()).service, "s3") << slash;
    EXPECT_EQ(scope_hint(query.head()).region, "local") << slash;
  }
}

TEST(Route, AScopeThatIsNotWholeIsNone) {
  for (const std::string& value :
       {std::string("X"), std::string("AWS4-HMAC-SHA256 Credential=AKIA"),
        std::string("AWS4-HMAC-SHA256 Credential=AKIA/20260101/r/kinesis/aws3_request"),
        std::string("AWS4-HMAC-SHA256 Credential=AKIA/20260101/r/kinesis/more/aws4_request")}) {
    const Request request("POST /", {"Authorization: " + value});
    EXPECT_TRUE(scope_hint(request.head()).service.empty()) << value;
  }
}

TEST(Route, QueryNamesAreCaseSensitive) {
  EXPECT_EQ(query_value("x-amz-date=1&X-Amz-Date=2", "X-Amz-Date"), "2");
  EXPECT_TRUE(has_query("a&b=", "a"));
  EXPECT_TRUE(has_query("a&b=", "b"));
  EXPECT_FALSE(has_query("a&b=", ""));
  EXPECT_FALSE(has_query("", "a"));
}

}  // namespace
}  // namespace hyd::aws

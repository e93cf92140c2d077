// The port as clients meet it: bytes in, bytes out. Expected answers are recorded ones of AWS's
// Kinesis front end, with a made-up service behind it.
#include "aws/front_door.h"

#include "aws/dispatcher.h"
#include "aws/testing/echo_service.h"
#include "aws/testing/test_call.h"
#include "aws/testing/test_loop.h"
#include "aws/testing/wire.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hyd::aws {
namespace {

using testing::WireAnswer;
using testing::WireRequest;

constexpr std::string_view kNoService =
    "<AccessDeniedException>\n  <Message>Unable to determine service/operation name to be "
    "authorized</Message>\n</AccessDeniedException>\n";
constexpr std::string_view kJson = "application/x-amz-json-1.1";
constexpr std::string_view kSay = "Echo_20260101.Say";

// Shows what reached it.
class FakeRest final : public RestHandler {
 public:
  net::BodyPlan plan(const net::RequestHead& head, Caller caller) override {
    planned.push_back(std::string(head.method) + " " + caller.call.principal->arn);
    return RestHandler::plan(head, std::move(caller));
  }
  void handle(net::Request request, net::Responder respond, Caller caller) override {
    net::Response response;
    response.add("x-amz-request-id", caller.call.request_id.s3_text());
    response.body = std::string(request.head().method) + " " + std::string(request.head().path) +
                    " by " + caller.call.principal->arn + ": " + std::string(request.body());
    respond.send(std::move(response));
  }
  std::vector<std::string> planned;
};

class FakeStage final : public net::Handler {
 public:
  net::BodyPlan plan(const net::RequestHead&, const net::Peer&) override {
    return net::BodyPlan::buffer(100);
  }
  void handle(net::Request request, net::Responder respond) override {
    respond.send(net::Response::text(200, "stage " + std::string(request.head().path)));
  }
};

class FakeMetrics final : public MetricsSource {
 public:
  void collect(base::Done<std::string> done) override { done(std::string("up 1\n")); }
  void describe(base::Done<std::string> done) override { done(std::string("all is well\n")); }
};

class FrontDoorTest : public ::testing::Test {
 protected:
  FrontDoorTest() : dispatcher_(authorizer_) {
    dispatcher_.add(testing::echo_table(), service_);
    server_ = std::make_unique<testing::WireServer>(
        testing::WireServerParts{.loop = loop_,
                                 .clock = clock_,
                                 .dispatcher = dispatcher_,
                                 .pump = [this] { loop_.run_pending(); },
                                 .s3 = &rest_,
                                 .api_gateway = &rest_,
                                 .stages = &stage_,
                                 .metrics = &metrics_});
  }

  // An unsigned request with a target and a content type, where not empty.
  WireAnswer bare(std::string_view target, std::string_view type, std::string_view body) {
    WireRequest request{.body = std::string(body)};
    if (!target.empty()) request.headers.emplace_back("X-Amz-Target", target);
    if (!type.empty()) request.headers.emplace_back("Content-Type", type);
    return server_->call(std::move(request));
  }

  testing::TestLoop loop_;
  testing::TestClock clock_;
  RootOnly authorizer_;
  testing::EchoService service_;
  Dispatcher dispatcher_;
  FakeRest rest_;
  FakeStage stage_;
  FakeMetrics metrics_;
  std::unique_ptr<testing::WireServer> server_;
};

TEST_F(FrontDoorTest, AnswersACallThatIsInOrder) {
  const WireAnswer answer = server_->json(kSay, R"({"Text":"ab","Times":2})");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.body, R"({"Text":"abab","Region":"us-east-1"})");
  EXPECT_EQ(*answer.header("content-type"), kJson);
  EXPECT_EQ(answer.header("x-amzn-RequestId")->size(), 36u);
  EXPECT_EQ(answer.header("x-amz-id-2")->size(), 96u);
  EXPECT_NE(answer.header("date"), nullptr);
  EXPECT_EQ(answer.header("access-control-allow-origin"), nullptr);
}

TEST_F(FrontDoorTest, TheRegionOfTheScopeIsTheCalls) {
  WireRequest request{
      .headers = {{"X-Amz-Target", std::string(kSay)}, {"Content-Type", std::string(kJson)}},
      .body = R"({"Text":"a"})",
      .service = "echo",
      .region = "ap-northeast-2"};
  EXPECT_EQ(server_->call(request).body, R"({"Text":"a","Region":"ap-northeast-2"})");
  request.region = "Not_A_Region";
  const WireAnswer answer = server_->call(request);
  EXPECT_EQ(answer.status, 400);
  EXPECT_TRUE(answer.body.contains("SignatureException")) << answer.body;
}

TEST_F(FrontDoorTest, AnOutputWithoutMembersIsAnEmptyBodyOfJson) {
  testing::MemoryClient client = server_->net().connect();
  client.send(server_->bytes_of(
      {.headers = {{"X-Amz-Target", "Echo_20260101.Wait"}, {"Content-Type", std::string(kJson)}},
       .body = "{}",
       .service = "echo"}));
  loop_.run_pending();
  EXPECT_EQ(client.received(), "") << "not before the handler is done";
  ASSERT_EQ(service_.waiting.size(), 1u);
  EXPECT_EQ(server_->front_door().in_work(), 1u);
  service_.waiting.front()();
  service_.waiting.clear();
  loop_.run_pending();
  std::string bytes = client.take_received();
  const auto answer = testing::take_answer(bytes);
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status, 200);
  EXPECT_EQ(answer->body, "");
  EXPECT_EQ(*answer->header("content-length"), "0");
  EXPECT_EQ(*answer->header("content-type"), kJson);
  EXPECT_EQ(server_->front_door().in_work(), 0u);
}

// One row a check, in AWS's order: what an earlier row finds hides what a later one would.
TEST_F(FrontDoorTest, ChecksInTheOrderOfAws) {
  struct Row {
    std::string_view target;
    std::string_view type;
    std::string_view body;
    int status;
    std::string_view answer;
    std::string_view answer_type;
  };
  constexpr std::string_view kCbor = "application/x-amz-cbor-1.1";
  constexpr std::string_view kSerialization = R"({"__type":"SerializationException"})";
  constexpr std::string_view kUnknown = R"({"__type":"UnknownOperationException"})";
  const Row rows[] = {
      // The body is empty.
      {kSay, kJson, "", 400, kSerialization, kJson},
      {"", kJson, "", 400, kUnknown, kJson},
      {"Echo_20260101.Sing", kJson, "", 400, kUnknown, kJson},
      {kSay, "", "", 400, "\xbf\x66__type\x76SerializationException\xff", kCbor},
      {kSay, "application/json", "", 400, "\xbf\x66__type\x76SerializationException\xff", kCbor},
      {"", "", "", 400, "\xbf\x66__type\x78\x19UnknownOperationException\xff", kCbor},
      // The content type is none of ours.
      {"", "", "{}", 403, kNoService, ""},
      {"", "application/x-amz-json-1.0", "{}", 403, kNoService, ""},
      {"Echo_20260101", "text/plain", "{}", 403, kNoService, ""},
      {kSay, "text/plain", "{}", 404, "<UnknownOperationException/>\n", ""},
      {"Any.Thing", "text/plain", "{}", 404, "<UnknownOperationException/>\n", ""},
      // An older front end of AWS's.
      {kSay, "application/json", "hello", 400,
       R"({"Output":{"__type":"com.amazon.coral.service#SerializationException"},"Version":"1.0"})",
       "application/json"},
      {kSay, "application/json; charset=utf-8", "{}", 404,
       R"({"Output":{"__type":"com.amazon.coral.service#UnknownOperationException"},)"
       R"("Version":"1.0"})",
       "application/json"},
      // The body is no object.
      {kSay, kJson, "hello", 400, kSerialization, kJson},
      {kSay, kJson, "[]", 400, kSerialization, kJson},
      {"", kJson, "hello", 400, kSerialization, kJson},
      // There is no such operation, or not for the network.
      {"", kJson, "{}", 400, kUnknown, kJson},
      {"Echo_20260101.Sing", kJson, "{}", 400, kUnknown, kJson},
      {"Echo_20250101.Say", kJson, "{}", 400, kUnknown, kJson},
      {"Echo_20260101.Secret", kJson, "{}", 400, kUnknown, kJson},
      // Nothing is signed.
      {kSay, kJson, R"({"Text":1})", 400,
       R"({"__type":"MissingAuthenticationTokenException","message":"Missing Authentication Token"})",
       kJson},
      {kSay, " Application/X-Amz-Json-1.1 ; charset=utf-8", "{}", 400,
       R"({"__type":"MissingAuthenticationTokenException","message":"Missing Authentication Token"})",
       kJson},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(std::string(row.target) + " | " + std::string(row.type) + " | " +
                 std::string(row.body));
    const WireAnswer answer = bare(row.target, row.type, row.body);
    EXPECT_EQ(answer.status, row.status);
    EXPECT_EQ(answer.body, row.answer);
    const std::string* const type = answer.header("content-type");
    EXPECT_EQ(type != nullptr ? *type : "", row.answer_type);
    ASSERT_NE(answer.header("x-amzn-RequestId"), nullptr);
    EXPECT_NE(answer.header("x-amz-id-2"), nullptr);
  }
}

TEST_F(FrontDoorTest, ChecksTypesAndConstraintsBehindTheSignature) {
  EXPECT_EQ(server_->json(kSay, R"({"Text":1})").body,
            R"({"__type":"SerializationException","Message":"class com.amazon.coral.value.json.)"
            R"(numbers.TruncatingBigNumber can not be converted to an String"})");
  EXPECT_EQ(server_->json(kSay, "{}").body,
            R"({"__type":"ValidationException","message":"1 validation error detected: Value null )"
            R"(at 'text' failed to satisfy constraint: Member must not be null"})");
  EXPECT_EQ(server_->json("Echo_20260101.Fail", R"({"How":"named"})").body,
            R"({"__type":"ResourceNotFoundException","message":"Nothing of that name."})");
}

TEST_F(FrontDoorTest, OnlyPostNamesAnOperation) {
  for (const std::string_view method : {"GET", "PUT", "OPTIONS", "DELETE"}) {
    const WireAnswer answer = server_->call(
        {.method = std::string(method), .headers = {{"X-Amz-Target", std::string(kSay)}}});
    EXPECT_EQ(answer.status, 403) << method;
    EXPECT_EQ(answer.body, kNoService) << method;
  }
}

TEST_F(FrontDoorTest, RefusesAWrongKeyAndAWrongSignature) {
  std::string bytes = server_->bytes_of(
      {.headers = {{"X-Amz-Target", std::string(kSay)}, {"Content-Type", std::string(kJson)}},
       .body = R"({"Text":"a"})",
       .service = "echo"});
  std::string other = bytes;
  other.replace(other.find("AKIA"), 4, "AKIB");
  WireAnswer answer = server_->raw(other);
  EXPECT_EQ(answer.status, 400);
  EXPECT_TRUE(answer.body.contains("UnrecognizedClientException")) << answer.body;

  bytes.replace(bytes.find(R"("a")"), 3, R"("b")");
  answer = server_->raw(bytes);
  EXPECT_EQ(answer.status, 400);
  EXPECT_TRUE(answer.body.contains("InvalidSignatureException")) << answer.body;
  EXPECT_TRUE(service_.heard.empty());
}

// AWS finds the broken body first, whatever its size (docs/differences.md).
TEST_F(FrontDoorTest, DoesNotParseALargeBodyThatNobodySigned) {
  const std::string small(std::size_t{1} << 20, '[');
  EXPECT_EQ(bare(kSay, kJson, small).body, R"({"__type":"SerializationException"})");
  const WireAnswer answer = bare(kSay, kJson, small + "[");
  EXPECT_EQ(answer.status, 400);
  EXPECT_TRUE(answer.body.contains("MissingAuthenticationTokenException")) << answer.body;
}

TEST_F(FrontDoorTest, LetsBrowsersSeeTheAnswer) {
  WireAnswer answer = server_->call({.method = "OPTIONS",
                                     .headers = {{"Origin", "http://a"},
                                                 {"Access-Control-Request-Headers", "a, b"},
                                                 {"Access-Control-Request-Method", "POST"}}});
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.body, "");
  EXPECT_EQ(*answer.header("Access-Control-Allow-Origin"), "*");
  EXPECT_EQ(*answer.header("Access-Control-Allow-Headers"), "a, b");
  EXPECT_EQ(*answer.header("Access-Control-Allow-Methods"), "POST");
  EXPECT_EQ(*answer.header("Access-Control-Max-Age"), "172800");
  EXPECT_EQ(answer.header("Content-Type"), nullptr);
  EXPECT_EQ(answer.header("x-amz-id-2"), nullptr);
  EXPECT_NE(answer.header("x-amzn-RequestId"), nullptr);

  answer = server_->call({.headers = {{"Origin", "http://a"}}, .body = "{}"});
  EXPECT_EQ(answer.status, 403);
  EXPECT_EQ(*answer.header("Access-Control-Allow-Origin"), "*");
  EXPECT_EQ(*answer.header("Access-Control-Expose-Headers"),
            "x-amzn-RequestId,x-amzn-ErrorType,x-amz-request-id,x-amz-id-2,x-amzn-ErrorMessage,"
            "Date");
}

TEST_F(FrontDoorTest, AnswersFailuresOfOursWithoutAReason) {
  const WireAnswer answer = server_->json("Echo_20260101.Fail", R"({"How":"ours"})");
  EXPECT_EQ(answer.status, 500);
  EXPECT_EQ(answer.body, R"({"__type":"InternalFailure"})");
}

TEST_F(FrontDoorTest, CountsWhatItRefusesAndWhatFailed) {
  telemetry::Registry registry;
  const auto names = name_in(registry, server_->front_door().probe());
  server_->json(kSay, R"({"Text":"a"})");
  server_->json("Echo_20260101.Fail", R"({"How":"named"})");
  server_->json("Echo_20260101.Fail", R"({"How":"ours"})");
  bare(kSay, kJson, "{}");
  const std::string text = registry.text();
  for (const std::string_view line :
       {"hydrant_aws_requests_total{part=\"json\"} 4", "hydrant_aws_faults_total 1",
        "hydrant_aws_failures_total{code=\"io\"} 1",
        "hydrant_aws_refused_total{reason=\"nothing_signed\"} 1"}) {
    EXPECT_TRUE(text.contains(line)) << line << "\n" << text;
  }
}

TEST_F(FrontDoorTest, ClosesWhereNoAnswerWouldBeTrue) {
  testing::MemoryClient client = server_->net().connect();
  client.send(server_->bytes_of(
      {.headers = {{"X-Amz-Target", "Echo_20260101.Fail"}, {"Content-Type", std::string(kJson)}},
       .body = R"({"How":"unanswerable"})",
       .service = "echo"}));
  loop_.run_pending();
  EXPECT_EQ(client.received(), "");
  EXPECT_TRUE(client.closed());
}

TEST_F(FrontDoorTest, RefusesABodyOverTheCeilingWithoutReadingIt) {
  const WireAnswer answer = server_->raw(
      "POST / HTTP/1.1\r\nHost: a\r\nX-Amz-Target: Echo_20260101.Say\r\n"
      "Content-Length: 20971521\r\n\r\n");
  EXPECT_EQ(answer.status, 413);
  EXPECT_EQ(answer.body, "");
}

// All of the memory for bodies is taken: what does not fit into a connection's own block is told so
// in the words of its protocol, and the rest goes on.
TEST_F(FrontDoorTest, RefusesALargeBodyInItsProtocolWhenThereIsNoMemory) {
  net::MemoryBudget memory(base::mib(1));
  net::MemoryShare taken;
  std::uint64_t all = 0;
  while (taken.hold(&memory, all + 1024)) all += 1024;
  testing::WireServer server({.loop = loop_,
                              .clock = clock_,
                              .dispatcher = dispatcher_,
                              .pump = [this] { loop_.run_pending(); },
                              .s3 = &rest_,
                              .api_gateway = &rest_,
                              .stages = &stage_,
                              .body_memory = &memory});
  const std::string body(200'000, 'x');
  const WireAnswer json = server.json(kSay, body);
  EXPECT_EQ(json.status, 503);
  EXPECT_EQ(json.body, R"({"__type":"ServiceUnavailable"})");
  EXPECT_NE(json.header("x-amzn-RequestId"), nullptr);
  const WireAnswer s3 =
      server.call({.method = "PUT", .target = "/b/k", .body = body, .service = "s3"});
  EXPECT_EQ(s3.status, 503);
  EXPECT_TRUE(s3.body.contains("<Code>SlowDown</Code>")) << s3.body;
  const WireAnswer query =
      server.call({.headers = {{"Content-Type", "application/x-www-form-urlencoded"}},
                   .body = body,
                   .service = "sts"});
  EXPECT_EQ(query.status, 503);
  EXPECT_TRUE(query.body.contains("<Code>ServiceUnavailable</Code>")) << query.body;
  const WireAnswer rest =
      server.call({.target = "/restapis", .body = body, .service = "apigateway"});
  EXPECT_EQ(rest.status, 503);
  EXPECT_EQ(*rest.header("x-amzn-ErrorType"), "ServiceUnavailableException");
  for (const WireAnswer* answer : {&json, &s3, &query, &rest}) {
    ASSERT_NE(answer->header("Retry-After"), nullptr);
    ASSERT_NE(answer->header("Connection"), nullptr) << "the body was not read";
    EXPECT_EQ(*answer->header("Connection"), "close");
  }
  EXPECT_EQ(memory.refused(), 4u);
  EXPECT_EQ(server.json(kSay, R"({"Text":"small"})").status, 200);
}

// A name that somebody else has made point here would let a page of theirs read the answers.
TEST_F(FrontDoorTest, TellsItsNumbersToAddressesAndToNoName) {
  for (const std::string_view path : {"/metrics", "/_hydrant/status"}) {
    const auto asked = [&](std::string_view host) {
      return server_->raw("GET " + std::string(path) + " HTTP/1.1\r\nHost: " + std::string(host) +
                          "\r\n\r\n");
    };
    for (const std::string_view host : {"127.0.0.1", "127.0.0.1:4566", "localhost:4566",
                                        "LocalHost", "[::1]:4566", "[::1]", "192.0.2.7:80"}) {
      EXPECT_EQ(asked(host).status, 200) << host;
    }
    for (const std::string_view host :
         {"rebound.example", "rebound.example:4566", "localhost.rebound.example",
          "127.0.0.1.rebound.example", "1.2.3", "localhostx"}) {
      const WireAnswer answer = asked(host);
      EXPECT_EQ(answer.status, 403) << host;
      EXPECT_TRUE(answer.body.contains("Host header")) << answer.body;
    }
    EXPECT_EQ(server_->raw("GET " + std::string(path) + " HTTP/1.0\r\n\r\n").status, 200);
  }
}

TEST_F(FrontDoorTest, AnswersPingToEveryoneAndMetricsToThisMachine) {
  EXPECT_EQ(server_->raw("GET /ping HTTP/1.1\r\nHost: a\r\n\r\n").status, 200);
  const std::string_view metrics = "GET /metrics HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n";
  EXPECT_EQ(server_->raw(metrics).body, "up 1\n");
  const std::string_view status = "GET /_hydrant/status HTTP/1.1\r\nHost: localhost\r\n\r\n";
  EXPECT_EQ(server_->raw(status).body, "all is well\n");
  EXPECT_EQ(server_->raw(status, {.host = "192.0.2.7", .port = 9}).status, 403);
  EXPECT_EQ(server_->raw(metrics, {.host = "192.0.2.7", .port = 9}).status, 403);
}

TEST_F(FrontDoorTest, HandsS3AProvenCallerOrAnAnonymousOne) {
  WireAnswer answer = server_->call({.method = "GET", .target = "/bucket/key", .service = "s3"});
  EXPECT_EQ(answer.body, "GET /bucket/key by arn:aws:iam::123456789012:root: ");
  answer = server_->call({.method = "GET", .target = "/bucket/key"});
  EXPECT_EQ(answer.body, "GET /bucket/key by : ");
  answer = server_->call({.method = "PUT", .target = "/b/k", .body = "data", .service = "s3"});
  EXPECT_EQ(answer.body, "PUT /b/k by arn:aws:iam::123456789012:root: data");
  ASSERT_EQ(rest_.planned.size(), 1u);
  EXPECT_EQ(rest_.planned[0], "PUT arn:aws:iam::123456789012:root");
}

// A body must not travel before its sender is known.
TEST_F(FrontDoorTest, RefusesAWrongS3SignatureBeforeTheBody) {
  std::string bytes = server_->bytes_of({.method = "PUT",
                                         .target = "/b/k",
                                         .headers = {{"Expect", "100-continue"}},
                                         .body = "data",
                                         .service = "s3"});
  bytes.replace(bytes.find("/b/k"), 4, "/b/x");
  const WireAnswer answer = server_->raw(bytes);
  EXPECT_EQ(answer.status, 403);
  EXPECT_TRUE(answer.body.contains("<Code>SignatureDoesNotMatch</Code>")) << answer.body;
  ASSERT_NE(answer.header("x-amz-request-id"), nullptr);
  EXPECT_TRUE(
      answer.body.contains("<RequestId>" + *answer.header("x-amz-request-id") + "</RequestId>"));
  EXPECT_TRUE(rest_.planned.empty());
}

TEST_F(FrontDoorTest, GivesApiGatewaysOwnFormToUnsignedControlCalls) {
  WireAnswer answer = server_->call({.method = "GET", .target = "/restapis"});
  EXPECT_EQ(answer.status, 403);
  EXPECT_EQ(*answer.header("x-amzn-ErrorType"), "MissingAuthenticationTokenException");
  EXPECT_EQ(answer.body, R"({"message":"Missing Authentication Token"})");
  answer = server_->call({.target = "/restapis", .body = "{}", .service = "apigateway"});
  EXPECT_EQ(answer.body, "POST /restapis by arn:aws:iam::123456789012:root: {}");
}

TEST_F(FrontDoorTest, LeavesStagesToTheirHandler) {
  EXPECT_EQ(server_->call({.method = "GET", .target = "/restapis/a/prod/_user_request_/x"}).body,
            "stage /restapis/a/prod/_user_request_/x\n");
}

TEST_F(FrontDoorTest, GivesQueryServicesThatAreNotHereTheirOwnForm) {
  const std::string form = "Action=GetCallerIdentity&Version=2011-06-15";
  const std::pair<std::string, std::string> type{"Content-Type",
                                                 "application/x-www-form-urlencoded"};
  WireAnswer answer = server_->call({.headers = {type}, .body = form});
  EXPECT_EQ(answer.status, 403);
  EXPECT_TRUE(answer.body.contains("<Code>MissingAuthenticationToken</Code>")) << answer.body;
  answer = server_->call({.headers = {type}, .body = form, .service = "sts"});
  EXPECT_EQ(answer.status, 400);
  EXPECT_TRUE(
      answer.body.contains("<Code>InvalidAction</Code><Message>Could not find operation "
                           "GetCallerIdentity for version 2011-06-15</Message>"))
      << answer.body;
}

}  // namespace
}  // namespace hyd::aws

// Whole requests through a stage: bytes in, bytes out, and what the service behind it was asked.
#include "gateway/stage_handler.h"

#include "codec/base64.h"
#include "codec/gzip.h"
#include "gateway/request/testing/stage_server.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace hyd::gateway {
namespace {

using aws::testing::WireAnswer;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::integration_of;
using ::testing::Not;
using testing::StageBuilder;

constexpr std::string_view kTrace = "Root=1-625a2f3c-0123456789abcdef01234567";
constexpr std::string_view kForm = "application/x-www-form-urlencoded";

// The two classic templates: JSON to a fixed stream, forms to the one that the path names.
constexpr std::string_view kJsonTemplate = R"vtl(#set ( $enter = "
")
#set($json = "$input.json('$')$enter")
{
"Data": "$util.base64Encode("$json")",
"PartitionKey": "$input.params('X-Amzn-Trace-Id')",
"StreamName": "class-stream"
})vtl";
constexpr std::string_view kFormTemplate = R"vtl(#set ( $d = '"')
#set ( $enter = "
")
#set($jsonInnerStr = "")
#foreach( $token in $input.path('$').split('&') )
#set( $keyVal = $token.split('=') )
#set( $keyValSize = $keyVal.size() )
#if( $keyValSize >= 1 )
#set( $key = $util.urlDecode($util.urlDecode($keyVal[0]) ))
#if( $keyValSize >= 2 )
#set( $val = $util.urlDecode($util.urlDecode($keyVal[1])) )
#else
#set( $val = '' )
#end
#set($jsonInnerStr = "${jsonInnerStr}${d}${key}${d} : ${d}${val}${d}")
#if($foreach.hasNext) #set($jsonInnerStr = "$jsonInnerStr,")#end
#end
#end
#set($json = "{$jsonInnerStr}$enter")
{
"Data": "$util.base64Encode("$json")",
"PartitionKey": "$input.params('X-Amzn-Trace-Id')",
"StreamName": "$input.params('stream-name')"
})vtl";

// The status and the body, "200 {…}".
std::string show(const WireAnswer& answer) {
  return std::to_string(answer.status) + " " + answer.body;
}
std::string header(const WireAnswer& answer, std::string_view name) {
  const std::string* found = answer.header(name);
  return found == nullptr ? "none" : *found;
}

class StageHandlerTest : public ::testing::Test {
 protected:
  void SetUp() override { ASSERT_TRUE(server_.started()); }

  // POST /v1/{stream-name} with both templates.
  Method& blog() {
    Method& method = api_.kinesis("POST", "/v1/{stream-name}");
    integration_of(method).templates["application/json"] = kJsonTemplate;
    integration_of(method).templates[std::string(kForm)] = kFormTemplate;
    return method;
  }
  void serve() { server_.serve(api_); }
  WireAnswer post(std::string_view body, std::string_view type = "application/json",
                  std::string_view path = "/prod/v1/class-stream") {
    return server_.call(
        "POST", path, body,
        {{"Content-Type", std::string(type)}, {"X-Amzn-Trace-Id", std::string(kTrace)}});
  }
  std::string last_data() const {
    if (server_.kinesis.puts.empty()) return "no record";
    return codec::base64_decode(server_.kinesis.puts.back().data).value_or("no base64");
  }
  std::string log() const {
    std::string all;
    for (const std::string& line : server_.log.lines) all.append(line).append("\n");
    return all;
  }

  testing::StageServer server_;
  StageBuilder api_;
};

TEST_F(StageHandlerTest, CarriesAJsonEventToItsStream) {
  blog();
  serve();
  const WireAnswer answer = post(R"({"a":1})");
  EXPECT_EQ(show(answer), R"(200 {"SequenceNumber":"4950","ShardId":"shardId-000000000000"})");
  EXPECT_EQ(header(answer, "Content-Type"), "application/json") << "the service's is not shown";
  EXPECT_EQ(header(answer, "X-Amzn-Trace-Id"), kTrace);
  EXPECT_EQ(header(answer, "x-amzn-RequestId").size(), 36u);
  EXPECT_THAT(header(answer, "x-amz-apigw-id"), ::testing::MatchesRegex("[A-Za-z0-9_-]{15}="));

  ASSERT_EQ(server_.kinesis.puts.size(), 1u);
  const auto& put = server_.kinesis.puts.front();
  EXPECT_EQ(put.stream, "class-stream");
  EXPECT_EQ(put.data, "eyJhIjoxfQo=");
  EXPECT_EQ(put.key, kTrace);
  EXPECT_EQ(put.region, "eu-west-1") << "of the integration's URI";
  EXPECT_TRUE(put.by_service);
  EXPECT_EQ(put.deadline, server_.clock.mono() + std::chrono::milliseconds(29'000));
}

TEST_F(StageHandlerTest, CarriesAFormToTheStreamOfThePath) {
  blog();
  serve();
  EXPECT_EQ(post("a=1&b=%ED%95%9C", kForm).status, 200);
  EXPECT_EQ(last_data(), "{\"a\" : \"1\",\"b\" : \"\xED\x95\x9C\"}\n");
  EXPECT_EQ(post("a=&b=2", "application/x-www-form-urlencoded; charset=UTF-8").status, 200);
  EXPECT_EQ(last_data(), "{\"a\" : \"\",\"b\" : \"2\"}\n")
      << "parameters of the type do not matter";
  EXPECT_EQ(server_.kinesis.puts.back().stream, "class-stream");
  EXPECT_EQ(post("", kForm).status, 200);
  EXPECT_EQ(last_data(), "{}\n");
}

TEST_F(StageHandlerTest, MakesATraceIdWhereTheClientHasNone) {
  blog();
  serve();
  const WireAnswer answer = server_.call("POST", "/prod/v1/s", "{}");
  EXPECT_THAT(header(answer, "X-Amzn-Trace-Id"),
              ::testing::MatchesRegex("Root=1-6553f100-[0-9a-f]{24}"));
  EXPECT_EQ(server_.kinesis.puts.back().key, header(answer, "X-Amzn-Trace-Id"));
}

// The three bodies whose length everyone knows, and those beside them.
TEST_F(StageHandlerTest, AnswersFailuresInTheBytesOfApiGateway) {
  blog();
  api_.mock("GET", "/key").api_key_required = true;
  api_.mock("GET", "/iam").authorization_type = "AWS_IAM";
  api_.mock("GET", "/custom").authorization_type = "CUSTOM";
  serve();

  const WireAnswer unknown = server_.call("GET", "/prod/nowhere");
  EXPECT_EQ(show(unknown), R"(403 {"message":"Missing Authentication Token"})");
  EXPECT_EQ(unknown.body.size(), 42u);
  EXPECT_EQ(header(unknown, "x-amzn-ErrorType"), "MissingAuthenticationTokenException");
  EXPECT_EQ(header(unknown, "Content-Type"), "application/json");
  EXPECT_EQ(header(unknown, "X-Amzn-Trace-Id"), "none");
  EXPECT_EQ(header(unknown, "x-amzn-RequestId").size(), 36u);
  EXPECT_EQ(header(unknown, "x-amz-apigw-id").size(), 16u);
  EXPECT_NE(header(unknown, "Date"), "none");

  const WireAnswer keyless = server_.call("GET", "/prod/key");
  EXPECT_EQ(show(keyless), R"(403 {"message":"Forbidden"})");
  EXPECT_EQ(keyless.body.size(), 23u);
  EXPECT_EQ(header(keyless, "x-amzn-ErrorType"), "ForbiddenException");

  const WireAnswer failed = post(R"({"a":1)");
  EXPECT_EQ(show(failed), R"(500 {"message": "Internal server error"})");
  EXPECT_EQ(failed.body.size(), 36u);
  EXPECT_EQ(header(failed, "x-amzn-ErrorType"), "InternalServerErrorException");

  const WireAnswer unsigned_one = server_.call("GET", "/prod/iam");
  EXPECT_EQ(show(unsigned_one), R"(403 {"message":"Missing Authentication Token"})");
  EXPECT_EQ(show(server_.call("GET", "/prod/custom")), R"(401 {"message":"Unauthorized"})");
  const WireAnswer signed_one =
      server_.call("GET", "/prod/iam", {}, {{"Authorization", "AWS4-HMAC-SHA256 x"}});
  EXPECT_EQ(show(signed_one),
            R"(403 {"Message":"User is not authorized to access this resource"})");
}

TEST_F(StageHandlerTest, RefusesABodyAboveTenMegabytes) {
  blog();
  serve();
  const WireAnswer answer =
      server_.raw("POST /prod/v1/s HTTP/1.1\r\nHost: h\r\nContent-Length: 10485761\r\n\r\n");
  EXPECT_EQ(show(answer), R"(413 {"message":"Request Too Long"})");
  EXPECT_EQ(header(answer, "x-amzn-ErrorType"), "RequestTooLargeException");
}

TEST_F(StageHandlerTest, AsksForAnotherTryWhenThereIsNoMemoryForABody) {
  net::RequestParser parser;
  ASSERT_EQ(parser.parse("POST /prod/v1/s HTTP/1.1\r\nHost: h\r\nContent-Length: 9\r\n\r\n"),
            net::RequestParser::State::complete);
  const net::Response response = server_.handler().no_memory(parser.head());
  EXPECT_EQ(response.status, 503);
  EXPECT_EQ(response.body, R"({"message":"Service Unavailable"})");
  EXPECT_THAT(std::string(response.fixed_headers), HasSubstr("Retry-After: 1\r\n"));
  EXPECT_THAT(response.headers, HasSubstr("x-amzn-ErrorType: ServiceUnavailableException\r\n"));
}

TEST_F(StageHandlerTest, ForbidsWhereThereIsNoStageAndKeepsNoBody) {
  api_.mock("GET", "/");
  serve();
  for (const std::string_view path : {"/", "/test/x", "/restapis/nope/prod/_user_request_/"}) {
    const WireAnswer answer = server_.call("POST", path, "{}");
    EXPECT_EQ(show(answer), R"(403 {"message":"Forbidden"})") << path;
    EXPECT_EQ(header(answer, "x-amzn-ErrorType"), "ForbiddenException");
  }
  EXPECT_EQ(show(server_.call("GET", "/ping")), "200 healthy\n");
  EXPECT_EQ(show(server_.call("GET", "/sping")), "200 healthy\n");
  EXPECT_THAT(log(), HasSubstr("there is no such API"));
}

TEST_F(StageHandlerTest, FindsAStageByEveryFormOfItsUrl) {
  Method& method = api_.mock("GET", "/a/{b}");
  integration_of(method).responses["200"].templates["application/json"] =
      "$context.apiId $context.path $input.params('b')";
  serve();
  const std::string expected = "200 abcdefghij /prod/a/x%20y x y";
  EXPECT_EQ(show(server_.call("GET", "/prod/a/x%20y")), expected);
  EXPECT_EQ(show(server_.call("GET", "/prod/a/x%20y", {},
                              {{"Host", "abcdefghij.execute-api.us-east-1.amazonaws.com"}})),
            expected);
  EXPECT_EQ(show(server_.call("GET", "/restapis/abcdefghij/prod/_user_request_/a/x%20y")),
            expected);
  EXPECT_EQ(show(server_.call("GET", "/_aws/execute-api/ABCDEFGHIJ/prod/a/x%20y")), expected);
  EXPECT_EQ(show(server_.call("GET", "/prod/a/x%20y", {}, {{"x-apigw-api-id", "abcdefghij"}})),
            expected);
}

TEST_F(StageHandlerTest, TakesABareStageNameOnlyWhenOneApiHasIt) {
  api_.mock("GET", "/");
  StageBuilder other("zzzzzzzzzz", "prod");
  other.mock("GET", "/", "202");
  server_.serve({api_.build(server_.dispatcher()), other.build(server_.dispatcher())});
  EXPECT_EQ(server_.call("GET", "/prod").status, 403);
  EXPECT_EQ(server_.call("GET", "/_aws/execute-api/zzzzzzzzzz/prod").status, 202);
}

TEST_F(StageHandlerTest, ServesNothingOfAnApiWhoseEndpointIsDisabled) {
  api_.mock("GET", "/");
  api_.definition().default_endpoint_disabled = true;
  serve();
  EXPECT_EQ(show(server_.call("GET", "/prod")), R"(403 {"message":"Forbidden"})");
}

TEST_F(StageHandlerTest, LetsAHeaderReplaceTheVerb) {
  api_.mock("PATCH", "/", "202");
  serve();
  EXPECT_EQ(server_.call("POST", "/prod", "{}").status, 403);
  EXPECT_EQ(server_.call("POST", "/prod", "{}", {{"X-HTTP-Method-Override", "PATCH"}}).status, 202);
}

// ---- media types -------------------------------------------------------------------------------

TEST_F(StageHandlerTest, RefusesAMediaTypeWithoutATemplateAsTheMethodSays) {
  Method& method = api_.kinesis("POST", "/put");
  integration_of(method).templates["application/json"] = kJsonTemplate;
  const std::string raw = R"({"StreamName":"s","Data":"YQ==","PartitionKey":"k"})";
  struct {
    const char* behavior;
    int status;
  } const cases[] = {{"WHEN_NO_MATCH", 200}, {"WHEN_NO_TEMPLATES", 415}, {"NEVER", 415}};
  for (const auto& one : cases) {
    integration_of(method).passthrough_behavior = one.behavior;
    serve();
    const WireAnswer answer = post(raw, "text/plain", "/prod/put");
    EXPECT_EQ(answer.status, one.status) << one.behavior;
    if (one.status != 415) continue;
    EXPECT_EQ(answer.body, R"({"message": "Unsupported Media Type"})");
    EXPECT_EQ(header(answer, "x-amzn-ErrorType"), "BadRequestException");
  }
  EXPECT_EQ(server_.kinesis.puts.size(), 1u);
  integration_of(method).templates.clear();
  integration_of(method).passthrough_behavior = "WHEN_NO_TEMPLATES";
  serve();
  EXPECT_EQ(post(raw, "text/plain", "/prod/put").status, 200);
  integration_of(method).passthrough_behavior = "NEVER";
  serve();
  EXPECT_EQ(post(raw, "text/plain", "/prod/put").status, 415);
}

TEST_F(StageHandlerTest, TakesATemplateOfTheExactHeaderBeforeThatOfTheType) {
  Method& method = api_.mock("POST", "/");
  const auto answers = [](std::string_view status) {
    return "{statusCode: " + std::string(status) + "}";
  };
  integration_of(method).templates = {{"application/json", answers("200")},
                                      {"application/json; charset=utf-8", answers("201")},
                                      {"$default", answers("202")}};
  for (const char* const status : {"201", "202"}) StageBuilder::respond(method, status, status);
  serve();
  EXPECT_EQ(post("{}", "application/json; charset=utf-8", "/prod").status, 201);
  EXPECT_EQ(post("{}", "Application/JSON; charset=x", "/prod").status, 200);
  EXPECT_EQ(post("{}", "text/xml", "/prod").status, 202);
}

// ---- mock --------------------------------------------------------------------------------------

TEST_F(StageHandlerTest, AnswersAPreflightFromAMock) {
  Method& method = api_.mock("OPTIONS", "/v1/{stream-name}", "204");
  integration_of(method).templates["application/json"] = "{ statusCode: 204 }";
  IntegrationResponse& response = integration_of(method).responses["204"];
  response.parameters["method.response.header.Access-Control-Allow-Origin"] = "'*'";
  response.parameters["method.response.header.Access-Control-Allow-Methods"] = "'POST,OPTIONS'";
  serve();
  const WireAnswer answer = server_.call("OPTIONS", "/prod/v1/s");
  EXPECT_EQ(show(answer), "204 ");
  EXPECT_EQ(header(answer, "Access-Control-Allow-Origin"), "*");
  EXPECT_EQ(header(answer, "Access-Control-Allow-Methods"), "POST,OPTIONS");
  EXPECT_EQ(header(answer, "X-Amzn-Trace-Id"), "none") << "not of a mock";
  EXPECT_EQ(header(answer, "Content-Type"), "application/json");
}

TEST_F(StageHandlerTest, ReadsTheStatusOfAMockPermissively) {
  Method& method = api_.mock("POST", "/");
  StageBuilder::respond(method, "201", "2\\d1");
  const auto status = [&](std::string_view rendered) {
    integration_of(method).templates["application/json"] = rendered;
    serve();
    return post("{}", "application/json", "/prod").status;
  };
  EXPECT_EQ(status(R"({"statusCode": 200})"), 200);
  EXPECT_EQ(status("{ statusCode: 201, }"), 201);
  EXPECT_EQ(status("{'statusCode': 299}"), 200) << "the default takes what no pattern does";
  EXPECT_EQ(status(R"({"statusCode": "200"})"), 500);
  EXPECT_EQ(status(R"({"statusCode": 200.5})"), 500);
  EXPECT_EQ(status("{}"), 500);
  EXPECT_EQ(status(""), 500);
  EXPECT_EQ(status("{"), 500);
}

TEST_F(StageHandlerTest, ShowsResponseTemplatesOfAMockAnEmptyBody) {
  Method& method = api_.mock("POST", "/");
  integration_of(method).responses["200"].templates["application/json"] =
      "$input.json('$') $input.params('q') $stageVariables.env";
  api_.variables()["env"] = "live";
  serve();
  EXPECT_EQ(show(server_.call("POST", "/prod?q=a+b%21", R"({"a":1})")), "200 {} a b! live");
}

// ---- answers of a service
// ------------------------------------------------------------------------

TEST_F(StageHandlerTest, MapsRefusalsOfTheServiceByTheirStatus) {
  Method& method = blog();
  StageBuilder::respond(method, "404", "4\\d{2}");
  serve();
  const std::string refusal =
      R"({"__type":"ResourceNotFoundException",)"
      R"("message":"Stream missing under account 123456789012 not found."})";
  EXPECT_EQ(show(post("a=1", kForm, "/prod/v1/missing")), "404 " + refusal);
  // The pattern of nearly every sample: one default of 200, and nothing else.
  integration_of(method).responses.erase("404");
  serve();
  EXPECT_EQ(show(post("a=1", kForm, "/prod/v1/missing")), "200 " + refusal);
  EXPECT_EQ(server_.handler().probe().hidden_refusals.value(), 1u);
}

TEST_F(StageHandlerTest, ReadsTheRenderedRequestAsTheNetworkWould) {
  Method& method = api_.kinesis("POST", "/put");
  StageBuilder::respond(method, "400", "400");
  integration_of(method).templates["application/json"] = "$input.body";
  serve();
  EXPECT_EQ(show(post("nonsense", "application/json", "/prod/put")),
            R"(400 {"__type":"SerializationException"})");
  const WireAnswer empty_key = post(R"({"StreamName":"s","Data":"YQ==","PartitionKey":""})",
                                    "application/json", "/prod/put");
  EXPECT_EQ(empty_key.status, 400);
  EXPECT_THAT(empty_key.body, HasSubstr("ValidationException"));
}

// Law: no mapping may turn a failure of our own into a success.
TEST_F(StageHandlerTest, NeverShowsAFailureOfItsOwnToAMapping) {
  Method& method = blog();
  StageBuilder::respond(method, "202", ".*");
  api_.definition().gateway_responses["INTEGRATION_FAILURE"] = {
      .status_code = "200", .parameters = {}, .templates = {}};
  serve();
  const WireAnswer failing = post("a=1", kForm, "/prod/v1/failing");
  EXPECT_EQ(show(failing), R"(500 {"message": "Internal server error"})");
  EXPECT_EQ(header(failing, "x-amzn-ErrorType"), "InternalServerErrorException");
  EXPECT_EQ(show(post("a=1", kForm, "/prod/v1/late")),
            R"(504 {"message": "Endpoint request timed out"})");
  EXPECT_EQ(server_.handler().probe().own_failures.value(), 2u);
  EXPECT_THAT(log(), HasSubstr("no slot is free"));
}

TEST_F(StageHandlerTest, ClosesWithoutAnAnswerWhenTheOutcomeIsUnknown) {
  blog();
  serve();
  aws::testing::MemoryClient client = server_.connect();
  client.send("POST /prod/v1/unknown HTTP/1.1\r\nHost: h\r\nContent-Type: " + std::string(kForm) +
              "\r\nContent-Length: 3\r\n\r\na=1");
  server_.settle();
  EXPECT_EQ(client.received(), "");
  EXPECT_TRUE(client.closed());
  EXPECT_EQ(server_.handler().probe().unanswered.value(), 1u);
  client.finish();
  server_.settle();
}

TEST_F(StageHandlerTest, AnswersWhenTheServiceDoes) {
  blog();
  serve();
  aws::testing::MemoryClient client = server_.connect();
  client.send("POST /prod/v1/slow HTTP/1.1\r\nHost: h\r\nContent-Type: " + std::string(kForm) +
              "\r\nContent-Length: 3\r\n\r\na=1");
  server_.settle();
  EXPECT_EQ(client.received(), "");
  EXPECT_EQ(server_.handler().in_work(), 1u);
  ASSERT_EQ(server_.kinesis.waiting.size(), 1u);
  server_.serve(std::vector<ServedStage>{});  // the stage is deleted meanwhile
  server_.kinesis.waiting.front()();
  server_.kinesis.waiting.clear();
  server_.settle();
  EXPECT_THAT(client.received(), HasSubstr(R"({"SequenceNumber":"4950")"));
  EXPECT_EQ(server_.handler().in_work(), 0u);
  client.finish();
  server_.settle();
}

TEST_F(StageHandlerTest, NamesTheMistakeOfAMappingOnlyInTheLog) {
  Method& method = blog();
  integration_of(method).responses.clear();
  StageBuilder::respond(method, "400", "4\\d{2}");
  serve();
  EXPECT_EQ(show(post("{}")), R"(500 {"message": "Internal server error"})");
  EXPECT_THAT(log(), HasSubstr("no default output mapping configured. Endpoint Response Status "
                               "Code: 200"));
  integration_of(method).responses["200"] = {};
  method.responses.erase("200");
  serve();
  EXPECT_EQ(post("{}").status, 500);
  EXPECT_THAT(log(), HasSubstr("Output mapping refers to an invalid method response: 200"));
}

TEST_F(StageHandlerTest, MapsHeadersAndTemplatesOfAnAnswer) {
  Method& method = blog();
  IntegrationResponse& response = integration_of(method).responses["200"];
  const std::string prefix = "method.response.header.";
  response.parameters = {
      {prefix + "X-Shard", "integration.response.body.ShardId"},
      {prefix + "X-Backend", "integration.response.header.x-amzn-RequestId"},
      {prefix + "X-Missing", "integration.response.body.Nothing"},
      {prefix + "X-Path", "context.resourcePath"},
      {prefix + "X-Env", "stageVariables.env"},
      {prefix + "Date", "'yesterday'"},
      {prefix + "User-Agent", "'us'"},
      {prefix + "Transfer-Encoding", "'chunked'"},
  };
  response.templates = {{"application/json", R"({"shard":$input.json('$.ShardId')})"},
                        {"text/plain", "$input.path('$.ShardId')"}};
  api_.variables()["env"] = "live";
  serve();
  const WireAnswer answer = post("{}");
  EXPECT_EQ(show(answer), R"(200 {"shard":"shardId-000000000000"})");
  EXPECT_EQ(header(answer, "X-Shard"), "shardId-000000000000");
  EXPECT_EQ(header(answer, "X-Backend").size(), 36u);
  EXPECT_NE(header(answer, "X-Backend"), header(answer, "x-amzn-RequestId"));
  EXPECT_EQ(header(answer, "X-Missing"), "none");
  EXPECT_EQ(header(answer, "X-Path"), "/v1/{stream-name}");
  EXPECT_EQ(header(answer, "X-Env"), "live");
  EXPECT_EQ(header(answer, "x-amzn-Remapped-Date"), "yesterday");
  EXPECT_EQ(header(answer, "x-amzn-Remapped-User-Agent"), "us");
  EXPECT_EQ(header(answer, "Transfer-Encoding"), "none");

  const WireAnswer text = server_.call("POST", "/prod/v1/s", "{}", {{"Accept", "text/plain, */*"}});
  EXPECT_EQ(show(text), "200 shardId-000000000000");
  EXPECT_EQ(header(text, "Content-Type"), "text/plain");
  const WireAnswer other = server_.call("POST", "/prod/v1/s", "{}", {{"Accept", "image/png"}});
  EXPECT_EQ(header(other, "Content-Type"), "application/json");
}

TEST_F(StageHandlerTest, AppliesWhatTemplatesHaveOverridden) {
  Method& method = api_.mock("POST", "/");
  integration_of(method).templates["application/json"] =
      "#set($context.responseOverride.header.X-One = 'request')"
      "#set($context.requestOverride.path.kept = 'carried'){statusCode: 200}";
  IntegrationResponse& response = integration_of(method).responses["200"];
  response.parameters["method.response.header.X-One"] = "'mapped'";
  serve();
  EXPECT_EQ(header(post("{}", "application/json", "/prod"), "X-One"), "request");
  response.templates["application/json"] =
      "#set($context.responseOverride.status = 418)"
      "#set($context.responseOverride.header.Content-Type = 'text/tea')"
      "#set($context.responseOverride.header.Server = 'pot')$context.requestOverride.path.kept";
  serve();
  const WireAnswer answer = post("{}", "application/json", "/prod");
  EXPECT_EQ(show(answer), "418 carried");
  EXPECT_EQ(header(answer, "X-One"), "request");
  EXPECT_EQ(header(answer, "Content-Type"), "text/tea");
  EXPECT_EQ(header(answer, "x-amzn-Remapped-Server"), "pot");
  response.templates["application/json"] = "#set($context.responseOverride.status = 'teapot')x";
  serve();
  EXPECT_EQ(show(post("{}", "application/json", "/prod")), "200 x");
}

TEST_F(StageHandlerTest, RefusesMappingsOfABrokenBodyAndOfForbiddenHeaders) {
  Method& method = blog();
  integration_of(method).parameters["integration.request.header.X-Id"] = "method.request.body.id";
  serve();
  EXPECT_EQ(show(post(R"({"id":)", "application/json")),
            R"(400 {"message": "Invalid JSON in request body"})");
  EXPECT_EQ(post("plain text").status, 200);
  integration_of(method).parameters = {{"integration.request.header.Authorization", "'x'"}};
  serve();
  EXPECT_EQ(post("{}").status, 500);
  integration_of(method).parameters.clear();
  integration_of(method).templates["application/json"] =
      "#set($context.requestOverride.header.Content-Length = '1'){}";
  serve();
  EXPECT_EQ(post("{}").status, 500);
}

// ---- gateway responses
// ---------------------------------------------------------------------------

TEST_F(StageHandlerTest, AddsTheHeadersOfDefaultGatewayResponsesToFailures) {
  integration_of(blog()).passthrough_behavior = "NEVER";
  auto& responses = api_.definition().gateway_responses;
  responses["DEFAULT_4XX"] = {
      .status_code = {},
      .parameters = {{"gatewayresponse.header.Access-Control-Allow-Origin", "'*'"},
                     {"gatewayresponse.header.X-Was", "method.request.header.X-Am"},
                     {"gatewayresponse.header.Content-Length", "'1'"}},
      .templates = {
          {"application/json",
           R"({"message":$context.error.messageString,"type":"$context.error.responseType",)"
           R"("id":"$context.requestId."})"}}};
  responses["UNSUPPORTED_MEDIA_TYPE"] = {.status_code = "422", .parameters = {}, .templates = {}};
  serve();
  const WireAnswer missing = server_.call("GET", "/prod/x", {}, {{"X-Am", "me"}});
  EXPECT_EQ(missing.body, R"({"message":"Missing Authentication Token",)"
                          R"("type":"MISSING_AUTHENTICATION_TOKEN","id":")" +
                              header(missing, "x-amzn-RequestId") + ".\"}");
  EXPECT_EQ(missing.status, 403);
  EXPECT_EQ(header(missing, "Access-Control-Allow-Origin"), "*");
  EXPECT_EQ(header(missing, "X-Was"), "me");
  EXPECT_EQ(header(missing, "x-amzn-ErrorType"), "MissingAuthenticationTokenException");

  const WireAnswer unsupported = post("x", "text/plain");
  EXPECT_EQ(show(unsupported), R"(422 {"message": "Unsupported Media Type"})");
  EXPECT_EQ(header(unsupported, "Access-Control-Allow-Origin"), "none")
      << "what is configured itself inherits nothing";
  EXPECT_EQ(show(post("{")), R"(500 {"message": "Internal server error"})") << "no 4XX";
}

// ---- work that is too much for a loop
// ------------------------------------------------------------

TEST_F(StageHandlerTest, RendersLargeBodiesOnAWorkerWithTheSameResult) {
  blog();
  serve();
  const std::string body = R"({"a":")" + std::string(300'000, 'x') + R"("})";
  EXPECT_EQ(post(body).status, 200);
  EXPECT_EQ(last_data(), body + "\n");
  EXPECT_EQ(server_.handler().probe().on_workers.value(), 1u);
}

TEST_F(StageHandlerTest, UnpacksBodiesWhereTheApiSaysSo) {
  blog();
  const auto packed = [&](std::string_view body, const std::string& encoding) {
    return server_.call("POST", "/prod/v1/s", body, {{"Content-Encoding", encoding}}).status;
  };
  api_.definition().compression_bytes_min = 1024;
  serve();
  EXPECT_EQ(packed(codec::gzip(R"({"a":1})"), "gzip"), 200);
  EXPECT_EQ(last_data(), "{\"a\":1}\n");
  EXPECT_EQ(packed("{}", "identity"), 200);
  EXPECT_EQ(packed("{}", "gzip"), 415);
  EXPECT_EQ(packed("{}", "br"), 415);
  const std::string large = R"({"a":")" + std::string(300'000, 'x') + R"("})";
  EXPECT_EQ(packed(codec::gzip(large), "GZIP"), 200) << "a worker takes what swells";
  EXPECT_EQ(last_data(), large + "\n");
  std::string swelling;
  swelling.resize(kBodyBytesMax + 1, ' ');
  EXPECT_EQ(packed(codec::gzip(swelling), "gzip"), 413);
}

TEST_F(StageHandlerTest, RendersAnewOnAWorkerWhatTakesTooManySteps) {
  Method& method = api_.mock("POST", "/");
  integration_of(method).templates["application/json"] =
      "#foreach($a in [1..300])#foreach($b in [1..300])#set($c = $b)#end#end{statusCode: 200}";
  serve();
  EXPECT_EQ(post("{}", "application/json", "/prod").status, 200);
  EXPECT_EQ(server_.handler().probe().on_workers.value(), 1u);
  integration_of(method).templates["application/json"] =
      "#foreach($a in [1..900])#foreach($b in [1..900])#foreach($c in [1..900])#set($d = $c)#end"
      "#end#end{statusCode: 200}";
  serve();
  EXPECT_EQ(post("{}", "application/json", "/prod").status, 500);
  EXPECT_THAT(log(), HasSubstr("too many steps"));
}

TEST_F(StageHandlerTest, RendersLargeAnswersOnAWorkerToo) {
  Method& method = blog();
  integration_of(method).responses["200"].templates["application/json"] =
      "$input.path('$.SequenceNumber').length()";
  serve();
  EXPECT_EQ(show(post("a=1", kForm, "/prod/v1/chatty")), "200 300000");
  EXPECT_EQ(server_.handler().probe().on_workers.value(), 1u);
}

// ---- the log
// -------------------------------------------------------------------------------------

TEST_F(StageHandlerTest, TellsWhereATemplateFailedAndNeverWhatTheClientSent) {
  Method& method = blog();
  integration_of(method).templates["application/json"] =
      "\n  #set($x = $input.path('$.secret').substring(50))";
  serve();
  EXPECT_EQ(post(R"({"secret":"hunter2"})").status, 500);
  EXPECT_THAT(log(), HasSubstr("warning A template failed. api=abcdefghij stage=prod method=POST "
                               "resource=/v1/{stream-name} side=request "
                               "template=application/json line=2 column="));
  for (const std::string& line : server_.log.lines) {
    if (!line.starts_with("debug")) {
      EXPECT_THAT(line, Not(HasSubstr("hunter2")));
    }
  }
}

// As on AWS the answer is a success; at least somebody can see it.
TEST_F(StageHandlerTest, SaysWhenAListWasLongerThanALoopMayBe) {
  integration_of(api_.mock("POST", "/")).templates["application/json"] =
      "#foreach($e in $input.path('$'))#end{statusCode: 200}";
  serve();
  std::string list = "[0";
  for (int i = 1; i < 1001; ++i) list += ",0";
  EXPECT_EQ(post(list + "]", "application/json", "/prod").status, 200);
  EXPECT_EQ(server_.handler().probe().loops_cut.value(), 1u);
  EXPECT_THAT(log(), HasSubstr("left elements of a list out"));
}

TEST_F(StageHandlerTest, AnswersOfWhatIsNotWrittenYetAreClearFailures) {
  Method& proxy = api_.method("GET", "/proxy");
  proxy.integration.emplace().type = "HTTP_PROXY";
  integration_of(api_.kinesis("POST", "/typo", "PutRecrod")).templates["application/json"] = "{}";
  api_.method("GET", "/bare");
  serve();
  EXPECT_EQ(show(server_.call("GET", "/prod/proxy")),
            R"(500 {"message": "Internal server error"})");
  EXPECT_EQ(server_.call("POST", "/prod/typo", "{}").status, 500);
  EXPECT_EQ(server_.call("GET", "/prod/bare").status, 500);
  EXPECT_THAT(log(), HasSubstr("integrations of type HTTP_PROXY are not written yet"));
  EXPECT_THAT(log(), HasSubstr("kinesis has no action PutRecrod"));
}

// The same handler stands behind the AWS port, which lets stage URLs through without a signature.
TEST_F(StageHandlerTest, ServesStageUrlsOnTheAwsPort) {
  api_.mock("GET", "/", "202");
  serve();
  aws::testing::WireServer aws({.loop = server_.loop,
                                .clock = server_.clock,
                                .dispatcher = server_.dispatcher(),
                                .pump = [&] { server_.settle(); },
                                .stages = &server_.handler()});
  EXPECT_EQ(aws.call({.method = "GET", .target = "/_aws/execute-api/abcdefghij/prod/"}).status,
            202);
}

}  // namespace
}  // namespace hyd::gateway

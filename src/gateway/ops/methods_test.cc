// Methods, integrations, their responses and gateway responses: what is kept, shown and refused.
#include "gateway/testing/control_plane.h"

#include <utility>

namespace hyd::gateway {
namespace {

using testing::kDone;

constexpr std::string_view kMethod =
    R"("restApiId":"a1b2c3d4e5","resourceId":"rootrootro","httpMethod":"PUT")";

class MethodsTest : public testing::ControlPlane {
 protected:
  MethodsTest() { make_api(); }
  // An operation on the method PUT of the root.
  std::string put(std::string_view operation, std::string_view members) {
    return ask(operation, "{" + std::string(kMethod) + "," + std::string(members) + "}");
  }
  std::string put_method(std::string_view more = "") {
    return put("PutMethod", R"("authorizationType":"NONE")" + std::string(more));
  }
  std::string get() { return ask("GetMethod", "{" + std::string(kMethod) + "}"); }
};

TEST_F(MethodsTest, AMethodWithAllItHasIsShownAsItWasPut) {
  EXPECT_EQ(put_method(R"(,"requestParameters":{"method.request.path.stream-name":true},)"
                       R"("requestModels":{"application/json":"Empty"},"operationName":"put")"),
            R"({"httpMethod":"PUT","authorizationType":"NONE","apiKeyRequired":false,)"
            R"("operationName":"put",)"
            R"("requestParameters":{"method.request.path.stream-name":true},)"
            R"("requestModels":{"application/json":"Empty"}})");
  EXPECT_EQ(put("PutMethodResponse",
                R"("statusCode":"200","responseModels":{"application/json":"Empty"},)"
                R"("responseParameters":{"method.response.header.X":false})"),
            R"({"statusCode":"200","responseParameters":{"method.response.header.X":false},)"
            R"("responseModels":{"application/json":"Empty"}})");
  const std::string integration =
      R"({"type":"AWS","httpMethod":"POST",)"
      R"("uri":"arn:aws:apigateway:ap-northeast-2:kinesis:action/PutRecord",)"
      R"("credentials":"arn:aws:iam::123456789012:role/apigw-kinesis",)"
      R"("requestParameters":{"integration.request.header.Content-Type":"'x-amz-json-1.1'"},)"
      R"("requestTemplates":{"application/json":"#set($a = 1)\n\t$a",)"
      R"("application/x-www-form-urlencoded":"$input.body"},)"
      R"("passthroughBehavior":"WHEN_NO_TEMPLATES","timeoutInMillis":29000,)"
      R"("cacheNamespace":"rootrootro","cacheKeyParameters":[])";
  EXPECT_EQ(
      put("PutIntegration",
          R"("type":"AWS","integrationHttpMethod":"POST",)"
          R"("uri":"arn:aws:apigateway:ap-northeast-2:kinesis:action/PutRecord",)"
          R"("credentials":"arn:aws:iam::123456789012:role/apigw-kinesis",)"
          R"("requestParameters":{"integration.request.header.Content-Type":"'x-amz-json-1.1'"},)"
          R"("requestTemplates":{"application/json":"#set($a = 1)\n\t$a",)"
          R"("application/x-www-form-urlencoded":"$input.body"},)"
          R"("passthroughBehavior":"WHEN_NO_TEMPLATES")"),
      integration + "}")
      << "templates byte for byte";
  EXPECT_EQ(put("PutIntegrationResponse",
                R"("statusCode":"200","selectionPattern":"","responseTemplates":)"
                R"({"application/json":""},)"
                R"("responseParameters":{"method.response.header.X":"'1'"})"),
            R"({"statusCode":"200","selectionPattern":"",)"
            R"("responseParameters":{"method.response.header.X":"'1'"},)"
            R"("responseTemplates":{"application/json":null}})")
      << "an empty pattern is shown, an empty template is null";
  const std::string shown = get();
  EXPECT_TRUE(shown.contains(integration + R"(,"integrationResponses":{"200":{"statusCode":"200")"))
      << shown;
  EXPECT_TRUE(shown.contains(R"("methodResponses":{"200":{"statusCode":"200")")) << shown;

  open();
  EXPECT_EQ(get(), shown) << "after a restart";
}

TEST_F(MethodsTest, WhatIsThereAlreadyIsAConflictUnlessItMayBeReplaced) {
  put_method();
  EXPECT_EQ(put_method(), "ConflictException 409 Method already exists for this resource");
  put("PutMethodResponse", R"("statusCode":"200")");
  EXPECT_EQ(put("PutMethodResponse", R"("statusCode":"200")"),
            "ConflictException 409 Response already exists for this resource");
  EXPECT_EQ(put("PutMethodResponse", R"("statusCode":"200","overwrite":true)"),
            R"({"statusCode":"200"})");
  EXPECT_EQ(put("PutIntegration", R"("type":"MOCK")"), put("PutIntegration", R"("type":"MOCK")"));
  EXPECT_EQ(put("PutIntegrationResponse", R"("statusCode":"200")"),
            put("PutIntegrationResponse", R"("statusCode":"200")"));
  put("PutIntegration", R"("type":"MOCK")");
  EXPECT_FALSE(get().contains("integrationResponses")) << "they went with the integration";
}

TEST_F(MethodsTest, AWholeMethodIsPutInOneStepAndAgain) {
  const std::string_view whole =
      R"("authorizationType":"NONE","overwrite":true,)"
      R"("methodResponses":{"200":{"responseParameters":{"method.response.header.X":true}}},)"
      R"("methodIntegration":{"type":"MOCK","requestTemplates":{"application/json":"{}"},)"
      R"("integrationResponses":{"200":{"selectionPattern":"2\\d\\d",)"
      R"("responseParameters":{"method.response.header.X":"'1'"}}}})";
  const std::string put_once = put("PutMethod", whole);
  EXPECT_EQ(get(), put_once);
  EXPECT_EQ(put("PutMethod", whole), put_once);
  EXPECT_TRUE(put_once.contains(R"("selectionPattern":"2\\d\\d")")) << put_once;

  // Nothing of a refused one stays.
  EXPECT_TRUE(put("PutMethod", R"("authorizationType":"NONE","overwrite":true,)"
                               R"("methodIntegration":{"type":"MOCK","integrationResponses":)"
                               R"({"200":{"responseParameters":)"
                               R"({"method.response.header.X":"'1'"}}}})")
                  .starts_with("BadRequestException 400 Invalid mapping expression"));
  EXPECT_EQ(get(), put_once);
  put_method(R"(,"overwrite":true)");
  EXPECT_EQ(get(), R"({"httpMethod":"PUT","authorizationType":"NONE","apiKeyRequired":false})")
      << "the method is what was put last, and nothing more";
}

TEST_F(MethodsTest, WhatIsNotThereIsToldApart) {
  EXPECT_EQ(get(), "NotFoundException 404 Invalid Method identifier specified");
  EXPECT_EQ(put("PutIntegration", R"("type":"MOCK")"),
            "NotFoundException 404 Invalid Method identifier specified");
  EXPECT_EQ(
      ask("GetMethod", R"({"restApiId":"a1b2c3d4e5","resourceId":"nobody","httpMethod":"PUT"})"),
      "NotFoundException 404 Invalid Resource identifier specified");
  EXPECT_EQ(ask("DeleteMethod",
                R"({"restApiId":"zzzzzzzzzz","resourceId":"rootrootro","httpMethod":"PUT"})"),
            "NotFoundException 404 Invalid Resource identifier specified");
  put_method();
  EXPECT_EQ(put("PutIntegrationResponse", R"("statusCode":"200")"),
            "NotFoundException 404 Invalid Integration identifier specified");
  EXPECT_EQ(put("DeleteIntegrationResponse", R"("statusCode":"200")"),
            "NotFoundException 404 Invalid Integration identifier specified");
  EXPECT_EQ(put("DeleteMethodResponse", R"("statusCode":"200")"),
            "NotFoundException 404 Invalid Response status code specified");
  EXPECT_EQ(ask("DeleteIntegration", "{" + std::string(kMethod) + "}"),
            "NotFoundException 404 Invalid Integration identifier specified");
}

TEST_F(MethodsTest, PartsAreRemovedOneByOne) {
  put_method();
  put("PutMethodResponse", R"("statusCode":"200")");
  put("PutIntegration", R"("type":"MOCK")");
  put("PutIntegrationResponse", R"("statusCode":"200")");
  EXPECT_EQ(put("DeleteIntegrationResponse", R"("statusCode":"200")"), kDone);
  EXPECT_EQ(put("DeleteIntegrationResponse", R"("statusCode":"200")"),
            "NotFoundException 404 Invalid Response status code specified");
  EXPECT_EQ(ask("DeleteIntegration", "{" + std::string(kMethod) + "}"), kDone);
  EXPECT_EQ(put("DeleteMethodResponse", R"("statusCode":"200")"), kDone);
  EXPECT_EQ(get(), R"({"httpMethod":"PUT","authorizationType":"NONE","apiKeyRequired":false})");
  EXPECT_EQ(ask("DeleteMethod", "{" + std::string(kMethod) + "}"), kDone);
  EXPECT_EQ(get(), "NotFoundException 404 Invalid Method identifier specified");
}

TEST_F(MethodsTest, MethodsAreRefusedInTheServicesWords) {
  const std::pair<std::string_view, std::string_view> kBad[] = {
      {R"("authorizationType":"NONE","requestModels":{"application/json":"Event"})",
       "Invalid model identifier specified: Event"},
      {R"("authorizationType":"NONE","requestValidatorId":"abc123")",
       "Invalid Request Validator identifier specified"},
      {R"("authorizationType":"NONE","requestParameters":{"method.request.path.a":true,)"
       R"("method.request.header.a":true})",
       "Parameter names must be unique across querystring, header and path"},
      {R"("authorizationType":"NONE","requestParameters":{"method.request.cookie.a":true})",
       "Invalid mapping expression specified: Validation Result: warnings : [], errors : [Invalid "
       "mapping expression parameter specified: method.request.cookie.a]"},
      {R"("authorizationType":"CUSTOM","authorizerId":"abc123")",
       "Invalid authorizer ID specified. Setting the authorization type to CUSTOM or "
       "COGNITO_USER_POOLS requires a valid authorizer."},
  };
  for (const auto& [members, text] : kBad) {
    EXPECT_EQ(put("PutMethod", members), "BadRequestException 400 " + std::string(text));
  }
  EXPECT_EQ(ask("PutMethod", R"({"restApiId":"a1b2c3d4e5","resourceId":"rootrootro",)"
                             R"("httpMethod":"get","authorizationType":"NONE"})"),
            "BadRequestException 400 Invalid HttpMethod specified. Valid options are "
            "GET,PUT,POST,DELETE,PATCH,OPTIONS,HEAD,ANY");
  EXPECT_EQ(put("PutMethodResponse", R"("statusCode":"600")"),
            "ValidationException 400 1 validation error detected: Value '600' at 'statusCode' "
            "failed to satisfy constraint: Member must satisfy regular expression pattern: "
            "[1-5]\\d\\d");
}

TEST_F(MethodsTest, IntegrationsAreRefusedInTheServicesWords) {
  put_method();
  const std::string aws = R"("type":"AWS","integrationHttpMethod":"POST",)"
                          R"("uri":"arn:aws:apigateway:us-east-1:kinesis:action/PutRecord")";
  const std::pair<std::string, std::string_view> kBad[] = {
      {R"("type":"AWS","uri":"arn:aws:apigateway:us-east-1:kinesis:action/PutRecord")",
       "Enumeration value for HttpMethod must be non-empty"},
      {R"("type":"AWS","integrationHttpMethod":"SEND")",
       "Invalid HttpMethod specified. Valid options are GET,PUT,POST,DELETE,PATCH,OPTIONS,HEAD,"
       "ANY"},
      {R"("type":"AWS","integrationHttpMethod":"POST","uri":"https://example.com")",
       "Invalid ARN specified in the request"},
      {R"("type":"HTTP","integrationHttpMethod":"POST","uri":"example.com")",
       "Invalid HTTP endpoint specified for URI"},
      {aws + R"(,"timeoutInMillis":29001)", "Timeout should be between 50 ms and 29000 ms"},
      {aws + R"(,"connectionType":"VPC_LINK")",
       "The connection type VPC_LINK is not supported by Hydrant yet"},
      {aws + R"(,"requestTemplates":{"json":"{}"})",
       "Validation Result: warnings : [], errors : [Invalid content type specified: json]"},
      {aws + R"(,"requestParameters":{"integration.request.header.X":"literal"})",
       "Invalid mapping expression specified: Validation Result: warnings : [], errors : [Invalid "
       "mapping expression specified: literal]"},
      {aws + R"(,"requestParameters":{"integration.request.body":"'x'"})",
       "Invalid mapping expression specified: Validation Result: warnings : [], errors : [Invalid "
       "mapping expression parameter specified: integration.request.body]"},
      {aws + R"(,"requestTemplates":{"application/json":")" + std::string(300 * 1024 + 1, 'x') +
           "\"}",
       "The template for application/json is longer than 300 KB"},
  };
  for (const auto& [members, text] : kBad) {
    EXPECT_EQ(put("PutIntegration", members), "BadRequestException 400 " + std::string(text))
        << members.substr(0, 200);
  }
  EXPECT_EQ(put("PutIntegration", R"("type":"LAMBDA")"),
            "ValidationException 400 1 validation error detected: Value 'LAMBDA' at "
            "'putIntegrationInput.type' failed to satisfy constraint: Member must satisfy enum "
            "value set: [HTTP, MOCK, AWS_PROXY, HTTP_PROXY, AWS]");
  EXPECT_FALSE(get().contains("methodIntegration"));
  for (const std::string_view source :
       {"method.request.path.a", "method.request.multivalueheader.a", "stageVariables.a",
        "context.identity.sourceIp", "'literal'", "''", "method.request.body",
        "method.request.body.a.b[0]"}) {
    EXPECT_TRUE(
        put("PutIntegration", aws + R"(,"requestParameters":{"integration.request.header.X":")" +
                                  std::string(source) + "\"}")
            .starts_with("{"))
        << source;
  }
}

TEST_F(MethodsTest, AMappedHeaderOfAnAnswerIsDeclaredFirst) {
  put_method();
  put("PutIntegration", R"("type":"MOCK")");
  const std::string_view mapped =
      R"("statusCode":"200","responseParameters":{"method.response.header.X":"'1'"})";
  EXPECT_EQ(put("PutIntegrationResponse", mapped),
            "BadRequestException 400 Invalid mapping expression specified: Validation Result: "
            "warnings : [], errors : [Invalid mapping expression parameter specified: "
            "method.response.header.X]");
  put("PutMethodResponse",
      R"("statusCode":"200","responseParameters":{"method.response.header.X":false})");
  EXPECT_TRUE(put("PutIntegrationResponse", mapped).starts_with("{"));
}

TEST_F(MethodsTest, GatewayResponsesShowTheirTypesDefaults) {
  EXPECT_EQ(ask("PutGatewayResponse", R"({"restApiId":"a1b2c3d4e5","responseType":"THROTTLED"})"),
            R"({"responseType":"THROTTLED","statusCode":"429","responseParameters":{},)"
            R"("responseTemplates":{"application/json":)"
            R"("{\"message\":$context.error.messageString}"},"defaultResponse":false})");
  const std::string_view cors =
      R"({"restApiId":"a1b2c3d4e5","responseType":"DEFAULT_4XX","responseParameters":)"
      R"({"gatewayresponse.header.Access-Control-Allow-Origin":"'*'"},"responseTemplates":{}})";
  EXPECT_EQ(ask("PutGatewayResponse", cors),
            R"({"responseType":"DEFAULT_4XX","responseParameters":)"
            R"({"gatewayresponse.header.Access-Control-Allow-Origin":"'*'"},)"
            R"("responseTemplates":{},"defaultResponse":false})");
  EXPECT_EQ(ask("PutGatewayResponse", cors), ask("PutGatewayResponse", cors)) << "overwrites";
  const std::string_view name = R"({"restApiId":"a1b2c3d4e5","responseType":"DEFAULT_4XX"})";
  EXPECT_EQ(ask("DeleteGatewayResponse", name), kDone);
  EXPECT_EQ(ask("DeleteGatewayResponse", name),
            "NotFoundException 404 Gateway response type not defined on api");
  EXPECT_EQ(ask("PutGatewayResponse", R"({"restApiId":"a1b2c3d4e5","responseType":"TEAPOT"})"),
            "ValidationException 400 1 validation error detected: Value 'TEAPOT' at 'responseType' "
            "failed to satisfy constraint: Member must satisfy enum value set: [REQUEST_TOO_LARGE, "
            "RESOURCE_NOT_FOUND, AUTHORIZER_CONFIGURATION_ERROR, MISSING_AUTHENTICATION_TOKEN, "
            "BAD_REQUEST_BODY, INVALID_SIGNATURE, INVALID_API_KEY, BAD_REQUEST_PARAMETERS, "
            "AUTHORIZER_FAILURE, UNAUTHORIZED, INTEGRATION_TIMEOUT, ACCESS_DENIED, DEFAULT_4XX, "
            "DEFAULT_5XX, WAF_FILTERED, QUOTA_EXCEEDED, THROTTLED, API_CONFIGURATION_ERROR, "
            "UNSUPPORTED_MEDIA_TYPE, INTEGRATION_FAILURE, EXPIRED_TOKEN]");
  EXPECT_EQ(ask("PutGatewayResponse", R"({"restApiId":"zzzzzzzzzz","responseType":"THROTTLED"})"),
            "NotFoundException 404 Invalid API identifier specified 123456789012:zzzzzzzzzz");
}

}  // namespace
}  // namespace hyd::gateway

#include "aws/fault_wire.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace hyd::aws {
namespace {

constexpr std::string_view kNamespace = "https://iam.amazonaws.com/doc/2010-05-08/";

// Status, headers and body in one text, so that a row shows the whole answer.
std::string shown(const Fault& fault, Protocol protocol) {
  const net::Response response = fault_response(fault, {.protocol = protocol,
                                                        .xml_namespace = kNamespace,
                                                        .request_id = "id-1",
                                                        .host_id = "host-1"});
  return std::to_string(response.status) + "\n" + std::string(response.fixed_headers) +
         response.headers + "\n" + response.body;
}

TEST(FaultWire, WritesTheFormOfEachProtocol) {
  const Fault fault{.name = "NoSuchThingException",
                    .status = 404,
                    .message = "<a> & \"b\"",
                    .details = {{"BucketName", "b"}}};
  EXPECT_EQ(shown(fault, Protocol::json_1_1),
            "404\nContent-Type: application/x-amz-json-1.1\r\n\n"
            R"({"__type":"NoSuchThingException","message":"<a> & \"b\"","BucketName":"b"})");
  EXPECT_EQ(shown(fault, Protocol::rest_json),
            "404\nContent-Type: application/json\r\nx-amzn-ErrorType: NoSuchThingException\r\n\n"
            R"({"message":"<a> & \"b\"","BucketName":"b"})");
  EXPECT_EQ(shown(fault, Protocol::query),
            "404\nContent-Type: text/xml\r\n\n"
            "<ErrorResponse xmlns=\"https://iam.amazonaws.com/doc/2010-05-08/\"><Error>"
            "<Type>Sender</Type><Code>NoSuchThingException</Code>"
            "<Message>&lt;a&gt; &amp; &quot;b&quot;</Message></Error>"
            "<RequestId>id-1</RequestId></ErrorResponse>");
  EXPECT_EQ(shown(fault, Protocol::rest_xml),
            "404\nContent-Type: application/xml\r\n\n"
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>NoSuchThingException</Code>"
            "<Message>&lt;a&gt; &amp; &quot;b&quot;</Message><BucketName>b</BucketName>"
            "<RequestId>id-1</RequestId><HostId>host-1</HostId></Error>");
}

TEST(FaultWire, LeavesOutAMessageThatIsEmptyAndSpellsOneWithACapital) {
  const std::string head = "400\nContent-Type: application/x-amz-json-1.1\r\n\n";
  EXPECT_EQ(shown(unknown_operation(), Protocol::json_1_1),
            head + R"({"__type":"UnknownOperationException"})");
  EXPECT_EQ(shown(serialization(""), Protocol::json_1_1),
            head + R"({"__type":"SerializationException"})");
  EXPECT_EQ(shown(serialization("why"), Protocol::json_1_1),
            head + R"({"__type":"SerializationException","Message":"why"})");
}

TEST(FaultWire, CallsSharedFaultsByEachProtocolsNames) {
  struct Row {
    Fault fault;
    Protocol protocol;
    std::string_view name;
    int status;
  };
  using enum Protocol;
  const Fault broken = fault_from(base::fail(base::Code::io, "x"));
  const Row rows[] = {
      {validation("v"), json_1_1, "ValidationException", 400},
      {validation("v"), query, "ValidationError", 400},
      {validation("v"), rest_json, "BadRequestException", 400},
      {access_denied("d"), json_1_1, "AccessDeniedException", 400},
      {access_denied("d"), query, "AccessDenied", 403},
      {access_denied("d"), rest_json, "AccessDeniedException", 403},
      {access_denied("d"), rest_xml, "AccessDenied", 403},
      {broken, json_1_1, "InternalFailure", 500},
      {broken, query, "InternalFailure", 500},
      {broken, rest_json, "InternalServerErrorException", 500},
      {broken, rest_xml, "InternalError", 500},
      {unknown_operation(), query, "InvalidAction", 400},
      {unknown_operation(), rest_json, "MissingAuthenticationTokenException", 403},
      {serialization(""), rest_xml, "MalformedXML", 400},
      {{.name = "NoSuchKey", .status = 404}, rest_xml, "NoSuchKey", 404},
  };
  for (const Row& row : rows) {
    const Fault got = renamed(row.fault, row.protocol);
    EXPECT_EQ(got.name, row.name);
    EXPECT_EQ(got.status, row.status) << row.name;
  }
}

TEST(FaultWire, ShowsNothingOfOurInsides) {
  const Fault fault = fault_from(base::fail(base::Code::io, "/secret/path: gone"));
  for (const Protocol protocol :
       {Protocol::json_1_1, Protocol::query, Protocol::rest_json, Protocol::rest_xml}) {
    EXPECT_FALSE(shown(fault, protocol).contains("secret"));
  }
}

TEST(FaultWire, AnswersRequestsWithoutAServiceInXml) {
  EXPECT_EQ(unknown_service_response().status, 403);
  EXPECT_EQ(unknown_service_response().body,
            "<AccessDeniedException>\n  <Message>Unable to determine service/operation name to be "
            "authorized</Message>\n</AccessDeniedException>\n");
  EXPECT_EQ(unknown_content_response().status, 404);
  EXPECT_EQ(unknown_content_response().body, "<UnknownOperationException/>\n");
}

}  // namespace
}  // namespace hyd::aws

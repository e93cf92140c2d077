#include "aws/fault_wire.h"

#include "base/check.h"
#include "codec/json.h"
#include "codec/xml.h"

#include <string>
#include <utility>

namespace hyd::aws {
namespace {

constexpr std::string_view kJsonType = "Content-Type: application/x-amz-json-1.1\r\n";
constexpr std::string_view kRestJsonType = "Content-Type: application/json\r\n";
constexpr std::string_view kQueryType = "Content-Type: text/xml\r\n";
constexpr std::string_view kXmlType = "Content-Type: application/xml\r\n";

struct Name {
  Protocol protocol;
  std::string_view from;
  std::string_view to;
  int status;
  std::string_view message = {};  // when the fault brings none
};

using enum Protocol;
constexpr Name kNames[] = {
    {query, "AccessDeniedException", "AccessDenied", 403},
    {query, "SerializationException", "MalformedQueryString", 400},
    {query, "ValidationException", "ValidationError", 400},
    {query, "UnknownOperationException", "InvalidAction", 400},
    {query, "ThrottlingException", "Throttling", 400, "Rate exceeded"},

    {rest_json, "AccessDeniedException", "AccessDeniedException", 403},
    {rest_json, "ValidationException", "BadRequestException", 400},
    {rest_json, "UnknownOperationException", "MissingAuthenticationTokenException", 403,
     "Missing Authentication Token"},
    {rest_json, "ThrottlingException", "TooManyRequestsException", 429, "Too Many Requests"},
    {rest_json, "InternalFailure", "InternalServerErrorException", 500, "Internal server error"},
    {rest_json, "ServiceUnavailable", "ServiceUnavailableException", 503, "Service Unavailable"},

    {rest_xml, "AccessDeniedException", "AccessDenied", 403, "Access Denied"},
    {rest_xml, "SerializationException", "MalformedXML", 400,
     "The XML you provided was not well-formed or did not validate against our published schema"},
    {rest_xml, "ValidationException", "InvalidArgument", 400},
    {rest_xml, "UnknownOperationException", "NotImplemented", 501,
     "A header you provided implies functionality that is not implemented"},
    {rest_xml, "ThrottlingException", "SlowDown", 503, "Please reduce your request rate."},
    {rest_xml, "InternalFailure", "InternalError", 500,
     "We encountered an internal error. Please try again."},
    {rest_xml, "ServiceUnavailable", "ServiceUnavailable", 503, "Please reduce your request rate."},
};

net::Response with_type(int status, std::string_view type) {
  net::Response response;
  response.status = static_cast<std::uint16_t>(status);
  response.fixed_headers = type;
  return response;
}

void append_member(std::string_view name, std::string_view value, std::string& out) {
  if (out.back() != '{') out += ',';
  codec::append_quoted(name, out);
  out += ':';
  codec::append_quoted(value, out);
}

net::Response json_fault(const Fault& fault) {
  net::Response response = with_type(fault.status, kJsonType);
  response.body = "{";
  append_member("__type", fault.name, response.body);
  if (!fault.message.empty()) {
    // Observed: this one exception spells its member with a capital.
    const bool capital = fault.name == "SerializationException";
    append_member(capital ? "Message" : "message", fault.message, response.body);
  }
  for (const auto& [name, value] : fault.details) append_member(name, value, response.body);
  response.body += '}';
  return response;
}

net::Response rest_json_fault(const Fault& fault) {
  net::Response response = with_type(fault.status, kRestJsonType);
  response.add("x-amzn-ErrorType", fault.name);
  response.body = "{";
  append_member("message", fault.message, response.body);
  for (const auto& [name, value] : fault.details) append_member(name, value, response.body);
  response.body += '}';
  return response;
}

net::Response query_fault(const Fault& fault, const FaultContext& context) {
  net::Response response = with_type(fault.status, kQueryType);
  codec::XmlWriter xml(response.body);
  xml.open("ErrorResponse", {{"xmlns", context.xml_namespace}});
  xml.open("Error");
  xml.element("Type", fault.status >= 500 ? "Receiver" : "Sender");
  xml.element("Code", fault.name);
  xml.element("Message", fault.message);
  xml.close();
  xml.element("RequestId", context.request_id);
  xml.close();
  return response;
}

net::Response rest_xml_fault(const Fault& fault, const FaultContext& context) {
  net::Response response = with_type(fault.status, kXmlType);
  codec::XmlWriter xml(response.body);
  xml.declaration();
  xml.open("Error");
  xml.element("Code", fault.name);
  xml.element("Message", fault.message);
  for (const auto& [name, value] : fault.details) xml.element(name, value);
  xml.element("RequestId", context.request_id);
  xml.element("HostId", context.host_id);
  xml.close();
  return response;
}

}  // namespace

Fault renamed(Fault fault, Protocol protocol) {
  for (const Name& row : kNames) {
    if (row.protocol != protocol || row.from != fault.name) continue;
    fault.name = row.to;
    fault.status = row.status;
    if (fault.message.empty()) fault.message = row.message;
    break;
  }
  return fault;
}

net::Response fault_response(Fault fault, const FaultContext& context) {
  HYD_CHECK(!fault.unanswerable);
  fault = renamed(std::move(fault), context.protocol);
  switch (context.protocol) {
    case json_1_1: return json_fault(fault);
    case query: return query_fault(fault, context);
    case rest_json: return rest_json_fault(fault);
    case rest_xml: return rest_xml_fault(fault, context);
  }
  return json_fault(fault);
}

net::Response unknown_service_response() {
  net::Response response;
  response.status = 403;
  response.body =
      "<AccessDeniedException>\n  <Message>Unable to determine service/operation name to be "
      "authorized</Message>\n</AccessDeniedException>\n";
  return response;
}

net::Response unknown_content_response() {
  net::Response response;
  response.status = 404;
  response.body = "<UnknownOperationException/>\n";
  return response;
}

}  // namespace hyd::aws

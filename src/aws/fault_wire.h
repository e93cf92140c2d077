// Faults as each protocol words them: the same refusal has another name, status and form in
// JSON 1.1, Query, REST-JSON and S3's REST-XML.
//
// | protocol  | body                                                              | name in a
// header |
// |-----------|-------------------------------------------------------------------|------------------|
// | json_1_1  | {"__type":"Name","message":"…"}                                    | | | query |
// <ErrorResponse><Error><Type/><Code/><Message/></Error><RequestId/> |                  | |
// rest_json | {"message":"…"}                                                   | x-amzn-ErrorType
// | | rest_xml  | <Error><Code/><Message/>…<RequestId/><HostId/></Error>             | |
#pragma once

#include "aws/fault.h"
#include "aws/operation.h"
#include "net/response.h"

#include <string_view>

namespace hyd::aws {

struct FaultContext {
  Protocol protocol = Protocol::json_1_1;
  std::string_view xml_namespace = {};  // query
  std::string_view request_id = {};     // query, rest_xml
  std::string_view host_id = {};        // rest_xml: the x-amz-id-2 of the answer
};

// The faults that all services share have JSON 1.1's names inside; this is what another protocol
// calls them. A fault of a service's own catalogue stays as it is.
Fault renamed(Fault fault, Protocol protocol);

// Status, body and Content-Type (and x-amzn-ErrorType); the ids that every answer carries are added
// by who answers. `fault` must not be `unanswerable`.
net::Response fault_response(Fault fault, const FaultContext& context);

// What comes back when not even the service can be told from the request: XML with 403.
net::Response unknown_service_response();
// A known target in a content type that no protocol has: 404.
net::Response unknown_content_response();

}  // namespace hyd::aws

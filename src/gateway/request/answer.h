// How answers of the gateway are put together: which template, which headers, in which words.
#pragma once

#include "gateway/request/compiled_stage.h"
#include "gateway/request/request_view.h"
#include "net/response.h"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace hyd::gateway {

// The one of `choices` (with a member `media_type`) that a client with this Accept gets: its first
// media type, else JSON, else the first one stored (observed). Null when there are none.
template <class Choice>
const Choice* choose_by_accept(std::span<const Choice> choices, std::string_view accept) {
  if (choices.empty()) return nullptr;
  const Choice* json = nullptr;
  const std::string wanted = media_type_of(accept.substr(0, accept.find(',')));
  for (const Choice& choice : choices) {
    if (equal_ignoring_case(choice.media_type, wanted)) return &choice;
    if (choice.media_type == "application/json") json = &choice;
  }
  return json != nullptr ? json : &choices.front();
}

// The headers of an answer before they are written: a later one replaces its namesake.
class HeaderLines {
 public:
  void set(std::string name, std::string value);
  // Null when there is none.
  const std::string* find(std::string_view name) const;
  // Writes all but Content-Type and what every answer carries anyway.
  void write(net::Response& response) const;

 private:
  struct Line {
    std::string name;
    std::string value;
  };
  std::vector<Line> lines_;
};

// x-amzn-RequestId and x-amz-apigw-id.
void add_ids(net::Response& response, const RequestIds& ids);
void add_content_type(net::Response& response, std::string_view type);

struct FailureAnswer {
  GatewayFailure failure = GatewayFailure::forbidden;
  const RequestIds& ids;
  // Null: no stage was found, or nothing about its gateway responses was configured.
  const CompiledStage* stage = nullptr;
  RequestView* view = nullptr;
};
net::Response failure_answer(const FailureAnswer& about);

// What a template of a gateway response becomes: $context.*, $stageVariables.* and
// $method.request.{header,querystring,path}.* are replaced, braces around the name allowed; nothing
// else of Velocity is known there (AWS documentation, "Gateway responses in API Gateway").
std::string substitute(std::string_view text, RequestView& view, const ErrorView& error);

}  // namespace hyd::gateway

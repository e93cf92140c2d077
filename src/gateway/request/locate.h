// From a URL to a stage. The forms:
//
//   http://{api}.execute-api.{anything}/{stage}/{path}    AWS's own, by the Host header
//   http://host/{stage}/{path}  with x-apigw-api-id       the same, by header
//   /restapis/{api}/{stage}/_user_request_/{path}         local tooling's, old
//   /_aws/execute-api/{api}/{stage}/{path}                local tooling's, new
//   http://host/{stage}/{path}                            when one API alone has that stage
#pragma once

#include "gateway/served.h"
#include "net/http_parser.h"

#include <string_view>

namespace hyd::gateway {

struct Located {
  const ServedStage* stage = nullptr;
  std::string_view rest = {};     // of the path behind the stage: empty, or with its slash
  std::string_view why_not = {};  // for the log, when there is no stage
};

Located locate(const Served& served, const net::RequestHead& head);

}  // namespace hyd::gateway

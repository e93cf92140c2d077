// For tests: the view of one request, which owns the bytes that the view lends.
#pragma once

#include "base/clock.h"
#include "base/rng.h"
#include "gateway/request/request_view.h"
#include "net/http_parser.h"

#include <chrono>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hyd::gateway::testing {

class OneRequest {
 public:
  // `rest`: the path behind the stage. `bytes`: from the request line to the empty line.
  OneRequest(std::string bytes, std::string rest, std::vector<PathValue> path = {})
      : bytes_(std::move(bytes)), rest_(std::move(rest)) {
    parser_.parse(bytes_);
    peer_.remote = {.host = "203.0.113.9", .port = 50000};
    peer_.local_port = 8080;
    stage_.api_id = "abcdefghij";
    stage_.stage = "prod";
    stage_.deployment_id = "dep123";
    stage_.variables["env"] = "live";
    ids = RequestIds::make(parser_.head(), rng_);
    view.read({.head = parser_.head(),
               .peer = peer_,
               .verb = parser_.head().method,
               .rest = rest_,
               .time = base::WallTime(std::chrono::milliseconds(1'732'244'340'123))},
              ids, rng_);
    view.place({.stage = &stage_,
                .account = "123456789012",
                .resource_id = "res123",
                .resource_path = "/v1/{stream-name}"});
    view.set_path(path);
  }
  static std::string post(std::string_view target, std::string_view headers = {}) {
    return "POST " + std::string(target) +
           " HTTP/1.1\r\nHost: abcdefghij.execute-api.local:8080\r\n" + std::string(headers) +
           "\r\n";
  }

  RequestIds ids;
  RequestView view;

 private:
  std::string bytes_;
  std::string rest_;
  net::RequestParser parser_;
  net::Peer peer_;
  DeployedStage stage_;
  base::FastRng rng_{1};
};

}  // namespace hyd::gateway::testing

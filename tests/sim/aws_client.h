// A client of the AWS port: every request is signed with the root's keys of the simulated disk.
#pragma once

#include "sys/sim/sim_process.h"
#include "tests/sim/http_client.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hyd::sim {

class AwsClient {
 public:
  // `process` outlives it. The credentials are there: the server has started.
  AwsClient(sys::SimProcess& process, std::uint16_t port);

  struct Request {
    std::string_view service;
    std::string_view method;
    std::string_view path = "/";
    std::string_view query = {};
    std::vector<std::pair<std::string, std::string>> headers =
        {};  // beside Host and Content-Length
    std::string_view body = {};
  };
  // Nothing: the outcome is unknown.
  std::optional<Answer> ask(const Request& request);

  // An operation of Kinesis, with its input as JSON.
  std::optional<Answer> kinesis(std::string_view operation, std::string_view input);

 private:
  sys::SimProcess& process_;
  HttpClient http_;
  std::string id_;
  std::string secret_;
};

}  // namespace hyd::sim

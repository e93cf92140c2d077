// A client of the simulated network that speaks HTTP/1.1: one request, one answer.
#pragma once

#include "base/clock.h"
#include "sys/sim/sim_net.h"
#include "sys/sim/sim_runtime.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace hyd::sim {

struct Answer {
  int status = 0;
  std::string body;
};

class HttpClient {
 public:
  // Both outlive it.
  HttpClient(sys::SimRuntime& runtime, std::uint16_t port) : runtime_(runtime), port_(port) {}

  // `request` is whole. Nothing: the connection went away, or 60 s passed; the outcome is unknown.
  std::optional<Answer> ask(std::string_view request);

 private:
  sys::SimRuntime& runtime_;
  std::uint16_t port_;
  std::unique_ptr<sys::SimNet::Client> connection_;  // kept alive between requests
};

}  // namespace hyd::sim

// A made-up service, "echo", whose operations do nothing but show what reached them: for the tests
// of dispatcher, envelopes and front door.
#pragma once

#include "aws/operation.h"

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <vector>

namespace hyd::aws::testing {

struct SayInput {
  std::string text;
  std::optional<std::int32_t> times;
  static Shape shape();
};

struct SayOutput {
  std::string text;
  std::optional<std::string> region;
  static Shape shape();
};

struct FailInput {
  std::string how;  // "named", "ours", "unanswerable"
  static Shape shape();
};

struct EchoService {
  std::vector<std::string> heard;
  std::deque<std::move_only_function<void()>> waiting;  // completions of Wait
};

// Say, Fail, Wait (completes when the test says so), Secret (not for the network).
const ServiceTable& echo_table();

}  // namespace hyd::aws::testing

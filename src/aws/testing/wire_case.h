// Cases of the kind `wire` (tests/cases/README.md): text files with requests and the answers that
// must come back.
#pragma once

#include "aws/testing/wire.h"
#include "base/result.h"
#include "sys/file.h"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hyd::aws::testing {

// One request and its answer; a case is one or more, in order, against the same server.
struct WireStep {
  std::string request;               // head and body, with `\n` line ends
  std::string status;                // "200"
  std::vector<std::string> headers;  // "name: value", "name:"
  std::string body;
  bool has_body = false;  // else the body is not looked at
};

struct WireCase {
  std::string path;  // below the folder that was read
  std::string name;
  std::vector<WireStep> steps;
};

// Code::invalid names the line.
base::Result<WireCase> parse_wire_case(std::string_view text, std::string path);

// All *.case files in `folder` and below, sorted by path.
base::Result<std::vector<WireCase>> read_wire_cases(sys::Dir& dir, std::string_view folder);

// Plays the case; empty when every answer was as it must be, else one line a difference:
// "streams/PutRecord/empty.case: step 1: status 200, expected 400".
std::string play(const WireCase& one, WireServer& server);

// Whether `text` is `expected`, where <uuid>, <number>, <time> and <any> stand for what changes,
// and <any:NAME> also keeps it. What a name has kept is `{{NAME}}` in later requests and
// expectations.
using Kept = std::vector<std::pair<std::string, std::string>>;
bool matches(std::string_view expected, std::string_view text, Kept& kept);

}  // namespace hyd::aws::testing

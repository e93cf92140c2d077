// The lines that a person can paste once the program is ready: events to post, objects to fetch.
#pragma once

#include "gateway/served.h"

#include <string>
#include <string_view>
#include <vector>

namespace hyd::app {

struct PasteParts {
  const gateway::Served& served;
  std::string_view events;       // "127.0.0.1:8080"
  std::string_view aws;          // the same of the AWS port
  std::string_view stream;       // stands in for parameters of paths; empty: there is none
  std::string_view bucket;       // empty: there is none to show
  std::string_view credentials;  // path of the file
  std::string_view region;
};
// One command a line.
std::vector<std::string> paste_lines(const PasteParts& parts);

// Where a stage answers on the events port: by its name, or by its API where a name is not enough.
std::string stage_url(const gateway::Served& served, const gateway::ServedStage& stage,
                      std::string_view events);

}  // namespace hyd::app

// The mapping templates of one method, as a stack file declares them, each with the place where its
// text stands. Whoever reads stack files fills it; the tools choose from it and lint it.
#pragma once

#include "vtl/tools/excerpt.h"

#include <string>
#include <vector>

namespace hyd::vtl {

struct MethodTemplate {
  std::string content_type;
  std::string status;  // of the integration response that it makes; empty: it makes the request
  std::string text;
  Origin origin;
};

struct IntegrationResponse {
  std::string status;
  std::string pattern;  // empty: the default
};

struct MethodTemplates {
  std::string api;          // the API's name in the file
  std::string api_name;     // the one that its service shows
  std::string resource;     // "/v1/{stream-name}"
  std::string resource_id;  // the resource's name in the file
  std::string verb;
  std::string type;  // AWS, MOCK
  std::string uri;
  Place place;  // of the integration
  std::vector<MethodTemplate> templates;
  std::vector<IntegrationResponse> responses;
};

// "POST /v1/{stream-name} of Api"
std::string describe(const MethodTemplates& method);
// The same, and "request template application/json" or "200 response template text/plain".
std::string describe(const MethodTemplates& method, const MethodTemplate& one);

}  // namespace hyd::vtl

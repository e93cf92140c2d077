// Inputs from a JSON text, as the tools and tests give them:
//
//   {"body": "…", "params": {"path": {}, "querystring": {}, "header": {}},
//    "context": {…}, "stageVariables": {…}}
//
// Every member may be missing, and nothing is added to what is there. `context` nests as $context
// does; its requestOverride and responseOverride are what an earlier template has left.
#pragma once

#include "base/result.h"
#include "vtl/render.h"

#include <deque>
#include <string>
#include <string_view>
#include <vector>

namespace hyd::vtl {

// Owns what its inputs lend.
class SampleRequest {
 public:
  // Code::invalid with what is wrong.
  static base::Result<SampleRequest> parse(std::string_view json);
  SampleRequest(SampleRequest&&) = default;
  SampleRequest& operator=(SampleRequest&&) = default;

  // Valid as long as this object stays where it is.
  Inputs inputs() const;

 private:
  SampleRequest() = default;

  base::Result<void> read_params(const codec::Json& params);
  base::Result<void> read_names(const codec::Json& object, std::string_view where,
                                std::vector<NameValue>& out);
  base::Result<void> read_context(const codec::Json& object, std::string_view path);
  std::string_view keep(std::string text);

  std::deque<std::string> texts_;  // never move
  std::string body_;
  std::vector<NameValue> path_;
  std::vector<NameValue> query_;
  std::vector<NameValue> headers_;
  std::vector<NameValue> stage_variables_;
  std::vector<ContextField> context_;
  Overrides overrides_;
};

}  // namespace hyd::vtl

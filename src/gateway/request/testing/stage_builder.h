// For tests: an API written down in a few lines, and the picture that serves it.
#pragma once

#include "aws/dispatcher.h"
#include "base/check.h"
#include "gateway/definition.h"
#include "gateway/request/compiled_stage.h"
#include "gateway/served.h"

#include <algorithm>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace hyd::gateway::testing {

// Of a method that has one.
inline Integration& integration_of(Method& method) {
  HYD_CHECK(method.integration.has_value());
  return *method.integration;
}

class StageBuilder {
 public:
  explicit StageBuilder(std::string api_id = "abcdefghij", std::string stage = "prod") {
    stage_.api_id = std::move(api_id);
    stage_.api_name = "test";
    stage_.stage = std::move(stage);
    stage_.deployment_id = "dep123";
    definition_.resources["root"] = {.id = "root", .parent_id = {}, .path_part = {}, .methods = {}};
  }

  // The method of that verb on "/a/{b}", made with all the resources above it.
  Method& method(std::string_view verb, std::string_view path) {
    Resource* at = &definition_.resources["root"];
    std::string id;
    while (path.starts_with('/') && path.size() > 1) {
      path.remove_prefix(1);
      const std::string part(path.substr(0, std::min(path.find('/'), path.size())));
      path.remove_prefix(part.size());
      const std::string parent = at->id;
      id.append("/").append(part);
      at = &definition_.resources[id];
      *at = {.id = id, .parent_id = parent, .path_part = part, .methods = std::move(at->methods)};
    }
    return at->methods[std::string(verb)];
  }
  // One with a mock integration that answers `status` with an empty body.
  Method& mock(std::string_view verb, std::string_view path, const std::string& status = "200") {
    Method& made = method(verb, path);
    Integration& integration = made.integration.emplace();
    integration.type = "MOCK";
    integration.templates["application/json"] = "{statusCode: " + status + "}";
    respond(made, status);
    return made;
  }
  // One that calls an action of Kinesis, with a default response of 200.
  Method& kinesis(std::string_view verb, std::string_view path,
                  const std::string& action = "PutRecord") {
    Method& made = method(verb, path);
    Integration& integration = made.integration.emplace();
    integration.type = "AWS";
    integration.http_method = "POST";
    integration.uri = "arn:aws:apigateway:eu-west-1:kinesis:action/" + action;
    respond(made, "200");
    return made;
  }
  // Declares `status` and its integration response.
  static IntegrationResponse& respond(Method& method, const std::string& status,
                                      const std::string& pattern = {}) {
    method.responses[status];
    IntegrationResponse& response = integration_of(method).responses[status];
    response.selection_pattern = pattern;
    response.has_pattern = !pattern.empty();
    return response;
  }

  Definition& definition() { return definition_; }
  TextMap& variables() { return stage_.variables; }

  ServedStage build(const aws::Dispatcher& dispatcher) const {
    DeployedStage what = stage_;
    what.definition = std::make_shared<const Definition>(definition_);
    auto compiled = compile_stage(what, dispatcher);
    return {.what = std::move(what), .compiled = std::move(compiled)};
  }

 private:
  DeployedStage stage_;
  Definition definition_;
};

// In the order that Served needs.
inline Served served(std::vector<ServedStage> stages) {
  Served out;
  out.stages = std::move(stages);
  std::ranges::sort(out.stages, {}, [](const ServedStage& one) {
    return std::pair(one.what.api_id, one.what.stage);
  });
  return out;
}

}  // namespace hyd::gateway::testing

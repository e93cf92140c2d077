#include "vtl/sample_request.h"

#include <fmt/core.h>

#include <utility>

namespace hyd::vtl {

using base::Code;
using base::Result;
using codec::Json;

std::string_view SampleRequest::keep(std::string text) {
  texts_.push_back(std::move(text));
  return texts_.back();
}

Result<SampleRequest> SampleRequest::parse(std::string_view json) {
  ASSIGN_OR_RETURN(const Json request, codec::parse_json(json));
  if (request.if_object() == nullptr) return base::fail(Code::invalid, "an object expected");
  SampleRequest sample;
  for (const auto& [name, member] : *request.if_object()) {
    if (name == "body") {
      if (member.if_string() == nullptr) return base::fail(Code::invalid, "body: a text expected");
      sample.body_ = *member.if_string();
    } else if (name == "params") {
      RETURN_IF_ERROR(sample.read_params(member));
    } else if (name == "context") {
      RETURN_IF_ERROR(sample.read_context(member, ""));
    } else if (name == "stageVariables") {
      RETURN_IF_ERROR(sample.read_names(member, name, sample.stage_variables_));
    } else {
      return base::fail(Code::invalid,
                        fmt::format("{}: body, params, context or stageVariables expected", name));
    }
  }
  return sample;
}

Result<void> SampleRequest::read_params(const Json& params) {
  if (params.if_object() == nullptr) return base::fail(Code::invalid, "params: an object expected");
  for (const auto& [name, member] : *params.if_object()) {
    std::vector<NameValue>* const out = name == "path"          ? &path_
                                        : name == "querystring" ? &query_
                                        : name == "header"      ? &headers_
                                                                : nullptr;
    if (out == nullptr) {
      return base::fail(Code::invalid,
                        fmt::format("params.{}: path, querystring or header expected", name));
    }
    RETURN_IF_ERROR(read_names(member, name, *out));
  }
  return {};
}

Result<void> SampleRequest::read_names(const Json& object, std::string_view where,
                                       std::vector<NameValue>& out) {
  if (object.if_object() == nullptr) {
    return base::fail(Code::invalid, fmt::format("{}: an object expected", where));
  }
  for (const auto& [name, value] : *object.if_object()) {
    if (value.if_string() == nullptr) {
      return base::fail(Code::invalid, fmt::format("{}.{}: a text expected", where, name));
    }
    out.push_back({keep(name), keep(*value.if_string())});
  }
  return {};
}

Result<void> SampleRequest::read_context(const Json& object, std::string_view path) {
  if (object.if_object() == nullptr)
    return base::fail(Code::invalid, "context: an object expected");
  for (const auto& [key, member] : *object.if_object()) {
    ContextField field{.object = path, .name = keep(key), .value = {}};
    switch (member.kind()) {
      case Json::Kind::string: field.value = keep(*member.if_string()); break;
      case Json::Kind::number:
        field.kind = ContextField::Kind::number;
        field.value = keep(member.if_number()->text);
        break;
      case Json::Kind::boolean:
        field.kind = ContextField::Kind::boolean;
        field.value = *member.if_boolean() ? "true" : "false";
        break;
      case Json::Kind::null: field.kind = ContextField::Kind::null; break;
      case Json::Kind::object: field.kind = ContextField::Kind::object; break;
      case Json::Kind::array:
        return base::fail(Code::invalid, fmt::format("context.{}: lists do not occur", key));
    }
    context_.push_back(field);
    if (field.kind != ContextField::Kind::object) continue;
    if (path.empty() && key == "requestOverride") {
      overrides_.request = member;
    } else if (path.empty() && key == "responseOverride") {
      overrides_.response = member;
    } else {
      RETURN_IF_ERROR(
          read_context(member, keep(path.empty() ? key : fmt::format("{}.{}", path, key))));
    }
  }
  return {};
}

Inputs SampleRequest::inputs() const {
  return {.body = body_,
          .path = path_,
          .query = query_,
          .headers = headers_,
          .context = context_,
          .stage_variables = stage_variables_,
          .overrides = &overrides_};
}

}  // namespace hyd::vtl

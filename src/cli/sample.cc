#include "cli/sample.h"

#include "codec/json.h"
#include "sys/input.h"
#include "vtl/tools/usual_request.h"

#include <algorithm>
#include <string_view>
#include <utility>

namespace hyd::cli {
namespace {

using base::Result;
using codec::Json;

// The member of that name, made when it is missing or of another kind than an object.
Json& member(Json& holder, std::string_view name) {
  if (holder.if_object() == nullptr) holder = Json(Json::Object());
  Json::Object& members = *holder.if_object();
  auto at = std::ranges::find(members, name, &Json::Member::first);
  if (at == members.end()) {
    members.emplace_back(std::string(name), Json());
    at = members.end() - 1;
  }
  return at->second;
}

Json& object(Json& holder, std::string_view name) {
  Json& found = member(holder, name);
  if (found.if_object() == nullptr) found = Json(Json::Object());
  return found;
}

void lay(Json& params, std::string_view kind, const NamesAndValues& values) {
  if (values.empty()) return;
  Json& holder = object(params, kind);
  for (const auto& [name, value] : values) member(holder, name) = value;
}

void lay_context(Json& context, const NamesAndValues& values) {
  for (const auto& [dotted, value] : values) {
    Json* at = &context;
    std::string_view rest = dotted;
    for (std::size_t dot = rest.find('.'); dot != std::string_view::npos; dot = rest.find('.')) {
      at = &object(*at, rest.substr(0, dot));
      rest.remove_prefix(dot + 1);
    }
    member(*at, rest) = value;
  }
}

Result<Json> read_json(const std::string& path) {
  ASSIGN_OR_RETURN(const std::string text, sys::read_input(path, kSampleMax * 2));
  Result<Json> request = codec::parse_json(text);
  if (!request) return std::move(request).error().within(path);
  return request;
}

}  // namespace

Result<Sample> read_request_file(const std::string& path) {
  return read_sample({.request_file = path});
}

Result<Sample> read_sample(const RequestOptions& options) {
  Json request = vtl::usual_request();
  if (options.request_file) {
    ASSIGN_OR_RETURN(request, read_json(*options.request_file));
  }
  if (!options.path.empty() || !options.query.empty() || !options.headers.empty()) {
    Json& params = object(request, "params");
    lay(params, "path", options.path);
    lay(params, "querystring", options.query);
    lay(params, "header", options.headers);
  }
  if (!options.context.empty()) lay_context(object(request, "context"), options.context);
  lay(request, "stageVariables", options.stage_variables);
  auto parsed = vtl::SampleRequest::parse(codec::to_text(request));
  if (!parsed) {
    return std::move(parsed).error().within(options.request_file.value_or("the request"));
  }
  Sample sample{.request = *std::move(parsed), .body = options.body_text};
  if (options.body_file) {
    ASSIGN_OR_RETURN(sample.body, sys::read_input(*options.body_file, kSampleMax));
  }
  return sample;
}

}  // namespace hyd::cli

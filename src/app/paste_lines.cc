#include "app/paste_lines.h"

#include <fmt/format.h>

#include <optional>

namespace hyd::app {
namespace {

using gateway::Definition;
using gateway::Method;
using gateway::Resource;

constexpr std::string_view kJson = "application/json";
constexpr std::string_view kForm = "application/x-www-form-urlencoded";

// "/v1/class-stream" of a resource "/v1/{stream-name}".
std::string path_of(const Definition& api, const Resource& resource, std::string_view stream) {
  if (resource.parent_id.empty()) return "";
  const auto parent = api.resources.find(resource.parent_id);
  std::string path = parent == api.resources.end() ? "" : path_of(api, parent->second, stream);
  const bool variable = resource.path_part.starts_with('{');
  return path + "/" + std::string(variable ? stream : resource.path_part);
}

bool takes(const Resource& resource, std::string_view type) {
  const auto post = resource.methods.find("POST");
  if (post == resource.methods.end() || !post->second.integration) return false;
  return post->second.integration->templates.contains(type);
}

// The last path, in the order of paths, of a POST with a template for that type: a newer version of
// an interface stands behind an older one.
std::optional<std::string> url_for(const PasteParts& parts, std::string_view type) {
  std::optional<std::string> best;
  for (const gateway::ServedStage& stage : parts.served.stages) {
    const Definition& api = *stage.what.definition;
    for (const auto& [id, resource] : api.resources) {
      if (!takes(resource, type)) continue;
      std::string url =
          stage_url(parts.served, stage, parts.events) + path_of(api, resource, parts.stream);
      if (!best || url > *best) best = std::move(url);
    }
  }
  return best;
}

}  // namespace

std::string stage_url(const gateway::Served& served, const gateway::ServedStage& stage,
                      std::string_view events) {
  const bool alone = served.find_by_name(stage.what.stage) != nullptr;
  if (alone) return fmt::format("http://{}/{}", events, stage.what.stage);
  return fmt::format("http://{}/_aws/execute-api/{}/{}", events, stage.what.api_id,
                     stage.what.stage);
}

std::vector<std::string> paste_lines(const PasteParts& parts) {
  std::vector<std::string> lines;
  if (const auto url = url_for(parts, kJson)) {
    lines.push_back(
        fmt::format("curl -H 'Content-Type: {}' -d '{{\"hello\":\"world\"}}' {}", kJson, *url));
  }
  if (const auto url = url_for(parts, kForm)) {
    lines.push_back(fmt::format("curl -d 'hello=world&n=1' {}", *url));
  }
  if (!parts.bucket.empty() || !lines.empty()) {
    lines.push_back(fmt::format("export AWS_SHARED_CREDENTIALS_FILE='{}'", parts.credentials));
    lines.push_back(fmt::format("export AWS_DEFAULT_REGION={}", parts.region));
  }
  if (!parts.bucket.empty()) {
    lines.push_back(
        fmt::format("aws --endpoint-url http://{} s3 sync s3://{} out/", parts.aws, parts.bucket));
  }
  return lines;
}

}  // namespace hyd::app

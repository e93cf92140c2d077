#include "app/paste_lines.h"

#include "gateway/request/compiled_stage.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <ranges>
#include <utility>

namespace hyd::app {
namespace {

constexpr std::string_view kJson = "application/json";
constexpr std::string_view kForm = "application/x-www-form-urlencoded";

// "/v1/class-stream" of "/v1/{stream-name}".
std::string filled(std::string_view path, std::string_view stream) {
  std::string out;
  for (const auto part : std::views::split(path.substr(1), '/')) {
    const std::string_view segment(part.begin(), part.end());
    out.append("/").append(segment.starts_with('{') ? stream : segment);
  }
  return out;
}

bool takes(const gateway::CompiledMethod& method, std::string_view type) {
  return method.verb == "POST" && method.open && !method.asks_key &&
         std::ranges::any_of(method.integration.templates,
                             [&](const auto& one) { return one.media_type == type; });
}

// The last path, in the order of paths, of a POST with a template for that type: a newer version of
// an interface stands behind an older one.
std::optional<std::string> url_for(const PasteParts& parts, std::string_view type) {
  std::optional<std::string> best;
  for (const gateway::ServedStage& stage : parts.served.stages) {
    for (const gateway::CompiledMethod& method : stage.compiled->methods) {
      if (!takes(method, type)) continue;
      std::string url =
          stage_url(parts.served, stage, parts.events) + filled(method.resource_path, parts.stream);
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

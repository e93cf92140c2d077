#include "gateway/request/locate.h"

#include "aws/route.h"
#include "gateway/request/compiled_stage.h"

#include <algorithm>
#include <cstddef>

namespace hyd::gateway {
namespace {

constexpr std::string_view kOld = "/restapis/";
constexpr std::string_view kOldMark = "_user_request_";
constexpr std::string_view kNew = "/_aws/execute-api/";

// Cuts the first segment off; what is left is empty or begins with a slash. Slashes before the
// segment count as one.
std::string_view cut_segment(std::string_view& path) {
  while (path.starts_with('/')) path.remove_prefix(1);
  const std::string_view segment = path.substr(0, std::min(path.find('/'), path.size()));
  path.remove_prefix(segment.size());
  return segment;
}

Located of_api(const Served& served, std::string_view api, std::string_view stage,
               std::string_view rest) {
  const ServedStage* const found = served.find(api, stage);
  if (found == nullptr) {
    return {.why_not = served.has_api(api) ? "the API has no such stage" : "there is no such API"};
  }
  return {.stage = found, .rest = rest};
}

Located by_url(const Served& served, const net::RequestHead& head) {
  std::string_view path = head.path;
  if (path.starts_with(kNew)) {
    path.remove_prefix(kNew.size());
    const std::string_view api = cut_segment(path);
    const std::string_view stage = cut_segment(path);
    return of_api(served, api, stage, path);
  }
  if (path.starts_with(kOld) && aws::is_stage_path(path)) {
    path.remove_prefix(kOld.size());
    const std::string_view api = cut_segment(path);
    const std::string_view stage = cut_segment(path);
    path.remove_prefix(1 + kOldMark.size());
    return of_api(served, api, stage, path);
  }
  const std::string_view host = aws::host_without_port(head.host);
  const std::string_view stage = cut_segment(path);
  if (aws::is_stage_host(host)) {
    return of_api(served, host.substr(0, host.find('.')), stage, path);
  }
  if (const auto api = head.find("x-apigw-api-id")) return of_api(served, *api, stage, path);
  const ServedStage* const found = served.find_by_name(stage);
  if (found == nullptr) {
    return {.why_not =
                "no API, or more than one, has a stage of the name that the path begins with"};
  }
  return {.stage = found, .rest = path};
}

}  // namespace

Located locate(const Served& served, const net::RequestHead& head) {
  Located found = by_url(served, head);
  if (found.stage == nullptr) return found;
  if (found.stage->compiled == nullptr) return {.why_not = "the stage is not compiled"};
  if (found.stage->compiled->what.definition->default_endpoint_disabled) {
    return {.why_not = "the API's default endpoint is disabled"};
  }
  return found;
}

}  // namespace hyd::gateway

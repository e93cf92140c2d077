#include "gateway/ops/rest_api_rules.h"

#include "gateway/faults.h"

namespace hyd::gateway {
namespace {

constexpr std::int32_t kCompressionBytesMax = 10'485'760;

}  // namespace

aws::Outcome<void> check_rest_api(const Api& api) {
  if (api.name.empty()) return bad_request("API Name cannot be blank");
  const std::string_view type = api.endpoint_type;
  if (type != "EDGE" && type != "REGIONAL" && type != "PRIVATE") {
    return bad_request("Invalid endpoint type: " + api.endpoint_type +
                       ": one of EDGE, REGIONAL, PRIVATE");
  }
  const std::string& source = api.definition.api_key_source;
  if (source != "HEADER" && source != "AUTHORIZER") {
    return bad_request("Invalid apiKeySource: " + source + ": one of HEADER, AUTHORIZER");
  }
  if (const auto& bytes = api.definition.compression_bytes_min;
      bytes && (*bytes < 0 || *bytes > kCompressionBytesMax)) {
    return bad_request("Invalid minimum compression size, must be between 0 and 10485760");
  }
  for (const std::string& media : api.definition.binary_media_types) {
    if (!media.contains('/')) return invalid_content_type(media);
  }
  return {};
}

}  // namespace hyd::gateway

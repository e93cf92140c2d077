#include "base/parse_int.h"
#include "gateway/faults.h"
#include "gateway/ops/edit.h"
#include "gateway/ops/operations.h"
#include "gateway/ops/patch.h"
#include "gateway/ops/rest_api_rules.h"
#include "gateway/ops/show.h"

#include <algorithm>
#include <utility>

namespace hyd::gateway {
namespace {

// The path names the type; a value is ignored.
aws::Outcome<void> patch_binary_type(const Patch& patch, std::vector<std::string>& types) {
  const std::string& type = patch.path[1];
  const bool there = std::ranges::find(types, type) != types.end();
  if (patch.op == "remove") {
    std::erase(types, type);
  } else if (patch.op != "add" && patch.op != "replace") {
    return bad_request("Invalid patch operation specified. Must be one of: [add, remove, replace]");
  } else if (!there) {
    types.push_back(type);
  }
  return {};
}

aws::Outcome<void> patch_compression(const Patch& patch, Definition& definition) {
  if (patch.value.empty()) {
    definition.compression_bytes_min.reset();
    return {};
  }
  const auto bytes = base::parse_int<std::int32_t>(patch.value);
  definition.compression_bytes_min = bytes ? *bytes : -1;  // refused with the range's text
  return {};
}

aws::Outcome<void> apply(const Patch& patch, Api& api) {
  if (patch.path.size() == 2 && patch.path[0] == "binaryMediaTypes") {
    return patch_binary_type(patch, api.definition.binary_media_types);
  }
  std::string* text = nullptr;
  if (patch.is("name")) text = &api.name;
  if (patch.is("description")) text = &api.description;
  if (patch.is("version")) text = &api.version;
  if (patch.is("apiKeySource")) text = &api.definition.api_key_source;
  if (patch.path.size() == 3 && patch.path[0] == "endpointConfiguration" &&
      patch.path[1] == "types" && patch.path[2] == api.endpoint_type) {
    text = &api.endpoint_type;
  }
  const bool compression = patch.is("minimumCompressionSize");
  const bool endpoint = patch.is("disableExecuteApiEndpoint");
  if (patch.is("policy")) {
    if (!patch.value.empty()) return not_supported("A resource policy");
    return {};
  }
  if (text == nullptr && !compression && !endpoint) return invalid_patch_path(patch);
  if (aws::Outcome<void> replace = only_replace(patch); !replace) return replace;
  if (text != nullptr) *text = patch.value;
  if (endpoint) api.definition.default_endpoint_disabled = patch.value == "true";
  if (compression) return patch_compression(patch, api.definition);
  return {};
}

}  // namespace

void update_rest_api(Apis& apis, const aws::Call& call, const UpdateRestApiInput& input,
                     aws::Done<RestApiObject> done) {
  auto patches = read_patches(input.patch_operations, "updateRestApiInput");
  if (!patches) return done(std::unexpected(std::move(patches).error()));
  edit_api(
      apis, call, {.api_id = input.rest_api_id, .missing = no_such_api(call, input.rest_api_id)},
      [patches = *std::move(patches)](Api& api) -> aws::Outcome<void> {
        for (const Patch& patch : patches) {
          if (aws::Outcome<void> applied = apply(patch, api); !applied) return applied;
        }
        return check_rest_api(api);
      },
      shown<RestApiObject>([](const Api& api) { return object_of(api, NoTags::empty); },
                           std::move(done)));
}

}  // namespace hyd::gateway

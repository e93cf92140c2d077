#include "gateway/faults.h"
#include "gateway/ids.h"
#include "gateway/ops/edit.h"
#include "gateway/ops/operations.h"
#include "gateway/ops/rest_api_rules.h"
#include "gateway/ops/show.h"

#include <utility>

namespace hyd::gateway {
namespace {

// Whether `there` is what creating `wanted` had made, with nothing of it changed since.
bool same_creation(const Api& there, const Api& wanted) {
  const Definition& a = there.definition;
  const Definition& b = wanted.definition;
  return there.name == wanted.name && there.description == wanted.description &&
         there.version == wanted.version && there.endpoint_type == wanted.endpoint_type &&
         there.tags == wanted.tags && there.root().id == wanted.root().id &&
         a.binary_media_types == b.binary_media_types &&
         a.default_endpoint_disabled == b.default_endpoint_disabled &&
         a.api_key_source == b.api_key_source && a.compression_bytes_min == b.compression_bytes_min;
}

aws::Outcome<void> check(const CreateRestApiInput& input) {
  if (input.id && !is_id(*input.id, kApiIdLength)) return malformed_id(*input.id);
  if (input.root_resource_id && !is_id(*input.root_resource_id, kApiIdLength)) {
    return malformed_id(*input.root_resource_id);
  }
  if (input.description && input.description->empty()) {
    return bad_request("Description cannot be an empty string");
  }
  if (input.clone_from && !input.clone_from->empty()) return not_supported("cloneFrom");
  if (input.policy && !input.policy->empty()) return not_supported("A resource policy");
  return {};
}

aws::Outcome<Api> api_from(Apis& apis, const aws::Call& call, const CreateRestApiInput& input) {
  Api api;
  api.id = input.id ? *input.id : make_id(kApiIdLength, apis.entropy());
  api.name = input.name;
  api.description = input.description.value_or("");
  api.version = input.version.value_or("");
  api.tags = text_map_of(input.tags);
  api.created = now(call);
  const std::string root = input.root_resource_id.value_or(root_id_of(api.id));
  api.definition.resources[root].id = root;
  if (input.endpoint_configuration) {
    const auto& types = input.endpoint_configuration->types;
    if (types && !types->empty()) api.endpoint_type = types->front();
  }
  if (input.binary_media_types) api.definition.binary_media_types = *input.binary_media_types;
  api.definition.compression_bytes_min = input.minimum_compression_size;
  if (input.api_key_source) api.definition.api_key_source = *input.api_key_source;
  api.definition.default_endpoint_disabled = input.disable_execute_api_endpoint.value_or(false);
  if (aws::Outcome<void> good = check_rest_api(api); !good) return std::move(good).error();
  return api;
}

}  // namespace

void create_rest_api(Apis& apis, const aws::Call& call, const CreateRestApiInput& input,
                     aws::Done<RestApiObject> done) {
  if (aws::Outcome<void> good = check(input); !good) {
    return done(std::unexpected(std::move(good).error()));
  }
  aws::Outcome<Api> wanted = api_from(apis, call, input);
  if (!wanted) return done(std::unexpected(std::move(wanted).error()));
  const std::string id = wanted->id;
  apis.change(
      call, id,
      [wanted = *std::move(wanted)](std::optional<Api>& api) -> aws::Outcome<void> {
        if (api && !same_creation(*api, wanted)) return id_taken(wanted.id);
        if (!api) api = wanted;
        return {};
      },
      shown<RestApiObject>([](const Api& api) { return object_of(api, NoTags::left_out); },
                           std::move(done)));
}

}  // namespace hyd::gateway

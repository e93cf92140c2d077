#include "gateway/ops/show.h"

namespace hyd::gateway {
namespace {

std::optional<std::string> unless_empty(const std::string& text) {
  if (text.empty()) return std::nullopt;
  return text;
}

}  // namespace

RestApiObject object_of(const Api& api, NoTags no_tags) {
  const Definition& definition = api.definition;
  const bool is_private = api.endpoint_type == "PRIVATE";
  RestApiObject object{
      .id = api.id,
      .name = api.name,
      .description = unless_empty(api.description),
      .created = api.created,
      .version = unless_empty(api.version),
      .binary_media_types = std::nullopt,
      .minimum_compression_size = definition.compression_bytes_min,
      .api_key_source = definition.api_key_source,
      .endpoint_configuration = {.types = std::vector{api.endpoint_type},
                                 .ip_address_type = is_private ? "dualstack" : "ipv4",
                                 .vpc_endpoint_ids = std::nullopt},
      .tags = shown_map(api.tags),
      .disable_execute_api_endpoint = definition.default_endpoint_disabled,
      .root_resource_id = api.root().id};
  if (!definition.binary_media_types.empty()) {
    object.binary_media_types = definition.binary_media_types;
  }
  if (!object.tags && no_tags == NoTags::empty) object.tags.emplace();
  return object;
}

ResourceObject object_of(const Api& api, const Resource& resource, bool embed_methods) {
  ResourceObject object{.id = resource.id,
                        .parent_id = unless_empty(resource.parent_id),
                        .path_part = unless_empty(resource.path_part),
                        .path = api.path_of(resource),
                        .resource_methods = std::nullopt};
  if (resource.methods.empty()) return object;
  auto& methods = object.resource_methods.emplace();
  for (const auto& [verb, method] : resource.methods) {
    codec::Json shown = codec::Json::Object{};
    if (embed_methods) {
      const MethodObject whole = object_of(verb, method);
      shown = aws::to_document(MethodObject::shape(), &whole);
    }
    methods.emplace_back(verb, std::move(shown));
  }
  return object;
}

DeploymentObject object_of(const Deployment& deployment) {
  return {.id = deployment.id,
          .description = unless_empty(deployment.description),
          .created = deployment.created};
}

StageObject object_of(const Stage& stage) {
  StageObject object{.deployment_id = stage.deployment_id,
                     .stage_name = stage.name,
                     .description = unless_empty(stage.description),
                     .variables = shown_map(stage.variables),
                     .tags = shown_map(stage.tags),
                     .created = stage.created,
                     .updated = stage.updated};
  return object;
}

}  // namespace hyd::gateway

#include "gateway/definition_json.h"

#include "aws/shape.h"
#include "codec/json.h"
#include "gateway/objects.h"

#include <utility>
#include <vector>

namespace hyd::gateway {

using base::Result;
using codec::Json;

namespace {

using aws::member;
using aws::Member;
using aws::Shape;
using aws::Spec;
using aws::string;

constexpr Spec kText = string();
constexpr Spec kObject = aws::structure();

struct KeptResource {
  std::string id;
  std::optional<std::string> parent_id;
  std::optional<std::string> path_part;
  aws::Map<MethodObject> methods;
  static Shape shape();
};

struct KeptDefinition {
  std::vector<KeptResource> resources;
  aws::Map<GatewayResponseObject> gateway_responses;
  std::vector<std::string> binary_media_types;
  bool default_endpoint_disabled = false;
  std::string api_key_source;
  std::optional<std::int32_t> compression_bytes_min;
  static Shape shape();
};

Shape KeptResource::shape() {
  static constexpr Member kMembers[] = {
      member<&KeptResource::id>("id", string().required()),
      member<&KeptResource::parent_id>("parentId", string()),
      member<&KeptResource::path_part>("pathPart", string()),
      member<&KeptResource::methods>("resourceMethods", aws::map(kText, kObject)),
  };
  return kMembers;
}

Shape KeptDefinition::shape() {
  using This = KeptDefinition;
  static constexpr Member kMembers[] = {
      member<&This::resources>("resources", aws::list(kObject).required()),
      member<&This::gateway_responses>("gatewayResponses", aws::map(kText, kObject)),
      member<&This::binary_media_types>("binaryMediaTypes", aws::list(kText)),
      member<&This::default_endpoint_disabled>("disableExecuteApiEndpoint", aws::boolean()),
      member<&This::api_key_source>("apiKeySource", string().required()),
      member<&This::compression_bytes_min>("minimumCompressionSize", aws::integer()),
  };
  return kMembers;
}

base::Error damaged(std::string_view why) {
  return base::fail(base::Code::corrupt, "an API's definition: " + std::string(why));
}

// One root, every parent there, no ring: what walks from a resource to the root relies on.
Result<void> check_tree(const Definition& definition) {
  std::size_t roots = 0;
  for (const auto& [id, resource] : definition.resources) {
    if (resource.parent_id.empty()) ++roots;
    const Resource* at = &resource;
    for (std::size_t steps = 0; !at->parent_id.empty(); ++steps) {
      const auto parent = definition.resources.find(at->parent_id);
      if (parent == definition.resources.end()) return damaged("a resource without its parent");
      if (steps > definition.resources.size()) return damaged("a ring of resources");
      at = &parent->second;
    }
  }
  if (roots != 1) return damaged("not one root");
  return {};
}

}  // namespace

std::string definition_text(const Definition& definition) {
  KeptDefinition kept{.resources = {},
                      .gateway_responses = {},
                      .binary_media_types = definition.binary_media_types,
                      .default_endpoint_disabled = definition.default_endpoint_disabled,
                      .api_key_source = definition.api_key_source,
                      .compression_bytes_min = definition.compression_bytes_min};
  for (const auto& [id, resource] : definition.resources) {
    KeptResource& one = kept.resources.emplace_back();
    one.id = id;
    if (!resource.parent_id.empty()) one.parent_id = resource.parent_id;
    if (!resource.path_part.empty()) one.path_part = resource.path_part;
    for (const auto& [verb, method] : resource.methods) {
      one.methods.emplace_back(verb, object_of(verb, method, Templates::kept));
    }
  }
  for (const auto& [type, response] : definition.gateway_responses) {
    kept.gateway_responses.emplace_back(type, object_of(type, response, Templates::kept));
  }
  std::string text;
  aws::append_json(KeptDefinition::shape(), &kept, text);
  return text;
}

Result<Definition> parse_definition(std::string_view text) {
  auto document = codec::parse_json(text);
  if (!document) return damaged(document.error().what);
  const aws::Outcome<KeptDefinition> kept = aws::read<KeptDefinition>(*document);
  if (!kept) return damaged(kept.error().message);

  Definition definition{.resources = {},
                        .gateway_responses = {},
                        .binary_media_types = kept->binary_media_types,
                        .default_endpoint_disabled = kept->default_endpoint_disabled,
                        .api_key_source = kept->api_key_source,
                        .compression_bytes_min = kept->compression_bytes_min};
  for (const KeptResource& one : kept->resources) {
    Resource& resource = definition.resources[one.id];
    resource.id = one.id;
    resource.parent_id = one.parent_id.value_or("");
    resource.path_part = one.path_part.value_or("");
    for (const auto& [verb, method] : one.methods) {
      resource.methods.insert_or_assign(verb, value_of(method));
    }
  }
  for (const auto& [type, response] : kept->gateway_responses) {
    definition.gateway_responses.insert_or_assign(type, value_of(response));
  }
  RETURN_IF_ERROR(check_tree(definition));
  return definition;
}

std::string text_map_text(const TextMap& map) {
  Json::Object entries;
  for (const auto& [key, value] : map) entries.emplace_back(key, value);
  return codec::to_text(entries);
}

Result<TextMap> parse_text_map(std::string_view text) {
  auto document = codec::parse_json(text);
  if (!document) return std::move(document).error();
  const Json::Object* const entries = document->if_object();
  if (entries == nullptr) return base::fail(base::Code::corrupt, "a map that is none");
  TextMap map;
  for (const auto& [key, value] : *entries) {
    const std::string* const one = value.if_string();
    if (one == nullptr) return base::fail(base::Code::corrupt, "a map's value that is no text");
    map.insert_or_assign(key, *one);
  }
  return map;
}

}  // namespace hyd::gateway

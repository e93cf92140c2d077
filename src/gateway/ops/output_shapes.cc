// Members of answers in the order of the service model of 2015-07-09.
#include "aws/shape.h"
#include "gateway/ops/operations.h"

namespace hyd::gateway {
namespace {

using aws::boolean;
using aws::document;
using aws::list;
using aws::map;
using aws::member;
using aws::Member;
using aws::Shape;
using aws::Spec;
using aws::string;
using aws::structure;
using aws::timestamp;

constexpr Spec kText = string();
constexpr Spec kObject = structure();
constexpr Spec kDocument = document();
constexpr Spec kTextMap = map(kText, kText);

}  // namespace

Shape RestApiObject::shape() {
  using This = RestApiObject;
  static constexpr Member kMembers[] = {
      member<&This::id>("id", string()),
      member<&This::name>("name", string()),
      member<&This::description>("description", string()),
      member<&This::created>("createdDate", timestamp()),
      member<&This::version>("version", string()),
      member<&This::binary_media_types>("binaryMediaTypes", list(kText)),
      member<&This::minimum_compression_size>("minimumCompressionSize", aws::integer()),
      member<&This::api_key_source>("apiKeySource", string()),
      member<&This::endpoint_configuration>("endpointConfiguration", structure()),
      member<&This::tags>("tags", kTextMap),
      member<&This::disable_execute_api_endpoint>("disableExecuteApiEndpoint", boolean()),
      member<&This::root_resource_id>("rootResourceId", string()),
  };
  return kMembers;
}

Shape ResourceObject::shape() {
  using This = ResourceObject;
  static constexpr Member kMembers[] = {
      member<&This::id>("id", string()),
      member<&This::parent_id>("parentId", string()),
      member<&This::path_part>("pathPart", string()),
      member<&This::path>("path", string()),
      member<&This::resource_methods>("resourceMethods", map(kText, kDocument)),
  };
  return kMembers;
}

// On the wire the list is `item`; SDKs call it `items`.
Shape ResourcesObject::shape() {
  static constexpr Member kMembers[] = {
      member<&ResourcesObject::position>("position", string()),
      member<&ResourcesObject::items>("items", list(kObject)),
  };
  return kMembers;
}

Shape DeploymentObject::shape() {
  static constexpr Member kMembers[] = {
      member<&DeploymentObject::id>("id", string()),
      member<&DeploymentObject::description>("description", string()),
      member<&DeploymentObject::created>("createdDate", timestamp()),
  };
  return kMembers;
}

Shape StageObject::shape() {
  using This = StageObject;
  static constexpr Member kMembers[] = {
      member<&This::deployment_id>("deploymentId", string()),
      member<&This::stage_name>("stageName", string()),
      member<&This::description>("description", string()),
      member<&This::cache_cluster_enabled>("cacheClusterEnabled", boolean()),
      member<&This::cache_cluster_status>("cacheClusterStatus", string()),
      member<&This::method_settings>("methodSettings", document()),
      member<&This::variables>("variables", kTextMap),
      member<&This::tracing_enabled>("tracingEnabled", boolean()),
      member<&This::tags>("tags", kTextMap),
      member<&This::created>("createdDate", timestamp()),
      member<&This::updated>("lastUpdatedDate", timestamp()),
  };
  return kMembers;
}

Shape StagesObject::shape() {
  static constexpr Member kMembers[] = {
      member<&StagesObject::item>("item", list(kObject)),
  };
  return kMembers;
}

}  // namespace hyd::gateway

// Members of inputs as the service model of 2015-07-09 has them, under the SDK's names. Where the
// service checks a value itself, and not its model, the handlers do (…_rules.h).
#include "aws/shape.h"
#include "gateway/ops/operations.h"
#include "gateway/response_types.h"

namespace hyd::gateway {
namespace {

using aws::boolean;
using aws::document;
using aws::integer;
using aws::list;
using aws::map;
using aws::member;
using aws::Member;
using aws::Shape;
using aws::Spec;
using aws::string;
using aws::structure;

constexpr Spec kText = string();
constexpr Spec kTruth = boolean();
constexpr Spec kObject = structure();
constexpr Spec kName = string().required();  // of a thing that the call is about
constexpr Spec kTexts = list(kText);
constexpr Spec kTextMap = map(kText, kText);
constexpr Spec kFlags = map(kText, kTruth);
constexpr Spec kPatches = list(kObject);
constexpr Spec kPin = string().length(1, 128);
constexpr Spec kResponseType = string().required().one_of(kResponseTypeNames);

}  // namespace

Shape PatchOperation::shape() {
  static constexpr Member kMembers[] = {
      member<&PatchOperation::op>("op", string()),
      member<&PatchOperation::path>("path", string()),
      member<&PatchOperation::value>("value", string()),
      member<&PatchOperation::from>("from", string()),
  };
  return kMembers;
}

Shape EndpointConfiguration::shape() {
  using This = EndpointConfiguration;
  static constexpr Member kMembers[] = {
      member<&This::types>("types", kTexts),
      member<&This::ip_address_type>("ipAddressType", string()),
      member<&This::vpc_endpoint_ids>("vpcEndpointIds", kTexts),
  };
  return kMembers;
}

Shape CreateRestApiInput::shape() {
  using This = CreateRestApiInput;
  static constexpr Member kMembers[] = {
      member<&This::id>("id", kPin),
      member<&This::root_resource_id>("rootResourceId", kPin),
      member<&This::name>("name", kName),
      member<&This::description>("description", string()),
      member<&This::version>("version", string()),
      member<&This::clone_from>("cloneFrom", string()),
      member<&This::binary_media_types>("binaryMediaTypes", kTexts),
      member<&This::minimum_compression_size>("minimumCompressionSize", integer()),
      member<&This::api_key_source>("apiKeySource", string()),
      member<&This::endpoint_configuration>("endpointConfiguration", structure()),
      member<&This::policy>("policy", string()),
      member<&This::tags>("tags", kTextMap),
      member<&This::disable_execute_api_endpoint>("disableExecuteApiEndpoint", boolean()),
  };
  return kMembers;
}

Shape RestApiInput::shape() {
  static constexpr Member kMembers[] = {
      member<&RestApiInput::rest_api_id>("restApiId", kName),
  };
  return kMembers;
}

Shape UpdateRestApiInput::shape() {
  static constexpr Member kMembers[] = {
      member<&UpdateRestApiInput::rest_api_id>("restApiId", kName),
      member<&UpdateRestApiInput::patch_operations>("patchOperations", kPatches),
  };
  return kMembers;
}

Shape CreateResourceInput::shape() {
  using This = CreateResourceInput;
  static constexpr Member kMembers[] = {
      member<&This::id>("id", kPin),
      member<&This::rest_api_id>("restApiId", kName),
      member<&This::parent_id>("parentId", kName),
      member<&This::path_part>("pathPart", kName),
  };
  return kMembers;
}

Shape ResourceInput::shape() {
  static constexpr Member kMembers[] = {
      member<&ResourceInput::rest_api_id>("restApiId", kName),
      member<&ResourceInput::resource_id>("resourceId", kName),
      member<&ResourceInput::embed>("embed", kTexts),
  };
  return kMembers;
}

Shape GetResourcesInput::shape() {
  using This = GetResourcesInput;
  static constexpr Member kMembers[] = {
      member<&This::rest_api_id>("restApiId", kName),
      member<&This::position>("position", string()),
      member<&This::limit>("limit", integer()),
      member<&This::embed>("embed", kTexts),
  };
  return kMembers;
}

Shape MethodInput::shape() {
  static constexpr Member kMembers[] = {
      member<&MethodInput::rest_api_id>("restApiId", kName),
      member<&MethodInput::resource_id>("resourceId", kName),
      member<&MethodInput::http_method>("httpMethod", kName),
  };
  return kMembers;
}

Shape PutMethodInput::shape() {
  using This = PutMethodInput;
  static constexpr Member kMembers[] = {
      member<&This::rest_api_id>("restApiId", kName),
      member<&This::resource_id>("resourceId", kName),
      member<&This::http_method>("httpMethod", kName),
      member<&This::authorization_type>("authorizationType", kName),
      member<&This::authorizer_id>("authorizerId", string()),
      member<&This::api_key_required>("apiKeyRequired", boolean()),
      member<&This::operation_name>("operationName", string()),
      member<&This::request_parameters>("requestParameters", kFlags),
      member<&This::request_models>("requestModels", kTextMap),
      member<&This::request_validator_id>("requestValidatorId", string()),
      member<&This::overwrite>("overwrite", boolean()),
      member<&This::method_responses>("methodResponses", map(kText, kObject)),
      member<&This::method_integration>("methodIntegration", structure()),
  };
  return kMembers;
}

Shape PutMethodResponseInput::shape() {
  using This = PutMethodResponseInput;
  static constexpr Member kMembers[] = {
      member<&This::rest_api_id>("restApiId", kName),
      member<&This::resource_id>("resourceId", kName),
      member<&This::http_method>("httpMethod", kName),
      member<&This::status_code>("statusCode", kName),
      member<&This::response_parameters>("responseParameters", kFlags),
      member<&This::response_models>("responseModels", kTextMap),
      member<&This::overwrite>("overwrite", boolean()),
  };
  return kMembers;
}

Shape ResponseInput::shape() {
  static constexpr Member kMembers[] = {
      member<&ResponseInput::rest_api_id>("restApiId", kName),
      member<&ResponseInput::resource_id>("resourceId", kName),
      member<&ResponseInput::http_method>("httpMethod", kName),
      member<&ResponseInput::status_code>("statusCode", kName),
  };
  return kMembers;
}

Shape PutIntegrationInput::shape() {
  using This = PutIntegrationInput;
  static constexpr Member kMembers[] = {
      member<&This::rest_api_id>("restApiId", kName),
      member<&This::resource_id>("resourceId", kName),
      member<&This::http_method>("httpMethod", kName),
      member<&This::type>("type", kName),
      member<&This::integration_http_method>("integrationHttpMethod", string()),
      member<&This::uri>("uri", string()),
      member<&This::connection_type>("connectionType", string()),
      member<&This::credentials>("credentials", string()),
      member<&This::request_parameters>("requestParameters", kTextMap),
      member<&This::request_templates>("requestTemplates", kTextMap),
      member<&This::passthrough_behavior>("passthroughBehavior", string()),
      member<&This::cache_namespace>("cacheNamespace", string()),
      member<&This::cache_key_parameters>("cacheKeyParameters", kTexts),
      member<&This::content_handling>("contentHandling", string()),
      member<&This::timeout_ms>("timeoutInMillis", integer()),
  };
  return kMembers;
}

Shape PutIntegrationResponseInput::shape() {
  using This = PutIntegrationResponseInput;
  static constexpr Member kMembers[] = {
      member<&This::rest_api_id>("restApiId", kName),
      member<&This::resource_id>("resourceId", kName),
      member<&This::http_method>("httpMethod", kName),
      member<&This::status_code>("statusCode", kName),
      member<&This::selection_pattern>("selectionPattern", string()),
      member<&This::response_parameters>("responseParameters", kTextMap),
      member<&This::response_templates>("responseTemplates", kTextMap),
      member<&This::content_handling>("contentHandling", string()),
  };
  return kMembers;
}

Shape PutGatewayResponseInput::shape() {
  using This = PutGatewayResponseInput;
  static constexpr Member kMembers[] = {
      member<&This::rest_api_id>("restApiId", kName),
      member<&This::response_type>("responseType", kResponseType),
      member<&This::status_code>("statusCode", string()),
      member<&This::response_parameters>("responseParameters", kTextMap),
      member<&This::response_templates>("responseTemplates", kTextMap),
  };
  return kMembers;
}

Shape GatewayResponseInput::shape() {
  static constexpr Member kMembers[] = {
      member<&GatewayResponseInput::rest_api_id>("restApiId", kName),
      member<&GatewayResponseInput::response_type>("responseType", kResponseType),
  };
  return kMembers;
}

Shape CreateDeploymentInput::shape() {
  using This = CreateDeploymentInput;
  static constexpr Member kMembers[] = {
      member<&This::id>("id", kPin),
      member<&This::rest_api_id>("restApiId", kName),
      member<&This::stage_name>("stageName", string()),
      member<&This::stage_description>("stageDescription", string()),
      member<&This::description>("description", string()),
      member<&This::variables>("variables", kTextMap),
      member<&This::canary_settings>("canarySettings", document()),
  };
  return kMembers;
}

Shape DeploymentInput::shape() {
  static constexpr Member kMembers[] = {
      member<&DeploymentInput::rest_api_id>("restApiId", kName),
      member<&DeploymentInput::deployment_id>("deploymentId", kName),
  };
  return kMembers;
}

Shape CreateStageInput::shape() {
  using This = CreateStageInput;
  static constexpr Member kMembers[] = {
      member<&This::id>("id", kPin),
      member<&This::rest_api_id>("restApiId", kName),
      member<&This::stage_name>("stageName", kName),
      member<&This::deployment_id>("deploymentId", kName),
      member<&This::description>("description", string()),
      member<&This::variables>("variables", kTextMap),
      member<&This::canary_settings>("canarySettings", document()),
      member<&This::tags>("tags", kTextMap),
  };
  return kMembers;
}

Shape StageInput::shape() {
  static constexpr Member kMembers[] = {
      member<&StageInput::rest_api_id>("restApiId", kName),
      member<&StageInput::stage_name>("stageName", kName),
  };
  return kMembers;
}

Shape GetStagesInput::shape() {
  static constexpr Member kMembers[] = {
      member<&GetStagesInput::rest_api_id>("restApiId", kName),
      member<&GetStagesInput::deployment_id>("deploymentId", string()),
  };
  return kMembers;
}

Shape UpdateStageInput::shape() {
  static constexpr Member kMembers[] = {
      member<&UpdateStageInput::rest_api_id>("restApiId", kName),
      member<&UpdateStageInput::stage_name>("stageName", kName),
      member<&UpdateStageInput::patch_operations>("patchOperations", kPatches),
  };
  return kMembers;
}

}  // namespace hyd::gateway

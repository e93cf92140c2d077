// Inputs, outputs and handlers of this room's operations; the rows are in table.cc.
//
// Members have the SDK's names. Three are for callers in this process alone and no client's: `id`
// (and `rootResourceId`) chooses the id of what is created, and repeating a create with the id and
// content of what is there succeeds with it, so a step that was cut off can be taken again;
// `overwrite` lets a put replace what the service would answer with 409.
#pragma once

#include "aws/call.h"
#include "aws/fault.h"
#include "aws/operation.h"
#include "aws/shape.h"
#include "base/clock.h"
#include "codec/json.h"
#include "gateway/apis.h"
#include "gateway/objects.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hyd::gateway {

const aws::ServiceTable& apigateway_table();

struct PatchOperation {
  std::string op;
  std::string path;
  std::optional<std::string> value;
  std::optional<std::string> from;
  static aws::Shape shape();
};

// APIs.

struct EndpointConfiguration {
  std::optional<std::vector<std::string>> types;
  std::optional<std::string> ip_address_type;
  std::optional<std::vector<std::string>> vpc_endpoint_ids;
  static aws::Shape shape();
};
struct RestApiObject {
  std::string id;
  std::string name;
  std::optional<std::string> description;
  base::WallTime created;
  std::optional<std::string> version;
  std::optional<std::vector<std::string>> binary_media_types;
  std::optional<std::int32_t> minimum_compression_size;
  std::string api_key_source;
  EndpointConfiguration endpoint_configuration;
  std::optional<aws::Map<std::string>> tags;
  bool disable_execute_api_endpoint = false;
  std::string root_resource_id;
  static aws::Shape shape();
};
struct CreateRestApiInput {
  std::optional<std::string> id;
  std::optional<std::string> root_resource_id;
  std::string name;
  std::optional<std::string> description;
  std::optional<std::string> version;
  std::optional<std::string> clone_from;
  std::optional<std::vector<std::string>> binary_media_types;
  std::optional<std::int32_t> minimum_compression_size;
  std::optional<std::string> api_key_source;
  std::optional<EndpointConfiguration> endpoint_configuration;
  std::optional<std::string> policy;
  std::optional<aws::Map<std::string>> tags;
  std::optional<bool> disable_execute_api_endpoint;
  std::string iam_path() const { return "/restapis"; }
  static aws::Shape shape();
};
void create_rest_api(Apis&, const aws::Call&, const CreateRestApiInput&, aws::Done<RestApiObject>);

struct RestApiInput {
  std::string rest_api_id;
  std::string iam_path() const { return "/restapis/" + rest_api_id; }
  static aws::Shape shape();
};
void get_rest_api(Apis&, const aws::Call&, const RestApiInput&, aws::Done<RestApiObject>);
void delete_rest_api(Apis&, const aws::Call&, const RestApiInput&, aws::Done<aws::Nothing>);

struct UpdateRestApiInput {
  std::string rest_api_id;
  std::optional<std::vector<PatchOperation>> patch_operations;
  std::string iam_path() const { return "/restapis/" + rest_api_id; }
  static aws::Shape shape();
};
void update_rest_api(Apis&, const aws::Call&, const UpdateRestApiInput&, aws::Done<RestApiObject>);

// Resources.

struct ResourceObject {
  std::string id;
  std::optional<std::string> parent_id;
  std::optional<std::string> path_part;
  std::string path;
  std::optional<aws::Map<codec::Json>> resource_methods;  // empty objects unless embedded
  static aws::Shape shape();
};
struct CreateResourceInput {
  std::optional<std::string> id;
  std::string rest_api_id;
  std::string parent_id;
  std::string path_part;
  std::string iam_path() const { return "/restapis/" + rest_api_id + "/resources/" + parent_id; }
  static aws::Shape shape();
};
void create_resource(Apis&, const aws::Call&, const CreateResourceInput&,
                     aws::Done<ResourceObject>);

struct ResourceInput {
  std::string rest_api_id;
  std::string resource_id;
  std::optional<std::vector<std::string>> embed;
  std::string iam_path() const { return "/restapis/" + rest_api_id + "/resources/" + resource_id; }
  static aws::Shape shape();
};
void get_resource(Apis&, const aws::Call&, const ResourceInput&, aws::Done<ResourceObject>);
void delete_resource(Apis&, const aws::Call&, const ResourceInput&, aws::Done<aws::Nothing>);

struct GetResourcesInput {
  std::string rest_api_id;
  std::optional<std::string> position;
  std::optional<std::int32_t> limit;
  std::optional<std::vector<std::string>> embed;
  std::string iam_path() const { return "/restapis/" + rest_api_id + "/resources"; }
  static aws::Shape shape();
};
struct ResourcesObject {
  std::optional<std::string> position;
  std::vector<ResourceObject> items;
  static aws::Shape shape();
};
void get_resources(Apis&, const aws::Call&, const GetResourcesInput&, aws::Done<ResourcesObject>);

// Methods and what stands below them.

std::string method_iam_path(std::string_view api, std::string_view resource, std::string_view verb);

struct MethodInput {
  std::string rest_api_id;
  std::string resource_id;
  std::string http_method;
  std::string iam_path() const { return method_iam_path(rest_api_id, resource_id, http_method); }
  static aws::Shape shape();
};
void get_method(Apis&, const aws::Call&, const MethodInput&, aws::Done<MethodObject>);
void delete_method(Apis&, const aws::Call&, const MethodInput&, aws::Done<aws::Nothing>);
void delete_integration(Apis&, const aws::Call&, const MethodInput&, aws::Done<aws::Nothing>);

// `methodResponses` and `methodIntegration`, for callers in this process, put a whole method in one
// step.
struct PutMethodInput {
  std::string rest_api_id;
  std::string resource_id;
  std::string http_method;
  std::string authorization_type;
  std::optional<std::string> authorizer_id;
  std::optional<bool> api_key_required;
  std::optional<std::string> operation_name;
  std::optional<aws::Map<bool>> request_parameters;
  std::optional<aws::Map<std::string>> request_models;
  std::optional<std::string> request_validator_id;
  std::optional<bool> overwrite;
  std::optional<aws::Map<MethodResponseObject>> method_responses;
  std::optional<IntegrationObject> method_integration;
  std::string iam_path() const { return method_iam_path(rest_api_id, resource_id, http_method); }
  static aws::Shape shape();
};
void put_method(Apis&, const aws::Call&, const PutMethodInput&, aws::Done<MethodObject>);

struct PutMethodResponseInput {
  std::string rest_api_id;
  std::string resource_id;
  std::string http_method;
  std::string status_code;
  std::optional<aws::Map<bool>> response_parameters;
  std::optional<aws::Map<std::string>> response_models;
  std::optional<bool> overwrite;
  std::string iam_path() const {
    return method_iam_path(rest_api_id, resource_id, http_method) + "/responses/" + status_code;
  }
  static aws::Shape shape();
};
void put_method_response(Apis&, const aws::Call&, const PutMethodResponseInput&,
                         aws::Done<MethodResponseObject>);

// Names a response of a method, or of its integration.
struct ResponseInput {
  std::string rest_api_id;
  std::string resource_id;
  std::string http_method;
  std::string status_code;
  std::string iam_path() const { return method_iam_path(rest_api_id, resource_id, http_method); }
  static aws::Shape shape();
};
void delete_method_response(Apis&, const aws::Call&, const ResponseInput&, aws::Done<aws::Nothing>);
void delete_integration_response(Apis&, const aws::Call&, const ResponseInput&,
                                 aws::Done<aws::Nothing>);

struct PutIntegrationInput {
  std::string rest_api_id;
  std::string resource_id;
  std::string http_method;  // the method's
  std::string type;
  std::optional<std::string> integration_http_method;  // towards the backend
  std::optional<std::string> uri;
  std::optional<std::string> connection_type;
  std::optional<std::string> credentials;
  std::optional<aws::Map<std::string>> request_parameters;
  std::optional<aws::Map<std::string>> request_templates;
  std::optional<std::string> passthrough_behavior;
  std::optional<std::string> cache_namespace;
  std::optional<std::vector<std::string>> cache_key_parameters;
  std::optional<std::string> content_handling;
  std::optional<std::int32_t> timeout_ms;
  std::string iam_path() const {
    return method_iam_path(rest_api_id, resource_id, http_method) + "/integration";
  }
  static aws::Shape shape();
};
void put_integration(Apis&, const aws::Call&, const PutIntegrationInput&,
                     aws::Done<IntegrationObject>);

struct PutIntegrationResponseInput {
  std::string rest_api_id;
  std::string resource_id;
  std::string http_method;
  std::string status_code;
  std::optional<std::string> selection_pattern;
  std::optional<aws::Map<std::string>> response_parameters;
  std::optional<aws::Map<std::string>> response_templates;
  std::optional<std::string> content_handling;
  std::string iam_path() const {
    return method_iam_path(rest_api_id, resource_id, http_method) + "/integration/responses/" +
           status_code;
  }
  static aws::Shape shape();
};
void put_integration_response(Apis&, const aws::Call&, const PutIntegrationResponseInput&,
                              aws::Done<IntegrationResponseObject>);

// Gateway responses.

struct PutGatewayResponseInput {
  std::string rest_api_id;
  std::string response_type;
  std::optional<std::string> status_code;
  std::optional<aws::Map<std::string>> response_parameters;
  std::optional<aws::Map<std::string>> response_templates;
  std::string iam_path() const {
    return "/restapis/" + rest_api_id + "/gatewayresponses/" + response_type;
  }
  static aws::Shape shape();
};
void put_gateway_response(Apis&, const aws::Call&, const PutGatewayResponseInput&,
                          aws::Done<GatewayResponseObject>);

struct GatewayResponseInput {
  std::string rest_api_id;
  std::string response_type;
  std::string iam_path() const {
    return "/restapis/" + rest_api_id + "/gatewayresponses/" + response_type;
  }
  static aws::Shape shape();
};
void delete_gateway_response(Apis&, const aws::Call&, const GatewayResponseInput&,
                             aws::Done<aws::Nothing>);

// Deployments and stages.

struct DeploymentObject {
  std::string id;
  std::optional<std::string> description;
  base::WallTime created;
  static aws::Shape shape();
};
struct CreateDeploymentInput {
  std::optional<std::string> id;
  std::string rest_api_id;
  std::optional<std::string> stage_name;
  std::optional<std::string> stage_description;
  std::optional<std::string> description;
  std::optional<aws::Map<std::string>> variables;
  std::optional<codec::Json> canary_settings;
  std::string iam_path() const { return "/restapis/" + rest_api_id + "/deployments"; }
  static aws::Shape shape();
};
void create_deployment(Apis&, const aws::Call&, const CreateDeploymentInput&,
                       aws::Done<DeploymentObject>);

struct DeploymentInput {
  std::string rest_api_id;
  std::string deployment_id;
  std::string iam_path() const {
    return "/restapis/" + rest_api_id + "/deployments/" + deployment_id;
  }
  static aws::Shape shape();
};
void get_deployment(Apis&, const aws::Call&, const DeploymentInput&, aws::Done<DeploymentObject>);
void delete_deployment(Apis&, const aws::Call&, const DeploymentInput&, aws::Done<aws::Nothing>);

struct StageObject {
  std::string deployment_id;
  std::string stage_name;
  std::optional<std::string> description;
  bool cache_cluster_enabled = false;
  std::string cache_cluster_status = "NOT_AVAILABLE";
  codec::Json method_settings = codec::Json::Object{};
  std::optional<aws::Map<std::string>> variables;
  bool tracing_enabled = false;
  std::optional<aws::Map<std::string>> tags;
  base::WallTime created;
  base::WallTime updated;
  static aws::Shape shape();
};
struct CreateStageInput {
  std::optional<std::string> id;
  std::string rest_api_id;
  std::string stage_name;
  std::string deployment_id;
  std::optional<std::string> description;
  std::optional<aws::Map<std::string>> variables;
  std::optional<codec::Json> canary_settings;
  std::optional<aws::Map<std::string>> tags;
  std::string iam_path() const { return "/restapis/" + rest_api_id + "/stages"; }
  static aws::Shape shape();
};
void create_stage(Apis&, const aws::Call&, const CreateStageInput&, aws::Done<StageObject>);

struct StageInput {
  std::string rest_api_id;
  std::string stage_name;
  std::string iam_path() const { return "/restapis/" + rest_api_id + "/stages/" + stage_name; }
  static aws::Shape shape();
};
void get_stage(Apis&, const aws::Call&, const StageInput&, aws::Done<StageObject>);
void delete_stage(Apis&, const aws::Call&, const StageInput&, aws::Done<aws::Nothing>);

struct GetStagesInput {
  std::string rest_api_id;
  std::optional<std::string> deployment_id;
  std::string iam_path() const { return "/restapis/" + rest_api_id + "/stages"; }
  static aws::Shape shape();
};
struct StagesObject {
  std::vector<StageObject> item;
  static aws::Shape shape();
};
void get_stages(Apis&, const aws::Call&, const GetStagesInput&, aws::Done<StagesObject>);

struct UpdateStageInput {
  std::string rest_api_id;
  std::string stage_name;
  std::optional<std::vector<PatchOperation>> patch_operations;
  std::string iam_path() const { return "/restapis/" + rest_api_id + "/stages/" + stage_name; }
  static aws::Shape shape();
};
void update_stage(Apis&, const aws::Call&, const UpdateStageInput&, aws::Done<StageObject>);

}  // namespace hyd::gateway

#include "aws/arn.h"
#include "gateway/ops/operations.h"

namespace hyd::gateway {
namespace {

using aws::Network;
using aws::Operation;

// "arn:aws:apigateway:us-east-1::/restapis/a1b2c3d4e5/stages/prod"
template <class Input>
std::string arn_of(const aws::Call& call, const Input& input) {
  const std::string path = input.iam_path();
  return aws::make_arn(
      {.service = "apigateway", .region = call.region, .account = "", .resource = path});
}

// A row of its own kind: API Gateway's IAM actions are the verbs of its REST calls.
template <auto Handler, class Input>
consteval Operation row(std::string_view name, std::string_view permission, std::string_view doc) {
  return aws::operation<Handler>(name, permission, Network::closed, doc)
      .template on<&arn_of<Input>>();
}

constexpr std::string_view kGet = "apigateway:GET";
constexpr std::string_view kPost = "apigateway:POST";
constexpr std::string_view kPut = "apigateway:PUT";
constexpr std::string_view kPatch = "apigateway:PATCH";
constexpr std::string_view kDelete = "apigateway:DELETE";

// Pairs of put and delete, and of get and list, that are a few lines each share a file named after
// what they are about (method_response.cc).
constexpr Operation kOperations[] = {
    row<&create_rest_api, CreateRestApiInput>("CreateRestApi", kPost, "Makes a REST API."),
    row<&get_rest_api, RestApiInput>("GetRestApi", kGet, "Shows an API."),
    row<&update_rest_api, UpdateRestApiInput>("UpdateRestApi", kPatch,
                                              "Changes an API's own settings."),
    row<&delete_rest_api, RestApiInput>("DeleteRestApi", kDelete,
                                        "Removes an API with its deployments and stages."),

    row<&create_resource, CreateResourceInput>("CreateResource", kPost,
                                               "Adds a part of a path below a resource."),
    row<&get_resource, ResourceInput>("GetResource", kGet, "Shows a resource."),
    row<&get_resources, GetResourcesInput>("GetResources", kGet, "Lists an API's resources."),
    row<&delete_resource, ResourceInput>("DeleteResource", kDelete,
                                         "Removes a resource and all below it."),

    row<&put_method, PutMethodInput>("PutMethod", kPut, "Adds a verb to a resource."),
    row<&get_method, MethodInput>("GetMethod", kGet, "Shows a method with all it has."),
    row<&delete_method, MethodInput>("DeleteMethod", kDelete, "Removes a verb of a resource."),
    row<&put_method_response, PutMethodResponseInput>(
        "PutMethodResponse", kPut, "Declares a status that a method may answer with."),
    row<&delete_method_response, ResponseInput>("DeleteMethodResponse", kDelete,
                                                "Removes a declared status of a method."),
    row<&put_integration, PutIntegrationInput>("PutIntegration", kPut,
                                               "Says what a method calls, and how."),
    row<&delete_integration, MethodInput>("DeleteIntegration", kDelete,
                                          "Removes a method's integration."),
    row<&put_integration_response, PutIntegrationResponseInput>(
        "PutIntegrationResponse", kPut, "Says what a backend's answer becomes."),
    row<&delete_integration_response, ResponseInput>("DeleteIntegrationResponse", kDelete,
                                                     "Removes a response of an integration."),

    row<&put_gateway_response, PutGatewayResponseInput>(
        "PutGatewayResponse", kPut, "Says what a type of gateway response looks like."),
    row<&delete_gateway_response, GatewayResponseInput>(
        "DeleteGatewayResponse", kDelete, "Gives a type of gateway response its default back."),

    row<&create_deployment, CreateDeploymentInput>("CreateDeployment", kPost,
                                                   "Freezes an API as it is, for stages to serve."),
    row<&get_deployment, DeploymentInput>("GetDeployment", kGet, "Shows a deployment."),
    row<&delete_deployment, DeploymentInput>("DeleteDeployment", kDelete,
                                             "Removes a deployment that no stage uses."),
    row<&create_stage, CreateStageInput>("CreateStage", kPost, "Serves a deployment under a name."),
    row<&get_stage, StageInput>("GetStage", kGet, "Shows a stage."),
    row<&get_stages, GetStagesInput>("GetStages", kGet, "Lists an API's stages."),
    row<&update_stage, UpdateStageInput>("UpdateStage", kPatch,
                                         "Changes a stage's deployment, description or variables."),
    row<&delete_stage, StageInput>("DeleteStage", kDelete, "Stops serving a stage."),
};

constexpr aws::ServiceTable kTable{
    .name = "apigateway", .protocol = aws::Protocol::rest_json, .operations = kOperations};

}  // namespace

const aws::ServiceTable& apigateway_table() { return kTable; }

}  // namespace hyd::gateway

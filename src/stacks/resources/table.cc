#include "stacks/resources/types.h"

#include <algorithm>

namespace hyd::stacks {
namespace {

using Row = const ResourceType& (*)();

constexpr Row kRows[] = {
    &apigateway_deployment,
    &apigateway_gateway_response,
    &apigateway_method,
    &apigateway_resource,
    &apigateway_rest_api,
    &apigateway_stage,
    &iam_policy,
    &iam_role,
    &kinesis_stream,
    &kinesisfirehose_delivery_stream,
    &logs_log_group,
    &logs_log_stream,
    &s3_bucket,
};

}  // namespace

const ResourceType* find_type(std::string_view name) {
  for (const Row row : kRows) {
    if (row().name == name) return &row();
  }
  return nullptr;
}

std::vector<std::string_view> type_names() {
  std::vector<std::string_view> names;
  for (const Row row : kRows) names.push_back(row().name);
  return names;
}

}  // namespace hyd::stacks

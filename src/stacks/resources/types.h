// The types, each in its own file: the rows of resources/table.cc. Internal to stacks/resources.
#pragma once

#include "stacks/resource.h"

namespace hyd::stacks {

const ResourceType& apigateway_deployment();
const ResourceType& apigateway_gateway_response();
const ResourceType& apigateway_method();
const ResourceType& apigateway_resource();
const ResourceType& apigateway_rest_api();
const ResourceType& apigateway_stage();
const ResourceType& iam_policy();
const ResourceType& iam_role();
const ResourceType& kinesis_stream();
const ResourceType& kinesisfirehose_delivery_stream();
const ResourceType& logs_log_group();
const ResourceType& logs_log_stream();
const ResourceType& s3_bucket();

}  // namespace hyd::stacks

#include "gateway/faults.h"
#include "gateway/ops/edit.h"
#include "gateway/ops/operations.h"

namespace hyd::gateway {

std::string method_iam_path(std::string_view api, std::string_view resource,
                            std::string_view verb) {
  std::string path = "/restapis/";
  path += api;
  path += "/resources/";
  path += resource;
  path += "/methods/";
  path += verb;
  return path;
}

void get_method(Apis& apis, const aws::Call& call, const MethodInput& input,
                aws::Done<MethodObject> done) {
  const ApiPtr api = apis.find(call.loop, input.rest_api_id);
  if (api == nullptr) return done(std::unexpected(no_such_resource()));
  const auto resource = api->definition.resources.find(input.resource_id);
  if (resource == api->definition.resources.end()) {
    return done(std::unexpected(no_such_resource()));
  }
  const auto method = resource->second.methods.find(input.http_method);
  if (method == resource->second.methods.end()) return done(std::unexpected(no_such_method()));
  done(object_of(method->first, method->second));
}

}  // namespace hyd::gateway

#include "vtl/tools/method_templates.h"

namespace hyd::vtl {

std::string describe(const MethodTemplates& method) {
  return method.verb + " " + method.resource + " of " + method.api;
}

std::string describe(const MethodTemplates& method, const MethodTemplate& one) {
  const std::string what = one.status.empty() ? "request" : one.status + " response";
  return describe(method) + ", " + what + " template " + one.content_type;
}

}  // namespace hyd::vtl

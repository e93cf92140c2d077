#include "aws/fault.h"

namespace hyd::aws {

Fault fault_from(base::Error error) {
  const bool stopping = error.code == base::Code::cancelled;
  return {.name = stopping ? "ServiceUnavailable" : "InternalFailure",
          .status = stopping ? 503 : 500,
          .ours = true,
          .code = error.code,
          .cause = std::move(error.what)};
}

Fault as_ours(Fault fault, base::Error error) {
  fault.ours = true;
  fault.code = error.code;
  fault.cause = std::move(error.what);
  return fault;
}

Fault unanswerable(base::Error error) {
  Fault fault = fault_from(std::move(error));
  fault.unanswerable = true;
  return fault;
}

Fault serialization(std::string message) {
  return {.name = "SerializationException", .message = std::move(message)};
}

Fault validation(std::string message) {
  return {.name = "ValidationException", .message = std::move(message)};
}

Fault unknown_operation() { return {.name = "UnknownOperationException"}; }

Fault access_denied(std::string message) {
  return {.name = "AccessDeniedException", .message = std::move(message)};
}

Fault service_unavailable(std::string_view cause) {
  return {.name = "ServiceUnavailable",
          .status = 503,
          .ours = true,
          .code = base::Code::unavailable,
          .cause = std::string(cause)};
}

}  // namespace hyd::aws

// A service that reads method, path and body itself: S3, API Gateway's control plane. The front
// door has proven who calls; everything else is the service's.
#pragma once

#include "aws/reception.h"
#include "net/handler.h"

#include <cstdint>

namespace hyd::aws {

// One a loop; called on its thread.
class RestHandler {
 public:
  // Larger than any document that these services take.
  static constexpr std::uint64_t kBodyBytesMax = 20 << 20;

  virtual ~RestHandler() = default;

  // S3 only, for a request with a body, before a byte of it is kept: the caller is proven by the
  // head alone, the body still has to keep `caller.promise`. A plan that streams takes the caller
  // along; after a plan that collects, `handle` gets a caller whose promise was checked.
  virtual net::BodyPlan plan(const net::RequestHead& head, Caller caller) {
    static_cast<void>(head);
    static_cast<void>(caller);
    return net::BodyPlan::buffer(kBodyBytesMax);
  }

  // A whole request. The answer's headers, ids included, are the service's own; the request id is
  // the call's.
  virtual void handle(net::Request request, net::Responder respond, Caller caller) = 0;
};

}  // namespace hyd::aws

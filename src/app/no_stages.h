// What answers where deployed stages will be: no stage is deployed, ever, in this version.
#pragma once

#include "base/rng.h"
#include "net/handler.h"

#include <cstdint>

namespace hyd::app {

// As API Gateway answers at a host that has no such stage: 403 and {"message":"Forbidden"}; its
// health check answers. One a loop.
class NoStages final : public net::Handler {
 public:
  explicit NoStages(std::uint64_t seed) : rng_(seed) {}

  net::BodyPlan plan(const net::RequestHead& head, const net::Peer& peer) override;
  net::Response too_large(const net::RequestHead& head) override;
  void handle(net::Request request, net::Responder respond) override;

 private:
  net::Response answer(const net::RequestHead& head);

  base::FastRng rng_;
};

}  // namespace hyd::app

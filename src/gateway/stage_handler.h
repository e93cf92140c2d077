// Answers the URLs of deployed stages: finds the stage, the method, and has the request led through
// its integration (request/passage.h).
//
// The order of what can refuse a request is API Gateway's: size, host and stage, route,
// authorization, key, media type, mapping and template, service, response mapping.
//
// One a loop, for the events port and for stage URLs on the AWS port alike. Outlives the servers
// that it handles for; `in_work` is 0 before it may go.
#pragma once

#include "aws/dispatcher.h"
#include "base/clock.h"
#include "base/rng.h"
#include "gateway/request/compiled_stage.h"
#include "gateway/request/passage.h"
#include "gateway/request/probe.h"
#include "gateway/served.h"
#include "net/handler.h"
#include "sys/loop.h"
#include "sys/workers.h"
#include "telemetry/log.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace hyd::gateway {

struct StageHandlerParts {
  sys::Loop& loop;
  const base::Clock& clock;
  const aws::Dispatcher& dispatcher;  // filled
  sys::Workers& workers;              // for what is too much work for a loop
  // The stages as this loop sees them now. Called on the loop; good until the loop's next task.
  std::function<const Served&()> served;
  std::string account;
  std::uint64_t seed = 0;  // of request ids
  telemetry::Logger log;
};

class StageHandler final : public net::Handler {
 public:
  explicit StageHandler(StageHandlerParts parts);

  net::BodyPlan plan(const net::RequestHead& head, const net::Peer& peer) override;
  net::Response too_large(const net::RequestHead& head) override;
  net::Response no_memory(const net::RequestHead& head) override;
  void handle(net::Request request, net::Responder respond) override;

  // Requests that have not been answered.
  std::size_t in_work() const { return conductor_.in_work(); }
  const Probe& probe() const { return probe_; }

 private:
  net::Response forbidden(const net::RequestHead& head, std::string_view why);
  // The answer to a request that no method of its stage takes.
  void unrouted(Passage& passage, std::string_view rest);

  StageHandlerParts parts_;
  base::FastRng rng_;
  Probe probe_;
  Conductor conductor_;
  std::vector<PathValue> path_values_;  // kept for its memory
};

}  // namespace hyd::gateway

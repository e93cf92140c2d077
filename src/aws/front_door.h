// The AWS port: finds out whose request it is and has it answered.
//
// Requests for tables of the dispatcher (JSON 1.1, Query) are served here: order of checks as AWS
// makes them, signature, dispatch, answer. S3, API Gateway's control plane, stages and the console
// are handed to whoever was wired for them, the first two with a proven caller.
//
// One a loop, with the loop's authenticator. Everything runs on the loop; answers may come later.
// Outlives the server that it handles for, and every call that it has started.
#pragma once

#include "aws/dispatcher.h"
#include "aws/probe.h"
#include "aws/reception.h"
#include "aws/rest_handler.h"
#include "base/task.h"
#include "net/handler.h"
#include "telemetry/log.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace hyd::aws {

// What this process says of itself. `done` runs on the loop that asked.
class MetricsSource {
 public:
  virtual ~MetricsSource() = default;
  // The text of /metrics.
  virtual void collect(base::Done<std::string> done) = 0;
  // The same for a person: the text of kStatusPath.
  virtual void describe(base::Done<std::string> done) = 0;
};

struct FrontDoorParts {
  sys::Loop& loop;
  const base::Clock& clock;
  const Dispatcher& dispatcher;  // filled
  Authenticator& authenticator;  // this loop's
  std::string account;
  std::uint64_t seed = 0;  // of request ids
  // Null: that part of the port is not served.
  RestHandler* s3 = nullptr;
  RestHandler* api_gateway = nullptr;
  net::Handler* stages = nullptr;
  net::Handler* console = nullptr;
  MetricsSource* metrics = nullptr;
  std::optional<telemetry::Logger> log = {};  // where the reasons of our own failures go
};

class FrontDoor final : public net::Handler {
 public:
  explicit FrontDoor(FrontDoorParts parts);
  ~FrontDoor() override;

  net::BodyPlan plan(const net::RequestHead& head, const net::Peer& peer) override;
  net::Response too_large(const net::RequestHead& head) override;
  net::Response no_memory(const net::RequestHead& head) override;
  void handle(net::Request request, net::Responder respond) override;

  // Calls that have not been answered.
  std::size_t in_work() const { return in_work_; }
  const Probe& probe() const { return probe_; }

 private:
  // What every answer of the JSON and Query services carries.
  struct Reply {
    net::Responder respond;
    RequestId id;
    bool cors = false;  // the request has an Origin
  };
  void serve_json(net::Request request, net::Responder respond);
  void serve_query(net::Request request, net::Responder respond);
  void serve_s3(net::Request request, net::Responder respond);
  void serve_api_gateway(net::Request request, net::Responder respond);
  void serve_metrics(const net::Request& request, net::Responder respond);

  void preflight(const net::RequestHead& head, Reply reply);
  void legacy_json(std::string_view body, Reply reply);
  void finish(Reply reply, net::Response response);
  // What every answer of the JSON and Query services carries.
  void add_ids(net::Response& response, const RequestId& id, bool cors);
  // Counts what a call was refused with; a failure of ours is also told to the log.
  void note(const Fault& fault, const Operation& operation, const RequestId& id);
  // Counts why a signature was not accepted, and words it.
  Fault refused(AuthFailure failure, Protocol protocol);
  net::Response s3_fault(Fault fault, const RequestId& id);

  FrontDoorParts parts_;
  Reception reception_;
  std::unordered_map<std::string_view, Dispatcher::Target> targets_;  // by X-Amz-Target
  std::vector<std::unique_ptr<std::string>> target_names_;            // what they point into
  std::size_t in_work_ = 0;
  Probe probe_;
};

}  // namespace hyd::aws

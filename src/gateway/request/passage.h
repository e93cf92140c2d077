// One request on its way through a stage, and who leads it.
//
//   request body ─template─► the service's request ─Dispatcher─► its answer ─template─► the
//   client's
//
// A Passage belongs to its loop from the first step to the last. While a worker transforms a body
// it waits on the loop's side, and the worker only reads what it lends.
#pragma once

#include "aws/dispatcher.h"
#include "aws/principal.h"
#include "base/clock.h"
#include "base/rng.h"
#include "gateway/request/answer.h"
#include "gateway/request/compiled_stage.h"
#include "gateway/request/probe.h"
#include "gateway/request/request_view.h"
#include "gateway/request/transform.h"
#include "net/handler.h"
#include "sys/loop.h"
#include "sys/workers.h"
#include "telemetry/log.h"
#include "vtl/render.h"

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hyd::gateway {

struct Passage {
  // As new, but for the memory of its texts and lists.
  void reset();

  std::optional<net::Request> request;  // let go of when nothing can look back at it
  std::optional<net::Responder> respond;
  RequestIds ids;
  std::shared_ptr<const CompiledStage> stage;
  const CompiledMethod* method = nullptr;  // of `stage`
  RequestView view;
  std::optional<vtl::Overrides> overrides;

  const CompiledTemplate* rendering = nullptr;  // the template in work, for the log
  std::uint16_t backend_status = 0;
  std::string backend_body;
  aws::RequestId backend_id;
  const CompiledResponse* response = nullptr;  // of `method`
};

// The passages of a loop that have ended and wait for the next request: most of what a request
// allocates is the same for every one.
using PassagePool = std::vector<std::unique_ptr<Passage>>;
inline constexpr std::size_t kPassagesKept = 256;

struct EndPassage {
  PassagePool* pool = nullptr;
  void operator()(Passage* passage) const;
};
using PassagePtr = std::unique_ptr<Passage, EndPassage>;

// Passages of one loop that workers may have at once: each holds a body of up to 10 MB.
inline constexpr std::size_t kErrandsMax = 64;

struct ConductorParts {
  sys::Loop& loop;
  const base::Clock& clock;
  const aws::Dispatcher& dispatcher;
  sys::Workers& workers;
  telemetry::Logger log;
  std::string account;
  base::Rng& rng;
  Probe& probe;
};

// Leads passages that have found their method. One a loop; outlives what it leads.
class Conductor {
 public:
  explicit Conductor(ConductorParts parts);
  ~Conductor();
  Conductor(const Conductor&) = delete;
  Conductor& operator=(const Conductor&) = delete;

  PassagePtr begin(net::Request request, net::Responder respond);
  // Answers it, now or later.
  void lead(PassagePtr passage);
  void fail(Passage& passage, GatewayFailure failure);
  void send(Passage& passage, net::Response response);

  // Passages that wait for a service or a worker.
  std::size_t in_work() const { return in_work_; }

 private:
  using Next = void (Conductor::*)(PassagePtr, Transformed);
  // What a worker reads and writes; everything else of a passage it leaves alone.
  struct Errand {
    PassagePtr passage;
    TransformWork work;
    Next next = nullptr;
    Transformed out;
  };

  void perform(PassagePtr passage, const TransformWork& work, Next next);
  void perform_on_worker(PassagePtr passage, const TransformWork& work, Next next);
  // Tells the log what went wrong; true when nothing did.
  bool usable(Passage& passage, const Transformed& transformed, std::string_view side);

  void call_backend(PassagePtr passage, Transformed request);
  void call_service(PassagePtr passage, std::string body);
  void answer_mock(PassagePtr passage, const std::string& rendered);
  void take_outcome(PassagePtr passage, std::expected<std::string, aws::Fault> outcome);
  void choose_response(PassagePtr passage);
  void finish(PassagePtr passage, Transformed body);
  std::uint16_t apply_overrides(const Passage& passage, HeaderLines& lines) const;
  void misconfigured(Passage& passage, std::string_view why);
  vtl::Inputs inputs_of(Passage& passage, std::string_view body, const vtl::Program* program);

  PassagePool pool_;
  ConductorParts parts_;
  aws::PrincipalPtr principal_;
  vtl::Renderer renderer_;
  std::unique_ptr<const vtl::Program> mock_status_;  // reads statusCode as permissively as AWS
  std::map<std::uint64_t, std::unique_ptr<Errand>> errands_;
  std::uint64_t last_errand_ = 0;
  std::size_t in_work_ = 0;
};

}  // namespace hyd::gateway

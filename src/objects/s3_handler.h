// S3 on the wire: one request in, one answer out. One a loop, on that loop's thread; what blocks
// runs on the workers, what changes on the catalog's writer.
//
//   plan / handle   whose request it is (s3/routes.h), may the caller do that, then its function
//   s3/*.cc         one file a family of operations
//
// Outlives every call it has started: `in_work` is zero before the loop, the workers or the store
// go.
#pragma once

#include "aws/authorizer.h"
#include "aws/fault.h"
#include "aws/rest_handler.h"
#include "base/rng.h"
#include "codec/form.h"
#include "net/handler.h"
#include "net/memory_budget.h"
#include "objects/change.h"
#include "objects/faults.h"
#include "objects/object.h"
#include "objects/s3/address.h"
#include "objects/store.h"
#include "sys/loop.h"
#include "sys/workers.h"
#include "telemetry/log.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace hyd::objects {

struct Route;
class S3Handler;

// The place for one answer of S3, with the ids that every answer carries. On the loop.
class Reply {
 public:
  Reply(S3Handler& handler, net::Responder respond, aws::RequestId id)
      : handler_(&handler), respond_(std::move(respond)), id_(id) {}
  void send(net::Response response);
  // `extra`: header lines of this fault alone.
  void fail(aws::Fault fault, const Headers& extra = {});
  net::Responder& responder() { return respond_; }
  // Ends the connection behind the answer.
  void close_behind() { close_ = true; }

 private:
  S3Handler* handler_;
  net::Responder respond_;
  aws::RequestId id_;
  bool close_ = false;
};

// One request, understood as far as its address.
struct Ask {
  net::Request request;
  Reply reply;
  aws::Caller caller;
  Address address;
  codec::Form query;

  const net::RequestHead& head() const { return request.head(); }
  // The first value of that name; null when the query has none.
  const std::string* parameter(std::string_view name) const { return codec::find(query, name); }
};

class S3Handler final : public aws::RestHandler {
 public:
  struct Parts {
    sys::Loop& loop;
    Store& store;
    sys::Workers& workers;
    const aws::Authorizer& authorizer;
    std::uint64_t seed = 0;            // of the ids in answers
    std::string region = "us-east-1";  // of buckets that are made without one
    // What the bodies of uploads may hold until they are on disk. Null: no bound but each one's
    // own.
    net::MemoryBudget* body_memory = nullptr;
    std::optional<telemetry::Logger> log = std::nullopt;
  };
  explicit S3Handler(Parts parts) : parts_(std::move(parts)), rng_(parts_.seed) {}
  ~S3Handler() override;

  net::BodyPlan plan(const net::RequestHead& head, aws::Caller caller) override;
  void handle(net::Request request, net::Responder respond, aws::Caller caller) override;

  // Calls that have not been answered, and tidying.
  std::size_t in_work() const { return in_work_; }

  // --- for the operations (s3/)
  const Parts& parts() const { return parts_; }
  Store& store() { return parts_.store; }

  // Runs `work` on a worker and `then` on the loop with what it returned. SlowDown when the workers
  // have too much to do.
  template <class T>
  void on_worker(std::move_only_function<aws::Outcome<T>()> work,
                 std::move_only_function<void(aws::Outcome<T>)> then);
  // False when the workers have no room; `task` runs there, then `then` on the loop.
  bool submit(std::move_only_function<void()>& task, std::move_only_function<void()>& then);
  // Long work in turns: runs `slice` on a worker until it says that it was the last one or fails,
  // each time behind what others have asked for meanwhile. `go_on` is asked on the loop between two
  // turns; when it says no the work is given up and `then` gets nothing. SlowDown as above, for the
  // first turn; later ones are tried again.
  enum class Turn : std::uint8_t { more, last, given_up };
  struct Turns {
    std::move_only_function<aws::Outcome<Turn>()> slice;
    std::move_only_function<bool()> go_on;
    std::move_only_function<void(aws::Outcome<Turn>)> then;
  };
  void in_turns(Turns turns);
  void change(catalog::Lane lane, Decide decide, Decided done);
  // Has blobs removed that nobody needs any more, if there are any.
  void tidy();

  void finish(net::Response response, const aws::RequestId& id, net::Responder& respond);
  net::Response fault(aws::Fault fault, const aws::RequestId& id);

 private:
  struct Turning;
  void turn(std::shared_ptr<Turning> turning);
  struct Understood {
    Address address;
    const Route* route;
  };
  aws::Outcome<Understood> understand(const net::RequestHead& head, const aws::Caller& caller);
  void add_ids(net::Response& response, const aws::RequestId& id, std::string_view host_id);

  Parts parts_;
  base::FastRng rng_;
  std::size_t in_work_ = 0;
  bool tidying_ = false;
};

template <class T>
void S3Handler::on_worker(std::move_only_function<aws::Outcome<T>()> work,
                          std::move_only_function<void(aws::Outcome<T>)> then) {
  struct Round {
    std::move_only_function<aws::Outcome<T>()> work;
    std::move_only_function<void(aws::Outcome<T>)> then;
    std::optional<aws::Outcome<T>> outcome;
  };
  auto round = std::make_shared<Round>(Round{std::move(work), std::move(then), std::nullopt});
  std::move_only_function<void()> task = [round] {
    round->outcome.emplace(std::exchange(round->work, nullptr)());
  };
  std::move_only_function<void()> after = [round] {
    std::exchange(round->then, nullptr)(*std::move(round->outcome));
  };
  if (submit(task, after)) return;
  round->outcome.emplace(slow_down());
  after();
}

}  // namespace hyd::objects

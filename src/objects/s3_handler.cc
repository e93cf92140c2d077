#include "objects/s3_handler.h"

#include "aws/fault_wire.h"
#include "base/check.h"
#include "objects/faults.h"
#include "objects/s3/put_object.h"
#include "objects/s3/put_request.h"
#include "objects/s3/routes.h"

#include <array>
#include <chrono>

namespace hyd::objects {

using aws::Outcome;

namespace {

// CompleteMultipartUpload of 10,000 parts with checksums is the largest document.
constexpr std::uint64_t kDocumentBytesMax = 4 << 20;
// Framing adds some 90 bytes to each chunk of at least 8 KiB, and a trailer.
constexpr std::uint64_t kFramedBytesMax = kPutBytesMax + kPutBytesMax / 64 + (1 << 20);
constexpr std::chrono::milliseconds kTryAgain{5};  // when the workers have no room

std::string arn_of(const Address& address) {
  std::string arn = "arn:aws:s3:::" + address.bucket;
  if (!address.key.empty()) arn.append("/").append(address.key);
  return address.bucket.empty() ? "*" : arn;
}

Level level_of(const Address& address) {
  if (address.bucket.empty()) return Level::service;
  return address.key.empty() ? Level::bucket : Level::object;
}

}  // namespace

void Reply::send(net::Response response) {
  response.close = response.close || close_;
  handler_->finish(std::move(response), id_, respond_);
}

void Reply::fail(aws::Fault fault, const Headers& extra) {
  net::Response response = handler_->fault(std::move(fault), id_);
  for (const auto& [name, value] : extra) response.add(name, value);
  response.close = response.close || close_;
  respond_.send(std::move(response));
}

S3Handler::~S3Handler() { HYD_CHECK(in_work_ == 0); }

Outcome<S3Handler::Understood> S3Handler::understand(const net::RequestHead& head,
                                                     const aws::Caller& caller) {
  Outcome<Address> address = address_of(head);
  if (!address) return std::move(address).error();
  const base::Result<codec::Form> query = codec::parse_form(head.query);
  if (!query) return invalid_uri();
  Outcome<const Route*> route = find_route(head, level_of(*address), *query);
  if (!route) return std::move(route).error();

  const aws::Call& call = caller.call;
  if (!parts_.authorizer.unrestricted(call)) {
    if (auto refused = parts_.authorizer.refuse(call, (*route)->permission, arn_of(*address))) {
      const bool anonymous = call.principal->type == aws::Principal::Type::anonymous;
      return anonymous ? access_denied() : *std::move(refused);
    }
  }
  const auto owner = head.find("x-amz-expected-bucket-owner");
  if (owner && *owner != call.account) return access_denied();
  return Understood{.address = *std::move(address), .route = *route};
}

net::BodyPlan S3Handler::plan(const net::RequestHead& head, aws::Caller caller) {
  const aws::RequestId id = caller.call.request_id;
  Outcome<Understood> understood = understand(head, caller);
  if (!understood) return net::BodyPlan::refuse(fault(std::move(understood).error(), id));
  if (!streams_body(*understood->route) || head.find("x-amz-copy-source"))
    return net::BodyPlan::buffer(kDocumentBytesMax);
  Outcome<PutRequest> request = read_put_request(head, caller, std::move(understood->address));
  if (!request) return net::BodyPlan::refuse(fault(std::move(request).error(), id));
  if (parts_.body_memory != nullptr &&
      !parts_.body_memory->has_room({.more = upload_room(*request)})) {
    parts_.body_memory->count_refused();
    net::Response response = fault(no_memory(), id);
    response.add("Retry-After", "1");
    return net::BodyPlan::refuse(std::move(response));
  }
  return net::BodyPlan::stream(put_object_sink(*this, *std::move(request), id), kFramedBytesMax);
}

void S3Handler::handle(net::Request request, net::Responder respond, aws::Caller caller) {
  Reply reply(*this, std::move(respond), caller.call.request_id);
  // The CLI asks for `100 Continue` before an empty body too. It gets the answer at once, and then
  // takes that answer's status for the next one's on the connection, and waits for a minute
  // (observed, AWS CLI 2.9). A closed connection is forgotten.
  if (request.body().empty() && request.head().find("expect")) reply.close_behind();
  Outcome<Understood> understood = understand(request.head(), caller);
  if (!understood) return reply.fail(std::move(understood).error());
  base::Result<codec::Form> query = codec::parse_form(request.head().query);
  if (!query) return reply.fail(invalid_uri());
  using Mode = aws::BodyPromise::Mode;
  const Mode mode = caller.promise.mode;
  if (!request.body().empty() && mode != Mode::checked && mode != Mode::unsigned_payload) {
    return reply.fail(invalid_request("This operation takes no chunked uploads."));
  }
  understood->route->serve(*this, Ask{.request = std::move(request),
                                      .reply = std::move(reply),
                                      .caller = std::move(caller),
                                      .address = std::move(understood->address),
                                      .query = *std::move(query)});
}

bool S3Handler::submit(std::move_only_function<void()>& task,
                       std::move_only_function<void()>& then) {
  struct Round {
    std::move_only_function<void()> task;
    std::move_only_function<void()> then;
  };
  auto round = std::make_shared<Round>(Round{std::move(task), std::move(then)});
  base::Task job = [this, round] {
    std::exchange(round->task, nullptr)();
    parts_.loop.post([this, round] {
      --in_work_;
      std::exchange(round->then, nullptr)();
    });
  };
  ++in_work_;
  if (parts_.workers.submit(job)) return true;
  --in_work_;
  task = std::move(round->task);
  then = std::move(round->then);
  return false;
}

struct S3Handler::Turning {
  Turns turns;
  std::optional<Outcome<Turn>> outcome = std::nullopt;
  bool begun = false;
};

void S3Handler::in_turns(Turns turns) {
  ++in_work_;  // also while it waits for its turn
  turn(std::make_shared<Turning>(std::move(turns)));
}

void S3Handler::turn(std::shared_ptr<Turning> turning) {
  std::move_only_function<void()> task = [turning] { turning->outcome = turning->turns.slice(); };
  std::move_only_function<void()> then = [this, turning] {
    Outcome<Turn>& outcome = *turning->outcome;
    if (outcome && *outcome == Turn::more) {
      if (turning->turns.go_on()) return turn(turning);
      outcome = Turn::given_up;
    }
    turning->turns.slice = nullptr;
    --in_work_;
    turning->turns.then(*std::exchange(turning->outcome, std::nullopt));
  };
  const bool first = !std::exchange(turning->begun, true);
  if (submit(task, then)) return;
  if (!first) {
    parts_.loop.after(kTryAgain, [this, turning] { turn(turning); });
    return;
  }
  turning->outcome = Outcome<Turn>(slow_down());
  then();
}

void S3Handler::change(catalog::Lane lane, Decide decide, Decided done) {
  ++in_work_;
  objects::change({.catalog = parts_.store.catalog(), .loop = parts_.loop, .lane = lane},
                  std::move(decide),
                  [this, done = std::move(done)](std::optional<aws::Fault> fault) mutable {
                    --in_work_;
                    done(std::move(fault));
                  });
}

void S3Handler::tidy() {
  if (tidying_ || !parts_.store.has_garbage()) return;
  tidying_ = true;
  on_worker<int>(
      [this]() -> Outcome<int> {
        if (auto done = parts_.store.tidy(); !done) return fault_of(std::move(done).error());
        return 0;
      },
      [this](Outcome<int> done) {
        tidying_ = false;
        if (done) return tidy();
        if (parts_.log && done.error().ours && !done.error().cause.empty()) {
          parts_.log->warning("Removed objects still take space.",
                              {{"reason", done.error().cause}});
        }
      });
}

void S3Handler::add_ids(net::Response& response, const aws::RequestId& id,
                        std::string_view host_id) {
  response.add("x-amz-request-id", id.s3_text());
  response.add("x-amz-id-2", host_id);
  response.add("Server", "AmazonS3");
}

void S3Handler::finish(net::Response response, const aws::RequestId& id, net::Responder& respond) {
  std::array<char, aws::kExtendedIdChars> host_id;
  aws::write_extended_id(rng_, host_id);
  add_ids(response, id, {host_id.data(), host_id.size()});
  respond.send(std::move(response));
}

net::Response S3Handler::fault(aws::Fault fault, const aws::RequestId& id) {
  if (fault.ours && parts_.log) {
    parts_.log->warning("A call of S3 failed for a reason of our own.",
                        {{"code", base::name(fault.code)},
                         {"reason", fault.cause.empty() ? fault.message : fault.cause},
                         {"request", id.text()}});
  }
  std::array<char, aws::kExtendedIdChars> host_id;
  aws::write_extended_id(rng_, host_id);
  const std::string_view host(host_id.data(), host_id.size());
  const std::string request_id = id.s3_text();
  net::Response response = aws::fault_response(
      std::move(fault),
      {.protocol = aws::Protocol::rest_xml, .request_id = request_id, .host_id = host});
  add_ids(response, id, host);
  return response;
}

}  // namespace hyd::objects

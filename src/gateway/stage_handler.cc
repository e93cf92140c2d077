#include "gateway/stage_handler.h"

#include "gateway/request/answer.h"
#include "gateway/request/locate.h"

#include <memory>
#include <optional>
#include <utility>

namespace hyd::gateway {
namespace {

bool is_health_check(const net::RequestHead& head) {
  return head.path == "/ping" || head.path == "/sping";
}

}  // namespace

StageHandler::StageHandler(StageHandlerParts parts)
    : parts_(std::move(parts)),
      rng_(parts_.seed),
      conductor_({.loop = parts_.loop,
                  .clock = parts_.clock,
                  .dispatcher = parts_.dispatcher,
                  .workers = parts_.workers,
                  .log = parts_.log,
                  .account = parts_.account,
                  .rng = rng_,
                  .probe = probe_}) {}

net::BodyPlan StageHandler::plan(const net::RequestHead& head, const net::Peer&) {
  // A body that is for nobody is not kept.
  if (is_health_check(head)) return net::BodyPlan::refuse(net::Response::text(200, "healthy"));
  const Located at = locate(parts_.served(), head);
  if (at.stage == nullptr) return net::BodyPlan::refuse(forbidden(head, at.why_not));
  return net::BodyPlan::buffer(kBodyBytesMax);
}

net::Response StageHandler::too_large(const net::RequestHead& head) {
  const RequestIds ids = RequestIds::make(head, rng_);
  net::Response response =
      failure_answer({.failure = GatewayFailure::request_too_large, .ids = ids});
  probe_.count(response.status);
  return response;
}

// No gateway response of an API can change it: its stage may not have been looked for.
net::Response StageHandler::no_memory(const net::RequestHead& head) {
  net::Response response;
  response.status = 503;
  response.fixed_headers = "Content-Type: application/json\r\nRetry-After: 1\r\n";
  add_ids(response, RequestIds::make(head, rng_));
  response.add("x-amzn-ErrorType", "ServiceUnavailableException");
  response.body = R"({"message":"Service Unavailable"})";
  probe_.count(response.status);
  return response;
}

net::Response StageHandler::forbidden(const net::RequestHead& head, std::string_view why) {
  const RequestIds ids = RequestIds::make(head, rng_);
  parts_.log.debug("A request met no stage.",
                   {{"host", head.host}, {"reason", why}, {"request", ids.request()}});
  net::Response response = failure_answer({.failure = GatewayFailure::forbidden, .ids = ids});
  probe_.count(response.status);
  return response;
}

void StageHandler::handle(net::Request request, net::Responder respond) {
  // Both stay where they are when the request moves.
  const net::RequestHead& head = request.head();
  const net::Peer& peer = request.peer();
  if (is_health_check(head)) return respond.send(net::Response::text(200, "healthy"));
  const Located at = locate(parts_.served(), head);
  if (at.stage == nullptr) return respond.send(forbidden(head, at.why_not));

  PassagePtr passage = conductor_.begin(std::move(request), std::move(respond));
  Passage& p = *passage;
  p.stage = at.stage->compiled;
  p.ids = RequestIds::make(head, rng_);
  const std::string_view verb = head.find("x-http-method-override").value_or(head.method);
  p.view.read(
      {.head = head, .peer = peer, .verb = verb, .rest = at.rest, .time = parts_.clock.wall()},
      p.ids, rng_);
  p.view.place({.stage = &p.stage->what, .account = parts_.account});

  path_values_.clear();
  const auto target = p.stage->routes.find(verb, at.rest, path_values_);
  if (!target) return unrouted(p, at.rest);
  p.method = &p.stage->methods[*target];
  p.view.place({.stage = &p.stage->what,
                .account = parts_.account,
                .resource_id = p.method->resource_id,
                .resource_path = p.method->resource_path});
  p.view.set_path(path_values_);

  if (!p.method->open) {
    // Nothing is evaluated yet, so nobody can prove anything. Without credentials AWS says the
    // same.
    const bool tried = head.find("authorization").has_value();
    return conductor_.fail(p, tried                ? GatewayFailure::access_denied
                              : p.method->asks_iam ? GatewayFailure::missing_authentication_token
                                                   : GatewayFailure::unauthorized);
  }
  if (p.method->asks_key) return conductor_.fail(p, GatewayFailure::invalid_api_key);
  conductor_.lead(std::move(passage));
}

void StageHandler::unrouted(Passage& passage, std::string_view rest) {
  parts_.log.debug("A request met no method.", {{"api", passage.stage->what.api_id},
                                                {"stage", passage.stage->what.stage},
                                                {"method", passage.view.verb()},
                                                {"path", rest},
                                                {"request", passage.ids.request()}});
  conductor_.fail(passage, GatewayFailure::missing_authentication_token);
}

}  // namespace hyd::gateway

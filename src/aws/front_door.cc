#include "aws/front_door.h"

#include "aws/envelope.h"
#include "aws/fault_wire.h"
#include "aws/query_text.h"
#include "aws/route.h"
#include "base/check.h"
#include "codec/form.h"
#include "net/handler.h"
#include "sys/transport.h"

#include <array>
#include <optional>
#include <utility>
#include <vector>

namespace hyd::aws {
namespace {

// The largest legal PutRecords is 10 MiB of data and keys: 14 MiB as base64 in JSON.
constexpr std::uint64_t kJsonBodyMax = 20 << 20;
// A stack's template is the largest parameter (51,200 bytes, three times that when escaped).
constexpr std::uint64_t kQueryBodyMax = 1 << 20;
// A signature that fails on a larger body is answered before the body is parsed: what nobody signed
// may not cost a tree in memory. AWS would find a syntax error first.
constexpr std::size_t kParseUnsignedMax = 1 << 20;

constexpr std::string_view kExposed =
    "Access-Control-Allow-Origin: *\r\n"
    "Access-Control-Expose-Headers: x-amzn-RequestId,x-amzn-ErrorType,x-amz-request-id,"
    "x-amz-id-2,x-amzn-ErrorMessage,Date\r\n";

net::Response ping_response() {
  net::Response response;
  response.fixed_headers = "Content-Type: text/plain\r\n";
  response.body = "healthy";
  return response;
}

// "Kinesis_20131202.PutRecord" has both parts.
bool is_usable_target(std::string_view target) {
  const std::size_t dot = target.find('.');
  return dot != std::string_view::npos && dot > 0 && dot + 1 < target.size();
}

}  // namespace

FrontDoor::FrontDoor(FrontDoorParts parts)
    : parts_(std::move(parts)),
      reception_({.loop = parts_.loop,
                  .clock = parts_.clock,
                  .authenticator = parts_.authenticator,
                  .account = parts_.account,
                  .seed = parts_.seed}) {
  for (const ServiceTable* table : parts_.dispatcher.tables()) {
    if (table->protocol != Protocol::json_1_1) continue;
    for (const Operation& row : table->operations) {
      if (row.network == Network::closed) continue;
      target_names_.push_back(
          std::make_unique<std::string>(std::string(table->target) + "." + std::string(row.name)));
      targets_.emplace(*target_names_.back(), parts_.dispatcher.find(table->name, row.name));
    }
  }
}

FrontDoor::~FrontDoor() { HYD_CHECK(in_work_ == 0); }

net::BodyPlan FrontDoor::plan(const net::RequestHead& head, const net::Peer& peer) {
  switch (route(head)) {
    case Door::stage:
      if (parts_.stages != nullptr) return parts_.stages->plan(head, peer);
      break;
    case Door::console:
      if (parts_.console != nullptr) return parts_.console->plan(head, peer);
      break;
    case Door::s3: {
      if (parts_.s3 == nullptr) break;
      // Everything that can refuse the request is asked before a byte of the body is kept.
      const Reception::Asked asked{.head = head,
                                   .peer = peer,
                                   .service = "s3",
                                   .id = reception_.next_id(),
                                   .body_complete = false};
      std::expected<Caller, AuthFailure> caller = reception_.admit(asked);
      if (!caller && caller.error().kind == AuthFailure::Kind::nothing_signed) {
        return parts_.s3->plan(head, reception_.anonymous(asked));
      }
      if (!caller) {
        return net::BodyPlan::refuse(
            s3_fault(refused(std::move(caller).error(), Protocol::rest_xml), asked.id));
      }
      return parts_.s3->plan(head, *std::move(caller));
    }
    case Door::query: return net::BodyPlan::buffer(kQueryBodyMax);
    case Door::api_gateway: return net::BodyPlan::buffer(RestHandler::kBodyBytesMax);
    default: break;
  }
  return net::BodyPlan::buffer(kJsonBodyMax);
}

net::Response FrontDoor::too_large(const net::RequestHead& head) {
  switch (route(head)) {
    case Door::stage:
      if (parts_.stages != nullptr) return parts_.stages->too_large(head);
      break;
    case Door::console:
      if (parts_.console != nullptr) return parts_.console->too_large(head);
      break;
    case Door::s3:
      return s3_fault({.name = "EntityTooLarge",
                       .message = "Your proposed upload exceeds the maximum allowed size"},
                      reception_.next_id());
    default: break;
  }
  net::Response response;
  response.status = 413;  // with an empty body, as AWS's JSON services do
  return response;
}

// Each protocol's own way to say "try again": every SDK does, and Retry-After tells the others.
net::Response FrontDoor::no_memory(const net::RequestHead& head) {
  const RequestId id = reception_.next_id();
  const Fault unavailable = service_unavailable("no memory for the body");
  net::Response response;
  switch (route(head)) {
    case Door::stage:
      if (parts_.stages != nullptr) return parts_.stages->no_memory(head);
      return net::Handler::no_memory(head);
    case Door::console:
      if (parts_.console != nullptr) return parts_.console->no_memory(head);
      return net::Handler::no_memory(head);
    case Door::s3:
      response = s3_fault(
          {.name = "SlowDown", .status = 503, .message = "Please reduce your request rate."}, id);
      response.add("Retry-After", "1");
      return response;
    case Door::api_gateway:
      response = fault_response(unavailable, {.protocol = Protocol::rest_json});
      break;
    case Door::query:
      response =
          fault_response(unavailable, {.protocol = Protocol::query, .request_id = id.text()});
      break;
    default: {
      const Envelope* const envelope = envelope_of(head.find("content-type").value_or(""));
      response = envelope != nullptr
                     ? envelope->fault(unavailable)
                     : fault_response(unavailable, {.protocol = Protocol::json_1_1});
    }
  }
  response.add("Retry-After", "1");
  add_ids(response, id, head.find("origin").has_value());
  return response;
}

void FrontDoor::handle(net::Request request, net::Responder respond) {
  const Door door = route(request.head());
  probe_.count(door);
  switch (door) {
    case Door::ping: return respond.send(ping_response());
    case Door::json: return serve_json(std::move(request), std::move(respond));
    case Door::query: return serve_query(std::move(request), std::move(respond));
    case Door::s3: return serve_s3(std::move(request), std::move(respond));
    case Door::api_gateway: return serve_api_gateway(std::move(request), std::move(respond));
    case Door::metrics: return serve_metrics(request, std::move(respond));
    case Door::stage:
      if (parts_.stages != nullptr) {
        return parts_.stages->handle(std::move(request), std::move(respond));
      }
      break;
    case Door::console:
      if (parts_.console != nullptr) {
        return parts_.console->handle(std::move(request), std::move(respond));
      }
      break;
  }
  respond.send(net::Response::text(404, "Nothing is served here."));
}

// The order of checks is AWS's, as recorded: method, empty body, content type, syntax of the body,
// operation, signature, and then (in the dispatcher) permission, types, constraints.
void FrontDoor::serve_json(net::Request request, net::Responder respond) {
  const net::RequestHead& head = request.head();
  const std::string_view body = request.body();
  Reply reply{.respond = std::move(respond),
              .id = reception_.next_id(),
              .cors = head.find("origin").has_value()};
  if (reply.cors && head.method == "OPTIONS") return preflight(head, std::move(reply));
  if (head.method != "POST") return finish(std::move(reply), unknown_service_response());

  const std::string_view target = head.find("x-amz-target").value_or("");
  const auto known = targets_.find(target);
  const std::string_view type = head.find("content-type").value_or("");
  const Envelope* const envelope = envelope_of(type);
  if (body.empty()) {
    const Fault fault = known != targets_.end() ? serialization({}) : unknown_operation();
    return finish(std::move(reply),
                  envelope != nullptr ? envelope->fault(fault) : cbor_fault(fault));
  }
  if (envelope == nullptr) {
    if (media_type(type) == "application/json") return legacy_json(body, std::move(reply));
    return finish(std::move(reply), is_usable_target(target) ? unknown_content_response()
                                                             : unknown_service_response());
  }
  if (known == targets_.end()) {
    const bool readable = body.size() <= kParseUnsignedMax && envelope->readable(body);
    return finish(std::move(reply),
                  envelope->fault(readable || body.size() > kParseUnsignedMax ? unknown_operation()
                                                                              : serialization({})));
  }

  const Dispatcher::Target& called = known->second;
  std::expected<Caller, AuthFailure> caller = reception_.admit({.head = head,
                                                                .peer = request.peer(),
                                                                .service = called.table->name,
                                                                .id = reply.id,
                                                                .body = body});
  if (!caller) {
    if (body.size() <= kParseUnsignedMax && !envelope->readable(body)) {
      return finish(std::move(reply), envelope->fault(serialization({})));
    }
    return finish(std::move(reply),
                  envelope->fault(refused(std::move(caller).error(), Protocol::json_1_1)));
  }

  ++in_work_;
  envelope->run(parts_.dispatcher, called, caller->call, body,
                [this, envelope, operation = called.operation, reply = std::move(reply)](
                    const void* output, Fault* fault) mutable {
                  --in_work_;
                  if (fault != nullptr) note(*fault, *operation, reply.id);
                  if (fault != nullptr && fault->unanswerable) return reply.respond.close();
                  if (fault != nullptr) return finish(std::move(reply), envelope->fault(*fault));
                  net::Response response;
                  response.fixed_headers = envelope->type_line();
                  envelope->append_output(*operation, output, response.body);
                  finish(std::move(reply), std::move(response));
                });
}

// "application/json" reaches an older front end of AWS's that knows no operation at all (observed).
void FrontDoor::legacy_json(std::string_view body, Reply reply) {
  const bool readable = envelope_of("application/x-amz-json-1.1")->readable(body);
  net::Response response;
  response.status = readable ? 404 : 400;
  response.fixed_headers = "Content-Type: application/json\r\n";
  response.body = R"({"Output":{"__type":"com.amazon.coral.service#)";
  response.body += readable ? "UnknownOperationException" : "SerializationException";
  response.body += R"("},"Version":"1.0"})";
  finish(std::move(reply), std::move(response));
}

void FrontDoor::preflight(const net::RequestHead& head, Reply reply) {
  net::Response response;
  response.add("x-amzn-RequestId", reply.id.text());
  response.fixed_headers =
      "Access-Control-Allow-Origin: *\r\n"
      "Access-Control-Max-Age: 172800\r\n";
  if (const auto headers = head.find("access-control-request-headers")) {
    response.add("Access-Control-Allow-Headers", *headers);
  }
  if (const auto method = head.find("access-control-request-method")) {
    response.add("Access-Control-Allow-Methods", *method);
  }
  reply.respond.send(std::move(response));
}

void FrontDoor::finish(Reply reply, net::Response response) {
  add_ids(response, reply.id, reply.cors);
  reply.respond.send(std::move(response));
}

void FrontDoor::add_ids(net::Response& response, const RequestId& id, bool cors) {
  std::array<char, kExtendedIdChars> extended;
  reception_.next_extended_id(extended);
  std::string& out = response.headers;
  out += "x-amzn-RequestId: ";
  out += id.text();
  out += "\r\nx-amz-id-2: ";
  out.append(extended.data(), extended.size());
  out += "\r\n";
  if (cors) out += kExposed;
}

// AWS's Query services look at the signature first: without one no name of an action is known.
void FrontDoor::serve_query(net::Request request, net::Responder respond) {
  const net::RequestHead& head = request.head();
  Reply reply{.respond = std::move(respond), .id = reception_.next_id()};
  FaultContext context{.protocol = Protocol::query, .request_id = reply.id.text()};

  const std::string_view text = head.method == "POST" ? request.body() : head.query;
  const base::Result<codec::Form> form = codec::parse_form(text);
  const std::string empty;
  const auto value = [&](std::string_view name) -> const std::string& {
    const std::string* found = form ? codec::find(*form, name) : nullptr;
    return found != nullptr ? *found : empty;
  };
  const std::string& action = value("Action");
  const std::string& version = value("Version");

  // The scope names the service; an unsigned request has only the version to tell by.
  std::string service(scope_hint(head).service);
  const ServiceTable* table = nullptr;
  for (const ServiceTable* one : parts_.dispatcher.tables()) {
    if (one->protocol != Protocol::query) continue;
    if (service.empty() ? one->version == version : one->name == service) table = one;
  }
  if (table != nullptr) {
    service = table->name;
    context.xml_namespace = table->xml_namespace;
  }

  std::expected<Caller, AuthFailure> caller = reception_.admit({.head = head,
                                                                .peer = request.peer(),
                                                                .service = service,
                                                                .id = reply.id,
                                                                .body = request.body()});
  if (!caller) {
    const Fault fault = refused(std::move(caller).error(), Protocol::query);
    return finish(std::move(reply), fault_response(fault, context));
  }
  if (!form) return finish(std::move(reply), fault_response(serialization({}), context));
  const Dispatcher::Target called = parts_.dispatcher.find(service, action);
  if (!called || called.operation->network == Network::closed || table == nullptr ||
      version != table->version) {
    const Fault fault{.name = "InvalidAction",
                      .message = "Could not find operation " + action + " for version " + version};
    return finish(std::move(reply), fault_response(fault, context));
  }

  FormSource source(*called.operation, *form);
  ++in_work_;
  parts_.dispatcher.run(
      called, caller->call, source,
      [this, called, reply = std::move(reply)](const void* output, Fault* fault) mutable {
        --in_work_;
        if (fault != nullptr) note(*fault, *called.operation, reply.id);
        if (fault != nullptr && fault->unanswerable) return reply.respond.close();
        const RequestId id = reply.id;
        if (fault != nullptr) {
          return finish(std::move(reply),
                        fault_response(*fault, {.protocol = Protocol::query,
                                                .xml_namespace = called.table->xml_namespace,
                                                .request_id = id.text()}));
        }
        net::Response response;
        response.fixed_headers = "Content-Type: text/xml\r\n";
        response.body = query_text({.action = called.operation->name,
                                    .xml_namespace = called.table->xml_namespace,
                                    .request_id = id.text()},
                                   called.operation->output(), output);
        finish(std::move(reply), std::move(response));
      });
}

void FrontDoor::serve_s3(net::Request request, net::Responder respond) {
  const Reception::Asked asked{.head = request.head(),
                               .peer = request.peer(),
                               .service = "s3",
                               .id = reception_.next_id(),
                               .body = request.body()};
  if (parts_.s3 == nullptr) return respond.send(s3_fault(unknown_operation(), asked.id));
  std::expected<Caller, AuthFailure> caller = reception_.admit(asked);
  if (caller) return parts_.s3->handle(std::move(request), std::move(respond), *std::move(caller));
  if (caller.error().kind == AuthFailure::Kind::nothing_signed) {
    Caller anonymous = reception_.anonymous(asked);
    return parts_.s3->handle(std::move(request), std::move(respond), std::move(anonymous));
  }
  respond.send(s3_fault(refused(std::move(caller).error(), Protocol::rest_xml), asked.id));
}

void FrontDoor::serve_api_gateway(net::Request request, net::Responder respond) {
  const RequestId id = reception_.next_id();
  const auto refuse = [&](Fault fault) {
    net::Response response = fault_response(std::move(fault), {.protocol = Protocol::rest_json});
    response.add("x-amzn-RequestId", id.text());
    respond.send(std::move(response));
  };
  std::expected<Caller, AuthFailure> caller = reception_.admit({.head = request.head(),
                                                                .peer = request.peer(),
                                                                .service = "apigateway",
                                                                .id = id,
                                                                .body = request.body()});
  if (!caller) return refuse(refused(std::move(caller).error(), Protocol::rest_json));
  if (parts_.api_gateway == nullptr) return refuse(unknown_operation());
  parts_.api_gateway->handle(std::move(request), std::move(respond), *std::move(caller));
}

void FrontDoor::serve_metrics(const net::Request& request, net::Responder respond) {
  if (!sys::is_loopback(request.peer().remote)) {
    return respond.send(net::Response::text(403, "Metrics are for this machine only."));
  }
  // A page of any site can have a name of its own point here, and a browser then lets it read the
  // answer (DNS rebinding). Such a request carries that name.
  if (!is_address(request.head().host)) {
    return respond.send(net::Response::text(
        403, "Metrics are answered to an IP address or localhost in the Host header, to no name."));
  }
  if (parts_.metrics == nullptr) {
    return respond.send(net::Response::text(404, "Nothing is served here."));
  }
  ++in_work_;
  auto done = [this, respond = std::move(respond)](base::Result<std::string> text) mutable {
    --in_work_;
    if (!text) return respond.send(net::Response::text(503, "The counters cannot be read now."));
    net::Response response;
    response.fixed_headers = "Content-Type: text/plain; version=0.0.4; charset=utf-8\r\n";
    response.body = *std::move(text);
    respond.send(std::move(response));
  };
  if (request.head().path == kStatusPath) return parts_.metrics->describe(std::move(done));
  parts_.metrics->collect(std::move(done));
}

void FrontDoor::note(const Fault& fault, const Operation& operation, const RequestId& id) {
  probe_.count(fault);
  if (!fault.ours || !parts_.log) return;
  parts_.log->warning("A call failed for a reason of our own.", {{"action", operation.permission},
                                                                 {"code", base::name(fault.code)},
                                                                 {"reason", fault.cause},
                                                                 {"request", id.text()}});
}

Fault FrontDoor::refused(AuthFailure failure, Protocol protocol) {
  probe_.count(failure.kind);
  return to_fault(std::move(failure), protocol);
}

net::Response FrontDoor::s3_fault(Fault fault, const RequestId& id) {
  std::array<char, kExtendedIdChars> host_id;
  reception_.next_extended_id(host_id);
  const std::string request_id = id.s3_text();
  const std::string_view host(host_id.data(), host_id.size());
  net::Response response =
      fault_response(std::move(fault),
                     {.protocol = Protocol::rest_xml, .request_id = request_id, .host_id = host});
  response.add("x-amz-request-id", request_id);
  response.add("x-amz-id-2", host);
  return response;
}

}  // namespace hyd::aws

// What the handler holds on to: Request, Responder, and the reference inside them.
#include "base/check.h"
#include "net/connection_internal.h"
#include "net/exchange_internal.h"
#include "net/handler.h"

#include <utility>

namespace hyd::net {
namespace {

// What the body of an answer may keep for the next one.
constexpr std::size_t kKeptBodyBytesMax = 64 * 1024;

}  // namespace

void Exchange::recycle() {
  static_cast<ExchangeState&>(*this) = {};
  parser.reset();
  drop_bytes();
  sink.reset();
  // Assigning a short text would keep what a long one had taken.
  if (response.body.capacity() > kKeptBodyBytesMax) std::string().swap(response.body);
  response = Response();
}

void Exchange::drop_body() {
  body = {};
  if (own_body.capacity() > std::string().capacity()) std::string().swap(own_body);
  own_share.reset();
}

ExchangeRef::ExchangeRef(Exchange& exchange) : exchange_(&exchange) { ++exchange.refs; }

void ExchangeRef::reset() {
  if (exchange_ == nullptr) return;
  Exchange& exchange = *std::exchange(exchange_, nullptr);
  exchange.connection->release(exchange);
}

Request::Request(Exchange& exchange) : exchange_(exchange) { exchange.request_held = true; }

Request& Request::operator=(Request&& other) noexcept {
  if (exchange_) exchange_->release_request();
  exchange_ = std::move(other.exchange_);
  other.exchange_.reset();
  return *this;
}

Request::~Request() {
  if (exchange_) exchange_->release_request();
}

const RequestHead& Request::head() const { return exchange_->parser.head(); }
std::string_view Request::body() const { return exchange_->body; }
const Peer& Request::peer() const { return exchange_->connection->peer(); }

void Responder::send(Response&& response) {
  HYD_CHECK(exchange_);
  const ExchangeRef exchange = std::move(exchange_);
  exchange->connection->answer(*exchange.get(), std::move(response));
}

void Responder::close() {
  HYD_CHECK(exchange_);
  close_if_open();
}

void Responder::close_if_open() {
  if (!exchange_) return;
  const ExchangeRef exchange = std::move(exchange_);
  exchange->connection->answer_by_closing(*exchange.get());
}

void Responder::resume_body() {
  if (exchange_) exchange_->connection->resume_body(*exchange_.get());
}

bool Responder::open() const {
  return exchange_ && exchange_->connection->open() && exchange_->answer == Exchange::Answer::none;
}

Response Handler::too_large(const RequestHead&) {
  return Response::text(413, "The body is too large.");
}

Response Handler::no_memory(const RequestHead&) {
  Response response = Response::text(503, "There is no memory for the body now.");
  response.add("Retry-After", "1");
  return response;
}

}  // namespace hyd::net

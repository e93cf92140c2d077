// What the owner of a server implements, and what it is given. Everything here belongs to the loop
// that serves the connection and is touched on that loop's thread only.
#pragma once

#include "base/result.h"
#include "net/http_parser.h"
#include "net/response.h"
#include "sys/transport.h"

#include <cstdint>
#include <memory>
#include <string_view>
#include <utility>

namespace hyd::net {

class Connection;
struct Exchange;

// Who sent a request, and to which of our ports.
struct Peer {
  sys::Endpoint remote;
  std::uint16_t local_port = 0;
};

// A shared hold on a request and its answer; for Request and Responder only.
class ExchangeRef {
 public:
  ExchangeRef() = default;
  explicit ExchangeRef(Exchange& exchange);
  ExchangeRef(ExchangeRef&& other) noexcept : exchange_(std::exchange(other.exchange_, nullptr)) {}
  ExchangeRef& operator=(ExchangeRef&& other) noexcept {
    std::swap(exchange_, other.exchange_);
    return *this;
  }
  ~ExchangeRef() { reset(); }
  void reset();
  Exchange* get() const { return exchange_; }
  Exchange* operator->() const { return exchange_; }
  explicit operator bool() const { return exchange_ != nullptr; }

 private:
  Exchange* exchange_ = nullptr;
};

// A request whose bytes live as long as this object does, even when its connection is gone: every
// view of `head` and `body` points into a buffer that it holds. Let go of it as soon as nothing of
// it is needed any more (not only with the answer): the buffer then serves another connection.
class Request {
 public:
  explicit Request(Exchange& exchange);
  Request(Request&&) = default;
  Request& operator=(Request&& other) noexcept;
  ~Request();

  const RequestHead& head() const;
  std::string_view body() const;  // without its chunks; empty when it goes to a sink
  const Peer& peer() const;

 private:
  ExchangeRef exchange_;
};

// The place for one answer. Exactly one of `send` and `close` is called, now or later; destroyed
// without either it closes. Answers are written in the order of the requests, all that are ready at
// the end of a turn in one write. When the connection is gone they are dropped.
class Responder {
 public:
  explicit Responder(Exchange& exchange) : exchange_(exchange) {}
  Responder(Responder&&) = default;
  Responder& operator=(Responder&& other) noexcept {
    close_if_open();
    exchange_ = std::move(other.exchange_);  // a swap: what is left is empty
    return *this;
  }
  ~Responder() { close_if_open(); }

  void send(Response&& response);
  // Ends the connection without an answer, behind the answers to earlier requests: for an outcome
  // that is unknown, where any status would be a lie.
  void close();
  // The sink that said `pause` takes bytes again. May be called at any time, also when not paused.
  void resume_body();
  // False when nobody will read the answer any more.
  bool open() const;

 private:
  void close_if_open();
  ExchangeRef exchange_;
};

// Takes a body piece by piece while it arrives. Calls come in this order: `start`, any number of
// `on_bytes`, then either `on_end` or `on_abort`, then the destructor, which may also come alone:
// when the sink has answered before the end the rest of the body is not wanted and the connection
// is closed behind the answer.
class BodySink {
 public:
  enum class Flow : std::uint8_t { more, pause };
  virtual ~BodySink() = default;
  // The request has no body of its own. Its answer may be sent at any time, also before the end.
  virtual void start(Request request, Responder respond) = 0;
  // `bytes` are gone when the call returns. After `pause` nothing is read from the connection, and
  // no time-out runs, until Responder::resume_body.
  virtual Flow on_bytes(std::string_view bytes) = 0;
  virtual void on_end() = 0;
  // Not all of the body will come. Code::invalid (not understood) and Code::exhausted (longer than
  // planned): the server answers itself if the sink has not. Code::timed_out, Code::io (the peer is
  // gone) or Code::cancelled (the server stops).
  virtual void on_abort(base::Code why) = 0;
};

// What to do with the body that a request announces.
struct BodyPlan {
  std::uint64_t bytes_max = 0;
  std::unique_ptr<BodySink> sink;
  std::unique_ptr<Response> refusal;

  // Collected in memory and given to Handler::handle.
  static BodyPlan buffer(std::uint64_t bytes_max) { return {bytes_max, nullptr, nullptr}; }
  // Given to `sink`; Handler::handle is not called.
  static BodyPlan stream(std::unique_ptr<BodySink> sink, std::uint64_t bytes_max) {
    return {bytes_max, std::move(sink), nullptr};
  }
  // Answered at once and not read. A short body is skipped; else the connection closes.
  static BodyPlan refuse(Response response) {
    return {0, nullptr, std::make_unique<Response>(std::move(response))};
  }
};

class Handler {
 public:
  virtual ~Handler() = default;
  // Asked for every request with a body, when its head is complete: before a byte of the body is
  // kept and before `100 Continue` is said. The views of `head` are valid during the call.
  virtual BodyPlan plan(const RequestHead& head, const Peer& peer) = 0;
  // The answer to a body that is longer than its plan allows.
  virtual Response too_large(const RequestHead& head);
  // The answer to a body for which the process has no memory left (ServerOptions::body_memory): it
  // was not read whole, and the same request may succeed a moment later.
  virtual Response no_memory(const RequestHead& head);
  // A whole request.
  virtual void handle(Request request, Responder respond) = 0;
};

}  // namespace hyd::net

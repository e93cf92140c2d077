#include "net/server.h"

#include "net/connection_internal.h"
#include "net/core_internal.h"

#include <utility>

namespace hyd::net {

HttpServer::HttpServer(sys::Loop& loop, const base::Clock& clock, Handler& handler,
                       ServerOptions options)
    : core_(std::make_unique<ServerCore>(loop, clock, handler, std::move(options)).release()) {
  core_->add_ref();
}

HttpServer::~HttpServer() {
  core_->stop();
  core_->drop_ref();
}

base::Result<sys::Endpoint> HttpServer::listen(const sys::Endpoint& at,
                                               sys::Loop::ListenOptions options) {
  ServerCore& core = *core_;
  const std::size_t index = core.listeners.size();
  // The core owns the listener, so the callback cannot outlive it.
  const auto on_accept = [&core, index](std::unique_ptr<sys::Socket> socket) {
    core.accepted(std::move(socket), core.listeners[index]->local().port);
  };
  ASSIGN_OR_RETURN(std::unique_ptr<sys::Listener> listener,
                   core.loop.listen(at, options, on_accept));
  sys::Endpoint local = listener->local();
  core.listeners.push_back(std::move(listener));
  return local;
}

void HttpServer::adopt(PassedOn connection) {
  if (core_->stopped || core_->draining) return;  // the handoff closes it
  core_->serve(core_->loop.adopt(std::move(connection.connection)), connection.local_port);
}

void HttpServer::resume_reading() { core_->resume_reading(); }

void HttpServer::drain(base::Task done) {
  ServerCore& core = *core_;
  core.draining = true;
  core.drained = std::move(done);
  core.listeners.clear();
  for (Connection* connection = core.connections; connection != nullptr;) {
    Connection* const next = connection->next;
    connection->on_drain();
    connection = next;
  }
  if (core.connection_count == 0) core.tell_drained();
}

std::size_t HttpServer::connections() const { return core_->connection_count; }
const Probe& HttpServer::probe() const { return core_->probe; }

}  // namespace hyd::net

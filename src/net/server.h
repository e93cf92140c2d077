// An HTTP/1.1 server on one loop: listeners, connections, time-outs, drain.
//
// A connection's turn: read what the socket holds, hand every complete request in it to the Handler
// (at most kPipelineMax at once), and write all answers that are ready, in the order of the
// requests, by one call at the end of the loop's turn. Only when the kernel takes less than all of
// it is the socket waited for. A connection without pending bytes owns no buffer, and no request
// has a timer of its own.
//
// Everything is called on the loop's thread, or while the loop does not run. The handler outlives
// the server; a Request or Responder may outlive both.
#pragma once

#include "base/clock.h"
#include "base/result.h"
#include "base/task.h"
#include "net/handler.h"
#include "net/limits.h"
#include "net/loop_loads.h"
#include "net/memory_budget.h"
#include "net/probe.h"
#include "sys/loop.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>

namespace hyd::net {

struct ServerCore;

// An accepted connection that another loop shall serve: given to its server's `adopt` there.
struct PassedOn {
  std::size_t loop = 0;
  std::uint16_t local_port = 0;
  std::unique_ptr<sys::Handoff> connection;
};

struct ServerOptions {
  Timeouts timeouts = {};
  // Beyond it connections wait in the kernel's queue (or are closed at once where the listener
  // cannot wait): of this loop, or of all loops together with `loads`.
  std::size_t connections_max = 20'000;
  // Asked before a socket is read; false parks the connection until `resume_reading`, or until a
  // tick of the wheel finds it true. Null: always true. This is where a server that has admitted
  // enough bytes stops taking more.
  std::function<bool()> may_read = nullptr;
  // What collected bodies may hold, shared by all servers of the process. A body that finds nothing
  // left gets Handler::no_memory. Null: no bound but each body's own. Outlives every Request.
  MemoryBudget* body_memory = nullptr;
  // The servers of one port on all loops share it; with `pass_on` a loop that has 1.5 times the
  // average hands the connections it accepts to the one with the fewest (LoopLoads::choose).
  LoopLoads* loads = nullptr;
  std::function<void(PassedOn)> pass_on = nullptr;
};

class HttpServer {
 public:
  HttpServer(sys::Loop& loop, const base::Clock& clock, Handler& handler, ServerOptions options);
  // Closes everything. Sinks are told `cancelled`; answers that come later are dropped.
  ~HttpServer();
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  // May be called for several addresses. The result has the port that was picked for 0.
  base::Result<sys::Endpoint> listen(const sys::Endpoint& at, sys::Loop::ListenOptions options);
  // Serves a connection that another loop's server passed on.
  void adopt(PassedOn connection);

  // `may_read` is true again: reads every parked connection.
  void resume_reading();

  // Accepts no more, closes idle connections, answers what is in work with `Connection: close`.
  // `done` runs when no connection is left.
  void drain(base::Task done);

  std::size_t connections() const;
  const Probe& probe() const;

 private:
  ServerCore* core_;  // one counted reference
};

}  // namespace hyd::net

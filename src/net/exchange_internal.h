// One request and its answer, from the first byte of the one to the last of the other. Pooled by
// the server's core; what Request and Responder hold on to.
#pragma once

#include "net/buffer_pool.h"
#include "net/chunked.h"
#include "net/handler.h"
#include "net/http_parser.h"
#include "net/memory_budget.h"
#include "net/response.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace hyd::net {

// The part of an Exchange that is as new when it is assigned `{}`.
struct ExchangeState {
  // Where the body goes.
  enum class Body : std::uint8_t {
    none,      // the head is not complete, or there is no body
    in_block,  // behind the head, chunks pushed together
    own,       // collected in `own_body`
    sink,
    discard,
  };
  enum class Answer : std::uint8_t {
    none,
    ready,   // `response` is waiting for its turn
    closed,  // the connection ends here instead
  };

  Connection* connection = nullptr;  // holds a reference; outlives the exchange
  Exchange* next = nullptr;          // in the connection's queue of answers
  std::uint32_t refs = 0;            // the connection's own, Request's, Responder's

  // The request.
  std::string_view body;  // complete; in `block` or `own_body`
  ChunkDecoder decoder;
  std::uint64_t body_left = 0;       // of Content-Length
  std::uint64_t body_bytes_max = 0;  // the plan's
  std::uint64_t body_bytes = 0;      // seen so far
  std::size_t body_start = 0;        // in_block: offset in `block`
  Body body_to = Body::none;
  bool head_complete = false;
  bool chunked = false;
  bool body_complete = false;
  bool paused = false;        // by the sink
  bool request_held = false;  // a Request lives

  // The answer.
  Answer answer = Answer::none;
  bool to_head = false;
  bool http10_keep_alive = false;
  bool close_after = false;    // what the client or the server decided; the response may, too
  bool continue_due = false;   // `100 Continue` is to be sent as soon as it is this one's turn
  bool body_unwanted = false;  // answered without reading all of it
};

struct Exchange : ExchangeState {
  RequestParser parser;
  BlockRef block;  // where the head lies, once it is complete
  std::string own_body;
  MemoryShare own_share;  // of its capacity
  std::unique_ptr<BodySink> sink;
  Response response;

  // The bytes of the request are needed by nobody any more.
  void drop_bytes() {
    block.reset();
    drop_body();
  }
  // The memory itself goes, not only what is in it: this exchange is kept for another request.
  void drop_body();
  // As new, for the next request; keeps the memory that is worth it.
  void recycle();
  void release_request() {
    request_held = false;
    if (body_complete) drop_bytes();
  }
};

}  // namespace hyd::net

// One client connection: bytes in, requests out to the handler, answers back in order.
//
//   input (connection_input.cc)             output (connection_output.cc)
//   read → block → head → plan → body       answer → queue → one write a turn
//                    └────── Exchange, in the queue of answers ──────┘
//
// Input goes on until something of ours is in the way (`blocked`): an answer that the socket did
// not take, a full queue, a paused sink, a parked read. While it is, the client waits and no
// time-out runs against it.
//
// Counted: the server's list holds a reference while the socket is open, each Exchange one for as
// long as it lives. Every entry point holds one more, so `close` may be called anywhere inside.
#pragma once

#include "net/buffer_pool.h"
#include "net/core_internal.h"
#include "net/exchange_internal.h"
#include "net/timer_wheel.h"
#include "sys/transport.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace hyd::net {

// The rest of a write that the kernel did not take whole.
struct PendingOutput {
  std::string text;                     // what `parts` shows, beside the bodies
  std::vector<std::string_view> parts;  // still to be sent
  std::vector<Exchange*> held;          // a reference each: their bodies are in `parts`
};

class Connection : public TimerWheel::Entry {
 public:
  Connection(ServerCore& core, std::unique_ptr<sys::Socket> socket, std::uint16_t local_port);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  void add_ref() { ++refs_; }
  void drop_ref();

  // The core's calls.
  void start();
  void on_timeout();
  void on_unparked();
  void on_drain();
  void flush();  // at the end of the turn
  void close(base::Code why);

  // Request's and Responder's.
  const Peer& peer() const { return peer_; }
  bool open() const { return socket_ != nullptr; }
  void answer(Exchange& exchange, Response&& response);
  void answer_by_closing(Exchange& exchange);
  void resume_body(Exchange& exchange);
  void release(Exchange& exchange) { core_.release(exchange); }

  // The server's list.
  Connection* previous = nullptr;
  Connection* next = nullptr;
  bool flush_due = false;

 private:
  struct Batch;
  enum class Timer : std::uint8_t { none, head, idle, body, write, linger };

  // Input.
  void on_readable();
  void read_once();
  base::Result<sys::Socket::Read> read_into_body(Exchange& exchange);
  std::span<char> read_room();
  void make_room();
  void park();
  void process();
  void process_later();
  void after_input();
  void end_of_input();
  bool read_head();
  void head_complete(Exchange& exchange);
  void plan_body(Exchange& exchange);
  void place_body(Exchange& exchange, BodyPlan plan);
  bool hold_body(Exchange& exchange, std::uint64_t bytes);
  void refuse_for_memory(Exchange& exchange);
  void count_without_memory();
  bool read_body();
  bool take_body(Exchange& exchange, std::string_view data);
  void make_body_room(Exchange& exchange);
  void finish_body(Exchange& exchange);
  void stop_input();
  void drop_current();
  void refuse(Refusal why);
  void give_up_body(Exchange& exchange, base::Code why, Response&& response);
  void answer_early(Exchange& exchange, Response&& response);
  bool blocked() const;
  bool wants_input() const;
  std::string_view unread() const {
    return block_ ? std::string_view(block_->data() + start_, fill_ - start_) : std::string_view();
  }

  // Output.
  void enqueue(Exchange& exchange);
  void pop_oldest();
  void set_answer(Exchange& exchange, Response&& response);
  void gather(Batch& batch);
  void add_answer(Batch& batch, Exchange& exchange);
  void write(Batch& batch);
  void keep_rest(Batch& batch);
  bool write_parts(std::vector<std::string_view>& parts, std::size_t& sent);
  void on_writable();
  void written();
  void end_connection();
  bool idle() const;
  void abandon(base::Code why);
  void pull();
  void on_piece(base::Result<sys::SharedBytes> piece);
  void linger();
  void on_linger_readable();

  // Time-outs.
  void update_timer();
  void start_timer(Timer timer);
  void note_body_bytes(std::size_t bytes);

  ServerCore& core_;  // one counted reference
  std::unique_ptr<sys::Socket> socket_;
  const Peer peer_;
  std::uint32_t refs_ = 0;

  BlockRef block_;               // while bytes are pending
  std::size_t start_ = 0;        // of the bytes in `block_` that are not dealt with
  std::size_t fill_ = 0;         // their end
  Exchange* current_ = nullptr;  // the request that is arriving; one reference

  Exchange* oldest_ = nullptr;  // the queue of answers, one reference each
  Exchange* newest_ = nullptr;
  std::size_t queued_ = 0;
  Exchange* streaming_ = nullptr;  // its head is sent, its source is being read; one reference
  std::uint64_t streaming_left_ = 0;
  std::unique_ptr<PendingOutput> pending_;

  Timer timer_ = Timer::none;
  TimerWheel::Tick body_window_end_ = 0;
  TimerWheel::Tick body_stall_end_ = 0;
  std::uint64_t body_window_bytes_ = 0;
  std::uint64_t discarded_ = 0;  // while lingering

  bool reading_ = false;  // a wait for readability is on its way
  bool fresh_ = true;     // no request yet
  bool parked_ = false;
  bool end_seen_ = false;    // the client sends no more
  bool input_done_ = false;  // we take no more
  bool process_posted_ = false;
  bool in_process_ = false;
  bool pulling_ = false;
  bool piece_wanted_ = false;  // `next` was called, its piece has not come
  bool end_after_write_ = false;
  bool client_closes_ = false;  // it said so: no need to linger
  bool lingering_ = false;
};

}  // namespace hyd::net

#include "base/check.h"
#include "net/connection_internal.h"

#include <algorithm>
#include <cstring>
#include <utility>

namespace hyd::net {
namespace {

using State = RequestParser::State;

// Less room than this is not worth a read.
constexpr std::size_t kReadBytesMin = 1024;
// What a collected body takes at its first step, and at most at a later one: it grows with what
// has arrived, never with what was announced.
constexpr std::size_t kBodyStepBytesMin = 16 * 1024;
constexpr std::size_t kBodyStepBytesMax = 1024 * 1024;

// How large the body may be behind the next read.
std::size_t body_bytes_next(const Exchange& exchange) {
  const std::size_t have = exchange.own_body.size();
  const std::size_t step = std::clamp(have, kBodyStepBytesMin, kBodyStepBytesMax);
  return have + static_cast<std::size_t>(std::min<std::uint64_t>(exchange.body_left, step));
}

}  // namespace

// The place to look at the first bytes when TLS or HTTP/2 come: a TLS record begins with 0x16, an
// HTTP/2 connection with "PRI * HTTP/2.0"; both are known before the first head is parsed and would
// put another reader between socket and `block_`. Today either is refused as a bad request.
void Connection::start() {
  update_timer();
  after_input();
}

void Connection::on_readable() {
  const Ref<Connection> self(*this);
  reading_ = false;
  if (lingering_) return on_linger_readable();
  read_once();
}

void Connection::read_once() {
  if (!socket_) return;
  if (!wants_input()) return;  // `after_input` waits again when nothing is in the way
  if (!core_.may_read()) return park();
  const bool to_body =
      current_ != nullptr && current_->body_to == Exchange::Body::own && !current_->chunked;
  if (to_body && !hold_body(*current_, body_bytes_next(*current_))) {
    refuse_for_memory(*current_);
    return after_input();
  }
  const base::Result<sys::Socket::Read> got =
      to_body ? read_into_body(*current_) : socket_->read_some(read_room());
  if (!got) {
    ++core_.probe.connections_lost;
    return close(base::Code::io);
  }
  core_.probe.bytes_in += got->bytes;
  if (!to_body) fill_ += got->bytes;
  if (got->end) end_seen_ = true;
  if (got->bytes != 0) note_body_bytes(got->bytes);
  process();
  after_input();
}

// A body of known length that does not fit behind its head is read straight into its place.
base::Result<sys::Socket::Read> Connection::read_into_body(Exchange& exchange) {
  std::string& body = exchange.own_body;
  const std::size_t have = body.size();
  const std::size_t want = body_bytes_next(exchange);
  base::Result<sys::Socket::Read> got = sys::Socket::Read{};
  // The second argument is not looked at: libstdc++ 12 passes the capacity when it had to grow.
  body.resize_and_overwrite(want, [&](char* at, std::size_t) {
    got = socket_->read_some({at + have, want - have});
    return have + (got ? got->bytes : 0);
  });
  if (got) {
    exchange.body_left -= got->bytes;
    exchange.body_bytes += got->bytes;
  }
  return got;
}

std::span<char> Connection::read_room() {
  make_room();
  return {block_->data() + fill_, block_->capacity() - fill_};
}

// Makes `block_` a block with room behind `fill_`. Bytes of requests that were handed over stay
// where they are; those of a head that is not complete may move (the parser follows).
void Connection::make_room() {
  const bool streams = current_ != nullptr && current_->head_complete &&
                       current_->body_to != Exchange::Body::in_block;
  if (!block_) {
    block_ = streams ? core_.blocks.large() : core_.blocks.small();
    start_ = fill_ = 0;
    return;
  }
  if (current_ != nullptr && current_->body_to == Exchange::Body::in_block) return;  // it fits
  if (block_->capacity() - fill_ >= kReadBytesMin) return;
  const std::size_t pending = fill_ - start_;
  if (block_.sole() && pending <= block_->capacity() / 2) {
    std::memmove(block_->data(), block_->data() + start_, pending);
  } else {
    const bool large = pending > BlockPool::kSmallBytes / 2;
    BlockRef wider = large ? core_.blocks.large() : core_.blocks.small();
    std::memcpy(wider->data(), block_->data() + start_, pending);
    block_ = std::move(wider);
  }
  start_ = 0;
  fill_ = pending;
}

void Connection::park() {
  if (parked_) return;
  parked_ = true;
  ++core_.probe.reads_parked;
  core_.parked.emplace_back(*this);
  update_timer();
}

void Connection::on_unparked() {
  parked_ = false;
  read_once();
}

// Something of ours is in the way of the next byte.
bool Connection::blocked() const {
  return pending_ != nullptr || streaming_ != nullptr || parked_ || process_posted_ ||
         (current_ != nullptr ? current_->paused : queued_ >= kPipelineMax);
}

bool Connection::wants_input() const {
  return socket_ != nullptr && !input_done_ && !end_seen_ && !blocked();
}

// Takes what is in the block for as long as it brings something forward.
void Connection::process() {
  if (in_process_) return;
  in_process_ = true;
  while (socket_ && !input_done_ && !pending_ && !streaming_) {
    const bool in_body = current_ != nullptr && current_->head_complete;
    if (!(in_body ? read_body() : read_head())) break;
  }
  in_process_ = false;
  if (block_ && start_ == fill_ && current_ == nullptr) block_.reset();
}

// Goes on with what is in the block in another turn, so that one client gets no more than
// kPipelineMax requests in each.
void Connection::process_later() {
  if (process_posted_ || !socket_) return;
  process_posted_ = true;
  core_.loop.post([self = Ref<Connection>(*this)] {
    self->process_posted_ = false;
    if (!self->socket_) return;
    self->process();
    self->after_input();
  });
}

// What every stretch of input ends with: wait for more, or notice that there is none.
void Connection::after_input() {
  if (!socket_ || lingering_) return;
  if (end_seen_ && !input_done_ && !blocked()) end_of_input();
  if (!socket_) return;
  if (core_.draining && idle() && !fresh_) return end_connection();
  update_timer();
  if (!wants_input() || reading_) return;
  reading_ = true;
  socket_->wait_readable([this] { on_readable(); });  // the socket dies before `this` does
}

// The client has closed its side; requests that it sent whole still get their answers.
void Connection::end_of_input() {
  stop_input();
  if (Exchange* const cut = current_; cut != nullptr && cut->head_complete) {
    if (const std::unique_ptr<BodySink> sink = std::move(cut->sink)) sink->on_abort(base::Code::io);
    if (cut->answer == Exchange::Answer::none) answer_by_closing(*cut);
  }
  drop_current();
  if (oldest_ == nullptr && !pending_ && !streaming_) close(base::Code::io);
}

void Connection::stop_input() { input_done_ = true; }

void Connection::drop_current() {
  if (current_ == nullptr) return;
  core_.release(*std::exchange(current_, nullptr));
}

bool Connection::read_head() {
  if (start_ == fill_) return false;
  if (current_ == nullptr) {
    if (queued_ >= kPipelineMax) return false;
    current_ = &core_.take_exchange(*this);
  }
  Exchange& exchange = *current_;
  const State state = exchange.parser.parse(unread());
  if (state == State::more) return false;
  if (state == State::refused) {
    refuse(exchange.parser.refusal());
    return false;
  }
  head_complete(exchange);
  return true;
}

void Connection::head_complete(Exchange& exchange) {
  ++core_.probe.requests;
  fresh_ = false;
  const RequestHead& head = exchange.parser.head();
  exchange.head_complete = true;
  exchange.block = block_;
  exchange.to_head = head.method == "HEAD";
  exchange.http10_keep_alive = head.keep_alive && head.minor_version == 0;
  exchange.close_after = !head.keep_alive || core_.draining;
  client_closes_ = !head.keep_alive;
  start_ += exchange.parser.head_bytes();
  enqueue(exchange);
  if (!head.has_body()) return finish_body(exchange);
  exchange.chunked = head.chunked;
  exchange.body_left = head.content_length.value_or(0);
  plan_body(exchange);
}

void Connection::plan_body(Exchange& exchange) {
  const RequestHead& head = exchange.parser.head();
  BodyPlan plan = core_.handler.plan(head, peer_);
  if (plan.refusal) return answer_early(exchange, std::move(*plan.refusal));
  if (exchange.body_left > plan.bytes_max) {
    ++core_.probe.bodies_too_large;
    return answer_early(exchange, core_.handler.too_large(head));
  }
  const bool expects = head.expect_continue;
  place_body(exchange, std::move(plan));
  if (expects && start_ == fill_ && !input_done_) {
    exchange.continue_due = true;
    flush();  // not at the end of the turn: the client stands still until it has this
  }
}

void Connection::place_body(Exchange& exchange, BodyPlan plan) {
  exchange.body_bytes_max = plan.bytes_max;
  if (plan.sink) {
    exchange.body_to = Exchange::Body::sink;
    exchange.sink = std::move(plan.sink);
    exchange.sink->start(Request(exchange), Responder(exchange));
    return;
  }
  const bool fits = exchange.body_left <= block_->capacity() - start_;
  exchange.body_to = fits ? Exchange::Body::in_block : Exchange::Body::own;
  exchange.body_start = start_;
  // Said before the client sends what would be refused at the first read of it.
  const MemoryBudget* const memory = core_.options.body_memory;
  if (fits || memory == nullptr || memory->has_room({.more = exchange.body_left})) return;
  count_without_memory();
  answer_early(exchange, core_.handler.no_memory(exchange.parser.head()));
}

// Makes room for a collected body of `bytes`, and takes its share of the process's memory. False
// when that is not there.
bool Connection::hold_body(Exchange& exchange, std::uint64_t bytes) {
  std::string& body = exchange.own_body;
  if (bytes <= body.capacity() && exchange.own_share.bytes() >= body.capacity()) return true;
  // What a text grows to by itself: twice its size at least.
  const std::uint64_t capacity = bytes <= body.capacity()
                                     ? body.capacity()
                                     : std::max<std::uint64_t>(bytes, 2 * body.capacity());
  if (!exchange.own_share.hold(core_.options.body_memory, capacity)) return false;
  body.reserve(static_cast<std::size_t>(capacity));
  return true;
}

void Connection::count_without_memory() {
  ++core_.probe.bodies_without_memory;
  core_.options.body_memory->count_refused();
}

// In the middle of a body: the rest of it is not wanted any more.
void Connection::refuse_for_memory(Exchange& exchange) {
  count_without_memory();
  Response response = core_.handler.no_memory(exchange.parser.head());
  give_up_body(exchange, base::Code::exhausted, std::move(response));
}

bool Connection::read_body() {
  Exchange& exchange = *current_;
  bool end = exchange.body_left == 0 && !exchange.chunked;
  while (!end && start_ != fill_ && !exchange.paused) {
    std::string_view data;
    if (exchange.chunked) {
      const ChunkDecoder::Step step = exchange.decoder.step(unread());
      data = step.data;
      start_ += step.used;
      end = step.state == ChunkDecoder::State::done;
      if (step.state == ChunkDecoder::State::refused) {
        refuse(exchange.decoder.refusal());
        return false;
      }
    } else {
      data = unread().substr(
          0, static_cast<std::size_t>(std::min<std::uint64_t>(exchange.body_left, fill_ - start_)));
      start_ += data.size();
      exchange.body_left -= data.size();
      end = exchange.body_left == 0;
    }
    if (!data.empty() && !take_body(exchange, data)) return false;
  }
  if (end) {
    finish_body(exchange);
    return true;
  }
  if (start_ == fill_) make_body_room(exchange);
  return false;
}

// False when the body is not wanted any more.
bool Connection::take_body(Exchange& exchange, std::string_view data) {
  const std::size_t at = exchange.body_start + static_cast<std::size_t>(exchange.body_bytes);
  exchange.body_bytes += data.size();
  switch (exchange.body_to) {
    case Exchange::Body::none: break;
    case Exchange::Body::discard: return true;
    default:
      if (exchange.body_bytes <= exchange.body_bytes_max) break;
      ++core_.probe.bodies_too_large;
      give_up_body(exchange, base::Code::exhausted, Response::text(413, "The body is too large."));
      return false;
  }
  switch (exchange.body_to) {
    case Exchange::Body::in_block:
      // Without chunks it is there already.
      if (exchange.chunked) std::memmove(exchange.block->data() + at, data.data(), data.size());
      return true;
    case Exchange::Body::own:
      if (!hold_body(exchange, exchange.body_bytes)) {
        refuse_for_memory(exchange);
        return false;
      }
      exchange.own_body.append(data);
      return true;
    case Exchange::Body::sink:
      exchange.paused = true;  // a resume_body inside the call must win
      if (exchange.sink->on_bytes(data) == BodySink::Flow::more) exchange.paused = false;
      return !input_done_;
    default: return true;
  }
}

// All that has arrived is taken; `block_` may be used anew behind what must stay.
void Connection::make_body_room(Exchange& exchange) {
  if (exchange.body_to != Exchange::Body::in_block) {
    block_.reset();  // the exchange keeps the head's block
    return;
  }
  if (!exchange.chunked) return;
  const std::size_t end = exchange.body_start + static_cast<std::size_t>(exchange.body_bytes);
  if (block_->capacity() - end >= kReadBytesMin) {
    start_ = fill_ = end;
    return;
  }
  if (!hold_body(exchange, exchange.body_bytes)) return refuse_for_memory(exchange);
  exchange.body_to = Exchange::Body::own;
  exchange.own_body.assign(block_->data() + exchange.body_start,
                           static_cast<std::size_t>(exchange.body_bytes));
  block_.reset();
}

// The request is whole: to the handler, or the end to its sink.
void Connection::finish_body(Exchange& exchange) {
  exchange.body_complete = true;
  exchange.continue_due = false;
  if (exchange.close_after) stop_input();
  current_ = nullptr;  // its reference goes at the end of this function
  switch (exchange.body_to) {
    case Exchange::Body::discard: break;
    case Exchange::Body::sink: {
      const std::unique_ptr<BodySink> sink = std::move(exchange.sink);
      if (!exchange.request_held) exchange.drop_bytes();
      sink->on_end();
      break;
    }
    case Exchange::Body::in_block:
      exchange.body = {exchange.block->data() + exchange.body_start,
                       static_cast<std::size_t>(exchange.body_bytes)};
      core_.handler.handle(Request(exchange), Responder(exchange));
      break;
    case Exchange::Body::own:
      exchange.body = exchange.own_body;
      core_.handler.handle(Request(exchange), Responder(exchange));
      break;
    case Exchange::Body::none: core_.handler.handle(Request(exchange), Responder(exchange)); break;
  }
  core_.release(exchange);
}

// The bytes make no request: one answer that says why, and the end.
void Connection::refuse(Refusal why) {
  core_.probe.count(why);
  const RefusalText& said = text(why);
  Exchange& exchange = *current_;
  if (!exchange.head_complete) enqueue(exchange);
  give_up_body(exchange, base::Code::invalid, Response::text(said.status, said.sentence));
}

// Nothing more is read, and the current request is answered here unless that has happened.
void Connection::give_up_body(Exchange& exchange, base::Code why, Response&& response) {
  stop_input();
  exchange.close_after = true;
  exchange.body_unwanted = true;
  exchange.continue_due = false;
  exchange.drop_body();  // its answer may have to wait for others
  if (const std::unique_ptr<BodySink> sink = std::move(exchange.sink)) sink->on_abort(why);
  if (exchange.answer == Exchange::Answer::none) set_answer(exchange, std::move(response));
  drop_current();
}

// An answer that does not wait for the body. A short one is read and dropped, so that the
// connection lives on; a client that waits for `100 Continue` may or may not send it.
void Connection::answer_early(Exchange& exchange, Response&& response) {
  const bool skip = !exchange.chunked && exchange.body_left <= kDiscardBytesMax &&
                    !exchange.parser.head().expect_continue && !exchange.close_after;
  if (!skip) return give_up_body(exchange, base::Code::cancelled, std::move(response));
  exchange.body_to = Exchange::Body::discard;
  set_answer(exchange, std::move(response));
}

void Connection::resume_body(Exchange& exchange) {
  if (!exchange.paused) return;
  exchange.paused = false;
  if (&exchange == current_) process_later();
}

}  // namespace hyd::net

#include "base/check.h"
#include "net/connection_internal.h"
#include "net/limits.h"

#include <algorithm>
#include <array>
#include <utility>

namespace hyd::net {
namespace {

// A body up to this size is copied behind its head: cheaper than one more part of a write.
constexpr std::size_t kCopiedBodyBytesMax = 2048;
// Pieces of one streamed body in a turn; then the other connections get theirs.
constexpr int kPiecesMax = 4;

}  // namespace

// The answers of one write: text of the core's scratch, bodies of the exchanges that it holds.
struct Connection::Batch {
  struct Part {
    std::size_t text_end;  // of the text before the body
    const char* body;
    std::size_t body_bytes;
  };
  // Not set to zero: a batch is made for every write, and most have one answer.
  std::array<Exchange*, kPipelineMax> held;  // a reference each
  std::array<Part, 2 * kPipelineMax> bodies;
  std::size_t held_count = 0;
  std::size_t body_count = 0;
};

void Connection::answer(Exchange& exchange, Response&& response) {
  // The server has answered itself, or nobody is there any more.
  if (!socket_ || exchange.answer != Exchange::Answer::none) return;
  if (!exchange.body_complete) {
    stop_input();
    exchange.close_after = true;
    exchange.body_unwanted = true;
    exchange.continue_due = false;
  }
  set_answer(exchange, std::move(response));
}

void Connection::answer_by_closing(Exchange& exchange) {
  if (!socket_ || exchange.answer != Exchange::Answer::none) return;
  if (!exchange.body_complete) stop_input();
  exchange.answer = Exchange::Answer::closed;
  if (&exchange == oldest_) core_.flush_later(*this);
}

void Connection::set_answer(Exchange& exchange, Response&& response) {
  exchange.response = std::move(response);
  exchange.answer = Exchange::Answer::ready;
  if (&exchange == oldest_) core_.flush_later(*this);
}

void Connection::enqueue(Exchange& exchange) {
  ++exchange.refs;
  (newest_ == nullptr ? oldest_ : newest_->next) = &exchange;
  newest_ = &exchange;
  ++queued_;
}

// Takes the oldest off the queue; its reference is the caller's.
void Connection::pop_oldest() {
  Exchange& exchange = *oldest_;
  oldest_ = exchange.next;
  if (oldest_ == nullptr) newest_ = nullptr;
  exchange.next = nullptr;
  --queued_;
}

// Writes what is ready, in order. While an earlier write is not through, nothing may overtake it.
void Connection::flush() {
  const Ref<Connection> self(*this);
  if (!socket_ || pending_ || streaming_ || lingering_) return;
  Batch batch;
  core_.text.clear();
  gather(batch);
  if (core_.text.empty() && !end_after_write_) return;
  write(batch);
}

void Connection::gather(Batch& batch) {
  while (oldest_ != nullptr && !end_after_write_ && !streaming_) {
    Exchange& exchange = *oldest_;
    switch (exchange.answer) {
      case Exchange::Answer::none:
        if (std::exchange(exchange.continue_due, false)) {
          core_.text.append(status_line(100)).append("\r\n");
        }
        return;
      case Exchange::Answer::closed:
        ++core_.probe.closed_unanswered;
        end_after_write_ = client_closes_ = true;
        return;
      case Exchange::Answer::ready: add_answer(batch, exchange); break;
    }
  }
}

void Connection::add_answer(Batch& batch, Exchange& exchange) {
  Response& response = exchange.response;
  pop_oldest();
  const bool last = oldest_ == nullptr && current_ == nullptr;
  const bool close = exchange.close_after || response.close || (core_.draining && last);
  append_head(core_.text, response,
              {.date_line = core_.date.view(),
               .to_head = exchange.to_head,
               .close = close,
               .http10_keep_alive = exchange.http10_keep_alive});
  ++core_.probe.responses;
  const std::uint64_t length = body_bytes(response, exchange.to_head);
  if (length == 0) {
    response.source.reset();
  } else {
    for (const std::string_view body : {std::string_view(response.body), response.shared.view()}) {
      if (body.empty()) continue;
      if (body.size() <= kCopiedBodyBytesMax) {
        core_.text.append(body);
      } else {
        batch.bodies[batch.body_count++] = {
            .text_end = core_.text.size(), .body = body.data(), .body_bytes = body.size()};
      }
    }
  }
  if (close) {
    end_after_write_ = true;
    stop_input();
  }
  if (&exchange == current_ && exchange.body_unwanted) drop_current();
  if (response.source) {
    const std::uint64_t made = response.body.size() + response.shared.size();
    HYD_CHECK(response.length.has_value() && *response.length >= made);
    streaming_left_ = length - made;
    streaming_ = &exchange;  // with the queue's reference
    ++exchange.refs;
  }
  batch.held[batch.held_count++] = &exchange;
}

void Connection::write(Batch& batch) {
  std::vector<std::string_view>& parts = core_.parts;
  parts.clear();
  const std::string_view text = core_.text;
  std::size_t from = 0;
  for (std::size_t i = 0; i < batch.body_count; ++i) {
    const Batch::Part& part = batch.bodies[i];
    if (part.text_end != from) parts.push_back(text.substr(from, part.text_end - from));
    parts.emplace_back(part.body, part.body_bytes);
    from = part.text_end;
  }
  if (from != text.size()) parts.push_back(text.substr(from));
  std::size_t sent = 0;
  const bool alive = parts.empty() || write_parts(parts, sent);
  if (alive && !parts.empty()) {
    keep_rest(batch);
    return;
  }
  for (std::size_t i = 0; i < batch.held_count; ++i) core_.release(*batch.held[i]);
  if (alive) written();
}

// Sends the front of `parts` and leaves in it what the kernel did not take. False when the
// connection broke, and is closed.
bool Connection::write_parts(std::vector<std::string_view>& parts, std::size_t& sent) {
  const base::Result<std::size_t> taken = socket_->write_some(parts);
  if (!taken) {
    ++core_.probe.connections_lost;
    close(base::Code::io);
    return false;
  }
  ++core_.probe.writes;
  core_.probe.bytes_out += *taken;
  sent += *taken;
  std::size_t left = *taken;
  std::size_t whole = 0;
  while (whole < parts.size() && parts[whole].size() <= left) left -= parts[whole++].size();
  parts.erase(parts.begin(), parts.begin() + static_cast<std::ptrdiff_t>(whole));
  if (!parts.empty()) parts.front().remove_prefix(left);
  return true;
}

// The rest waits for the socket: `pending_` takes over the text, the views and the bodies.
void Connection::keep_rest(Batch& batch) {
  pending_ = std::make_unique<PendingOutput>();
  const char* const text = core_.text.data();
  const std::size_t text_size = core_.text.size();
  pending_->text = std::move(core_.text);
  core_.text = {};
  for (std::string_view part : core_.parts) {
    const bool of_text = part.data() >= text && part.data() < text + text_size;
    if (of_text) part = {pending_->text.data() + (part.data() - text), part.size()};
    pending_->parts.push_back(part);
  }
  core_.parts.clear();
  pending_->held.assign(batch.held.begin(),
                        batch.held.begin() + static_cast<std::ptrdiff_t>(batch.held_count));
  update_timer();
  socket_->wait_writable([this] { on_writable(); });
}

void Connection::on_writable() {
  const Ref<Connection> self(*this);
  std::size_t sent = 0;
  if (!write_parts(pending_->parts, sent)) return;
  if (!pending_->parts.empty()) {
    if (sent != 0) start_timer(Timer::write);
    socket_->wait_writable([this] { on_writable(); });
    return;
  }
  const std::unique_ptr<PendingOutput> through = std::move(pending_);
  for (Exchange* exchange : through->held) core_.release(*exchange);
  written();
}

// Everything given to the socket so far is on its way.
void Connection::written() {
  if (streaming_ != nullptr) return pull();
  if (end_after_write_) return end_connection();
  if (oldest_ != nullptr) {
    if (oldest_->answer != Exchange::Answer::none || oldest_->continue_due) {
      core_.flush_later(*this);
    }
  } else if (current_ == nullptr && (input_done_ || core_.draining)) {
    return end_connection();
  }
  if (start_ != fill_ && !input_done_ && block_ && !process_posted_) {
    if (!in_process_) process_later();
    return;
  }
  if (!in_process_) after_input();
}

// Asks the source for pieces until one is not there at once, the socket is full, or it is others'
// turn.
void Connection::pull() {
  if (pulling_) return;
  pulling_ = true;
  // Its source must not be destroyed inside `next`, whatever happens to the connection there.
  Exchange& exchange = *streaming_;
  ++exchange.refs;
  int pieces = 0;
  while (socket_ && streaming_ != nullptr && streaming_left_ != 0 && !pending_ && !piece_wanted_) {
    if (++pieces > kPiecesMax) {
      core_.loop.post([self = Ref<Connection>(*this)] {
        if (self->socket_ && self->streaming_ != nullptr && !self->pending_) self->pull();
      });
      break;
    }
    piece_wanted_ = true;
    exchange.response.source->next(
        [self = Ref<Connection>(*this)](base::Result<sys::SharedBytes> piece) {
          self->on_piece(std::move(piece));
        });
  }
  pulling_ = false;
  const bool through = socket_ && streaming_left_ == 0 && !pending_;
  if (through) core_.release(*std::exchange(streaming_, nullptr));
  core_.release(exchange);
  if (through) return written();
  if (socket_) update_timer();
}

void Connection::on_piece(base::Result<sys::SharedBytes> piece) {
  piece_wanted_ = false;
  if (!socket_ || streaming_ == nullptr) return;
  if (!piece || piece->size() == 0 || piece->size() > streaming_left_) {
    return close(base::Code::io);  // the client sees a body shorter than announced
  }
  streaming_left_ -= piece->size();
  streaming_->response.shared = *std::move(piece);  // keeps the bytes until they are sent
  core_.text.clear();
  core_.parts.assign(1, streaming_->response.shared.view());
  std::size_t sent = 0;
  if (!write_parts(core_.parts, sent)) return;
  if (!core_.parts.empty()) {
    Batch none;
    keep_rest(none);
    return;
  }
  if (!pulling_) pull();
}

// The last answer is out. A socket that is closed while bytes of the client are unread, or on their
// way, answers them with a reset that can destroy the answer before the client has read it. So it
// is only half closed until the client closes too, for a moment and a few bytes.
void Connection::end_connection() {
  stop_input();
  const bool all_read = client_closes_ && start_ == fill_;
  if (end_seen_ || all_read) return close(base::Code::cancelled);
  linger();
}

void Connection::linger() {
  lingering_ = true;
  abandon(base::Code::cancelled);
  block_.reset();
  start_ = fill_ = 0;
  socket_->shutdown_write();
  start_timer(Timer::linger);
  if (reading_) return;
  reading_ = true;
  socket_->wait_readable([this] { on_readable(); });
}

void Connection::on_linger_readable() {
  BlockRef scratch = core_.blocks.small();
  const base::Result<sys::Socket::Read> got =
      socket_->read_some({scratch->data(), scratch->capacity()});
  if (got) discarded_ += got->bytes;
  if (!got || got->end || discarded_ > kDiscardBytesMax) return close(base::Code::cancelled);
  reading_ = true;
  socket_->wait_readable([this] { on_readable(); });
}

}  // namespace hyd::net

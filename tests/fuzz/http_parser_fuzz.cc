// Reads the input as the bytes of one HTTP/1.1 connection, twice: in one piece, and in pieces whose
// sizes come from the input's first byte. Both roads must see the same requests, bodies and
// refusals; a difference is a request that two reads of one stream understand differently.
#include "base/check.h"
#include "net/chunked.h"
#include "net/http_parser.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace {

using namespace hyd::net;

// A connection without sockets: what has arrived and is not used up, and what was made of it.
class Reader {
 public:
  void receive(std::string_view piece) {
    // A new block of exactly this size each time: the sanitizer sees every byte read too far, and
    // views that were not moved.
    std::vector<char> next;
    next.reserve(waiting_.size() + piece.size());
    next.insert(next.end(), waiting_.begin(), waiting_.end());
    next.insert(next.end(), piece.begin(), piece.end());
    waiting_ = std::move(next);
    while (!stopped_ && (in_body_ ? read_body() : read_head())) {
    }
  }
  const std::string& seen() const { return seen_; }

 private:
  std::string_view waiting() const { return {waiting_.data(), waiting_.size()}; }
  void drop(std::size_t bytes) {
    waiting_.erase(waiting_.begin(), waiting_.begin() + static_cast<std::ptrdiff_t>(bytes));
  }
  bool stop(Refusal why) {
    seen_.append("refused ").append(text(why).name);
    stopped_ = true;
    return false;
  }

  bool read_head() {
    if (waiting_.empty()) return false;
    const RequestParser::State state = parser_.parse(waiting());
    if (state == RequestParser::State::more) return false;
    if (state == RequestParser::State::refused) return stop(parser_.refusal());
    note(parser_.head());
    left_ = parser_.head().content_length.value_or(0);
    chunked_ = parser_.head().chunked;
    decoder_ = ChunkDecoder();
    in_body_ = true;
    drop(parser_.head_bytes());
    parser_.reset();
    return true;
  }

  void note(const RequestHead& head) {
    HYD_CHECK(!head.path.empty());
    HYD_CHECK(!(head.chunked && head.content_length));
    HYD_CHECK(head.minor_version == 0 || !head.host.empty());
    for (const std::string_view part :
         {head.method, head.target, head.path, head.query, head.host}) {
      seen_.append(part).append("|");
    }
    for (const Header& header : head.headers) {
      HYD_CHECK(header.value.find_first_of(std::string_view("\r\n\0", 3)) ==
                std::string_view::npos);
      seen_.append(header.name).append("=").append(header.value).append(";");
    }
    seen_ += head.keep_alive ? " keep" : " close";
    seen_ += head.expect_continue ? " expect" : "";
  }

  bool read_body() {
    if (!chunked_) {
      const std::size_t take =
          static_cast<std::size_t>(std::min<std::uint64_t>(left_, waiting_.size()));
      seen_.append(waiting().substr(0, take));
      drop(take);
      left_ -= take;
      in_body_ = left_ != 0;
      if (!in_body_) seen_ += " end\n";
      return !in_body_;
    }
    const ChunkDecoder::Step step = decoder_.step(waiting());
    seen_.append(step.data);
    drop(step.used);
    if (step.state == ChunkDecoder::State::refused) return stop(decoder_.refusal());
    in_body_ = step.state != ChunkDecoder::State::done;
    if (!in_body_) seen_ += " end\n";
    return !in_body_ || step.used != 0;
  }

  std::vector<char> waiting_;
  RequestParser parser_;
  ChunkDecoder decoder_;
  std::string seen_;
  std::uint64_t left_ = 0;
  bool chunked_ = false;
  bool in_body_ = false;
  bool stopped_ = false;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::size_t seed = data[0];
  const std::string_view wire(reinterpret_cast<const char*>(data) + 1, size - 1);

  Reader whole;
  whole.receive(wire);

  // 0..15: equal pieces of 1..16 bytes; beyond: two pieces.
  Reader split;
  if (seed < 16) {
    const std::size_t piece = seed + 1 + wire.size() / 2048;  // bounds the number of copies
    for (std::size_t at = 0; at < wire.size(); at += piece) split.receive(wire.substr(at, piece));
  } else {
    const std::size_t first = wire.size() * (seed - 16) / 240;
    split.receive(wire.substr(0, first));
    split.receive(wire.substr(first));
  }
  HYD_CHECK(whole.seen() == split.seen());
  return 0;
}

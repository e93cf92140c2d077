// The head of an HTTP/1.0 or 1.1 request: strict, incremental, without copies.
//
// The parser reads a contiguous buffer that begins with the request's first byte and grows at its
// end; everything in a RequestHead is a view into that buffer. It refuses rather than repairs (see
// refusal.h). Every verdict depends on the bytes alone, never on how they were split into reads.
//
// A line that is not complete is scanned again when more of it arrives. That is quadratic in one
// line of at most 16 KiB, and costs less than the system calls of a client that sends single bytes.
#pragma once

#include "net/limits.h"
#include "net/refusal.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace hyd::net {

struct Header {
  std::string_view name = {};   // as received
  std::string_view value = {};  // without the white space around it
};

struct RequestHead {
  std::string_view method;
  std::string_view target;      // as received
  std::string_view path;        // of the target, not decoded: starts with '/', or is "*"
  std::string_view query;       // behind the first '?', not decoded
  std::string_view host;        // value of Host; empty only in HTTP/1.0
  std::vector<Header> headers;  // in the order of arrival
  std::optional<std::uint64_t> content_length;
  int minor_version = 1;
  bool chunked = false;
  bool keep_alive = true;
  bool expect_continue = false;  // only when there is a body to wait for

  bool has_body() const { return chunked || content_length.value_or(0) > 0; }
  // The first header of that name, whatever its case.
  std::optional<std::string_view> find(std::string_view name) const;
};

class RequestParser {
 public:
  enum class State : std::uint8_t { more, complete, refused };

  // `bytes` is all that has arrived of this request, and possibly what follows it. It may lie
  // somewhere else than at the last call; views move along.
  State parse(std::string_view bytes);

  const RequestHead& head() const { return head_; }  // whole when complete
  std::size_t head_bytes() const { return line_; }   // up to and with the empty line
  Refusal refusal() const { return refusal_; }       // not `none` when refused

  // Ready for another request; keeps its memory.
  void reset();

 private:
  enum class Line : std::uint8_t { done, more, refused };
  Line parse_request_line(const char* at, const char* end);
  Line parse_version(const char* at, const char* end);
  Line parse_headers(const char* at, const char* end);
  Line refuse_name(const char* line, const char* stop);
  Line split_target();
  Line take_header(const Header& header, const char* end);
  Line take_host(std::string_view value, const char* end);
  Line take_expect(std::string_view value);
  Line take_length(std::string_view value);
  void take_connection(std::string_view value);
  Line finish();
  Line refuse(Refusal why) {
    refusal_ = why;
    return Line::refused;
  }
  void move_views(const char* to);

  RequestHead head_;
  const char* base_ = nullptr;  // where the buffer was at the last call
  std::size_t line_ = 0;        // offset of the first line that is not parsed yet
  std::string_view authority_;  // of a target in absolute form
  Refusal refusal_ = Refusal::none;
  bool have_request_line_ = false;
  bool have_end_ = false;  // the empty line
  bool saw_close_ = false;
  bool saw_keep_alive_ = false;
  bool saw_encoding_ = false;
};

}  // namespace hyd::net

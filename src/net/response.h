// What a handler answers, and how it becomes bytes.
#pragma once

#include "base/clock.h"
#include "base/task.h"
#include "sys/shared_bytes.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace hyd::net {

// A body that is made piece by piece while it is sent. Belongs to the connection's loop.
class BodySource {
 public:
  virtual ~BodySource() = default;  // the answer is sent, or its connection gone: no more calls
  // Asks for the next piece, which is not empty; all pieces together are `Response::length` bytes.
  // One call at a time; `done` runs on the loop, at once or later, and may outlive this object. An
  // error, or a piece too many, ends the connection: the client sees a body cut short.
  virtual void next(base::Done<sys::SharedBytes> done) = 0;
};

// The writer adds Content-Length (except to 1xx and 204), Date and Connection; a handler never
// does. The body is `body`, then `shared`, then what `source` gives. The answer to a HEAD request
// is written without it, with the length that it would have.
struct Response {
  std::uint16_t status = 200;
  bool close = false;              // end the connection behind this answer
  std::string_view fixed_headers;  // header lines, each with its CR LF, in static storage
  std::string headers;             // more of them
  std::string body;
  sys::SharedBytes shared;
  std::unique_ptr<BodySource> source;
  // How long the body is: needed with a source, and for HEAD when no body was made.
  std::optional<std::uint64_t> length;

  // Adds a header line. CR, LF and NUL in `value` become spaces (RFC 9110, section 5.5), so that no
  // text from outside can split an answer. False, and nothing added, when `name` is no token.
  bool add(std::string_view name, std::string_view value);

  static Response text(std::uint16_t status, std::string_view sentence);
};

// "HTTP/1.1 200 OK\r\n"; a status without a phrase here gets an empty one.
std::string_view status_line(std::uint16_t status);

// The line "Date: …\r\n", made anew when the second changes.
class DateLine {
 public:
  void set(base::WallTime now);
  std::string_view view() const { return {line_.data(), line_.size()}; }

 private:
  std::int64_t second_ = -1;
  std::array<char, 37> line_{};
};

struct WriteOptions {
  std::string_view date_line = {};
  bool to_head = false;            // the request's method was HEAD
  bool close = false;              // says so; else an HTTP/1.1 connection stays open
  bool http10_keep_alive = false;  // an HTTP/1.0 client needs to be told that it stays open
};

// How many bytes of body follow the head of this answer.
std::uint64_t body_bytes(const Response& response, bool to_head);

// Appends status line, headers and the empty line.
void append_head(std::string& out, const Response& response, const WriteOptions& options);

}  // namespace hyd::net

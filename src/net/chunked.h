// Undoes `Transfer-Encoding: chunked` (RFC 9112, section 7.1), strictly and in steps of any size.
// Chunk extensions and trailers are checked for their form and ignored: what arrives behind the
// body must never act as a header.
#pragma once

#include "net/limits.h"
#include "net/refusal.h"

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace hyd::net {

class ChunkDecoder {
 public:
  enum class State : std::uint8_t { more, done, refused };
  struct Step {
    State state = State::more;
    std::size_t used = 0;        // bytes of `wire` that are dealt with
    std::string_view data = {};  // a part of them that belongs to the body; lies inside `wire`
  };

  // Stops behind one run of data, or when `wire` is used up, or at the end of the message. Call it
  // again with the rest until `used` is all or the state is not `more`.
  Step step(std::string_view wire);

  Refusal refusal() const { return refusal_; }  // not `none` when refused

 private:
  enum class At : std::uint8_t {
    size,
    extension,
    size_lf,
    data,
    data_cr,
    data_lf,
    trailer_start,
    trailer_name,
    trailer_value,
    trailer_lf,
    end_lf,
    done,
  };
  bool take(char c);
  bool take_size(char c);
  bool take_trailer(char c);
  bool refuse(Refusal why) {
    refusal_ = why;
    return false;
  }

  std::uint64_t left_ = 0;   // of the chunk at hand
  std::size_t counted_ = 0;  // digits, extension bytes or trailer bytes, by `at_`
  At at_ = At::size;
  Refusal refusal_ = Refusal::none;
};

}  // namespace hyd::net

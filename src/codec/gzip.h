// gzip and zlib streams (RFC 1952, RFC 1950) over ISA-L.
//
// Level 1, a header without time or name: equal pieces in equal order give equal bytes on one
// machine. Another cut of the input, another processor or another version of the library may give
// other bytes of the same content, so nothing may depend on the compressed form.
#pragma once

#include "base/result.h"
#include "base/units.h"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace hyd::codec {

enum class Wrapping : std::uint8_t { gzip, zlib };

// Compresses one text after the other; about 0.6 MiB of state, so keep and reuse it. One thread.
class Compressor {
 public:
  explicit Compressor(Wrapping wrapping = Wrapping::gzip);
  Compressor(Compressor&&) noexcept;
  Compressor& operator=(Compressor&&) noexcept;
  ~Compressor();

  // Appends to `out` what is ready, which may be nothing. A text is at most 4 GiB.
  void add(std::string_view bytes, std::string& out);
  // Ends the text, trailer included; the next `add` begins another.
  void finish(std::string& out);

 private:
  struct State;
  void run(std::string_view bytes, bool last, std::string& out);

  std::unique_ptr<State> state_;
};

std::string gzip(std::string_view bytes);

// All members of a gzip text, or one zlib text, with their checksums verified. Code::invalid: not
// such a text, cut short, or something behind it; Code::exhausted: more than `size_max` comes out
// (never more than that and a block is held).
base::Result<std::string> decompress(std::string_view bytes, base::ByteCount size_max,
                                     Wrapping wrapping = Wrapping::gzip);

}  // namespace hyd::codec

// The body of an aws-chunked upload: data between lines with sizes and signatures, and trailers
// behind it ("Signature calculations for the Authorization header: transferring payload in multiple
// chunks", "... including trailing headers"; Amazon S3 API Reference).
//
//   signed:    hex-size;chunk-signature=64-hex CRLF data CRLF ... 0;chunk-signature=64-hex CRLF
//   unsigned:  hex-size CRLF data CRLF ... 0 CRLF
//   then       [name:value CRLF]... [x-amz-trailer-signature:64-hex CRLF] CRLF
//
// Bytes come in any pieces; every verdict depends on the bytes alone. One thread at a time.
#pragma once

#include "aws/fault.h"
#include "aws/sigv4_chunks.h"
#include "codec/hash.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace hyd::objects {

class ChunkedBody {
 public:
  struct Options {
    std::optional<aws::ChunkSigner> signer = {};  // chunks are signed
    bool trailer_signed = false;
    std::string trailer = {};          // the name announced in x-amz-trailer, lower case
    std::uint64_t decoded_length = 0;  // announced
  };
  explicit ChunkedBody(Options options) : options_(std::move(options)) {}

  using Data = std::function<aws::Outcome<void>(std::string_view)>;
  // Hands the data inside to `data`. After a fault the body is refused and this is of no use.
  aws::Outcome<void> feed(std::string_view bytes, const Data& data);
  // Nothing more comes: whole, and as long as announced.
  aws::Outcome<void> finish();
  // Of the announced trailer; after `finish`.
  const std::string& trailer_value() const { return trailer_value_; }

 private:
  enum class State : std::uint8_t { size_line, data, data_end, trailer_line, done };
  static constexpr std::size_t kLineBytesMax = 1024;
  static constexpr std::uint64_t kChunkBytesMin = 8192;  // of all chunks but the last

  aws::Outcome<void> take_size_line(std::string_view line);
  aws::Outcome<void> end_chunk();
  aws::Outcome<void> take_trailer_line(std::string_view line);
  aws::Outcome<void> end_trailer();

  Options options_;
  State state_ = State::size_line;
  std::string line_;  // what has come of a line
  std::string chunk_signature_;
  codec::Sha256 chunk_hash_;
  std::uint64_t left_ = 0;  // of the current chunk, still to come
  std::uint64_t total_ = 0;
  bool had_short_chunk_ = false;
  std::string trailer_text_;  // what is signed of it
  std::string trailer_value_;
  std::string trailer_signature_;
  bool had_trailer_ = false;
};

}  // namespace hyd::objects

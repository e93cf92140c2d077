// What one HTTP/1.1 message may measure, for every service behind this room. A service may set
// lower limits of its own. Sizes without another source are ours: above what AWS services accept
// (10,240 bytes for all headers: "Amazon API Gateway quotas"), low enough that a hostile client
// costs little memory.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace hyd::net {

inline constexpr std::size_t kLineBytesMax =
    16 * 1024;  // request line, or one header, without CRLF
inline constexpr std::size_t kHeadBytesMax = 32 * 1024;  // request line and all headers
inline constexpr std::size_t kHeadersMax = 128;
inline constexpr std::size_t kChunkSizeDigitsMax = 16;  // 64 bits
inline constexpr std::size_t kChunkExtensionBytesMax = 256;
inline constexpr std::size_t kTrailerBytesMax = 8 * 1024;

// Requests of one connection that may wait for their answers; also the most that one connection
// gets served in a turn, so that a pipelining client cannot starve the others of its loop.
inline constexpr std::size_t kPipelineMax = 16;

// Of a body that nobody wants, this much is read and thrown away so that the connection (or at
// least the answer on it) survives.
inline constexpr std::uint64_t kDiscardBytesMax = 64 * 1024;

struct Timeouts {
  std::chrono::seconds head{10};        // from the first byte (or the accept) to the empty line
  std::chrono::seconds idle{75};        // between requests; SDK pools expect at least 20
  std::chrono::seconds body_stall{30};  // between two reads of a body
  std::chrono::seconds body_rate_window{60};
  std::uint64_t body_bytes_per_second_min = 1024;  // over each such window
  std::chrono::seconds write_stall{60};            // without one byte of an answer taken
  std::chrono::seconds linger{2};                  // for the peer to read a last answer and close
};

}  // namespace hyd::net

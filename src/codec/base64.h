// Base64 in the standard alphabet (RFC 4648 section 4), always with padding.
//
// Two decoders, because AWS has two behaviours. The strict one is what blobs in requests are held
// to: a multiple of four characters, no white space, `=` only at the end, no stray bits behind the
// last byte; it says which rule was broken and where, since Kinesis answers each with its own text.
// The loose one is Java's basic decoder, which templates see: padding may be missing and stray bits
// are ignored. Runs on AVX-512 VBMI, AVX2 or plain code, whatever the machine has; all three agree.
#pragma once

#include "base/result.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace hyd::codec {

constexpr std::size_t base64_encoded_size(std::size_t bytes) { return (bytes + 2) / 3 * 4; }
// The most that `characters` can decode to; up to two bytes more than the padding leaves.
constexpr std::size_t base64_decoded_size_max(std::size_t characters) {
  return characters / 4 * 3 + characters % 4;
}

std::string base64_encode(std::string_view bytes);
void append_base64(std::string_view bytes, std::string& out);
// Writes base64_encoded_size(bytes.size()) characters, which `out` must have room for.
void base64_encode_to(std::string_view bytes, std::span<char> out);

struct Base64Decoded {
  enum class Fault : std::uint8_t {
    none,
    length,         // not a multiple of four; told before any character is looked at
    character,      // `at` is the first one that may not stand there, a wrong `=` included
    trailing_bits,  // the last character before the padding has bits that no byte holds
  };
  Fault fault = Fault::none;
  std::size_t at = 0;
  std::size_t size = 0;  // bytes written, when there was no fault
};

// Strict. `out` holds at least base64_decoded_size_max(text.size()) bytes; after a fault its
// content is meaningless.
Base64Decoded base64_decode_to(std::string_view text, std::span<char> out);

// Strict; Code::invalid with the rule that was broken.
base::Result<std::string> base64_decode(std::string_view text);
// As java.util.Base64.getDecoder(): "Zg" and "Zh==" pass, "Zg=" and white space do not.
base::Result<std::string> base64_decode_java(std::string_view text);

}  // namespace hyd::codec

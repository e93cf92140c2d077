#include "net/refusal.h"

#include <array>
#include <utility>

namespace hyd::net {
namespace {

using enum Refusal;

constexpr std::array<RefusalText, kRefusals> kTexts = {{
    {none, "none", 200, ""},
    {bad_method, "bad_method", 400, "The method is not a token."},
    {bad_target, "bad_target", 400, "The request target is not a path."},
    {bad_version, "bad_version", 400, "The request line does not end in an HTTP version."},
    {unsupported_version, "unsupported_version", 505,
     "Only HTTP/1.0 and HTTP/1.1 are spoken here."},
    {line_too_long, "line_too_long", 414, "The request line is longer than 16384 bytes."},
    {header_too_long, "header_too_long", 431, "A header is longer than 16384 bytes."},
    {head_too_large, "head_too_large", 431, "The headers are larger than 32768 bytes."},
    {too_many_headers, "too_many_headers", 431, "There are more than 128 headers."},
    {bad_header_name, "bad_header_name", 400, "A header name is not a token followed by a colon."},
    {space_before_colon, "space_before_colon", 400,
     "There is white space before a header's colon."},
    {folded_header, "folded_header", 400, "A header line begins with white space."},
    {bad_header_value, "bad_header_value", 400, "A header value holds a control character."},
    {bare_cr_or_lf, "bare_cr_or_lf", 400, "A line does not end in CR LF."},
    {missing_host, "missing_host", 400, "An HTTP/1.1 request needs a Host header."},
    {repeated_host, "repeated_host", 400, "There is more than one Host header."},
    {bad_host, "bad_host", 400, "The Host header is not a host."},
    {other_host, "other_host", 400, "The request target and the Host header name different hosts."},
    {repeated_length, "repeated_length", 400, "There is more than one Content-Length header."},
    {bad_length, "bad_length", 400, "Content-Length is not a decimal number."},
    {bad_encoding, "bad_encoding", 400, "Transfer-Encoding is not exactly chunked."},
    {length_and_encoding, "length_and_encoding", 400,
     "There are both Content-Length and Transfer-Encoding."},
    {encoding_in_http10, "encoding_in_http10", 400, "HTTP/1.0 has no Transfer-Encoding."},
    {bad_expectation, "bad_expectation", 417, "Only the expectation 100-continue is understood."},
    {bad_chunk_size, "bad_chunk_size", 400, "A chunk size is not 1 to 16 hexadecimal digits."},
    {chunk_extension_too_long, "chunk_extension_too_long", 400,
     "A chunk extension is longer than 256 bytes."},
    {bad_chunk_end, "bad_chunk_end", 400, "A chunk does not end in CR LF."},
    {bad_trailer, "bad_trailer", 400, "The trailer section is malformed."},
    {trailer_too_large, "trailer_too_large", 400, "The trailer section is larger than 8192 bytes."},
}};

constexpr bool in_order() {
  for (std::size_t i = 0; i < kTexts.size(); ++i) {
    if (std::to_underlying(kTexts[i].refusal) != i) return false;
  }
  return true;
}
static_assert(in_order(), "a row for each Refusal, in the order of the enumeration");

}  // namespace

const RefusalText& text(Refusal refusal) { return kTexts[std::to_underlying(refusal)]; }

}  // namespace hyd::net

// Why a request was not understood: a status and a sentence for the client, a name for the
// counters. After a refusal nothing more of the connection is read: where the next request would
// begin is unknown, and guessing is how requests are smuggled (RFC 9112, section 11.2).
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace hyd::net {

enum class Refusal : std::uint8_t {
  none,
  bad_method,
  bad_target,
  bad_version,
  unsupported_version,
  line_too_long,
  header_too_long,
  head_too_large,
  too_many_headers,
  bad_header_name,
  space_before_colon,
  folded_header,
  bad_header_value,
  bare_cr_or_lf,
  missing_host,
  repeated_host,
  bad_host,
  other_host,
  repeated_length,
  bad_length,
  bad_encoding,
  length_and_encoding,
  encoding_in_http10,
  bad_expectation,
  bad_chunk_size,
  chunk_extension_too_long,
  bad_chunk_end,
  bad_trailer,
  trailer_too_large,
};
inline constexpr std::size_t kRefusals = 29;

struct RefusalText {
  Refusal refusal;
  std::string_view name;  // a telemetry tag
  std::uint16_t status;
  std::string_view sentence;
};

const RefusalText& text(Refusal refusal);

}  // namespace hyd::net

// The pieces of a canonical request: the text that a SigV4 signature is computed over
// (AWS documentation, "Create a signed AWS API request").
//
// All functions append and take the request as it came: nothing has been decoded, normalised or
// rewritten before.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace hyd::aws {

enum class PathRule : std::uint8_t {
  // S3: each segment decoded and encoded once; dots and double slashes mean what they say.
  once,
  // Everybody else: dot segments and repeated slashes removed, then the encoded path encoded again.
  twice,
  // Exactly as sent: what a client signed that does not encode as S3 does.
  raw,
};

struct QueryRule {
  // A literal `+` was meant as a space. Some clients sign it that way.
  bool plus_is_space = false;
  // Presigned: the signature is no part of what it signs.
  bool drop_signature = false;
};

struct HeaderView {
  std::string_view name;  // as sent, any case
  std::string_view value;
};

void append_canonical_path(std::string_view path, PathRule rule, std::string& out);

// `query` is what stands behind the `?`, which is no part of it.
void append_canonical_query(std::string_view query, QueryRule rule, std::string& out);

// Trimmed, and every inner run of blanks one space, also inside quotes.
void append_canonical_value(std::string_view value, std::string& out);

// The values of all headers of this lower-case name in order of arrival, joined by commas. False,
// and nothing appended, when there is none.
bool append_canonical_header(std::span<const HeaderView> headers, std::string_view name,
                             std::string& out);

// ASCII only: header names.
bool equal_ignoring_case(std::string_view name, std::string_view lower_case);

}  // namespace hyd::aws

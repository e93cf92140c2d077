// The pieces of a canonical request: the text that a SigV4 signature is computed over
// (AWS documentation, "Create a signed AWS API request").
//
// All functions append and take the request as it came: nothing has been decoded, normalised or
// rewritten before.
#pragma once

#include <cstddef>
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

constexpr char to_lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

// ASCII only: header names. Inline, for it is asked some hundred times for each request.
inline bool equal_ignoring_case(std::string_view name, std::string_view lower_case) {
  if (name.size() != lower_case.size()) return false;
  for (std::size_t i = name.size(); i-- > 0;) {  // their ends differ more often than their starts
    if (to_lower(name[i]) != lower_case[i]) return false;
  }
  return true;
}

}  // namespace hyd::aws

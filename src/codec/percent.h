// Percent-encoding in its two dialects.
//
// URIs (RFC 3986): only `A-Z a-z 0-9 - . _ ~` stay, a space is %20, a plus is a plus; this is also
// what signatures are computed over. Forms (application/x-www-form-urlencoded, as Java's URLEncoder
// writes it): `A-Z a-z 0-9 - . _ *` stay, a space is `+`. Escapes are written in upper case and
// read in either.
#pragma once

#include "base/result.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace hyd::codec {

enum class Slash : std::uint8_t { encode, keep };

std::string percent_encode(std::string_view bytes, Slash slash = Slash::encode);
void append_percent_encoded(std::string_view bytes, std::string& out, Slash slash = Slash::encode);

// Code::invalid when a `%` has no two hexadecimal digits behind it.
base::Result<std::string> percent_decode(std::string_view text);
// A `%` without digits stands for itself, as AWS's front ends treat it.
std::string percent_decode_loose(std::string_view text);

std::string form_encode(std::string_view bytes);
// `+` is a space. Code::invalid as above.
base::Result<std::string> form_decode(std::string_view text);
std::string form_decode_loose(std::string_view text);

}  // namespace hyd::codec

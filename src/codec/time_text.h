// Dates in the spellings of AWS and HTTP, all in UTC of the proleptic Gregorian calendar, years
// 0001 to 9999. Pure arithmetic: no locale, no time-zone data.
#pragma once

#include "base/clock.h"

#include <optional>
#include <string>
#include <string_view>

namespace hyd::codec {

// "20260131T235959Z", as signatures have it.
std::string iso_basic(base::WallTime t);
// "20260131".
std::string iso_basic_date(base::WallTime t);
// "2026-01-31T23:59:59Z".
std::string iso_seconds(base::WallTime t);
// "2026-01-31T23:59:59.123Z"; shorter fractions are cut off, not rounded.
std::string iso_millis(base::WallTime t);
// "Sat, 31 Jan 2026 23:59:59 GMT".
std::string http_date(base::WallTime t);

// Exactly the form of `iso_basic`.
std::optional<base::WallTime> parse_iso_basic(std::string_view text);
// RFC 3339 with `T`, `Z` or an offset, and a fraction of any length (cut to microseconds). A date
// alone is its midnight.
std::optional<base::WallTime> parse_iso(std::string_view text);
// The three forms of RFC 9110: "Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT"
// (two digits: 1970 to 2069) and "Sun Nov  6 08:49:37 1994". The day of the week is not compared.
std::optional<base::WallTime> parse_http_date(std::string_view text);

}  // namespace hyd::codec

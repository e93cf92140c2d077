// The names that IAM makes up. All from the system's entropy: secrets come from here too.
#pragma once

#include "base/rng.h"

#include <string>
#include <string_view>

namespace hyd::identity {

// "AKIA" and 16 of A-Z2-7.
std::string make_access_key_id(base::Rng& entropy);
// 40 characters of the base64 alphabet: 240 bits.
std::string make_secret(base::Rng& entropy);
// "AROA" and 17 of A-Z2-7, never given out twice.
std::string make_role_id(base::Rng& entropy);
// 12 digits, the first not 0: tools take an account of zeros for "none".
std::string make_account(base::Rng& entropy);

}  // namespace hyd::identity

// The names that API Gateway makes up, and the form of those that a caller in this process chose.
#pragma once

#include "base/rng.h"

#include <cstddef>
#include <string>
#include <string_view>

namespace hyd::gateway {

inline constexpr std::size_t kApiIdLength = 10;
inline constexpr std::size_t kIdLength = 6;  // of resources and deployments

// Lower-case letters and digits.
std::string make_id(std::size_t length, base::Rng& entropy);
bool is_id(std::string_view text, std::size_t length);

// The root's id follows from the API's, so a caller that chose one knows both. 10 characters.
std::string root_id_of(std::string_view api_id);

}  // namespace hyd::gateway

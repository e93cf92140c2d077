// The known name that somebody probably meant: for messages.
#pragma once

#include <span>
#include <string_view>

namespace hyd::base {

// Empty when none is near: more than two letters differ, or a third of a short name (one of a name
// with two). Upper and lower case are the same. Never `name` itself.
std::string_view nearest(std::string_view name, std::span<const std::string_view> known);

}  // namespace hyd::base

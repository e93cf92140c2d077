// The known name that somebody probably meant: for messages.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace hyd::stacks {

// Empty when none is near: more than two letters differ, or a third of a short name. Never `name`
// itself.
std::string_view nearest(std::string_view name, std::span<const std::string_view> known);

// "; did you mean NAME?", or nothing.
std::string suggestion(std::string_view name, std::span<const std::string_view> known);

}  // namespace hyd::stacks

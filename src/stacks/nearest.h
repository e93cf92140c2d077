// The known name that was probably meant: for messages, and so that what follows from a slip is not
// told as a second one.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace hyd::stacks {

// base/nearest.h, and of a key that has swallowed its value ("Type String", "Type:String") what it
// begins with. Empty: nothing.
std::string_view nearest(std::string_view name, std::span<const std::string_view> known);

// "; did you mean NAME?", "; expected a colon and a blank behind NAME", or nothing.
std::string suggestion(std::string_view name, std::span<const std::string_view> known);

}  // namespace hyd::stacks

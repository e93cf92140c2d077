// Upper and lower case of UTF-8 text, beyond ASCII, as Java's String has it (root locale): "ß"
// becomes "SS", a capital sigma at the end of a word becomes "ς".
#pragma once

#include <string>
#include <string_view>

namespace hyd::codec {

std::string to_lower_case(std::string_view text);
std::string to_upper_case(std::string_view text);
// String.equalsIgnoreCase: character by character, so that "ß" and "SS" differ.
bool equal_ignoring_case(std::string_view a, std::string_view b);

}  // namespace hyd::codec

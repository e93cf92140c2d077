// The text of Fn::Sub, cut at its variables. Internal to stacks.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

namespace hyd::stacks {

// Text to copy, or the name of a variable: "Api", "Api.RootResourceId", "AWS::Region". Lends the
// text that it was cut from.
struct SubPart {
  bool variable = false;
  std::string_view text;
};

// `${!Text}` is the text `${Text}`; a `${` that nothing closes is text. Nothing when a name holds
// anything but letters, digits, underscores, periods and colons.
std::optional<std::vector<SubPart>> parse_sub(std::string_view text);

// A variable's logical id and attribute ("A.Outputs.B" is "A", "Outputs.B"); the attribute is empty
// for a Ref.
struct SubName {
  std::string_view name;
  std::string_view attribute;
};
SubName parse_sub_name(std::string_view variable);

}  // namespace hyd::stacks

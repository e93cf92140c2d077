// What was typed where a command was expected, and is none.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace hyd::cli {

// A command's words: "up", or a group and a name ("vtl render").
struct CommandName {
  std::string_view group;  // empty: none
  std::string_view name;
};

// What is wrong with the first words: they name no command (with the one that was probably meant),
// or stop before one. Nothing when they name one, or are a flag's.
std::optional<std::string> wrong_command(const std::vector<std::string>& words,
                                         std::span<const CommandName> known);

}  // namespace hyd::cli

// What a program of the classic dialect has besides: calls of macros, their bodies, and what is
// printed instead of a reference that has no value.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace hyd::vtl {

// Of one render, with all that it parses and evaluates.
inline constexpr std::size_t kClassicVariablesMax = 1u << 13;
inline constexpr std::size_t kClassicStackMax = 1u << 12;

inline constexpr std::uint32_t kNoCode = UINT32_MAX;

// Printed for a reference without a value. Inside a macro a plain `$name` that is one of its
// parameters shows what the caller has written instead.
struct MissingText {
  std::uint32_t slot = UINT32_MAX;  // of a plain $name
  std::string_view before;
  std::string_view literal;
};

// Arguments are passed by name: their code runs each time the macro asks for the parameter, in the
// scope of the caller. Numbers and booleans are computed once.
struct MacroArgument {
  std::uint32_t code = kNoCode;  // leaves a value
  bool once = false;
  std::string_view literal;
};

struct MacroCall {
  std::string_view name;
  std::string_view literal;  // printed when there is no such macro
  std::vector<MacroArgument> arguments;
  std::uint32_t body = kNoCode;  // of #@name(…)…#end
  bool bare_word = false;        // among the arguments: refused when the macro exists
};

struct MacroBody {
  std::uint32_t code = kNoCode;
  std::vector<std::uint32_t> parameters;  // variables
};

// A text that was compiled into the program, and where its instructions start.
struct Segment {
  std::uint32_t first_op = 0;
  std::string name;  // of the file; empty for the template itself
  std::string source;
};

struct ClassicTables {
  std::deque<MissingText> missing;
  std::deque<MacroCall> calls;
  std::map<std::string, MacroBody, std::less<>> macros;
  std::deque<Segment> segments;
};

}  // namespace hyd::vtl

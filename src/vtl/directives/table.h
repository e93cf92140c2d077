// The directives: one row each, for the parser, the compiler and the manual.
#pragma once

#include "vtl/syntax.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace hyd::vtl {

class Compiler;

inline constexpr std::size_t kNoWord = SIZE_MAX;

struct DirectiveRow {
  std::string_view name;
  bool grammar;         // part of the language itself: #set, #if and its parts
  bool block;           // ends with #end
  std::size_t word_at;  // the argument that may be a bare word
  // Emits the instructions; null for those of the grammar. Reports arguments that Velocity refuses.
  void (*compile)(Compiler& compiler, const Node& node);
  std::string_view doc;
  std::string_view example;
};

std::span<const DirectiveRow> directives();
// Null when nobody knows the word in this dialect.
const DirectiveRow* find_directive(std::string_view name, Dialect dialect = Dialect::gateway);

}  // namespace hyd::vtl

// Reads a template into its tree.
#pragma once

#include "vtl/classic_tables.h"
#include "vtl/source.h"
#include "vtl/syntax.h"

#include <expected>
#include <string_view>

namespace hyd::vtl {

// Blocks, quoted templates, lists, maps, arguments and parentheses inside each other. Velocity has
// no such limit but Java's stack; no template in use comes near it.
inline constexpr std::size_t kNestingMax = 200;

// A template is read to its end or refused with the first thing that is wrong, as Velocity 1.7
// does.
//
// `classic` is what has been defined so far in the classic dialect, null in API Gateway's.
std::expected<Syntax, Diagnostic> parse_syntax(std::string_view text,
                                               const ClassicTables* classic = nullptr);

}  // namespace hyd::vtl

// What the rows of the table point to; one file each.
#pragma once

#include "vtl/syntax.h"

namespace hyd::vtl {

class Compiler;

void compile_foreach(Compiler& compiler, const Node& node);
void compile_define(Compiler& compiler, const Node& node);
void compile_break(Compiler& compiler, const Node& node);
void compile_stop(Compiler& compiler, const Node& node);
void compile_literal(Compiler& compiler, const Node& node);
void compile_macro(Compiler& compiler, const Node& node);
void compile_evaluate(Compiler& compiler, const Node& node);
void compile_include(Compiler& compiler, const Node& node);

}  // namespace hyd::vtl

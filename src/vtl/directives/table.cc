#include "vtl/directives/table.h"

#include "vtl/directives/rows.h"

namespace hyd::vtl {
namespace {

constexpr DirectiveRow kRows[] = {
    {"set", true, false, kNoWord, nullptr,
     "Assigns to a variable, a member of a map or an item of a list.", "#set($x = 1 + 2)$x -> 3"},
    {"if", true, true, kNoWord, nullptr,
     "Renders its block when the condition holds; only the boolean false does not.",
     "#if(1 == 1)yes#{else}no#end -> yes"},
    {"elseif", true, false, kNoWord, nullptr, "Another condition of an #if.",
     "#if(false)a#elseif(true)b#end -> b"},
    {"else", true, false, kNoWord, nullptr, "What an #if renders when no condition holds.",
     "#if(false)a#{else}b#end -> b"},
    {"end", true, false, kNoWord, nullptr, "Ends a block.", "#if(true)a#{end}b -> ab"},
    {"foreach", false, true, 1, compile_foreach,
     "Renders its block once for each item of a list, value of a map or number of a range.",
     "#foreach($i in [1..3])$i#if($foreach.hasNext),#end#end -> 1,2,3"},
    {"define", false, true, kNoWord, compile_define,
     "Keeps its block in a variable, which renders it each time it is printed.",
     "#define($b)<$x>#end#set($x = 1)$b#set($x = 2)$b -> <1><2>"},
    {"break", false, false, kNoWord, compile_break,
     "Leaves the innermost #foreach, or the loop whose $foreach it is given.",
     "#foreach($i in [1..9])$i#if($i == 2)#break#end#end -> 12"},
    {"stop", false, false, kNoWord, compile_stop,
     "Ends the template; what it has printed so far is the result.", "a#stop b -> a"},
    {"literal", false, true, kNoWord, compile_literal, "Prints its block as it stands.",
     "#literal()$x#end -> $x"},
    {"macro", false, true, kNoWord, compile_macro,
     "Defines nothing: API Gateway does not allow macros, and calls print as they stand.",
     "#macro(m)a#end#m() -> #m()"},
    {"parse", false, false, kNoWord, compile_include,
     "Fails when it is reached: there are no other templates.", ""},
    {"include", false, false, kNoWord, compile_include,
     "Fails when it is reached: there are no files.", ""},
};

// Velocity has it and API Gateway has not: there the word is text.
constexpr DirectiveRow kEvaluate = {
    "evaluate", false, false, kNoWord, compile_evaluate, "Renders a text as a template.", ""};

}  // namespace

std::span<const DirectiveRow> directives() { return kRows; }

const DirectiveRow* find_directive(std::string_view name, Dialect dialect) {
  if (dialect == Dialect::classic && name == kEvaluate.name) return &kEvaluate;
  for (const DirectiveRow& row : kRows) {
    if (row.name == name) return &row;
  }
  return nullptr;
}

}  // namespace hyd::vtl

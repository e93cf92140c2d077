// A template, parsed once: a flat list of instructions that any number of threads may run at the
// same time, for as long as the program lives. It never changes.
#pragma once

#include "vtl/classic_tables.h"
#include "vtl/functions/table.h"
#include "vtl/heap.h"
#include "vtl/source.h"
#include "vtl/value.h"

#include <cstdint>
#include <expected>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace hyd::vtl {

// `a` and `b` name slots, texts, constants, names, sites or instructions, as each line says. "Gives
// up" means: what was computed so far is null, so the whole reference is the empty text and
// execution goes on at `b`, the end of the reference.
enum class OpCode : std::uint8_t {
  text,            // prints text a
  print,           // prints the top; n: text a before it; b: text printed when it has none
  print_variable,  // prints variable a; b: text printed when it has none
  discard,         // drops the top
  constant,        // pushes constant a
  null,            // pushes null
  load,            // pushes variable a; gives up
  context,         // pushes the context field a and goes to b, if it can be told without the map
  stage_variable,  // the same with name a of $stageVariables
  property,        // top.name a; gives up
  index,           // below[top]; gives up
  method,          // calls site a with n arguments; gives up
  list,            // of the n values on top
  map,             // of the n keys and values on top
  range,           // below .. top
  add,             // a, b: texts for operands that have no value
  subtract,
  multiply,
  divide,
  modulo,
  equal,
  not_equal,
  less,
  less_equal,
  greater,
  greater_equal,
  truth,  // the top as a condition
  not_,
  jump,                // to a
  jump_if_false,       // pops; to a
  jump_if_false_keep,  // to a, else pops
  jump_if_true_keep,   // to a, else pops
  jump_if_null,        // pops and goes to a when the top is null
  set,                 // variable a = top, unless null
  set_property,        // (value, target): target.name a = value
  set_index,           // (value, target, key): target[key] = value
  string_begin,        // what is printed up to its end becomes a text
  string_end,          // pushes it; n: without its last character
  append_begin,        // variable a, whose text is about to grow
  append_end,          // variable a = its text and what was printed since
  to_text,             // the top as printed; b: text when it has none
  foreach_begin,       // walks over the top with variable a; nothing to walk over: to b
  foreach_next,        // the next round, or ends the loop and goes to b
  define,              // variable a = the block behind; goes to b
  block_end,           // of a block that #define has stored
  break_,              // n: pops the scope to leave
  stop,
  fail,  // with text a
  // Of the classic dialect only:
  load_name,      // pushes variable a as the macros around see it; gives up
  print_name,     // prints the top; n: text a before it; b: what stands for a null, of `missing`
  print_escaped,  // the same for an escaped reference, whose value is not printed
  set_name,       // variable a = top, in every scope around, unless null
  call,           // calls macro a of `calls`
  evaluate,       // renders the top as a template
  parse_file,     // renders the file that the top names
  include_file,   // prints the file that the top names; a: number of the argument
  end,
};

struct Op {
  OpCode code = OpCode::end;
  std::uint8_t flags = 0;
  std::uint16_t n = 0;
  std::uint32_t a = 0;
  std::uint32_t b = 0;
};
// In `flags` of property, index, method, load: part of the target of a #set. Giving up drops the
// value to assign as well, without a trace.
inline constexpr std::uint8_t kOfTarget = 1;

struct Site {
  std::string_view name;
  Dispatch dispatch;
  Prepared prepared;
};

struct ContextName {
  std::string_view object;
  std::string_view name;
  std::string_view whole;  // dotted
};

class Program {
 public:
  // The variables that every program has.
  enum Slot : std::uint32_t {
    input,
    util,
    context,
    stage_variables,
    foreach,
    velocity_count,
    velocity_has_next,
    first_free,
  };

  Program() = default;
  Program(const Program&) = delete;
  Program& operator=(const Program&) = delete;

  const std::vector<Op>& ops() const { return ops_; }
  std::size_t variables() const { return names_of_variables_.size(); }
  // The most values that are on the stack at once, blocks in blocks not counted.
  std::size_t stack_max() const { return stack_max_; }
  std::string_view text(std::uint32_t id) const { return texts_[id]; }
  const Value& constant(std::uint32_t id) const { return constants_[id]; }
  std::string_view name(std::uint32_t id) const { return names_[id]; }
  const Site& site(std::uint32_t id) const { return sites_[id]; }
  const ContextName& context_name(std::uint32_t id) const { return context_names_[id]; }
  // Which inputs it can see at all; what it cannot need not be gathered.
  bool reads_context() const { return reads_context_; }
  bool reads_stage_variables() const { return reads_stage_variables_; }

  std::string_view source() const { return source_; }
  // Of an instruction, by its number.
  Place place(std::size_t op) const { return place_of(source_, offsets_[op]); }
  std::uint32_t offset(std::size_t op) const { return offsets_[op]; }
  const ClassicTables& classic() const { return classic_; }

 private:
  friend class Compiler;
  friend class ClassicRun;

  std::string source_;
  std::vector<Op> ops_;
  std::vector<std::uint32_t> offsets_;  // of each op in source_
  Heap heap_;                           // what constants, texts and names point to
  std::vector<std::string_view> texts_;
  std::vector<Value> constants_;
  std::vector<std::string_view> names_;
  std::vector<std::string_view> names_of_variables_;
  std::vector<Site> sites_;
  std::vector<ContextName> context_names_;
  ClassicTables classic_;
  std::size_t stack_max_ = 0;
  bool reads_context_ = false;
  bool reads_stage_variables_ = false;
};

// AWS documents it ("Amazon API Gateway quotas": mapping template size).
inline constexpr std::size_t kTemplateBytesMax = 300 * 1024;

// A template, or the first thing that is wrong with it. It does not have to outlive the call. Bytes
// that are no UTF-8 read as U+FFFD.
[[nodiscard]] std::expected<std::unique_ptr<const Program>, Diagnostic> parse(
    std::string_view text);

}  // namespace hyd::vtl

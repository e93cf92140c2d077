// Turns the tree of a template into a Program.
#pragma once

#include "vtl/program.h"
#include "vtl/source.h"
#include "vtl/syntax.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace hyd::vtl {

class Compiler {
 public:
  Compiler(std::string_view source, const Syntax& syntax);
  // Of the classic dialect: an empty program that add() extends.
  Compiler();

  // Once. Null when a directive was used in a way that Velocity refuses: see error().
  std::unique_ptr<const Program> run();
  const Diagnostic& error() const { return *error_; }
  // Compiles one more text into the program and returns where its code starts: a block, which ends
  // with block_end. Nothing when it is refused.
  std::optional<std::uint32_t> add(std::string_view source, std::string name, const Syntax& syntax);
  const Program& program() const { return *program_; }
  // Macros defined from now on may replace others: those of a library do.
  void replace_macros(bool replace) { replace_macros_ = replace; }

  // For the directives.
  bool is_classic() const { return classic_; }
  const Node& at(NodeId id) const { return syntax_->at(id); }
  // Code that something else calls: a block.
  std::uint32_t code_block(NodeId block);
  void define_macro(const std::string& name, MacroBody body);
  void block(NodeId id);  // statements
  void statement(NodeId id);
  void check(NodeId block);   // code that is never run: Velocity refuses what is wrong in it
  void value(NodeId id);      // leaves a value on the stack
  void condition(NodeId id);  // leaves a boolean
  void print_text(std::string_view text);
  std::uint32_t emit(OpCode code, std::uint32_t offset, std::uint32_t a = 0, std::uint32_t b = 0,
                     std::uint16_t n = 0, std::uint8_t flags = 0);
  // The next instruction's number, as the target of jumps.
  std::uint32_t here();
  void patch_a(std::uint32_t op, std::uint32_t target) { program_->ops_[op].a = target; }
  void patch_b(std::uint32_t op, std::uint32_t target) { program_->ops_[op].b = target; }
  std::uint32_t variable(std::string_view name);
  std::uint32_t text_id(std::string_view text);
  void fail(std::uint32_t offset, std::string what);

 private:
  void set(const Node& node);
  bool append_to_itself(const Node& node);
  void assign(const Node& target);
  void if_(const Node& node);
  void directive(const Node& node);
  void macro_call(const Node& node);

  void reference(const Node& node);
  void print_reference(const Node& node);
  void print_named(const Node& node);
  void chain(const Reference& reference, std::uint32_t offset, std::size_t steps,
             std::uint8_t flags);
  std::uint32_t shortcut(const Reference& reference, std::uint32_t offset);
  void step(const Step& step, std::uint8_t flags, std::vector<std::uint32_t>& give_up);
  void interpolation(const Node& node);
  void operator_(NodeId id);
  void logical(const Node& node);
  std::uint32_t constant(const Value& value);
  std::uint32_t name_id(std::string_view name);
  std::uint32_t site(const Step& step);

  std::string_view keep(std::string_view text) { return program_->heap_.copy(text); }

  const Syntax* syntax_;
  std::string_view source_;
  std::unique_ptr<Program> program_;
  std::optional<Diagnostic> error_;
  std::unordered_map<std::string, std::uint32_t> variables_;
  std::unordered_map<std::string, std::uint32_t> names_;
  std::unordered_map<std::string, std::uint32_t> texts_;
  std::int64_t stack_ = 0;     // values on the stack at this place
  std::uint32_t barrier_ = 0;  // instructions before it are done: a jump leads behind them
  bool classic_ = false;
  bool replace_macros_ = false;
};

}  // namespace hyd::vtl

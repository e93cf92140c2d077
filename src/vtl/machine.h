// Runs a program.
//
// A stack machine over 16-byte values. Printing goes to a sink: the output, or, while a quoted text
// is interpolated, a scratch text that becomes a value at its end. #define blocks are run by a call
// of the machine within itself, loops and everything else by jumps.
#pragma once

#include "vtl/document.h"
#include "vtl/program.h"
#include "vtl/run.h"

#include <cstdint>
#include <expected>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hyd::vtl {

// What a renderer keeps between renders, so that most of them allocate nothing.
struct MachineMemory {
  // While a quoted text is rendered, what is printed goes elsewhere: here it goes back to.
  struct Mark {
    std::string* sink;
    std::size_t start;
  };
  // A loop that runs.
  struct Frame {
    Value items;
    std::uint32_t cursor = 0;
    std::uint32_t changes = 0;
    std::uint32_t rounds = 0;
    std::uint32_t variable = 0;
    std::uint32_t end = 0;
    Value* stack = nullptr;
    std::size_t marks = 0;
    Value saved_item;
    Value saved_count;
    Value saved_has_next;
    bool was_masked = false;
    // Of maps and their views: Java's iterator looks one entry ahead, so an entry that the last
    // round adds is neither walked over nor noticed.
    bool more = false;
    bool hid_enough = false;  // an item that is null hides its variable no more
    // Of the classic dialect: the macro that the loop is in, and whether its item is null now.
    const void* scope = nullptr;
    bool hides = false;
    Loop* loop = nullptr;
  };
  std::string scratch;
  std::vector<Mark> marks;
  std::vector<Frame> frames;
};

// Compiles more code into a program of the classic dialect while it runs.
class ClassicHost {
 public:
  virtual ~ClassicHost() = default;
  // Where the code starts, or why there is none.
  virtual std::expected<std::uint32_t, std::string> evaluate(std::string_view text) = 0;
  virtual std::expected<std::uint32_t, std::string> parse_file(std::string_view path) = 0;
  virtual std::expected<std::string, std::string> include_file(std::string_view path) = 0;
  // The variable that a macro finds its body in.
  virtual std::uint32_t body_content() const = 0;
};

class Machine final : public BlockRenderer {
 public:
  // Lends all of them.
  Machine(const Program& program, Run& run, MachineMemory& memory, std::string& output);
  // For a program of the classic dialect; `host` outlives the machine.
  Machine(const Program& program, Run& run, MachineMemory& memory, std::string& output,
          ClassicHost& host);
  // Of the classic dialect, before it runs.
  void set_variable(std::uint32_t slot, const Value& value) { variables_[slot] = value; }
  // Runs the block that starts at `code`; whether it came to its end or to #stop.
  bool run_block(std::uint32_t code);
  std::size_t failed_at() const { return failed_at_; }

  // Whether it came to an end or to #stop; else the run has failed, at place().
  bool run_program();
  Place place() const { return program_.place(failed_at_); }
  std::uint32_t loops_cut() const { return loops_cut_; }
  // The $context map, null when the template never asked for it.
  Map* context() const { return context_; }

  bool render_block(Block& block, std::string& out) override;

 private:
  using Frame = MachineMemory::Frame;
  // A text that grows in place, of one variable.
  struct Growing {
    char* bytes = nullptr;
    std::uint32_t size = 0;
    std::uint32_t room = 0;
  };

  // What a macro that is being called sees: its arguments, and what was assigned since.
  struct Scope {
    struct Argument {
      std::uint32_t slot;
      std::uint32_t code;
      std::string_view literal;
    };
    Scope* outer;
    std::vector<std::pair<std::uint32_t, Value>> locals;
    std::vector<Argument> arguments;
  };

  void execute(std::uint32_t at);
  // Runs a block on a stack of its own, printing to `out`. With `result`: what it leaves there.
  void execute_block(std::uint32_t code, std::string& out, Value* result);
  void compute(const Op& op);
  void define(const Op& op, std::uint32_t& at);
  void note_failure(std::uint32_t op);
  void push(const Value& value) { *top_++ = value; }
  Value pop() { return *--top_; }
  // The topmost value.
  Value& top() { return top_[-1]; }
  Value* new_stack();

  bool load(const Op& op);
  bool give_up(const Op& op);
  bool load_context_field(const Op& op);
  bool load_stage_variable(const Op& op);
  Value variable(std::uint32_t slot);
  void print(const Op& op, const Value& value);
  void print_variable(const Op& op);
  void print_top_as_text(const Op& op);
  bool step(const Op& op);
  bool finish(const Op& op, std::size_t used, const Value& result);
  void fits();
  void make_list(std::uint32_t count);
  void make_map(std::uint32_t count);
  void make_range();
  void calculate(const Op& op);
  void add(const Op& op);
  bool compare(OpCode code);
  bool equal(const Value& a, const Value& b);
  bool truth(const Value& value);
  void set_property(std::string_view name);
  void set_index();

  void begin_string();
  std::string_view marked_text() const;
  void end_string(bool chop);
  void append_begin(const Op& op);
  void append_end(std::uint32_t slot);
  Value grow(std::uint32_t slot, std::string_view base, std::string_view piece);
  void drop_mark();
  void drop_marks(std::size_t keep);

  bool begin_loop(const Op& op);
  bool next_round();
  bool next_item(Frame& frame, Value& item);
  bool has_next(const Frame& frame) const;
  bool find_more(const Frame& frame) const;
  void end_loop();
  bool leave(const Op& op, std::uint32_t& at);
  // Of what stands in a loop's variables.
  Value current(std::uint32_t slot);
  void assign(std::uint32_t slot, const Value& value);
  void stop_hiding(std::uint32_t slot);

  // Of the classic dialect, in machine_classic.cc.
  void compute_classic(const Op& op);
  bool load_name(const Op& op);
  Value seen(std::uint32_t slot);
  void assign_seen(std::uint32_t slot, const Value& value);
  void forget(std::uint32_t slot);
  bool hidden_by_loop(const Scope* scope, std::uint32_t slot) const;
  void print_name(const Op& op);
  std::string_view literal_of(const MissingText& missing) const;
  void call_macro(const Op& op);
  void evaluate();
  void parse_file();
  void include_file(const Op& op);

  const Program& program_;
  Run& run_;
  Value* variables_;
  std::uint8_t* masked_;              // of variables: 1 while a loop's current item is null
  Value* top_;                        // of the stack, one behind the topmost value
  std::vector<Value*> block_stacks_;  // one for each level of blocks in blocks; values never move
  std::string& scratch_;
  std::string* sink_;
  std::vector<MachineMemory::Mark>& marks_;
  std::vector<Frame>& frames_;
  std::size_t frames_below_ = 0;  // of the block that is being rendered: they belong to its caller
  Growing* growing_ = nullptr;    // of every variable, once one grows
  Map* context_ = nullptr;
  std::size_t failed_at_ = 0;
  bool place_known_ = false;  // the innermost instruction that failed counts
  std::uint32_t loops_cut_ = 0;
  std::uint32_t depth_ = 0;
  Value missing_ = Value("");  // what a reference without a value is
  ClassicHost* host_ = nullptr;
  Scope* scope_ = nullptr;  // innermost macro
  std::uint32_t macro_depth_ = 0;
  std::uint32_t file_depth_ = 1;
};

}  // namespace hyd::vtl

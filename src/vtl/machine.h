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
#include <string>
#include <string_view>
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
    Loop* loop = nullptr;
  };
  std::string scratch;
  std::vector<Mark> marks;
  std::vector<Frame> frames;
};

class Machine final : public BlockRenderer {
 public:
  // Lends all of them.
  Machine(const Program& program, Run& run, MachineMemory& memory, std::string& output);

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

  void execute(std::uint32_t at);
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
};

}  // namespace hyd::vtl

#include "vtl/machine.h"

#include "vtl/access.h"
#include "vtl/arithmetic.h"
#include "vtl/context.h"
#include "vtl/objects.h"
#include "vtl/rendering.h"
#include "vtl/text.h"

#include <algorithm>
#include <cstring>

namespace hyd::vtl {

Machine::Machine(const Program& program, Run& run, MachineMemory& memory, std::string& output)
    : program_(program),
      run_(run),
      variables_(run.heap().make_array<Value>(program.variables())),
      masked_(run.heap().make_array<std::uint8_t>(program.variables())),
      top_(new_stack()),
      scratch_(memory.scratch),
      sink_(&output),
      marks_(memory.marks),
      frames_(memory.frames) {
  scratch_.clear();
  marks_.clear();
  frames_.clear();
  std::fill_n(variables_, program.variables(), Value());
  std::fill_n(masked_, program.variables(), std::uint8_t{0});
  variables_[Program::input] = Value(Kind::input);
  variables_[Program::util] = Value(Kind::util);
  variables_[Program::context] = Value(Kind::unread);
  variables_[Program::stage_variables] = Value(Kind::unread);
  run.set_blocks(*this);
}

Value* Machine::new_stack() {
  const std::size_t room = host_ == nullptr ? program_.stack_max() + 1 : kClassicStackMax;
  return run_.heap().make_array<Value>(room);
}

bool Machine::run_program() {
  execute(0);
  return !run_.failed() || run_.stopped();
}

// A block renders only so many levels deep in itself.
bool Machine::render_block(Block& block, std::string& out) {
  if (block.depth >= block.depth_max) return false;
  ++block.depth;
  execute_block(block.code, out, nullptr);
  --block.depth;
  return true;
}

void Machine::execute_block(std::uint32_t code, std::string& out, Value* result) {
  if (depth_ >= run_.limits().depth_max) {
    run_.fail(Failure::Reason::too_deep, "blocks are nested too deep");
    return;
  }
  if (depth_ == block_stacks_.size()) block_stacks_.push_back(new_stack());
  std::string* const sink = sink_;
  Value* const top = top_;
  const std::size_t marks = marks_.size();
  const std::size_t frames_below = frames_below_;
  sink_ = &out;
  top_ = block_stacks_[depth_];
  frames_below_ = frames_.size();
  ++depth_;
  execute(code);
  --depth_;
  if (result != nullptr && top_ != block_stacks_[depth_]) *result = pop();
  while (frames_.size() > frames_below_) end_loop();
  drop_marks(marks);
  frames_below_ = frames_below;
  top_ = top;
  sink_ = sink;
}

// One instruction after the other. Whatever fails or stops ends the loop behind the instruction.
void Machine::execute(std::uint32_t at) {
  const Op* const ops = program_.ops().data();
  while (true) {
    const Op& op = ops[at];
    const std::uint32_t here = at++;
    if (!run_.charge(1)) return note_failure(here);
    switch (op.code) {
      case OpCode::text:
        sink_->append(program_.text(op.a));
        fits();
        break;
      case OpCode::print: print(op, pop()); break;
      case OpCode::print_variable: print_variable(op); break;
      case OpCode::constant: push(program_.constant(op.a)); continue;
      case OpCode::load:
        if (!load(op)) at = op.b;
        break;
      case OpCode::context:
        if (load_context_field(op)) at = op.b;
        break;
      case OpCode::stage_variable:
        if (load_stage_variable(op)) at = op.b;
        break;
      case OpCode::property:
      case OpCode::index:
      case OpCode::method:
        if (!step(op)) at = op.b;
        break;
      case OpCode::jump: at = op.a; continue;
      case OpCode::jump_if_false:
        if (!pop().truth()) at = op.a;
        continue;
      case OpCode::jump_if_false_keep:
      case OpCode::jump_if_true_keep:
        if (top().truth() == (op.code == OpCode::jump_if_true_keep)) {
          at = op.a;
        } else {
          --top_;
        }
        continue;
      case OpCode::jump_if_null:
        if (top().is_null()) {
          --top_;
          at = op.a;
        }
        continue;
      case OpCode::set: {
        const Value value = pop();
        if (!value.is_null()) variables_[op.a] = value;
        continue;
      }
      case OpCode::foreach_begin:
        if (!begin_loop(op)) at = op.b;
        continue;
      case OpCode::foreach_next:
        if (!next_round()) {
          end_loop();
          at = op.b;
        }
        break;
      case OpCode::define: define(op, at); continue;
      case OpCode::load_name:
        if (!load_name(op)) at = op.b;
        break;
      case OpCode::break_:
        if (!leave(op, at)) return;
        break;
      case OpCode::stop: run_.stop(); return;
      case OpCode::block_end:
      case OpCode::end: return;
      default: compute(op);
    }
    if (run_.failed()) return note_failure(here);
  }
}

// The instructions that work on the stack and the variables only.
void Machine::compute(const Op& op) {
  switch (op.code) {
    case OpCode::discard: --top_; return;
    case OpCode::null: push(Value()); return;
    case OpCode::set_property: set_property(program_.name(op.a)); return;
    case OpCode::set_index: set_index(); return;
    case OpCode::string_begin: begin_string(); return;
    case OpCode::string_end: end_string(op.n != 0); return;
    case OpCode::append_begin: append_begin(op); return;
    case OpCode::append_end: append_end(op.a); return;
    case OpCode::to_text: print_top_as_text(op); return;
    case OpCode::list: make_list(op.a); return;
    case OpCode::map: make_map(op.a); return;
    case OpCode::range: make_range(); return;
    case OpCode::add: add(op); return;
    case OpCode::subtract:
    case OpCode::multiply:
    case OpCode::divide:
    case OpCode::modulo: calculate(op); return;
    case OpCode::equal:
    case OpCode::not_equal:
    case OpCode::less:
    case OpCode::less_equal:
    case OpCode::greater:
    case OpCode::greater_equal: {
      const bool holds = compare(op.code);
      --top_;
      top() = Value(holds);
      return;
    }
    case OpCode::truth: top() = Value(truth(top())); return;
    case OpCode::not_: top() = Value(!top().truth()); return;
    case OpCode::fail: run_.fail(program_.text(op.a)); return;
    default: compute_classic(op);
  }
}

// `at` is the first instruction of the block.
void Machine::define(const Op& op, std::uint32_t& at) {
  Block* const block = run_.heap().make<Block>();
  block->code = at;
  assign(op.a, Value(block));
  at = op.b;
}

void Machine::note_failure(std::uint32_t op) {
  if (!place_known_) failed_at_ = op;
  place_known_ = true;
}

Value Machine::variable(std::uint32_t slot) {
  Value& value = variables_[slot];
  if (masked_[slot]) return Value();
  if (value.kind() == Kind::unread) {
    Map* const map = slot == Program::context ? make_context(run_) : make_stage_variables(run_);
    if (slot == Program::context) context_ = map;
    value = Value(map);
  }
  return value;
}

bool Machine::load(const Op& op) {
  const Value& plain = variables_[op.a];
  const bool ready = plain.kind() != Kind::null && plain.kind() != Kind::unread;
  if (ready && masked_[op.a] == 0) {
    push(plain);
    return true;
  }
  const Value value = variable(op.a);
  if (value.is_null()) return give_up(op);
  push(value);
  return true;
}

// A reference has met null: it is the empty text. As the target of a #set it takes the value that
// was to be assigned along.
bool Machine::give_up(const Op& op) {
  if (op.flags == kOfTarget) {
    --top_;
  } else {
    push(missing_);
  }
  return false;
}

void Machine::fits() { run_.text_fits(sink_->size()); }

// The variable must still be what it was at the start; then the field can be told from the inputs.
bool Machine::load_context_field(const Op& op) {
  if (variables_[Program::context].kind() != Kind::unread) return false;
  Value value;
  if (!find_context_field(run_, program_.context_name(op.a), op.n != 0, value)) return false;
  push(value);
  return true;
}

bool Machine::load_stage_variable(const Op& op) {
  if (variables_[Program::stage_variables].kind() != Kind::unread) return false;
  const std::string_view name = program_.name(op.a);
  const auto& all = run_.inputs().stage_variables;
  for (auto it = all.rbegin(); it != all.rend(); ++it) {
    if (it->name == name) {
      push(run_.input_text(it->value));
      return true;
    }
  }
  if (op.n == 0) return false;
  push(Value(""));
  return true;
}

void Machine::print_variable(const Op& op) {
  const Value& plain = variables_[op.a];
  if (plain.is_text() && masked_[op.a] == 0) {
    sink_->append(plain.text());
    run_.charge_bytes(plain.text().size());
    return fits();
  }
  const Value value = variable(op.a);
  if (!value.is_null()) print(op, value);
}

void Machine::print(const Op& op, const Value& value) {
  if (value.is_text()) {
    if (op.n != 0) sink_->append(program_.text(op.a));
    sink_->append(value.text());
    run_.charge_bytes(value.text().size());
  } else if (value.kind() == Kind::block) {
    if (!render_block(*value.block(), *sink_)) sink_->append(program_.text(op.b));
  } else {
    if (op.n != 0) sink_->append(program_.text(op.a));
    if (!append_text(run_, value, *sink_)) sink_->append(program_.text(op.b));
  }
  fits();
}

void Machine::print_top_as_text(const Op& op) {
  if (top().is_text()) return;
  const Value text = to_text(run_, top());
  top() = text.is_null() && !run_.failed() ? Value(program_.text(op.b)) : text;
}

// One step of a reference. False when it gives up.
bool Machine::step(const Op& op) {
  switch (op.code) {
    case OpCode::property: return finish(op, 1, property(run_, top(), program_.name(op.a)));
    case OpCode::index: return finish(op, 2, item(run_, top_[-2], top()));
    default: break;
  }
  const Site& site = program_.site(op.a);
  const Value* const self = top_ - op.n - 1;
  const FunctionRow* const row = site.dispatch.rows[Dispatch::slot(*self)];
  Value result;
  if (row != nullptr) {
    result = row->function(Call{run_, *self, std::span(self + 1, op.n), site.prepared});
  }
  return finish(op, op.n + 1u, result);
}

bool Machine::finish(const Op& op, std::size_t used, const Value& result) {
  top_ -= used;
  if (result.is_null()) return give_up(op);
  push(result);
  return true;
}

void Machine::make_list(std::uint32_t count) {
  List* const list = new_list(run_, List::Form::list, count);
  for (const Value* item = top_ - count; item != top_; ++item) append(run_, *list, *item);
  top_ -= count;
  push(Value(list));
}

void Machine::make_map(std::uint32_t count) {
  Map* const map = new_map(run_);
  for (const Value* key = top_ - count; key != top_; key += 2) put(run_, *map, key[0], key[1]);
  top_ -= count;
  push(Value(map));
}

void Machine::make_range() {
  const Value to = pop();
  const Value from = pop();
  if (!from.is_number() || !to.is_number()) return push(Value());
  const std::int64_t first = to_int(run_.heap(), from);
  const std::int64_t last = to_int(run_.heap(), to);
  const std::int64_t count = (first > last ? first - last : last - first) + 1;
  if (!run_.charge(static_cast<std::uint64_t>(count) / 4) ||
      !run_.reserve(static_cast<std::size_t>(count) * sizeof(Value))) {
    return push(Value());
  }
  List* const list = new_list(run_, List::Form::list, static_cast<std::uint32_t>(count));
  const std::int64_t step = first > last ? -1 : 1;
  for (std::int64_t i = 0; i < count; ++i) {
    append(run_, *list, Value(static_cast<std::int32_t>(first + i * step)));
  }
  push(Value(list));
}

void Machine::add(const Op& op) {
  const Value right = top();
  const Value left = top_[-2];
  if (!left.is_text() && !right.is_text()) return calculate(op);
  // What has no value is written as it stands in the template.
  const Value a = left.is_null() ? Value(program_.text(op.a)) : to_text(run_, left);
  const Value b = right.is_null() ? Value(program_.text(op.b)) : to_text(run_, right);
  if (!run_.failed() && (a.is_null() || b.is_null())) {
    run_.fail("a #define block too deep in itself has no text");
  }
  Value result;
  if (!run_.failed()) {
    if (op.flags == kOfTarget) {
      result = grow(op.n, a.text(), b.text());
    } else {
      std::string text;
      if (run_.text_fits(a.text().size() + b.text().size())) {
        text.append(a.text());
        append_joined(b.text(), text);
        result = run_.make_text(text);
      }
    }
  }
  --top_;
  top() = result;
}

void Machine::calculate(const Op& op) {
  const Value right = pop();
  const Value left = pop();
  if (!left.is_number() || !right.is_number()) return push(Value());
  const auto with =
      static_cast<Operator>(static_cast<int>(op.code) - static_cast<int>(OpCode::add));
  const Computed result = vtl::compute(run_.heap(), with, left, right, run_.steps_left());
  run_.charge(result.cost);
  if (result.fault == Computed::Fault::arithmetic) {
    run_.fail("this arithmetic has no result");
  }
  push(result.value);
}

bool Machine::compare(OpCode code) {
  const Value& b = top_[-1];
  const Value& a = top_[-2];
  if (code == OpCode::equal) return equal(a, b);
  if (code == OpCode::not_equal) return !equal(a, b);
  int order = 0;
  if (a.is_integer() && b.is_integer()) {
    order = a.number() < b.number() ? -1 : (a.number() > b.number() ? 1 : 0);
  } else {
    if (!a.is_number() || !b.is_number()) return false;
    const std::optional<int> known = compare_numbers(run_.heap(), a, b);
    if (!known) run_.fail("these numbers cannot be compared");
    order = known.value_or(0);
  }
  switch (code) {
    case OpCode::less: return order < 0;
    case OpCode::less_equal: return order <= 0;
    case OpCode::greater: return order > 0;
    default: return order >= 0;
  }
}

// Numbers by their value, objects of one class by equals(), anything else by its text.
bool Machine::equal(const Value& a, const Value& b) {
  if (a.is_number() && b.is_number()) {
    const std::optional<int> order = compare_numbers(run_.heap(), a, b);
    if (!order) run_.fail("these numbers cannot be compared");
    return order == 0;
  }
  if (a.is_text() && b.is_text()) return a.text() == b.text();
  if (a.kind() == b.kind() && !a.is_null()) {
    const bool arrays = a.kind() == Kind::list && (a.list()->form == List::Form::array) !=
                                                      (b.list()->form == List::Form::array);
    if (!arrays) return equals(run_, a, b);
    return false;
  }
  const Value left = to_text(run_, a);
  const Value right = to_text(run_, b);
  if (left.is_null() || right.is_null()) return left.is_null() && right.is_null();
  return left.text() == right.text();
}

bool Machine::truth(const Value& value) {
  switch (value.kind()) {
    case Kind::null: return false;
    case Kind::boolean: return value.truth();
    case Kind::block: return !to_text(run_, value).is_null();
    default: return true;
  }
}

void Machine::set_property(std::string_view name) {
  const Value target = pop();
  assign_property(run_, target, name, pop());
}

void Machine::set_index() {
  const Value key = pop();
  const Value target = pop();
  assign_item(run_, target, key, pop());
}

void Machine::begin_string() {
  marks_.push_back({sink_, scratch_.size()});
  sink_ = &scratch_;
}

std::string_view Machine::marked_text() const {
  return std::string_view(scratch_).substr(marks_.back().start);
}

void Machine::drop_mark() {
  scratch_.resize(marks_.back().start);
  sink_ = marks_.back().sink;
  marks_.pop_back();
}

void Machine::drop_marks(std::size_t keep) {
  while (marks_.size() > keep) drop_mark();
}

void Machine::end_string(bool chop) {
  std::string_view text = marked_text();
  std::string shorter;
  if (chop && !text.empty()) {
    append_units(text, 0, unit_count(text) - 1, shorter);
    text = shorter;
  }
  const Value value = run_.make_text(text);
  drop_mark();
  push(value);
}

void Machine::append_begin(const Op& op) {
  const Value value = variable(op.a);
  Value text = value.is_null() ? Value("") : to_text(run_, value);
  if (text.is_null()) text = Value(program_.text(op.b));
  push(text);
  begin_string();
}

void Machine::append_end(std::uint32_t slot) {
  const Value base = pop();
  const Value grown = grow(slot, base.text(), marked_text());
  drop_mark();
  if (!run_.failed()) variables_[slot] = grown;
}

// `base` and `piece` in one text. Where `base` is the end of what this variable has grown to, the
// piece is put behind it: nobody else sees those bytes, older values end before them.
Value Machine::grow(std::uint32_t slot, std::string_view base, std::string_view piece) {
  if (growing_ == nullptr) {
    growing_ = run_.heap().make_array<Growing>(program_.variables());
    std::fill_n(growing_, program_.variables(), Growing());
  }
  Growing& buffer = growing_[slot];
  const std::size_t size = base.size() + piece.size();
  if (!run_.text_fits(size) || !run_.charge_bytes(piece.size())) return Value();
  const bool halves = piece.starts_with('\xED');
  const bool tip = base.data() == buffer.bytes && base.size() == buffer.size && !halves;
  if (!tip || size > buffer.room) {
    if (halves) {
      std::string text(base);
      append_joined(piece, text);
      return run_.make_text(text);
    }
    const std::size_t room = std::max<std::size_t>(size * 2, 64);
    if (!run_.charge_bytes(base.size()) || !run_.reserve(room)) return Value();
    char* const bytes = run_.heap().make_array<char>(room);
    if (!base.empty()) std::memcpy(bytes, base.data(), base.size());
    buffer = {bytes, static_cast<std::uint32_t>(base.size()), static_cast<std::uint32_t>(room)};
  }
  if (!piece.empty()) std::memcpy(buffer.bytes + buffer.size, piece.data(), piece.size());
  buffer.size = static_cast<std::uint32_t>(size);
  return Value(std::string_view(buffer.bytes, size));
}

}  // namespace hyd::vtl

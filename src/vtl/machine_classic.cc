// What the machine does for the classic dialect only: macros and the scopes that they make, texts
// and files that become code while a template runs.
//
// A macro sees its arguments, then what is around its call. What it assigns is seen by everyone
// around it too, which is how Velocity 1.7 has it unless told otherwise.
#include "vtl/machine.h"
#include "vtl/objects.h"
#include "vtl/rendering.h"

#include <fmt/core.h>

#include <algorithm>

namespace hyd::vtl {
namespace {

// Velocity's defaults (velocity.properties of version 1.7).
constexpr std::uint32_t kMacroDepthMax = 20;
constexpr std::uint32_t kFileDepthMax = 10;

}  // namespace

Machine::Machine(const Program& program, Run& run, MachineMemory& memory, std::string& output,
                 ClassicHost& host)
    : program_(program),
      run_(run),
      variables_(run.heap().make_array<Value>(kClassicVariablesMax)),
      masked_(run.heap().make_array<std::uint8_t>(kClassicVariablesMax)),
      top_(run.heap().make_array<Value>(kClassicStackMax)),
      scratch_(memory.scratch),
      sink_(&output),
      marks_(memory.marks),
      frames_(memory.frames),
      missing_(Value()),
      host_(&host) {
  scratch_.clear();
  marks_.clear();
  frames_.clear();
  std::fill_n(variables_, kClassicVariablesMax, Value());
  std::fill_n(masked_, kClassicVariablesMax, std::uint8_t{0});
  run.set_blocks(*this);
}

bool Machine::run_block(std::uint32_t code) {
  execute(code);
  return !run_.failed() || run_.stopped();
}

void Machine::compute_classic(const Op& op) {
  switch (op.code) {
    case OpCode::set_name: {
      const Value value = pop();
      if (!value.is_null()) assign_seen(op.a, value);
      return;
    }
    case OpCode::print_name: print_name(op); return;
    case OpCode::print_escaped: {
      const Value value = pop();
      const MissingText& missing = program_.classic().missing[op.b];
      sink_->append(missing.before);
      if (value.is_null()) sink_->push_back('\\');
      sink_->append(literal_of(missing));
      return fits();
    }
    case OpCode::call: call_macro(op); return;
    case OpCode::evaluate: evaluate(); return;
    case OpCode::parse_file: parse_file(); return;
    case OpCode::include_file: include_file(op); return;
    default: return;
  }
}

bool Machine::load_name(const Op& op) {
  const Value value = seen(op.a);
  if (value.is_null() || run_.failed()) return give_up(op);
  push(value);
  return true;
}

bool Machine::hidden_by_loop(const Scope* scope, std::uint32_t slot) const {
  return std::any_of(frames_.begin(), frames_.end(), [&](const Frame& frame) {
    return frame.hides && frame.scope == scope && frame.variable == slot;
  });
}

Value Machine::seen(std::uint32_t slot) {
  for (Scope* at = scope_;; at = at->outer) {
    if (hidden_by_loop(at, slot)) return Value();
    if (at == nullptr) return variables_[slot];
    for (const auto& [name, value] : at->locals) {
      if (name == slot && !value.is_null()) return value;
    }
    const auto argument =
        std::find_if(at->arguments.rbegin(), at->arguments.rend(),
                     [&](const Scope::Argument& one) { return one.slot == slot; });
    if (argument == at->arguments.rend()) continue;
    Scope* const inner = scope_;
    const std::uint32_t code = argument->code;
    scope_ = at->outer;
    Value value;
    execute_block(code, *sink_, &value);
    scope_ = inner;
    return value;
  }
}

void Machine::assign_seen(std::uint32_t slot, const Value& value) {
  for (Scope* at = scope_; at != nullptr; at = at->outer) {
    const auto known = std::find_if(at->locals.begin(), at->locals.end(),
                                    [&](const auto& local) { return local.first == slot; });
    if (known != at->locals.end()) {
      known->second = value;
    } else {
      at->locals.emplace_back(slot, value);
    }
  }
  variables_[slot] = value;
}

void Machine::forget(std::uint32_t slot) {
  for (Scope* at = scope_; at != nullptr; at = at->outer) {
    std::erase_if(at->locals, [&](const auto& local) { return local.first == slot; });
    std::erase_if(at->arguments, [&](const Scope::Argument& one) { return one.slot == slot; });
  }
  variables_[slot] = Value();
  stop_hiding(slot);
}

std::string_view Machine::literal_of(const MissingText& missing) const {
  for (const Scope* at = scope_; at != nullptr; at = at->outer) {
    const auto argument =
        std::find_if(at->arguments.rbegin(), at->arguments.rend(), [&](const Scope::Argument& one) {
          return one.slot == missing.slot && !missing.literal.empty();
        });
    if (argument != at->arguments.rend()) return argument->literal;
  }
  return missing.literal;
}

void Machine::print_name(const Op& op) {
  const Value value = pop();
  if (value.kind() == Kind::block && render_block(*value.block(), *sink_)) return fits();
  const bool has_text = !value.is_null() && value.kind() != Kind::block;
  if (has_text) {
    if (op.n != 0) sink_->append(program_.text(op.a));
    append_text(run_, value, *sink_);
  } else {
    const MissingText& missing = program_.classic().missing[op.b];
    sink_->append(missing.before).append(literal_of(missing));
  }
  fits();
}

void Machine::call_macro(const Op& op) {
  const MacroCall& call = program_.classic().calls[op.a];
  const auto found = program_.classic().macros.find(call.name);
  if (found == program_.classic().macros.end()) {
    sink_->append(call.literal);
    return fits();
  }
  const MacroBody body = found->second;
  if (call.bare_word) {
    run_.fail(fmt::format("a bare word is no argument of macro #{}", call.name));
    return;
  }
  if (macro_depth_ == kMacroDepthMax) {
    run_.fail(fmt::format("macro #{} is called {} levels deep", call.name, kMacroDepthMax));
    return;
  }
  Scope scope{scope_, {}, {}};
  for (std::size_t i = 0; i < std::min(body.parameters.size(), call.arguments.size()); ++i) {
    const MacroArgument& argument = call.arguments[i];
    const std::uint32_t slot = body.parameters[i];
    if (!argument.once) {
      scope.arguments.push_back({slot, argument.code, argument.literal});
      continue;
    }
    Value value;
    execute_block(argument.code, *sink_, &value);
    std::erase_if(scope.locals, [&](const auto& local) { return local.first == slot; });
    scope.locals.emplace_back(slot, value);
  }
  if (call.body != kNoCode) {
    Block* const block = run_.heap().make<Block>();
    block->code = call.body;
    block->depth_max = kMacroDepthMax;
    scope.locals.emplace_back(host_->body_content(), Value(block));
  }
  scope_ = &scope;
  ++macro_depth_;
  execute_block(body.code, *sink_, nullptr);
  --macro_depth_;
  scope_ = scope.outer;
}

void Machine::evaluate() {
  const Value text = to_text(run_, pop());
  // To parse a byte is more work than to copy one.
  if (run_.failed() || !run_.charge(text.is_null() ? 0 : text.text().size() / 16)) return;
  const auto code = host_->evaluate(text.is_null() ? std::string_view() : text.text());
  if (!code) {
    run_.fail("#evaluate: " + code.error());
    return;
  }
  ++file_depth_;
  execute_block(*code, *sink_, nullptr);
  --file_depth_;
}

void Machine::parse_file() {
  const Value path = to_text(run_, pop());
  if (path.is_null() || file_depth_ >= kFileDepthMax) return;
  const auto code = host_->parse_file(path.text());
  if (!code) {
    run_.fail("#parse: " + code.error());
    return;
  }
  ++file_depth_;
  execute_block(*code, *sink_, nullptr);
  --file_depth_;
}

void Machine::include_file(const Op& op) {
  const Value path = to_text(run_, pop());
  if (run_.failed()) return;
  if (path.is_null()) {
    sink_->append(fmt::format(
        "<!-- include error : error with arg {} please see log. see error log -->", op.a));
    return fits();
  }
  const auto text = host_->include_file(path.text());
  if (!text) {
    run_.fail("#include: " + text.error());
    return;
  }
  run_.charge_bytes(text->size());
  sink_->append(*text);
  fits();
}

}  // namespace hyd::vtl

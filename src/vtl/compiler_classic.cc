// What the compiler does for the classic dialect only.
#include "vtl/compiler.h"

#include <algorithm>
#include <utility>

namespace hyd::vtl {

// The machine holds on to instructions, sites and variables while #evaluate adds more of them, so
// they must not move: this much room is there from the start, and a text that might need more is
// refused before it is compiled.
namespace {

constexpr std::size_t kOpsMax = 1u << 19;
constexpr std::size_t kSitesMax = 1u << 14;
// A macro's argument of two characters, " 1", takes three instructions; nothing takes more.
constexpr std::size_t kOpsPerByte = 3;

}  // namespace

Compiler::Compiler() : syntax_(nullptr), program_(std::make_unique<Program>()), classic_(true) {
  program_->ops_.reserve(kOpsMax);
  program_->sites_.reserve(kSitesMax);
  for (const std::string_view name : {"input", "util", "context", "stageVariables"}) {
    variable("#" + std::string(name));  // no variables of this dialect, but their numbers are taken
  }
  for (const std::string_view name : {"foreach", "velocityCount", "velocityHasNext"}) {
    variable(name);
  }
}

std::optional<std::uint32_t> Compiler::add(std::string_view source, std::string name,
                                           const Syntax& syntax) {
  Segment& segment = program_->classic_.segments.emplace_back();
  segment.first_op = here();
  segment.name = std::move(name);
  segment.source = std::string(source);
  source_ = segment.source;
  syntax_ = &syntax;
  error_.reset();
  stack_ = 0;
  const auto calls = static_cast<std::size_t>(std::count(source.begin(), source.end(), '('));
  if (program_->ops_.size() + kOpsPerByte * source.size() + 16 > kOpsMax ||
      program_->sites_.size() + calls > kSitesMax) {
    fail(0, "the template and what it evaluates are too long");
    return std::nullopt;
  }
  block(syntax.root);
  emit(OpCode::block_end, static_cast<std::uint32_t>(source.size()));
  const bool fits =
      program_->variables() < kClassicVariablesMax && program_->stack_max() < kClassicStackMax;
  if (!fits) fail(0, "the template has too many parts");
  if (error_) return std::nullopt;
  return segment.first_op;
}

std::uint32_t Compiler::code_block(NodeId id) {
  const std::uint32_t over = emit(OpCode::jump, at(id).offset);
  const std::uint32_t code = here();
  block(id);
  emit(OpCode::block_end, at(id).offset);
  patch_a(over, here());
  return code;
}

void Compiler::define_macro(const std::string& name, MacroBody body) {
  const auto [it, fresh] = program_->classic_.macros.try_emplace(name, body);
  if (!fresh && replace_macros_) it->second = std::move(body);
}

// Whether there is such a macro is asked when it is called: it may be defined behind the call.
void Compiler::macro_call(const Node& node) {
  MacroCall call;
  const bool with_body = node.text.starts_with('@');
  call.name = keep(std::string_view(node.text).substr(with_body ? 1 : 0));
  call.literal = keep(node.literal);
  std::size_t count = node.kids.size();
  if (with_body && count > 0) {
    --count;
    call.body = code_block(node.kids[count]);
  }
  for (std::size_t i = 0; i < count; ++i) {
    const Node& argument = at(node.kids[i]);
    MacroArgument passed;
    switch (argument.kind) {
      case NodeKind::integer:
      case NodeKind::floating:
      case NodeKind::true_:
      case NodeKind::false_: passed.once = true; break;
      case NodeKind::word: call.bare_word = true; continue;
      default: passed.literal = keep(argument.literal); break;
    }
    const std::uint32_t over = emit(OpCode::jump, argument.offset);
    passed.code = here();
    value(node.kids[i]);
    emit(OpCode::block_end, argument.offset);
    --stack_;
    patch_a(over, here());
    call.arguments.push_back(passed);
  }
  std::deque<MacroCall>& calls = program_->classic_.calls;  // the arguments have added theirs
  calls.push_back(std::move(call));
  emit(OpCode::call, node.offset, static_cast<std::uint32_t>(calls.size() - 1));
}

void Compiler::print_named(const Node& node) {
  const Reference& ref = node.reference;
  const std::string before = ref.halved + ref.stray;
  const std::string_view literal = ref.literal;
  MissingText missing;
  const bool plain = ref.steps.empty() && literal.starts_with('$') && literal.substr(1) == ref.root;
  if (plain) missing.slot = variable(ref.root);
  missing.literal = keep(literal);
  missing.before = keep(ref.escaped ? ref.halved : ref.halved + before);
  const auto id = static_cast<std::uint32_t>(program_->classic_.missing.size());
  program_->classic_.missing.push_back(missing);
  reference(node);
  if (ref.escaped) {
    emit(OpCode::print_escaped, node.offset, 0, id);
    return;
  }
  emit(OpCode::print_name, node.offset, before.empty() ? 0 : text_id(before), id,
       before.empty() ? 0 : 1);
}

}  // namespace hyd::vtl

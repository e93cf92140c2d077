#include "vtl/compiler.h"

#include "vtl/arithmetic.h"
#include "vtl/directives/table.h"

#include <algorithm>
#include <utility>

namespace hyd::vtl {
namespace {

bool is_operator(NodeKind kind) { return kind >= NodeKind::equal && kind <= NodeKind::modulo; }
bool is_logical(NodeKind kind) { return kind == NodeKind::or_ || kind == NodeKind::and_; }
bool is_comparison(NodeKind kind) {
  return kind >= NodeKind::equal && kind <= NodeKind::greater_equal;
}

// Whether a node may have no value, so that a #set with it does nothing.
bool may_be_null(const Node& node, bool classic) {
  switch (node.kind) {
    case NodeKind::add:
    case NodeKind::subtract:
    case NodeKind::multiply:
    case NodeKind::divide:
    case NodeKind::modulo:
    case NodeKind::range:
    case NodeKind::word:
    case NodeKind::block: return true;
    case NodeKind::reference: return classic || node.reference.bare;
    default: return false;
  }
}

OpCode code_of(NodeKind kind) {
  switch (kind) {
    case NodeKind::equal: return OpCode::equal;
    case NodeKind::not_equal: return OpCode::not_equal;
    case NodeKind::less: return OpCode::less;
    case NodeKind::less_equal: return OpCode::less_equal;
    case NodeKind::greater: return OpCode::greater;
    case NodeKind::greater_equal: return OpCode::greater_equal;
    case NodeKind::add: return OpCode::add;
    case NodeKind::subtract: return OpCode::subtract;
    case NodeKind::multiply: return OpCode::multiply;
    case NodeKind::divide: return OpCode::divide;
    default: return OpCode::modulo;
  }
}

// How many values more there are on the stack behind an instruction that does not jump.
std::int64_t effect(const Op& op) {
  switch (op.code) {
    case OpCode::constant:
    case OpCode::null:
    case OpCode::load:
    case OpCode::load_name:
    case OpCode::string_end:
    case OpCode::append_begin: return 1;
    case OpCode::print:
    case OpCode::discard:
    case OpCode::index:
    case OpCode::range:
    case OpCode::jump_if_false:
    case OpCode::jump_if_false_keep:
    case OpCode::jump_if_true_keep:
    case OpCode::set:
    case OpCode::set_name:
    case OpCode::print_name:
    case OpCode::print_escaped:
    case OpCode::evaluate:
    case OpCode::parse_file:
    case OpCode::include_file:
    case OpCode::append_end:
    case OpCode::foreach_begin: return -1;
    case OpCode::set_property: return -2;
    case OpCode::set_index: return -3;
    case OpCode::method:
    case OpCode::break_: return -std::int64_t{op.n};
    case OpCode::list:
    case OpCode::map: return 1 - std::int64_t{op.a};
    default: return op.code >= OpCode::add && op.code <= OpCode::greater_equal ? -1 : 0;
  }
}

// Prints its value and nothing else.
bool is_plain(const Node& node) {
  return node.kind == NodeKind::reference && !node.reference.escaped && !node.reference.bare &&
         node.reference.halved.empty() && node.reference.stray.empty();
}

}  // namespace

Compiler::Compiler(std::string_view source, const Syntax& syntax)
    : syntax_(&syntax), source_(source), program_(std::make_unique<Program>()) {
  program_->source_ = std::string(source);
  for (const std::string_view name : {"input", "util", "context", "stageVariables", "foreach",
                                      "velocityCount", "velocityHasNext"}) {
    variable(name);
  }
}

std::unique_ptr<const Program> Compiler::run() {
  block(syntax_->root);
  emit(OpCode::end, static_cast<std::uint32_t>(program_->source_.size()));
  if (error_) return nullptr;
  return std::move(program_);
}

void Compiler::fail(std::uint32_t offset, std::string what) {
  if (!error_) error_ = Diagnostic{place_of(source_, offset), std::move(what)};
}

std::uint32_t Compiler::emit(OpCode code, std::uint32_t offset, std::uint32_t a, std::uint32_t b,
                             std::uint16_t n, std::uint8_t flags) {
  program_->ops_.push_back({.code = code, .flags = flags, .n = n, .a = a, .b = b});
  program_->offsets_.push_back(offset);
  stack_ += effect(program_->ops_.back());
  program_->stack_max_ =
      std::max(program_->stack_max_, static_cast<std::size_t>(std::max<std::int64_t>(stack_, 0)));
  return static_cast<std::uint32_t>(program_->ops_.size() - 1);
}

std::uint32_t Compiler::here() {
  barrier_ = static_cast<std::uint32_t>(program_->ops_.size());
  return barrier_;
}

std::uint32_t Compiler::variable(std::string_view name) {
  const auto [it, fresh] = variables_.try_emplace(
      std::string(name), static_cast<std::uint32_t>(program_->names_of_variables_.size()));
  if (fresh) program_->names_of_variables_.push_back(keep(name));
  if (it->second == Program::context) program_->reads_context_ |= !fresh;
  if (it->second == Program::stage_variables) program_->reads_stage_variables_ |= !fresh;
  return it->second;
}

std::uint32_t Compiler::text_id(std::string_view text) {
  const auto [it, fresh] =
      texts_.try_emplace(std::string(text), static_cast<std::uint32_t>(program_->texts_.size()));
  if (fresh) program_->texts_.push_back(keep(text));
  return it->second;
}

std::uint32_t Compiler::name_id(std::string_view name) {
  const auto [it, fresh] =
      names_.try_emplace(std::string(name), static_cast<std::uint32_t>(program_->names_.size()));
  if (fresh) program_->names_.push_back(keep(name));
  return it->second;
}

std::uint32_t Compiler::constant(const Value& value) {
  program_->constants_.push_back(value);
  return static_cast<std::uint32_t>(program_->constants_.size() - 1);
}

// Joins neighbours that nothing jumps between.
void Compiler::print_text(std::string_view text) {
  if (text.empty()) return;
  std::vector<Op>& ops = program_->ops_;
  if (ops.size() > barrier_ && ops.back().code == OpCode::text) {
    ops.back().a = text_id(std::string(program_->text(ops.back().a)).append(text));
    return;
  }
  emit(OpCode::text, 0, text_id(text));
}

void Compiler::block(NodeId id) {
  for (const NodeId kid : at(id).kids) statement(kid);
}

void Compiler::statement(NodeId id) {
  const Node& node = at(id);
  switch (node.kind) {
    case NodeKind::text: print_text(node.text); return;
    case NodeKind::reference: print_reference(node); return;
    case NodeKind::set: set(node); return;
    case NodeKind::if_: if_(node); return;
    case NodeKind::directive: directive(node); return;
    case NodeKind::block: block(id); return;
    default: return;  // expressions in the place of a block print nothing
  }
}

void Compiler::directive(const Node& node) {
  const Dialect dialect = classic_ ? Dialect::classic : Dialect::gateway;
  const DirectiveRow* const row = find_directive(node.text, dialect);
  if (row != nullptr && row->compile != nullptr) {
    row->compile(*this, node);
    return;
  }
  if (classic_) return macro_call(node);
  if (!node.kids.empty()) check(node.kids.back());
  print_text(node.literal);  // nobody knows the word
}

void Compiler::check(NodeId id) {
  if (at(id).kind != NodeKind::block) return;
  const std::uint32_t over = emit(OpCode::jump, at(id).offset);
  here();
  block(id);
  patch_a(over, here());
}

void Compiler::if_(const Node& node) {
  std::vector<std::uint32_t> to_end;
  std::size_t i = 0;
  for (; i + 1 < node.kids.size(); i += 2) {
    condition(node.kids[i]);
    const std::uint32_t next = emit(OpCode::jump_if_false, node.offset);
    block(node.kids[i + 1]);
    const bool last = i + 2 >= node.kids.size();
    if (!last) to_end.push_back(emit(OpCode::jump, node.offset));
    patch_a(next, here());
  }
  if (i < node.kids.size()) block(node.kids[i]);
  const std::uint32_t end = here();
  for (const std::uint32_t jump : to_end) patch_a(jump, end);
}

void Compiler::set(const Node& node) {
  if (!classic_ && append_to_itself(node)) return;
  const Reference& target = at(node.kids[0]).reference;
  const Node& source = at(node.kids[1]);
  value(node.kids[1]);
  if (target.steps.empty()) {
    const std::uint32_t slot = variable(node.text);
    // `$s = $s + …` grows in place, like "$s…".
    Op& last = program_->ops_.back();
    if (!classic_ && source.kind == NodeKind::add && last.code == OpCode::add &&
        slot <= UINT16_MAX) {
      const Node& left = at(source.kids[0]);
      if (is_plain(left) && left.reference.steps.empty() && left.reference.root == node.text) {
        last.n = static_cast<std::uint16_t>(slot);
        last.flags = kOfTarget;
      }
    }
    emit(classic_ ? OpCode::set_name : OpCode::set, node.offset, slot);
    return;
  }
  std::vector<std::uint32_t> give_up;
  if (may_be_null(source, classic_)) give_up.push_back(emit(OpCode::jump_if_null, node.offset));
  const std::size_t before = program_->ops_.size();
  chain(target, at(node.kids[0]).offset, target.steps.size() - 1, kOfTarget);
  const Step& last = target.steps.back();
  if (last.kind == Step::Kind::index) {
    value(last.arguments[0]);
    emit(OpCode::set_index, last.offset);
  } else {
    emit(OpCode::set_property, last.offset, name_id(last.name));
  }
  const std::uint32_t end = here();
  for (const std::uint32_t jump : give_up) patch_a(jump, end);
  for (std::size_t i = before; i < program_->ops_.size(); ++i) {
    Op& op = program_->ops_[i];
    if (op.flags == kOfTarget && op.b == UINT32_MAX) op.b = end;
  }
}

// #set($s = "$s…"): the text grows where it lies instead of being copied each time.
bool Compiler::append_to_itself(const Node& node) {
  const Node& source = at(node.kids[1]);
  if (source.kind != NodeKind::interpolation || !at(node.kids[0]).reference.steps.empty()) {
    return false;
  }
  std::vector<NodeId> statements = at(source.kids[0]).kids;
  if (statements.size() < 2 || !source.chop) return false;
  const Node& first = at(statements.front());
  const Node& last = at(statements.back());
  const bool grows =
      is_plain(first) && first.reference.steps.empty() && first.reference.root == node.text;
  if (!grows || last.kind != NodeKind::text || !last.text.ends_with(' ')) return false;
  const std::uint32_t slot = variable(node.text);
  emit(OpCode::append_begin, node.offset, slot, text_id(first.reference.literal));
  for (std::size_t i = 1; i + 1 < statements.size(); ++i) statement(statements[i]);
  print_text(std::string_view(last.text).substr(0, last.text.size() - 1));
  emit(OpCode::append_end, node.offset, slot);
  return true;
}

void Compiler::print_reference(const Node& node) {
  const Reference& reference = node.reference;
  if (reference.bare) {
    print_text(reference.root);
    return;
  }
  if (classic_) return print_named(node);
  if (is_plain(node) && reference.steps.empty()) {
    emit(OpCode::print_variable, node.offset, variable(reference.root), text_id(reference.literal));
    return;
  }
  this->reference(node);
  if (reference.escaped) {
    emit(OpCode::discard, node.offset);
    print_text(reference.halved + reference.literal);
    return;
  }
  const std::string prefix = reference.halved + reference.stray;
  const std::string none = reference.halved + prefix + reference.literal;
  emit(OpCode::print, node.offset, prefix.empty() ? 0 : text_id(prefix), text_id(none),
       prefix.empty() ? 0 : 1);
}

void Compiler::reference(const Node& node) {
  if (node.reference.bare) {
    emit(OpCode::null, node.offset);
    return;
  }
  chain(node.reference, node.offset, node.reference.steps.size(), 0);
}

void Compiler::chain(const Reference& reference, std::uint32_t offset, std::size_t steps,
                     std::uint8_t flags) {
  std::vector<std::uint32_t> give_up;
  std::uint32_t shortcut_op = UINT32_MAX;
  std::size_t covered = 0;
  if (flags == 0 && !classic_) {
    while (covered < steps && reference.steps[covered].kind == Step::Kind::property) ++covered;
    if (covered > 0) shortcut_op = shortcut(reference, offset);
  }
  const OpCode load = classic_ ? OpCode::load_name : OpCode::load;
  give_up.push_back(emit(load, offset, variable(reference.root), UINT32_MAX, 0, flags));
  for (std::size_t i = 0; i < steps; ++i) {
    step(reference.steps[i], flags, give_up);
    if (shortcut_op != UINT32_MAX && i + 1 == covered) patch_b(shortcut_op, here());
  }
  if (flags != 0) return;  // the #set that this is the target of knows where to go
  const std::uint32_t end = here();
  for (const std::uint32_t op : give_up) patch_b(op, end);
}

// Fields of $context and stage variables are looked up where they are, as long as no template has
// asked for the whole maps.
std::uint32_t Compiler::shortcut(const Reference& reference, std::uint32_t offset) {
  const bool of_context = reference.root == "context";
  if (!of_context && reference.root != "stageVariables") return UINT32_MAX;
  std::string object;
  std::size_t properties = 0;
  while (properties < reference.steps.size() &&
         reference.steps[properties].kind == Step::Kind::property) {
    ++properties;
  }
  const std::uint16_t whole = properties == reference.steps.size() ? 1 : 0;
  const std::string& name = reference.steps[properties - 1].name;
  if (!of_context) {
    if (properties != 1) return UINT32_MAX;
    return emit(OpCode::stage_variable, offset, name_id(name), 0, whole);
  }
  for (std::size_t i = 0; i + 1 < properties; ++i) {
    if (i > 0) object.push_back('.');
    object.append(reference.steps[i].name);
  }
  const std::string dotted = object.empty() ? name : object + "." + name;
  program_->context_names_.push_back({keep(object), keep(name), keep(dotted)});
  const auto id = static_cast<std::uint32_t>(program_->context_names_.size() - 1);
  return emit(OpCode::context, offset, id, 0, whole);
}

void Compiler::step(const Step& step, std::uint8_t flags, std::vector<std::uint32_t>& give_up) {
  switch (step.kind) {
    case Step::Kind::property:
      give_up.push_back(
          emit(OpCode::property, step.offset, name_id(step.name), UINT32_MAX, 0, flags));
      return;
    case Step::Kind::index:
      value(step.arguments[0]);
      give_up.push_back(emit(OpCode::index, step.offset, 0, UINT32_MAX, 0, flags));
      return;
    case Step::Kind::method: break;
  }
  for (const NodeId argument : step.arguments) value(argument);
  give_up.push_back(emit(OpCode::method, step.offset, site(step), UINT32_MAX,
                         static_cast<std::uint16_t>(step.arguments.size()), flags));
}

std::uint32_t Compiler::site(const Step& step) {
  Site site{.name = keep(step.name),
            .dispatch = find_functions(step.name, step.arguments.size()),
            .prepared = {}};
  const bool constant_first =
      !step.arguments.empty() && at(step.arguments[0]).kind == NodeKind::string;
  if (constant_first) {
    for (const FunctionRow* const row : site.dispatch.rows) {
      if (row == nullptr || row->prepare == Prepare::nothing) continue;
      prepare(row->prepare, at(step.arguments[0]).text, site.prepared);
      break;
    }
  }
  program_->sites_.push_back(std::move(site));
  return static_cast<std::uint32_t>(program_->sites_.size() - 1);
}

void Compiler::value(NodeId id) {
  const Node& node = at(id);
  switch (node.kind) {
    case NodeKind::string:
      emit(OpCode::constant, node.offset, constant(Value(keep(node.text))));
      return;
    case NodeKind::integer:
      emit(OpCode::constant, node.offset, constant(parse_whole(program_->heap_, node.text)));
      return;
    case NodeKind::floating:
      emit(OpCode::constant, node.offset, constant(Value(parse_double(node.text))));
      return;
    case NodeKind::true_:
    case NodeKind::false_:
      emit(OpCode::constant, node.offset, constant(Value(node.kind == NodeKind::true_)));
      return;
    case NodeKind::interpolation: interpolation(node); return;
    case NodeKind::reference: reference(node); return;
    case NodeKind::list:
    case NodeKind::map:
    case NodeKind::range: {
      for (const NodeId kid : node.kids) value(kid);
      const OpCode code = node.kind == NodeKind::list  ? OpCode::list
                          : node.kind == NodeKind::map ? OpCode::map
                                                       : OpCode::range;
      // Both counts fit: a template of 300 KB has no room for more.
      emit(code, node.offset, static_cast<std::uint32_t>(node.kids.size()));
      return;
    }
    case NodeKind::or_:
    case NodeKind::and_: logical(node); return;
    case NodeKind::not_:
      condition(node.kids[0]);
      emit(OpCode::not_, node.offset);
      return;
    default: break;
  }
  if (is_operator(node.kind)) {
    operator_(id);
  } else {
    emit(OpCode::null, node.offset);
  }
}

// A reference counts as true unless it is the boolean false; a literal as false.
void Compiler::condition(NodeId id) {
  const Node& node = at(id);
  switch (node.kind) {
    case NodeKind::reference:
      reference(node);
      emit(OpCode::truth, node.offset);
      return;
    case NodeKind::true_:
    case NodeKind::not_: value(id); return;
    case NodeKind::or_:
    case NodeKind::and_: logical(node); return;
    default: break;
  }
  if (is_comparison(node.kind)) {
    operator_(id);
  } else {
    emit(OpCode::constant, node.offset, constant(Value(false)));
  }
}

// Chains of operators lean to the left and may be long.
void Compiler::operator_(NodeId id) {
  std::vector<NodeId> spine;
  NodeId left = id;
  for (; is_operator(at(left).kind); left = at(left).kids[0]) spine.push_back(left);
  value(left);
  for (; !spine.empty(); spine.pop_back()) {
    const Node& node = at(spine.back());
    value(node.kids[1]);
    std::uint32_t texts[2] = {0, 0};
    if (node.kind == NodeKind::add) {
      for (std::size_t i = 0; i < 2; ++i) {
        const Node& operand = at(node.kids[i]);
        const bool bare = operand.kind == NodeKind::reference;
        texts[i] = text_id(bare && !classic_ ? operand.reference.root : operand.literal);
      }
    }
    emit(code_of(node.kind), node.offset, texts[0], texts[1]);
  }
}

void Compiler::logical(const Node& node) {
  std::vector<const Node*> spine;
  const Node* left = &node;
  NodeId leftmost = kNoNode;
  while (is_logical(left->kind)) {
    spine.push_back(left);
    leftmost = left->kids[0];
    left = &at(leftmost);
  }
  condition(leftmost);
  for (; !spine.empty(); spine.pop_back()) {
    const Node& operation = *spine.back();
    const OpCode jump =
        operation.kind == NodeKind::or_ ? OpCode::jump_if_true_keep : OpCode::jump_if_false_keep;
    const std::uint32_t over = emit(jump, operation.offset);
    condition(operation.kids[1]);
    patch_a(over, here());
  }
}

void Compiler::interpolation(const Node& node) {
  const std::vector<NodeId>& statements = at(node.kids[0]).kids;
  const Node* const last = statements.empty() ? nullptr : &at(statements.back());
  const bool padded =
      node.chop && last != nullptr && last->kind == NodeKind::text && last->text.ends_with(' ');
  if (!classic_ && padded && last->text.size() == 1 && statements.size() == 2 &&
      is_plain(at(statements[0]))) {
    const Node& only = at(statements[0]);
    reference(only);
    emit(OpCode::to_text, node.offset, 0, text_id(only.reference.literal));
    return;
  }
  emit(OpCode::string_begin, node.offset);
  for (std::size_t i = 0; i < statements.size(); ++i) {
    if (padded && i + 1 == statements.size()) {
      print_text(std::string_view(last->text).substr(0, last->text.size() - 1));
    } else {
      statement(statements[i]);
    }
  }
  emit(OpCode::string_end, node.offset, 0, 0, node.chop && !padded ? 1 : 0);
}

}  // namespace hyd::vtl

// References, expressions and literals.
#include "vtl/parser_internal.h"
#include "vtl/text.h"

namespace hyd::vtl {

using enum TokenKind;

NodeId Parser::parse_reference() {
  const Level level(*this);
  const std::size_t first = cursor_;
  const bool formal = take_if(curly_open);
  if (!ok() || !expect(identifier)) return kNoNode;
  const NodeId id = add(NodeKind::reference, first);
  parse_indexes(id);
  while (ok() && peek().kind == dot && peek(1).kind == identifier) {
    take();
    const bool method = method_follows();
    const std::size_t name = take();
    Step step;
    step.offset = source_.offset_of(tokens_[name].begin);
    step.name = std::string(image(name));
    if (method) {
      step.kind = Step::Kind::method;
      take();
      parse_arguments(step.arguments);
    }
    pool_[id].reference.steps.push_back(std::move(step));
    parse_indexes(id);
  }
  if (!ok() || (formal && !expect(curly_close))) return kNoNode;
  Reference reference = std::move(pool_[id].reference);
  const std::size_t last = cursor_ - 1;
  const bool valued = read_root(first, reference);
  if (reference.literal.empty() && valued) reference.literal = literal(first, last);
  const bool quiet = image(first).starts_with("$!");
  if (quiet && !reference.escaped) reference.literal.clear();
  pool_[id].reference = std::move(reference);
  pool_[id].text = std::string(image(first).substr(std::min<std::size_t>(1, image(first).size())));
  return ok() ? id : kNoNode;
}

// The name of the variable, and what its first token carries besides: backslashes, '$' and '#'
// before it. The token loses them, as in Velocity, whose messages and literals then lack them too.
bool Parser::read_root(std::size_t first, Reference& reference) {
  Token& token = tokens_[first];
  token.shown = token.begin;
  if (image(first).find("\\!") != std::string_view::npos) {
    // "$\!x" is no reference. It prints nothing, and in the classic dialect what stands there less
    // one backslash.
    reference.bare = true;
    if (classic_ != nullptr) {
      const std::size_t slash = image(first).find('\\', image(first).find('$'));
      reference.root = std::string(image(first)).erase(slash, 1);
    }
    return false;
  }
  const std::size_t slashes = std::min(image(first).find_first_not_of('\\'), image(first).size());
  reference.escaped = slashes % 2 != 0;
  reference.halved.assign(slashes / 2, '\\');
  token.shown += static_cast<std::uint32_t>(slashes);
  const std::size_t dollar = image(first).rfind('$');
  if (dollar != std::string_view::npos && dollar > 0) {
    reference.stray = std::string(image(first).substr(0, dollar));
    token.shown += static_cast<std::uint32_t>(dollar);
  }
  const std::string_view whole = image(first);
  if (whole == "${" || whole.starts_with("$!{")) {
    reference.root = std::string(image(first + 1));
  } else if (whole.starts_with("$!")) {
    reference.root = std::string(whole.substr(2));
  } else if (whole.starts_with('$')) {
    reference.root = std::string(whole.substr(1));
  } else {
    reference.root = std::string(whole);
    reference.bare = true;
  }
  return true;
}

bool Parser::method_follows() {
  if (peek(1).kind != paren_open) return false;
  const TokenKind third = peek(2).kind;
  return third == arguments_close || third == space || starts_value(third);
}

void Parser::parse_arguments(std::vector<NodeId>& out) {
  if (take_if(arguments_close)) return;
  do {
    const NodeId argument = parse_parameter();
    if (!ok()) return;
    out.push_back(argument);
  } while (take_if(comma));
  if (ok() && !take_if(arguments_close)) unexpected({comma, arguments_close});
}

void Parser::parse_indexes(NodeId id) {
  while (ok() && peek().kind == index_open) {
    Step step;
    step.kind = Step::Kind::index;
    step.offset = source_.offset_of(tokens_[take()].begin);
    skip_space();
    const TokenKind kind = peek().kind;
    if (kind == list_open || kind == map_open || kind == floating || !starts_value(kind)) {
      unexpected({string, integer, identifier});
      return;
    }
    step.arguments.push_back(parse_value());
    skip_space();
    if (!ok() || !expect(index_close)) return;
    pool_[id].reference.steps.push_back(std::move(step));
  }
}

NodeId Parser::binary(NodeKind kind, NodeId left, std::size_t token, NodeId right) {
  if (!ok()) return kNoNode;
  const NodeId id = add(kind, token);
  pool_[id].kids = {left, right};
  pool_[id].literal = literal(token + 1, cursor_ - 1);
  return id;
}

NodeId Parser::parse_or() {
  NodeId left = parse_and();
  while (ok() && peek().kind == logical_or) {
    const std::size_t token = take();
    left = binary(NodeKind::or_, left, token, parse_and());
  }
  return left;
}

NodeId Parser::parse_and() {
  NodeId left = parse_equality();
  while (ok() && peek().kind == logical_and) {
    const std::size_t token = take();
    left = binary(NodeKind::and_, left, token, parse_equality());
  }
  return left;
}

NodeId Parser::parse_equality() {
  NodeId left = parse_relation();
  while (ok() && (peek().kind == equal || peek().kind == not_equal)) {
    const std::size_t token = take();
    const NodeKind kind = tokens_[token].kind == equal ? NodeKind::equal : NodeKind::not_equal;
    left = binary(kind, left, token, parse_relation());
  }
  return left;
}

NodeId Parser::parse_relation() {
  NodeId left = parse_sum();
  while (ok()) {
    NodeKind kind;
    switch (peek().kind) {
      case less: kind = NodeKind::less; break;
      case less_equal: kind = NodeKind::less_equal; break;
      case greater: kind = NodeKind::greater; break;
      case greater_equal: kind = NodeKind::greater_equal; break;
      default: return left;
    }
    const std::size_t token = take();
    left = binary(kind, left, token, parse_sum());
  }
  return left;
}

NodeId Parser::parse_sum() {
  NodeId left = parse_product();
  while (ok() && (peek().kind == plus || peek().kind == minus)) {
    const std::size_t token = take();
    const NodeKind kind = tokens_[token].kind == plus ? NodeKind::add : NodeKind::subtract;
    left = binary(kind, left, token, parse_product());
  }
  return left;
}

NodeId Parser::parse_product() {
  NodeId left = parse_unary();
  while (ok()) {
    NodeKind kind;
    switch (peek().kind) {
      case times: kind = NodeKind::multiply; break;
      case divide: kind = NodeKind::divide; break;
      case modulo: kind = NodeKind::modulo; break;
      default: return left;
    }
    const std::size_t token = take();
    left = binary(kind, left, token, parse_unary());
  }
  return left;
}

NodeId Parser::parse_unary() {
  const bool negated =
      peek().kind == logical_not || (peek().kind == space && peek(1).kind == logical_not);
  if (!negated) return parse_primary();
  const Level level(*this);
  skip_space();
  const std::size_t token = take();
  const NodeId operand = ok() ? parse_unary() : kNoNode;
  if (!ok()) return kNoNode;
  const NodeId id = add(NodeKind::not_, token);
  pool_[id].kids = {operand};
  return id;
}

NodeId Parser::parse_primary() {
  skip_space();
  NodeId id = kNoNode;
  if (peek().kind == paren_open) {
    const Level level(*this);
    const std::size_t open = take();
    if (ok()) id = parse_expression();
    if (ok()) pool_[id].literal = literal(open + 1, cursor_ - 1);
    if (ok()) expect(paren_close);
  } else {
    id = parse_value();
  }
  skip_space();
  return ok() ? id : kNoNode;
}

NodeId Parser::parse_parameter() {
  skip_space();
  const NodeId id = parse_value();
  skip_space();
  return ok() ? id : kNoNode;
}

NodeId Parser::parse_value() {
  if (classic_ == nullptr) return parse_any_value();
  peek();
  const std::size_t first = cursor_;
  const NodeId id = parse_any_value();
  if (ok()) pool_[id].literal = literal(first, cursor_ - 1);
  return id;
}

NodeId Parser::parse_any_value() {
  switch (peek().kind) {
    case string: return parse_string();
    case integer: return parse_simple(NodeKind::integer);
    case floating: return parse_simple(NodeKind::floating);
    case true_word: return parse_simple(NodeKind::true_);
    case false_word: return parse_simple(NodeKind::false_);
    case map_open: return parse_map();
    case list_open: return range_follows() ? parse_range() : parse_list();
    case identifier:
    case curly_open: return parse_reference();
    default: return unexpected({string, integer, identifier});
  }
}

NodeId Parser::parse_simple(NodeKind kind) {
  const std::size_t token = take();
  if (image(token).starts_with('#')) return fail(tokens_[token].begin, "a number follows this '#'");
  const NodeId id = add(kind, token);
  pool_[id].text = std::string(image(token));
  return id;
}

// Reads ahead over "[ from .." and goes back.
bool Parser::range_follows() {
  const std::size_t start = cursor_;
  const std::size_t nodes = pool_.size();
  take();
  skip_space();
  bool follows = false;
  if (ok() && take_if(integer)) {
    follows = true;
  } else if (ok() && (peek().kind == identifier || peek().kind == curly_open)) {
    parse_reference();
    follows = true;
  }
  skip_space();
  follows = follows && ok() && peek().kind == range_dots;
  pool_.resize(nodes);
  cursor_ = start;
  return follows;
}

NodeId Parser::parse_range() {
  const std::size_t first = take();
  const NodeId id = add(NodeKind::range, first);
  std::vector<NodeId> kids;
  for (int end_of_range = 0; end_of_range < 2 && ok(); ++end_of_range) {
    skip_space();
    const TokenKind kind = peek().kind;
    if (kind != integer && kind != identifier && kind != curly_open) {
      return unexpected({integer, identifier});
    }
    kids.push_back(parse_value());
    skip_space();
    if (ok()) expect(end_of_range == 0 ? range_dots : list_close);
  }
  if (!ok()) return kNoNode;
  pool_[id].kids = std::move(kids);
  pool_[id].literal = literal(first, cursor_ - 1);
  return id;
}

NodeId Parser::parse_list() {
  const Level level(*this);
  const NodeId id = add(NodeKind::list, take());
  std::vector<NodeId> kids;
  if (ok() && !take_if(list_close)) {
    do {
      kids.push_back(parse_parameter());
    } while (ok() && take_if(comma));
    if (ok() && !take_if(list_close)) return unexpected({comma, list_close});
  }
  if (!ok()) return kNoNode;
  pool_[id].kids = std::move(kids);
  return id;
}

NodeId Parser::parse_map() {
  const Level level(*this);
  const NodeId id = add(NodeKind::map, take());
  std::vector<NodeId> kids;
  const TokenKind inside = peek().kind == space ? peek(1).kind : peek().kind;
  if (ok() && starts_value(inside)) {
    do {
      kids.push_back(parse_parameter());
      if (!ok() || !expect(colon)) return kNoNode;
      kids.push_back(parse_parameter());
    } while (ok() && take_if(comma));
  } else {
    skip_space();
  }
  // Behind a reference the brace is lexed as one of ${…}.
  if (ok() && !take_if(map_close) && !take_if(curly_close)) return unexpected({comma, map_close});
  if (!ok()) return kNoNode;
  pool_[id].kids = std::move(kids);
  return id;
}

// A quoted text; a double-quoted one with a '$' or '#' in it is a template of its own.
NodeId Parser::parse_string() {
  const Level level(*this);
  const std::size_t token = take();
  const std::string_view whole = image(token);
  const char quote = whole[0];
  std::string content;
  std::vector<std::uint32_t> offsets;
  for (std::size_t i = 1; i + 1 < whole.size(); ++i) {
    std::size_t next = i;
    if (quote == '"' && whole.substr(i).starts_with("\\u")) {
      const std::optional<std::uint16_t> unit =
          parse_hex_unit(whole.substr(0, whole.size() - 1).substr(i + 2));
      if (!unit) {
        return fail(tokens_[token].begin + i, "expected four hexadecimal digits behind \\u");
      }
      append_unit(*unit, content);
      next = i + 5;
    } else {
      content.push_back(whole[i]);
    }
    offsets.resize(content.size(), source_.offset_of(tokens_[token].begin + i));
    i = next;
  }
  // A doubled quote is one, also when it was written \u0022.
  std::size_t kept = 0;
  for (std::size_t i = 0; i < content.size(); ++i, ++kept) {
    content[kept] = content[i];
    offsets[kept] = offsets[i];
    if (content[i] == quote && i + 1 < content.size() && content[i + 1] == quote) ++i;
  }
  content.resize(kept);
  offsets.resize(kept);
  offsets.push_back(source_.offset_of(tokens_[token].end - 1));

  const bool is_template = quote == '"' && whole.find_first_of("$#") != std::string_view::npos;
  if (!is_template) {
    const NodeId id = add(NodeKind::string, token);
    pool_[id].text = std::move(content);
    return id;
  }
  const NodeId id = add(NodeKind::interpolation, token);
  const bool chop = content.find("##") == std::string::npos;
  if (chop) {
    content.push_back(' ');
    offsets.push_back(offsets.back());
  }
  const SourceText inner(std::move(content), std::move(offsets));
  Parser parser(inner, pool_, depth_, classic_);
  const NodeId block = parser.run();
  if (block == kNoNode) {
    error_offset_ = parser.error_offset();
    error_ = parser.take_error();
    return kNoNode;
  }
  pool_[id].chop = chop;
  pool_[id].kids = {block};
  return id;
}

}  // namespace hyd::vtl

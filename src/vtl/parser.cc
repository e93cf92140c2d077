#include "vtl/parser.h"

#include "vtl/parser_internal.h"

#include <fmt/core.h>

namespace hyd::vtl {

using enum TokenKind;

namespace {

bool starts_statement(TokenKind kind) {
  switch (kind) {
    case paren_open:
    case paren_close:
    case escaped_directive:
    case set:
    case comment_start:
    case double_escape:
    case escape:
    case text:
    case comment_end:
    case doc_comment_end:
    case raw_block:
    case string:
    case if_:
    case integer:
    case floating:
    case word:
    case bracketed_word:
    case identifier:
    case dot:
    case curly_open:
    case curly_close:
    case empty_index: return true;
    default: return false;
  }
}

}  // namespace

const Token& Parser::peek(std::size_t ahead) {
  while (tokens_.size() <= cursor_ + ahead) {
    std::optional<Token> token = ok() ? lexer_.next() : std::nullopt;
    if (!token) {
      const std::size_t at = std::min(lexer_.error_at(), text_.size());
      fail(at, at == text_.size() ? "the template ends inside a token: a '$', '#' or comment is "
                                    "not finished"
                                  : "this character cannot stand here");
      token.emplace();
      token->begin = token->end = token->shown = static_cast<std::uint32_t>(at);
    }
    tokens_.push_back(*std::move(token));
  }
  return tokens_[cursor_ + ahead];
}
NodeId Parser::unexpected(std::initializer_list<TokenKind> wanted) {
  const Token& token = peek();
  if (!ok()) return kNoNode;
  constexpr std::size_t kShownMax = 40;
  std::size_t shown = std::min<std::size_t>(token.end - token.begin, kShownMax);
  while (shown > 0 && token.begin + shown < text_.size() &&
         (static_cast<unsigned char>(text_[token.begin + shown]) & 0xC0u) == 0x80u) {
    --shown;
  }
  std::string found(text_.substr(token.begin, shown));
  std::replace(found.begin(), found.end(), '\n', ' ');
  std::string what = token.kind == end_of_text ? "the template ends here, expected "
                                               : fmt::format("\"{}\" found, expected ", found);
  const char* between = "";
  for (const TokenKind kind : wanted) {
    what.append(between).append(describe(kind));
    between = " or ";
  }
  return fail(token.begin, std::move(what));
}

NodeId Parser::parse_block() {
  const Level level(*this);
  peek();
  const NodeId block = add(NodeKind::block, cursor_);
  std::vector<NodeId> kids;
  while (ok() && starts_statement(peek().kind)) {
    const NodeId statement = parse_statement();
    if (statement != kNoNode) kids.push_back(statement);
  }
  pool_[block].kids = std::move(kids);
  return ok() ? block : kNoNode;
}

NodeId Parser::parse_statement() {
  switch (peek().kind) {
    case if_: return parse_if();
    case identifier: return parse_reference();
    case curly_open:
      if (peek(1).kind == identifier) return parse_reference();
      return parse_text();
    case comment_start:
    case comment_end:
    case doc_comment_end: return parse_comment();
    case raw_block: {
      const std::size_t token = take();
      const std::string_view whole = image(token);
      return add_text(token, std::string(whole.substr(3, whole.size() - 6)));
    }
    case set: return parse_set();
    case escaped_directive: return parse_escaped_directive();
    case double_escape: return parse_escapes();
    case word:
    case bracketed_word: return parse_directive();
    default: return parse_text();
  }
}

NodeId Parser::parse_text() {
  const std::size_t token = take();
  return add_text(token, literal(token, token));
}

// An odd number of backslashes before a directive that exists: half of them stay and the directive
// is text. Before any other word all stay.
NodeId Parser::parse_escaped_directive() {
  const std::size_t token = take();
  const std::string_view whole = image(token);
  const std::size_t last = whole.rfind('\\');
  const std::string_view directive = whole.substr(last + 1);
  std::string_view name = directive.substr(1);
  if (name.starts_with('{')) name = name.substr(1, name.size() - 2);
  const bool known = directive_of(name) != nullptr || is_macro(name);
  if (known) tokens_[token].shown += static_cast<std::uint32_t>(last + 1 - last / 2);
  return add_text(token, std::string(image(token)));
}

// Pairs of backslashes halve before a directive and stay before anything else.
NodeId Parser::parse_escapes() {
  const std::size_t first = cursor_;
  while (ok() && peek().kind == double_escape) take();
  if (!ok()) return kNoNode;
  const Token& next = peek();
  bool control = next.kind == end || next.kind == if_ || next.kind == elseif || next.kind == else_;
  const std::string_view after = text_.substr(next.begin, next.end - next.begin);
  const std::string_view name = after.substr(std::min<std::size_t>(1, after.size()));
  const DirectiveRow* const row = directive_of(name);
  control = control || (row != nullptr && !row->grammar) || is_macro(name);
  const std::size_t pairs = cursor_ - first;
  return add_text(first, std::string(control ? pairs : pairs * 2, '\\'));
}

// Prints the stray '$' or '#' that stood before it.
NodeId Parser::parse_comment() {
  const std::size_t token = take();
  if (tokens_[token].kind == comment_start) take_if(comment_line_end);
  const std::string_view whole = image(token);
  std::size_t start = whole.find("##");
  if (start == std::string_view::npos) start = whole.find("#*");
  if (start == std::string_view::npos) start = 0;
  return add_text(token, std::string(whole.substr(0, start)));
}

NodeId Parser::parse_if() {
  const std::size_t first = take();
  const NodeId id = add(NodeKind::if_, first);
  std::vector<NodeId> kids;
  do {
    skip_space();
    if (!expect(paren_open)) return kNoNode;
    kids.push_back(parse_expression());
    if (!ok() || !expect(paren_close)) return kNoNode;
    kids.push_back(parse_block());
  } while (ok() && take_if(elseif));
  if (ok() && take_if(else_)) kids.push_back(parse_block());
  if (!ok()) return kNoNode;
  if (!take_if(end)) {
    return kids.size() % 2 == 0 ? unexpected({elseif, else_, end}) : unexpected({end});
  }
  pool_[id].kids = std::move(kids);
  return id;
}

NodeId Parser::parse_set() {
  const std::size_t first = take();
  const NodeId id = add(NodeKind::set, first);
  skip_space();
  if (peek().kind != identifier && peek().kind != curly_open) {
    return unexpected({identifier});
  }
  const NodeId target = parse_reference();
  if (!ok()) return kNoNode;
  skip_space();
  if (!expect(assign)) return kNoNode;
  const NodeId value = parse_expression();
  if (!ok() || !expect(paren_close)) return kNoNode;
  lexer_.end_set();
  pool_[id].text = pool_[target].text;
  pool_[id].kids = {target, value};
  return id;
}

NodeId Parser::parse_directive() {
  const std::size_t first = take();
  const NodeId id = add(NodeKind::directive, first);
  const std::string_view whole = image(first);
  const std::string name(tokens_[first].kind == bracketed_word ? whole.substr(2, whole.size() - 3)
                                                               : whole.substr(1));
  const DirectiveRow* row = directive_of(name);
  if (row != nullptr && row->grammar) row = nullptr;
  const bool macro = name == "macro";
  const bool block = row != nullptr ? row->block : name.starts_with('@');
  pool_[id].text = name;

  lexer_.enter_directive();
  if (!lexer_.parenthesis_follows()) {
    lexer_.leave_directive();
    if (row != nullptr && row->block) {
      return fail(tokens_[first].end, fmt::format("expected '(' behind #{}", name));
    }
    pool_[id].literal = std::string(name.starts_with('@') ? "#" + name : std::string(whole));
    return id;
  }
  parse_directive_arguments(id, row, macro);
  if (ok() && block) {
    const NodeId body = parse_block();
    if (!ok() || !expect(end)) return kNoNode;
    pool_[id].kids.push_back(body);
    if (name == "literal") {
      // The block as it stands; its last token is the one before #end.
      const std::size_t close = cursor_ - 1;
      std::size_t open = first;
      while (tokens_[open].begin < tokens_[close].begin && tokens_[open].kind != paren_close) {
        ++open;
      }
      if (open + 1 == close) return fail(tokens_[close].begin, "#literal needs a text before #end");
      pool_[id].literal = literal(open + 1, close - 1);
      return id;
    }
    if (macro) {
      if (pool_[id].kids.size() < 2) {
        return fail(tokens_[first].begin, "#macro needs the name of the macro");
      }
      macros_.push_back(pool_[pool_[id].kids[0]].text);
    }
  }
  if (!ok()) return kNoNode;
  std::string printed;
  for (std::size_t i = first; i < cursor_; ++i) printed.append(image(i));
  pool_[id].literal = std::move(printed);
  return id;
}

void Parser::parse_directive_arguments(NodeId id, const DirectiveRow* row, bool macro) {
  const Level level(*this);
  skip_space();
  if (!ok() || !expect(paren_open)) return;
  std::vector<NodeId> kids;
  while (ok()) {
    const TokenKind kind = peek().kind;
    const TokenKind behind = kind == space ? peek(1).kind : kind;
    if (behind != comma && behind != word && !starts_value(behind)) break;
    skip_space();
    if (take_if(comma)) skip_space();
    const std::size_t token = cursor_;
    const NodeId argument = parse_directive_argument();
    if (!ok()) return;
    const bool is_word = pool_[argument].kind == NodeKind::word;
    const bool word_fits = row == nullptr || (macro && kids.empty()) || kids.size() == row->word_at;
    if (is_word && !word_fits) {
      fail(tokens_[token].begin,
           fmt::format("a bare word cannot be an argument of #{} here", pool_[id].text));
      return;
    }
    if (!is_word && macro && kids.empty()) {
      fail(tokens_[token].begin, "the first argument of #macro is its name, a bare word");
      return;
    }
    kids.push_back(argument);
  }
  skip_space();
  if (!ok() || !expect(paren_close)) return;
  pool_[id].kids = std::move(kids);
}

NodeId Parser::parse_directive_argument() {
  if (peek().kind == word) {
    const std::size_t token = take();
    const NodeId id = add(NodeKind::word, token);
    pool_[id].text = std::string(image(token));
    return id;
  }
  return parse_value();
}

std::expected<Syntax, Diagnostic> parse_syntax(std::string_view text,
                                               const ClassicTables* classic) {
  const SourceText source(text);
  Syntax syntax;
  Parser parser(source, syntax.nodes, 0, classic);
  syntax.root = parser.run();
  if (syntax.root == kNoNode) {
    return std::unexpected(Diagnostic{place_of(text, parser.error_offset()), parser.take_error()});
  }
  return syntax;
}

}  // namespace hyd::vtl

// The parser's class: statements are in parser.cc, references and expressions in parser_value.cc.
// Only these two include this.
#pragma once

#include "vtl/directives/table.h"
#include "vtl/lexer.h"
#include "vtl/parser.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hyd::vtl {

inline bool starts_value(TokenKind kind) {
  using enum TokenKind;
  switch (kind) {
    case string:
    case integer:
    case floating:
    case list_open:
    case map_open:
    case true_word:
    case false_word:
    case identifier:
    case curly_open: return true;
    default: return false;
  }
}

// Recursive descent over one text: the template, or a quoted template in it. Follows Velocity's
// grammar to the token, since the lexer depends on how far it is asked to read.
class Parser {
 public:
  // `pool` collects the nodes of the template and of every quoted template in it.
  // `classic` is null in API Gateway's dialect.
  Parser(const SourceText& source, std::vector<Node>& pool, std::size_t depth,
         const ClassicTables* classic)
      : source_(source),
        text_(source.text()),
        lexer_(text_),
        pool_(pool),
        depth_(depth),
        classic_(classic) {}

  // kNoNode when something was wrong.
  NodeId run() {
    const NodeId root = parse_block();
    if (ok() && peek().kind != TokenKind::end_of_text) unexpected({TokenKind::end_of_text});
    return ok() ? root : kNoNode;
  }
  std::uint32_t error_offset() const { return error_offset_; }
  std::string take_error() { return std::move(*error_); }

 private:
  bool ok() const { return !error_; }

  NodeId fail(std::size_t at, std::string what) {
    if (ok()) {
      error_ = std::move(what);
      error_offset_ = source_.offset_of(at);
    }
    return kNoNode;
  }
  NodeId unexpected(std::initializer_list<TokenKind> wanted);

  // The token `ahead` of the next one. Reading further than Velocity does would change what the
  // lexer makes of it; each caller looks exactly as far.
  const Token& peek(std::size_t ahead = 0);
  std::size_t take() {
    peek();
    return cursor_++;
  }
  bool take_if(TokenKind kind) {
    if (peek().kind != kind) return false;
    ++cursor_;
    return true;
  }
  bool expect(TokenKind kind) {
    if (take_if(kind)) return true;
    unexpected({kind});
    return false;
  }
  void skip_space() { take_if(TokenKind::space); }

  std::string_view image(std::size_t token) const {
    return text_.substr(tokens_[token].shown, tokens_[token].end - tokens_[token].shown);
  }
  // What the tokens from `first` to `last` look like when printed as they stand.
  std::string literal(std::size_t first, std::size_t last) const {
    std::string out;
    for (std::size_t i = first; i <= last; ++i) {
      if (tokens_[i].kind == TokenKind::comment_end) continue;
      out.append(tokens_[i].lost).append(image(i));
    }
    return out;
  }

  bool is_macro(std::string_view name) const {
    return std::find(macros_.begin(), macros_.end(), name) != macros_.end() ||
           (classic_ != nullptr && classic_->macros.contains(name));
  }

  const DirectiveRow* directive_of(std::string_view name) const {
    return find_directive(name, classic_ == nullptr ? Dialect::gateway : Dialect::classic);
  }

  NodeId add(NodeKind kind, std::size_t token) {
    Node node;
    node.kind = kind;
    node.offset = source_.offset_of(tokens_[token].begin);
    pool_.push_back(std::move(node));
    return static_cast<NodeId>(pool_.size() - 1);
  }
  NodeId add_text(std::size_t token, std::string printed) {
    const NodeId id = add(NodeKind::text, token);
    pool_[id].text = std::move(printed);
    return id;
  }

  // Counts one level of nesting for the life of a parse function.
  class Level {
   public:
    explicit Level(Parser& parser) : parser_(parser) {
      if (++parser_.depth_ > kNestingMax) {
        parser_.fail(parser_.tokens_.empty() ? 0 : parser_.tokens_.back().begin,
                     "nested deeper than " + std::to_string(kNestingMax) + " levels");
      }
    }
    ~Level() { --parser_.depth_; }
    Level(const Level&) = delete;
    Level& operator=(const Level&) = delete;

   private:
    Parser& parser_;
  };

  NodeId parse_block();
  NodeId parse_statement();
  NodeId parse_text();
  NodeId parse_escaped_directive();
  NodeId parse_escapes();
  NodeId parse_comment();
  NodeId parse_if();
  NodeId parse_set();
  NodeId parse_directive();
  void parse_directive_arguments(NodeId id, const DirectiveRow* row, bool macro);
  NodeId parse_directive_argument();

  NodeId parse_reference();
  bool read_root(std::size_t first, Reference& reference);
  bool method_follows();
  void parse_indexes(NodeId id);
  void parse_arguments(std::vector<NodeId>& out);

  NodeId parse_expression() { return parse_or(); }
  NodeId parse_or();
  NodeId parse_and();
  NodeId parse_equality();
  NodeId parse_relation();
  NodeId parse_sum();
  NodeId parse_product();
  NodeId parse_unary();
  NodeId parse_primary();
  NodeId binary(NodeKind kind, NodeId left, std::size_t token, NodeId right);

  NodeId parse_parameter();
  NodeId parse_value();
  NodeId parse_any_value();
  NodeId parse_list();
  NodeId parse_range();
  NodeId parse_map();
  NodeId parse_string();
  NodeId parse_simple(NodeKind kind);
  bool range_follows();

  const SourceText& source_;
  std::string_view text_;
  Lexer lexer_;
  std::vector<Node>& pool_;
  std::size_t depth_;
  const ClassicTables* classic_;
  std::vector<Token> tokens_;
  std::size_t cursor_ = 0;
  std::vector<std::string> macros_;  // their escapes are recognised
  std::optional<std::string> error_;
  std::uint32_t error_offset_ = 0;
};

}  // namespace hyd::vtl

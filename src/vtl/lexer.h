// Cuts a template into tokens exactly where Apache Velocity 1.7 cuts it.
//
// Velocity's lexer is a state machine with a stack: what a character means depends on whether it
// stands in text, in a reference, behind a reference's dot, in an index, in arguments, behind a `#`
// or in a directive's parentheses. Users see the machine: after `$x #set($y=1)` the words that
// follow are still "in a reference", `#` and `$` join the token behind them, and a newline belongs
// to the `)` before it. No simpler lexer gives the same bytes, so this one is the same machine,
// state by state. In each state the longest token wins, and among equals the first of TokenKind.
//
// The parser drives it token by token, because two of its decisions change the state.
#pragma once

#include "vtl/source.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hyd::vtl {

// In the order of precedence among tokens of equal length.
enum class TokenKind : std::uint8_t {
  end_of_text,
  index_open,   // [ behind a reference
  index_close,  // ] that closes it
  list_open,    // [ in a directive or in arguments
  list_close,
  comma,
  range_dots,
  colon,
  map_open,
  map_close,
  paren_open,
  paren_close,      // with the white space and newline behind it
  arguments_close,  // ) of a method call, alone
  escaped_directive,
  set,            // "#set(" with the white space before it
  comment_start,  // ##
  double_escape,  // two backslashes
  escape,         // one backslash
  text,
  comment_line_end,
  comment_end,  // *# of either block comment
  doc_comment_end,
  raw_block,  // #[[ … ]]#
  space,
  string,
  true_word,
  false_word,
  minus,
  plus,
  times,
  divide,
  modulo,
  logical_and,
  logical_or,
  less,
  less_equal,
  greater,
  greater_equal,
  equal,
  not_equal,
  logical_not,
  assign,
  end,  // #end, #{end}, with the white space and newline behind it
  if_,
  elseif,
  else_,
  integer,
  floating,
  word,            // #word
  bracketed_word,  // #{word}
  identifier,
  dot,
  curly_open,  // { of ${…}
  curly_close,
  empty_index,  // "$[", "$.", "$![": text
};

// For messages: "')'", "a number".
std::string_view describe(TokenKind kind);

struct Token {
  TokenKind kind = TokenKind::end_of_text;
  std::uint32_t begin = 0;  // bytes of the lexer's text; '#', '$' and '\' before it included
  std::uint32_t end = 0;
  // Where it starts when it is printed as it stands; the parser moves it past backslashes and stray
  // signs before a reference.
  std::uint32_t shown = 0;
  std::string lost;  // '#', '$' and '\' that began nothing just before this token: text
};

class Lexer {
 public:
  // Lends `text`, which must outlive it.
  explicit Lexer(std::string_view text) : text_(text) {}

  // Nothing when no token fits here: the lexical error is at error_at().
  std::optional<Token> next();
  std::size_t error_at() const { return at_; }

  // For the parser: behind a #word the arguments are lexed as a directive's, if a parenthesis
  // follows, and as what surrounds it otherwise; `#set` has ended.
  void enter_directive() { state_ = State::directive; }
  bool parenthesis_follows() const;
  void leave_directive() { pop(); }
  void end_set() { in_set_ = false; }

 private:
  enum class State : std::uint8_t {
    text,
    reference,
    member,     // behind a reference's dot
    arguments,  // of a method
    index,
    before_directive,  // behind '#'
    directive,
    raw_block,
    block_comment,
    doc_comment,
    line_comment,
  };
  // What matched at a place: a token, the beginning of one that goes on in another state (`more`),
  // or something dropped (`skip`).
  enum class Class : std::uint8_t { none, token, more, skip };
  enum class More : std::uint8_t { dollar, raw_block, doc_comment, block_comment, hash };
  struct Match {
    Class kind = Class::none;
    std::size_t length = 0;
    TokenKind token = TokenKind::end_of_text;
    More more = More::dollar;
    bool terminator = false;  // ends a reference or a '#', and is read again
  };
  struct Saved {
    State state;
    std::int32_t open;
    std::int32_t closed;
  };

  Match match() const;
  void offer(Match& best, TokenKind kind, std::size_t length) const;
  void match_more(Match& best) const;
  void match_text(Match& best) const;
  void match_empty_index(Match& best) const;
  void match_reference(Match& best) const;
  void match_arguments(Match& best) const;
  void match_directive(Match& best) const;
  void match_before_directive(Match& best) const;
  void match_words(Match& best) const;
  void match_literals(Match& best) const;
  void match_numbers(Match& best) const;

  char peek(std::size_t ahead = 0) const {
    return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0';
  }
  bool starts(std::string_view word) const { return text_.substr(at_).starts_with(word); }
  std::size_t blank_line_end(std::size_t from) const;
  std::size_t set_length() const;
  std::size_t escaped_directive_length() const;
  std::size_t string_length() const;
  std::size_t word_length(std::size_t from) const;

  void push();
  bool pop();
  void close_parenthesis();
  void act(const Match& match, Token& token);
  void act_more(More more);

  std::string_view text_;
  std::size_t at_ = 0;
  State state_ = State::text;
  std::vector<Saved> stack_;
  std::int32_t open_ = 0;  // parentheses seen in this state
  std::int32_t closed_ = 0;
  bool in_comment_ = false;
  bool in_set_ = false;
};

}  // namespace hyd::vtl

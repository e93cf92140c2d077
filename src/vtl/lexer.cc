#include "vtl/lexer.h"

#include <algorithm>
#include <array>
#include <utility>

namespace hyd::vtl {
namespace {

using enum TokenKind;

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_name(char c) { return is_letter(c) || is_digit(c) || c == '_' || c == '-'; }
bool is_word(char c) { return is_letter(c) || is_digit(c) || c == '_' || c == '@'; }
bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

// The '#' and '$' among the characters that a lexer state gave back, and the backslashes that stand
// before a '$': they began no token and are text. A '!' is not among them, so "$! " loses it.
void keep_lost(std::string_view given_back, std::string& lost) {
  for (std::size_t i = 0; i < given_back.size(); ++i) {
    const char c = given_back[i];
    if (c == '#' || c == '$') lost.push_back(c);
    if (c != '\\') continue;
    const std::size_t dollar = given_back.find_first_not_of('\\', i);
    if (dollar == std::string_view::npos || given_back[dollar] != '$') continue;
    lost.append(given_back.substr(i, dollar + 1 - i));
    i = dollar + 1;  // Velocity steps over one character more
  }
}

}  // namespace

std::string_view describe(TokenKind kind) {
  switch (kind) {
    case end_of_text: return "the end of the template";
    case index_open:
    case list_open: return "'['";
    case index_close:
    case list_close: return "']'";
    case comma: return "','";
    case range_dots: return "'..'";
    case colon: return "':'";
    case map_open:
    case curly_open: return "'{'";
    case map_close:
    case curly_close: return "'}'";
    case paren_open: return "'('";
    case paren_close:
    case arguments_close: return "')'";
    case set: return "'#set('";
    case comment_start: return "'##'";
    case space: return "white space";
    case string: return "a quoted text";
    case true_word: return "'true'";
    case false_word: return "'false'";
    case minus: return "'-'";
    case plus: return "'+'";
    case times: return "'*'";
    case divide: return "'/'";
    case modulo: return "'%'";
    case logical_and: return "'&&'";
    case logical_or: return "'||'";
    case less: return "'<'";
    case less_equal: return "'<='";
    case greater: return "'>'";
    case greater_equal: return "'>='";
    case equal: return "'=='";
    case not_equal: return "'!='";
    case logical_not: return "'!'";
    case assign: return "'='";
    case end: return "'#end'";
    case if_: return "'#if'";
    case elseif: return "'#elseif'";
    case else_: return "'#else'";
    case integer:
    case floating: return "a number";
    case word:
    case bracketed_word: return "a word";
    case identifier: return "a name";
    case dot: return "'.'";
    case escaped_directive:
    case double_escape:
    case escape:
    case text:
    case comment_line_end:
    case comment_end:
    case doc_comment_end:
    case raw_block:
    case empty_index: return "text";
  }
  return "text";
}

std::optional<Token> Lexer::next() {
  Token token;
  while (true) {
    token.begin = static_cast<std::uint32_t>(at_);
    if (at_ == text_.size()) {
      token.kind = end_of_text;
      token.end = token.shown = token.begin;
      return token;
    }
    while (true) {
      const Match found = match();
      if (found.kind == Class::none) return std::nullopt;
      at_ += found.length;
      if (found.kind == Class::more) {
        act_more(found.more);
        if (at_ == text_.size()) return std::nullopt;
        continue;
      }
      if (found.kind == Class::token) {
        token.kind = found.token;
        token.end = static_cast<std::uint32_t>(at_);
        act(found, token);
        token.shown = token.begin;
        return token;
      }
      if (found.terminator) {
        keep_lost(text_.substr(token.begin, at_ - token.begin), token.lost);
        --at_;
        pop();
      }
      break;
    }
  }
}

bool Lexer::parenthesis_follows() const {
  std::size_t i = at_;
  while (i < text_.size() && is_space(text_[i])) ++i;
  return i < text_.size() && text_[i] == '(';
}

Lexer::Match Lexer::match() const {
  Match best;
  match_more(best);
  switch (state_) {
    case State::text: match_text(best); break;
    case State::reference:
    case State::member: match_reference(best); break;
    case State::arguments: match_arguments(best); break;
    case State::index:
      if (peek() == ']') offer(best, index_close, 1);
      match_literals(best);
      break;
    case State::before_directive: match_before_directive(best); break;
    case State::directive: match_directive(best); break;
    case State::raw_block:
      if (starts("]]#")) offer(best, raw_block, 3);
      if (best.kind == Class::none) {
        best = {.kind = Class::more, .length = 1, .more = More::dollar};
      }
      break;
    case State::block_comment:
      if (starts("*#")) offer(best, comment_end, 2);
      if (best.kind == Class::none) best = {.kind = Class::skip, .length = 1};
      break;
    case State::doc_comment:
      if (starts("*#")) offer(best, doc_comment_end, 2);
      if (best.kind == Class::none) best = {.kind = Class::skip, .length = 1};
      break;
    case State::line_comment:
      if (peek() == '\n' || peek() == '\r') {
        offer(best, comment_line_end, starts("\r\n") ? 2 : 1);
      }
      if (best.kind == Class::none) best = {.kind = Class::skip, .length = 1};
      break;
  }
  return best;
}

// Keeps the longer, or the earlier of equals; beginnings (`more`) stand between escaped directives
// and everything below them in that order, and none of equal length is above them in any state.
void Lexer::offer(Match& best, TokenKind kind, std::size_t length) const {
  if (length == 0 || length < best.length) return;
  if (length == best.length) {
    if (best.kind == Class::more) return;
    if (best.kind == Class::token && best.token <= kind) return;
  }
  best = {.kind = Class::token, .length = length, .token = kind};
}

void Lexer::match_more(Match& best) const {
  const auto begin = [&](More more, std::size_t length) {
    if (length > best.length) best = {.kind = Class::more, .length = length, .more = more};
  };
  if (peek() == '#') {
    begin(More::hash, 1);
    if (peek(1) == '*') begin(More::block_comment, 2);
    if (starts("#[[")) begin(More::raw_block, 3);
    if (starts("#**") && at_ + 3 < text_.size() && peek(3) != '#') begin(More::doc_comment, 4);
    return;
  }
  std::size_t i = at_;
  while (i < text_.size() && text_[i] == '\\') ++i;
  if (i == text_.size() || text_[i] != '$') return;
  ++i;
  begin(More::dollar, i - at_);
  while (i < text_.size() && text_[i] == '\\') ++i;
  if (i < text_.size() && text_[i] == '!') begin(More::dollar, i + 1 - at_);
}

void Lexer::match_text(Match& best) const {
  offer(best, escaped_directive, escaped_directive_length());
  offer(best, set, set_length());
  if (starts("##")) offer(best, comment_start, 2);
  if (starts("\\\\")) offer(best, double_escape, 2);
  if (peek() == '\\') offer(best, escape, 1);
  const std::size_t stop = std::min(text_.find_first_of("$#\\", at_), text_.size());
  offer(best, text, stop - at_);
  match_empty_index(best);
}

// What looks like a reference and is text.
void Lexer::match_empty_index(Match& best) const {
  for (const std::string_view form : {"$[", "$.", "$![", "$\\!["}) {
    if (starts(form)) offer(best, empty_index, form.size());
  }
}

void Lexer::match_reference(Match& best) const {
  if (peek() == '[') offer(best, index_open, 1);
  if (state_ == State::member && peek() == '(') offer(best, paren_open, 1);
  offer(best, set, set_length());
  if (state_ == State::reference && starts("##")) offer(best, comment_start, 2);
  match_words(best);
  if (peek() == '{') offer(best, curly_open, 1);
  if (peek() == '}') offer(best, curly_close, 1);
  if (state_ == State::reference) match_empty_index(best);
  if (best.kind == Class::none) best = {.kind = Class::skip, .length = 1, .terminator = true};
}

// Names of references and their members, the words true and false, and the dot before a member.
void Lexer::match_words(Match& best) const {
  if (starts("true")) offer(best, true_word, 4);
  if (starts("false")) offer(best, false_word, 5);
  if (is_letter(peek()) || peek() == '_') {
    std::size_t i = at_ + 1;
    while (i < text_.size() && is_name(text_[i])) ++i;
    offer(best, identifier, i - at_);
  }
  if (peek() == '.' && is_letter(peek(1))) offer(best, dot, 2);
}

void Lexer::match_arguments(Match& best) const {
  switch (peek()) {
    case '[': offer(best, list_open, 1); break;
    case ']': offer(best, list_close, 1); break;
    case ',': offer(best, comma, 1); break;
    case ':': offer(best, colon, 1); break;
    case '{': offer(best, map_open, 1); break;
    case '}': offer(best, map_close, 1); break;
    case ')': offer(best, arguments_close, 1); break;
    default: break;
  }
  if (starts("..")) offer(best, range_dots, 2);
  offer(best, set, set_length());
  match_literals(best);
  match_words(best);
}

void Lexer::match_directive(Match& best) const {
  constexpr std::pair<std::string_view, TokenKind> kSigns[] = {
      {"[", list_open},      {"]", list_close},     {",", comma},        {"..", range_dots},
      {":", colon},          {"{", map_open},       {"}", map_close},    {"(", paren_open},
      {"##", comment_start}, {"-", minus},          {"+", plus},         {"*", times},
      {"/", divide},         {"%", modulo},         {"&&", logical_and}, {"and", logical_and},
      {"||", logical_or},    {"or", logical_or},    {"<", less},         {"lt", less},
      {"<=", less_equal},    {"le", less_equal},    {">", greater},      {"gt", greater},
      {">=", greater_equal}, {"ge", greater_equal}, {"==", equal},       {"eq", equal},
      {"!=", not_equal},     {"ne", not_equal},     {"!", logical_not},  {"not", logical_not},
      {"=", assign},
  };
  for (const auto& [sign, kind] : kSigns) {
    if (starts(sign)) offer(best, kind, sign.size());
  }
  if (peek() == ')') offer(best, paren_close, blank_line_end(at_ + 1) - at_);
  match_literals(best);
  const std::size_t length = word_length(at_);
  offer(best, word, length);
  if (peek() == '{' && peek(1) != '@') {
    const std::size_t inside = word_length(at_ + 1);
    if (inside != 0 && peek(inside + 1) == '}') offer(best, bracketed_word, inside + 2);
  }
}

void Lexer::match_before_directive(Match& best) const {
  struct Row {
    std::string_view name;
    std::string_view bracketed;
    TokenKind kind;
    bool takes_line_end;
  };
  constexpr std::array<Row, 4> kRows = {{{"end", "{end}", end, true},
                                         {"if", "{if}", if_, false},
                                         {"elseif", "{elseif}", elseif, false},
                                         {"else", "{else}", else_, true}}};
  if (starts("##")) offer(best, comment_start, 2);
  for (const Row& row : kRows) {
    for (const std::string_view form : {row.name, row.bracketed}) {
      if (!starts(form)) continue;
      const std::size_t stop = at_ + form.size();
      offer(best, row.kind, (row.takes_line_end ? blank_line_end(stop) : stop) - at_);
    }
  }
  match_numbers(best);
  offer(best, word, word_length(at_));
  if (peek() == '{' && peek(1) != '@') {
    const std::size_t inside = word_length(at_ + 1);
    if (inside != 0 && peek(inside + 1) == '}') offer(best, bracketed_word, inside + 2);
  }
  if (best.kind == Class::none) best = {.kind = Class::skip, .length = 1, .terminator = true};
}

void Lexer::match_literals(Match& best) const {
  if (is_space(peek())) {
    std::size_t i = at_;
    while (i < text_.size() && is_space(text_[i])) ++i;
    offer(best, space, i - at_);
  }
  offer(best, string, string_length());
  if (state_ != State::arguments) {
    if (starts("true")) offer(best, true_word, 4);
    if (starts("false")) offer(best, false_word, 5);
  }
  match_numbers(best);
}

void Lexer::match_numbers(Match& best) const {
  std::size_t i = at_ + (peek() == '-' ? 1 : 0);
  const auto digits = [&](std::size_t from) {
    while (from < text_.size() && is_digit(text_[from])) ++from;
    return from;
  };
  const auto exponent = [&](std::size_t from) {
    if (from >= text_.size() || (text_[from] | 0x20) != 'e') return from;
    std::size_t mark = from + 1;
    if (mark < text_.size() && (text_[mark] == '+' || text_[mark] == '-')) ++mark;
    const std::size_t stop = digits(mark);
    return stop == mark ? from : stop;
  };
  const std::size_t whole = digits(i);
  const bool point = whole < text_.size() && text_[whole] == '.';
  if (whole != i) {
    const bool range = point && whole + 1 < text_.size() && text_[whole + 1] == '.';
    offer(best, integer, whole - at_ + (range ? 2 : 0));
    if (point) offer(best, floating, exponent(digits(whole + 1)) - at_);
    if (exponent(whole) != whole) offer(best, floating, exponent(whole) - at_);
  } else if (point && digits(whole + 1) != whole + 1) {
    offer(best, floating, exponent(digits(whole + 1)) - at_);
  }
}

// `from`, or the end of the line when only blanks stand between.
std::size_t Lexer::blank_line_end(std::size_t from) const {
  std::size_t i = from;
  while (i < text_.size() && (text_[i] == ' ' || text_[i] == '\t')) ++i;
  if (text_.substr(i).starts_with("\r\n")) return i + 2;
  if (i < text_.size() && (text_[i] == '\n' || text_[i] == '\r')) return i + 1;
  return from;
}

std::size_t Lexer::set_length() const {
  std::size_t i = at_;
  while (i < text_.size() && (text_[i] == ' ' || text_[i] == '\t')) ++i;
  const std::string_view rest = text_.substr(i);
  if (rest.starts_with("#set")) {
    i += 4;
  } else if (rest.starts_with("#{set}")) {
    i += 6;
  } else {
    return 0;
  }
  while (i < text_.size() && text_[i] == ' ') ++i;
  return i < text_.size() && text_[i] == '(' ? i + 1 - at_ : 0;
}

// An odd number of backslashes before a directive's word.
std::size_t Lexer::escaped_directive_length() const {
  std::size_t i = at_;
  while (i < text_.size() && text_[i] == '\\') ++i;
  if ((i - at_) % 2 == 0 || i == text_.size() || text_[i] != '#') return 0;
  ++i;
  if (const std::size_t plain = word_length(i)) return i + plain - at_;
  if (i + 1 >= text_.size() || text_[i] != '{' || text_[i + 1] == '@') return 0;
  const std::size_t inside = word_length(i + 1);
  const std::size_t close = i + 1 + inside;
  return inside != 0 && close < text_.size() && text_[close] == '}' ? close + 1 - at_ : 0;
}

// A doubled quote inside is part of the text if another quote closes it behind.
std::size_t Lexer::string_length() const {
  const char quote = peek();
  if (quote != '"' && quote != '\'') return 0;
  std::size_t accepted = 0;
  for (std::size_t i = text_.find(quote, at_ + 1); i != std::string_view::npos;
       i = text_.find(quote, i + 2)) {
    accepted = i + 1 - at_;
    if (i + 1 >= text_.size() || text_[i + 1] != quote) break;
  }
  return accepted;
}

std::size_t Lexer::word_length(std::size_t from) const {
  if (from >= text_.size()) return 0;
  const char first = text_[from];
  if (!is_letter(first) && first != '_' && first != '@') return 0;
  std::size_t i = from + 1;
  while (i < text_.size() && is_word(text_[i])) ++i;
  return i - from;
}

void Lexer::push() {
  stack_.push_back({state_, open_, closed_});
  open_ = 0;
}

bool Lexer::pop() {
  if (stack_.empty()) {
    open_ = 0;
    state_ = State::text;
    return false;
  }
  const Saved saved = stack_.back();
  stack_.pop_back();
  open_ = saved.open;
  closed_ = saved.closed;
  state_ = saved.state;
  return true;
}

// Falls to the state that has an open parenthesis.
void Lexer::close_parenthesis() {
  if (in_comment_) return;
  while (open_ == 0) {
    if (!pop()) return;
  }
  if (open_ == closed_ + 1) {
    pop();
  } else {
    ++closed_;
  }
}

void Lexer::act_more(More more) {
  if (state_ == State::raw_block || in_comment_) return;
  switch (more) {
    case More::dollar:
      if (state_ == State::reference) pop();
      push();
      state_ = State::reference;
      return;
    case More::hash:
      if (state_ == State::reference || state_ == State::member) pop();
      push();
      state_ = State::before_directive;
      return;
    case More::raw_block:
      in_comment_ = true;
      push();
      state_ = State::raw_block;
      return;
    case More::doc_comment:
      --at_;
      in_comment_ = true;
      push();
      state_ = State::doc_comment;
      return;
    case More::block_comment:
      in_comment_ = true;
      push();
      state_ = State::block_comment;
      return;
  }
}

void Lexer::act(const Match& match, Token& token) {
  const bool bare = open_ == 0 && !in_set_;
  switch (match.token) {
    case index_open:
      push();
      state_ = State::index;
      return;
    case index_close:
    case curly_close:
    case end:
    case else_: pop(); return;
    case paren_open:
      ++open_;
      if (state_ == State::member) state_ = State::arguments;
      return;
    case paren_close: close_parenthesis(); return;
    case arguments_close: state_ = State::reference; return;
    case set:
      push();
      in_set_ = true;
      state_ = State::directive;
      ++open_;
      return;
    case comment_start:
      if (state_ == State::reference) pop();
      in_comment_ = true;
      push();
      state_ = State::line_comment;
      return;
    case comment_line_end:
    case comment_end:
    case doc_comment_end:
    case raw_block:
      in_comment_ = false;
      pop();
      return;
    case string:
      if (state_ == State::directive && bare) pop();
      return;
    case if_:
    case elseif: state_ = State::directive; return;
    case integer:
      if (text_.substr(token.begin, token.end - token.begin).ends_with("..")) {
        at_ -= 2;
        token.end -= 2;
      }
      if (bare && state_ != State::arguments && state_ != State::index) pop();
      return;
    case floating:
      if (bare && state_ != State::arguments) pop();
      return;
    case dot:
      --at_;
      --token.end;
      token.begin = token.end - 1;  // what stood before it is lost
      state_ = State::member;
      return;
    default: return;
  }
}

}  // namespace hyd::vtl

#include "codec/jsonpath.h"

#include "base/parse_int.h"
#include "codec/hex.h"
#include "codec/jsonpath_internal.h"
#include "codec/utf8.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <utility>

namespace hyd::codec {

struct JsonPath::Compiled {
  std::unique_ptr<jsonpath::Path> path;
};

namespace jsonpath {
namespace {

// Filters and function arguments hold paths of their own.
constexpr std::size_t kNestingMax = 50;
constexpr std::size_t kTokensMax = 10'000;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

}  // namespace

std::string unescape(std::string_view text) {
  if (text.find('\\') == std::string_view::npos) return std::string(text);
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\\' || i + 1 == text.size()) {
      out.push_back(text[i]);
      continue;
    }
    switch (const char c = text[++i]) {
      case 'r': out.push_back('\r'); break;
      case 'f': out.push_back('\f'); break;
      case 't': out.push_back('\t'); break;
      case 'n': out.push_back('\n'); break;
      case 'b': out.push_back('\b'); break;
      case 'u': {
        std::uint32_t unit = 0;
        std::size_t digits = 0;
        while (digits < 4 && i + 1 + digits < text.size() && hex_digit(text[i + 1 + digits]) >= 0) {
          unit = unit * 16 + static_cast<std::uint32_t>(hex_digit(text[i + 1 + digits++]));
        }
        if (digits == 4) {
          append_utf8(unit, out);
          i += 4;
        } else {
          out.push_back('u');
        }
        break;
      }
      default: out.push_back(c);
    }
  }
  return out;
}

bool Reader::fail(std::string_view what) {
  if (error_.empty()) error_ = fmt::format("JSONPath {}: {}", text_, what);
  return false;
}

void Reader::skip_blanks() {
  while (in_bounds() && position_ < end_ && current() == ' ') ++position_;
}

void Reader::trim() {
  skip_blanks();
  while (in_bounds() && position_ < end_ && at(end_) == ' ') --end_;
}

Reader::At Reader::next_significant(At from) const {
  At i = from + 1;
  while (in_bounds(i) && at(i) == ' ') ++i;
  return i;
}

Reader::At Reader::index_of_next(At from, char c) const {
  for (At i = from; in_bounds(i); ++i) {
    if (at(i) == c) return i;
  }
  return -1;
}

Reader::At Reader::index_of_unescaped(At from, char c) const {
  bool escaped = false;
  for (At i = from + 1; in_bounds(i); ++i) {
    if (escaped) {
      escaped = false;
    } else if (at(i) == '\\') {
      escaped = true;
    } else if (at(i) == c) {
      return i;
    }
  }
  return -1;
}

// -1 when nothing closes it; quotes and, in filters, regular expressions are stepped over.
Reader::At Reader::matching_close(At from, char open, char close, bool skip_regex) {
  int opened = 1;
  for (At i = from + 1; in_bounds(i); ++i) {
    if (at(i) == '\'' || at(i) == '"') {
      i = index_of_unescaped(i, at(i));
      if (i < 0) return -1;
      ++i;
    }
    if (skip_regex && at(i) == '/') {
      i = index_of_unescaped(i, '/');
      if (i < 0) return -1;
      ++i;
    }
    if (at(i) == open) ++opened;
    if (at(i) == close && --opened == 0) return i;
  }
  return -1;
}

std::unique_ptr<Path> Reader::read_path() {
  if (depth_ > kNestingMax) {
    fail("nested too deep");
    return nullptr;
  }
  trim();
  if (current() != '$' && current() != '@') {
    text_.insert(0, "$.");
    position_ = 0;
    end_ = static_cast<At>(text_.size()) - 1;
    trim();
  }
  if (at(end_) == '.') {
    fail("it must not end with a '.'");
    return nullptr;
  }
  auto path = std::make_unique<Path>();
  path->from_root = current() == '$';
  if (!is_tail()) {
    ++position_;
    if (current() != '.' && current() != '[') {
      fail(fmt::format("'.' or '[' expected at character {}", position_ + 1));
      return nullptr;
    }
    if (!read_next(*path)) return nullptr;
  }
  finish(*path);
  return path;
}

bool Reader::read_next(Path& path) {
  if (path.tokens.size() > kTokensMax) return fail("too long");
  switch (current()) {
    case '[': return read_bracket(path);
    case '.': return read_dot(path);
    case '*': return read_wildcard(path);
    default: return read_property(path);
  }
}

bool Reader::read_bracket(Path& path) {
  const char c = at(next_significant(position_));
  if (c == '\'' || c == '"') return read_names(path);
  bool taken = false;
  if (!read_index(path, taken)) return false;
  if (taken) return go_on(path);
  if (c == '*') return read_wildcard(path);
  if (c == '?') return read_filter_token(path);
  return fail(fmt::format("a name, a number, '*' or '?' expected at character {}", position_ + 2));
}

bool Reader::read_dot(Path& path) {
  if (in_bounds(position_ + 1) && at(position_ + 1) == '.') {
    path.tokens.emplace_back().kind = Token::Kind::scan;
    position_ += 2;
  } else if (!in_bounds(position_ + 1)) {
    return fail("it must not end with a '.'");
  } else {
    ++position_;
  }
  if (current() == '.') return fail(fmt::format("no '.' may stand at character {}", position_ + 1));
  return read_next(path);
}

bool Reader::read_property(Path& path) {
  const char first = current();
  if (first == '[' || first == '*' || first == '.' || first == ' ') {
    return fail(fmt::format("a name expected at character {}", position_ + 1));
  }
  const At start = position_;
  At read = start;
  At stop = 0;
  bool function = false;
  for (; in_bounds(read); ++read) {
    const char c = at(read);
    if (c == ' ') return fail("names with blanks need brackets: ['my name']");
    if (c == '.' || c == '[' || c == '(') {
      function = c == '(';
      stop = read;
      break;
    }
  }
  if (stop == 0) stop = end_ + 1;
  Token token;
  if (function) {
    token.kind = Token::Kind::function;
    token.function = std::string(cut(start, stop));
    int open = 1;
    for (At i = read + 1; i <= end_ && open != 0; ++i) {
      if (at(i) == ')') --open;
      if (at(i) == '(') ++open;
    }
    if (open != 0) return fail("the arguments of a function are not closed");
    if (!in_bounds(read + 1)) {
      position_ = read;
    } else if (at(read + 1) == ')') {
      position_ = read + 1;
    } else {
      position_ = stop + 1;
      if (!read_arguments(token)) return false;
    }
  } else {
    position_ = stop;
    token.names.emplace_back(cut(start, stop));
  }
  path.tokens.push_back(std::move(token));
  return go_on(path);
}

// Up to the parenthesis that closes the call. Arguments are JSON (numbers, texts, objects) or
// paths; anything else is dropped, as the dialect does.
bool Reader::read_arguments(Token& token) {
  enum class Type : std::uint8_t { none, json, path };
  Type type = Type::none;
  int parens = 1;
  int brackets = 0;
  int braces = 0;
  int quotes = 0;
  bool done = false;
  char prior = '\0';
  std::string argument;
  while (in_bounds() && !done) {
    const char c = current();
    ++position_;
    if (type == Type::none) {
      if (c == ' ' || c == '\t' || c == '\n' || c == '\r') continue;
      if (c == '{' || is_digit(c) || c == '"' || c == '-') type = Type::json;
      if (c == '$' || c == '@') type = Type::path;
    }
    switch (c) {
      case '"': quotes += prior != '\\' && quotes > 0 ? -1 : 1; break;
      case '(': ++parens; break;
      case '{': ++braces; break;
      case '[': ++brackets; break;
      case '}':
        if (braces-- == 0) return fail("a '}' closes nothing");
        break;
      case ']':
        if (brackets-- == 0) return fail("a ']' closes nothing");
        break;
      case ')':
        --parens;
        if (parens < 0 || prior == '(') argument.push_back(c);
        [[fallthrough]];
      case ',':
        if (quotes == 0 && braces == 0 && brackets == 0 &&
            ((parens == 0 && c == ')') || parens == 1)) {
          done = parens == 0;
          if (type == Type::path) {
            Reader inner(argument, depth_ + 1);
            Parameter parameter;
            parameter.path = inner.read_path();
            if (parameter.path == nullptr) return fail(inner.error());
            token.parameters.push_back(std::move(parameter));
          } else if (type == Type::json) {
            token.parameters.push_back({.json = argument, .path = nullptr});
          }
          if (type != Type::none) argument.clear();
          type = Type::none;
        }
        break;
      default: break;
    }
    const bool separates = c == ',' && braces == 0 && brackets == 0 && parens == 1;
    if (type != Type::none && !separates) argument.push_back(c);
    prior = c;
  }
  if (braces != 0 || parens != 0 || brackets != 0) {
    return fail("the arguments of a function are not closed");
  }
  return true;
}

bool Reader::read_names(Path& path) {
  const char quote = at(next_significant(position_));
  Token token;
  At start = position_ + 1;
  At stop = 0;
  bool inside = false;
  bool escaped = false;
  bool comma = false;
  for (At read = start; in_bounds(read); ++read) {
    const char c = at(read);
    if (escaped) {
      escaped = false;
    } else if (c == '\\') {
      escaped = true;
    } else if (c == ']' && !inside) {
      if (comma) return fail("an empty name stands behind a ','");
      break;
    } else if (c == quote && inside) {
      const char next = at(next_significant(read));
      if (next != ']' && next != ',') return fail("names end with a quote and ',' or ']'");
      stop = read;
      token.names.push_back(unescape(cut(start, stop)));
      inside = false;
    } else if (c == quote) {
      start = read + 1;
      inside = true;
      comma = false;
    } else if (c == ',' && !inside) {
      if (comma) return fail("an empty name stands behind a ','");
      comma = true;
    }
  }
  if (inside) return fail("a name is not closed");
  const At close = next_significant(stop);
  if (token.names.empty() || at(close) != ']') return fail("a ']' is missing behind a name");
  position_ = close + 1;
  path.tokens.push_back(std::move(token));
  return go_on(path);
}

bool Reader::read_index(Path& path, bool& taken) {
  const char first = at(next_significant(position_));
  if (!is_digit(first) && first != '-' && first != ':') return true;
  const At close = index_of_next(position_ + 1, ']');
  if (close < 0) return true;
  std::string_view expression = cut(position_ + 1, close);
  while (expression.ends_with(' ')) expression.remove_suffix(1);
  while (expression.starts_with(' ')) expression.remove_prefix(1);
  if (expression.find_first_not_of("0123456789,-: ") != std::string_view::npos) return true;
  Token token;
  const auto part = [&](std::string_view text, std::optional<std::int32_t>& out) {
    if (text.empty()) return true;
    out = base::parse_int<std::int32_t>(text);
    return out.has_value() || fail("a number is malformed");
  };
  if (const std::size_t colon = expression.find(':'); colon != std::string_view::npos) {
    token.kind = Token::Kind::slice;
    if (expression.find_first_of(", ") != std::string_view::npos)
      return fail("a slice is malformed");
    const std::string_view rest = expression.substr(colon + 1);
    if (!part(expression.substr(0, colon), token.from)) return false;
    if (!part(rest.substr(0, rest.find(':')), token.to)) return false;
    if (!token.from && !token.to) return fail("a slice has no bounds");
  } else {
    token.kind = Token::Kind::index;
    while (true) {
      const std::size_t comma = std::min(expression.find(','), expression.size());
      std::string_view text = expression.substr(0, comma);
      while (text.ends_with(' ')) text.remove_suffix(1);
      while (text.starts_with(' ')) text.remove_prefix(1);
      std::optional<std::int32_t> index;
      if (!part(text, index)) return false;
      if (!index) return fail("a number is missing");
      token.indexes.push_back(*index);
      if (comma == expression.size()) break;
      expression.remove_prefix(comma + 1);
    }
  }
  position_ = close + 1;
  path.tokens.push_back(std::move(token));
  taken = true;
  return true;
}

bool Reader::read_wildcard(Path& path) {
  if (current() == '[') {
    const At star = next_significant(position_);
    const At close = next_significant(star);
    if (at(close) != ']') return fail("a ']' is missing behind '*'");
    position_ = close + 1;
  } else {
    ++position_;
  }
  path.tokens.emplace_back().kind = Token::Kind::wildcard;
  return go_on(path);
}

bool Reader::read_filter_token(Path& path) {
  const At question = next_significant(position_);
  const At open = next_significant(question);
  if (at(open) != '(') return fail("'(' is missing behind '?'");
  const At close = matching_close(open, '(', ')', true);
  const At end = close < 0 ? close : next_significant(close);
  if (close < 0 || at(end) != ']') return fail("a filter is not closed");
  Reader inner(std::string(cut(open, close + 1)), depth_ + 1);
  Token token;
  token.kind = Token::Kind::filter;
  token.filter = inner.read_filter();
  if (token.filter == nullptr) return fail(inner.error());
  path.tokens.push_back(std::move(token));
  position_ = end + 1;
  return go_on(path);
}

// Settles what depends on the whole path.
void finish(Path& path) {
  const auto single = [](const Token& token) {
    switch (token.kind) {
      case Token::Kind::property: return token.names.size() == 1;
      case Token::Kind::index: return token.indexes.size() == 1;
      case Token::Kind::function: return true;
      default: return false;
    }
  };
  if (!path.tokens.empty()) {
    const Token& last = path.tokens.back();
    // Several names at the end make one object.
    for (const Token& token : path.tokens) {
      const bool merged = &token == &last && token.kind == Token::Kind::property;
      if (!single(token) && !merged) path.definite = false;
    }
    if (last.kind == Token::Kind::function && path.tokens.front().kind == Token::Kind::scan) {
      // The function is applied to all that the scan finds.
      const auto function =
          std::find_if(path.tokens.begin(), path.tokens.end(),
                       [](const Token& t) { return t.kind == Token::Kind::function; });
      Token outer = std::move(*function);
      std::vector<Token> behind(std::make_move_iterator(function + 1),
                                std::make_move_iterator(path.tokens.end()));
      path.tokens.erase(function, path.tokens.end());
      auto inner = std::make_shared<Path>();
      inner->tokens = std::move(path.tokens);
      inner->from_root = path.from_root;
      finish(*inner);
      outer.parameters.clear();
      outer.parameters.push_back({.json = {}, .path = std::move(inner)});
      path.tokens.clear();
      path.tokens.push_back(std::move(outer));
      std::move(behind.begin(), behind.end(), std::back_inserter(path.tokens));
      path.definite = std::all_of(path.tokens.begin(), path.tokens.end(), single);
    }
  }
}

bool is_path(std::string_view text) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  if (!text.starts_with('$') && !text.starts_with('@')) return false;
  return Reader(std::string(text), 0).read_path() != nullptr;
}

}  // namespace jsonpath

JsonPath::JsonPath(std::unique_ptr<const Compiled> compiled) : compiled_(std::move(compiled)) {}
JsonPath::JsonPath(JsonPath&&) noexcept = default;
JsonPath& JsonPath::operator=(JsonPath&&) noexcept = default;
JsonPath::~JsonPath() = default;

base::Result<JsonPath> JsonPath::compile(std::string_view expression) {
  if (expression.empty()) return base::fail(base::Code::invalid, "JSONPath: it is empty");
  jsonpath::Reader reader(std::string(expression), 0);
  auto compiled = std::make_unique<Compiled>();
  compiled->path = reader.read_path();
  if (compiled->path == nullptr) return base::fail(base::Code::invalid, reader.error());
  return JsonPath(std::move(compiled));
}

bool JsonPath::whole() const { return compiled_->path->tokens.empty(); }
bool JsonPath::definite() const { return compiled_->path->definite; }

std::optional<std::string_view> JsonPath::single_name() const {
  const auto& tokens = compiled_->path->tokens;
  if (tokens.size() != 1 || tokens[0].kind != jsonpath::Token::Kind::property ||
      tokens[0].names.size() != 1) {
    return std::nullopt;
  }
  return tokens[0].names[0];
}

base::Result<JsonNode> JsonPath::find(JsonTree& tree, const JsonNode& root) const {
  using Fault = jsonpath::Evaluation::Fault;
  jsonpath::Evaluation evaluation(tree, root, 0);
  const std::optional<JsonNode> found = evaluation.value(*compiled_->path, root, false);
  switch (evaluation.fault()) {
    case Fault::exhausted: return base::fail(base::Code::exhausted, evaluation.what());
    case Fault::invalid:
    case Fault::broken:
    case Fault::out_of_range: return base::fail(base::Code::invalid, evaluation.what());
    case Fault::none:
    case Fault::missing: break;
  }
  if (!found) return base::fail(base::Code::not_found, "nothing at that path");
  return *found;
}

}  // namespace hyd::codec

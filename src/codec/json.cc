#include "codec/json.h"

#include "base/check.h"
#include "base/parse_int.h"
#include "codec/utf8.h"

#include <fmt/core.h>

#include <algorithm>

namespace hyd::codec {
namespace {

using base::Code;
using base::Result;

// Bytes of the well-formed UTF-8 sequence at the start of `text`, 0 when there is none.
std::size_t utf8_length(std::string_view text) {
  const auto at = [&](std::size_t i) -> unsigned {
    return i < text.size() ? static_cast<unsigned char>(text[i]) : 0u;
  };
  const auto tail = [&](std::size_t i) { return (at(i) & 0xC0u) == 0x80u; };
  const unsigned lead = at(0);
  if (lead < 0x80) return text.empty() ? 0 : 1;
  if (lead >= 0xC2 && lead <= 0xDF) return tail(1) ? 2 : 0;
  if (lead >= 0xE0 && lead <= 0xEF) {
    const bool overlong = lead == 0xE0 && at(1) < 0xA0;
    const bool surrogate = lead == 0xED && at(1) > 0x9F;
    return tail(1) && tail(2) && !overlong && !surrogate ? 3 : 0;
  }
  if (lead >= 0xF0 && lead <= 0xF4) {
    const bool overlong = lead == 0xF0 && at(1) < 0x90;
    const bool beyond = lead == 0xF4 && at(1) > 0x8F;
    return tail(1) && tail(2) && tail(3) && !overlong && !beyond ? 4 : 0;
  }
  return 0;
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// Recursive descent over one document. The members return false once `error_` is set.
class Parser {
 public:
  Parser(std::string_view text, JsonLimits limits) : text_(text), limits_(limits) {}

  Result<Json> run() {
    Json value;
    skip_space();
    if (!parse_value(value, 0)) return base::fail(Code::invalid, std::move(error_));
    skip_space();
    if (at_ != text_.size()) {
      expected("the end of the document");
      return base::fail(Code::invalid, std::move(error_));
    }
    return value;
  }

 private:
  bool more() const { return at_ < text_.size(); }
  char peek() const { return more() ? text_[at_] : '\0'; }
  bool take(char c) {
    if (!more() || text_[at_] != c) return false;
    ++at_;
    return true;
  }
  void skip_space() {
    while (more() &&
           (text_[at_] == ' ' || text_[at_] == '\n' || text_[at_] == '\r' || text_[at_] == '\t')) {
      ++at_;
    }
  }

  // Columns count characters, lines end at a line feed; both start at 1.
  bool expected(std::string_view what) {
    std::size_t line = 1;
    std::size_t column = 1;
    for (const char c : text_.substr(0, at_)) {
      if (c == '\n') {
        ++line;
        column = 1;
      } else if ((static_cast<unsigned char>(c) & 0xC0u) != 0x80u) {
        ++column;
      }
    }
    error_ = fmt::format("line {}, column {}: expected {}{}", line, column, what,
                         more() ? "" : ", but the document ends here");
    return false;
  }

  bool parse_value(Json& out, std::size_t depth) {
    switch (peek()) {
      case '{': return parse_object(out, depth + 1);
      case '[': return parse_array(out, depth + 1);
      case '"': {
        std::string text;
        if (!parse_string(text)) return false;
        out = Json(std::move(text));
        return true;
      }
      case 't': return parse_word("true", Json(true), out);
      case 'f': return parse_word("false", Json(false), out);
      case 'n': return parse_word("null", Json(), out);
      default: return parse_number(out);
    }
  }

  bool parse_word(std::string_view word, Json value, Json& out) {
    if (!text_.substr(at_).starts_with(word)) return expected("a value");
    at_ += word.size();
    out = std::move(value);
    return true;
  }

  bool enter(std::size_t depth) {
    if (depth > limits_.depth_max) {
      return expected(fmt::format("at most {} levels of nesting", limits_.depth_max));
    }
    ++at_;
    skip_space();
    return true;
  }

  bool parse_object(Json& out, std::size_t depth) {
    if (!enter(depth)) return false;
    Json::Object members;
    if (!take('}')) {
      do {
        skip_space();
        if (peek() != '"') return expected("a member name in double quotes");
        std::string name;
        if (!parse_string(name)) return false;
        skip_space();
        if (!take(':')) return expected("':'");
        skip_space();
        Json member;
        if (!parse_value(member, depth)) return false;
        members.emplace_back(std::move(name), std::move(member));
        skip_space();
      } while (take(','));
      if (!take('}')) return expected("',' or '}'");
    }
    out = Json(std::move(members));
    return true;
  }

  bool parse_array(Json& out, std::size_t depth) {
    if (!enter(depth)) return false;
    Json::Array items;
    if (!take(']')) {
      do {
        skip_space();
        items.emplace_back();
        if (!parse_value(items.back(), depth)) return false;
        skip_space();
      } while (take(','));
      if (!take(']')) return expected("',' or ']'");
    }
    out = Json(std::move(items));
    return true;
  }

  bool digits() {
    const std::size_t start = at_;
    while (is_digit(peek())) ++at_;
    return at_ != start || expected("a digit");
  }

  bool parse_number(Json& out) {
    const std::size_t start = at_;
    if (!take('-') && !is_digit(peek())) return expected("a value");
    if (take('0')) {
      if (is_digit(peek())) return expected("no digit after a leading zero");
    } else if (!digits()) {
      return false;
    }
    if (take('.') && !digits()) return false;
    if (peek() == 'e' || peek() == 'E') {
      ++at_;
      if (peek() == '+' || peek() == '-') ++at_;
      if (!digits()) return false;
    }
    out = Json(Json::Number{std::string(text_.substr(start, at_ - start))});
    return true;
  }

  bool parse_string(std::string& out) {
    ++at_;
    while (true) {
      const std::size_t start = at_;
      while (more() && text_[at_] != '"' && text_[at_] != '\\' &&
             static_cast<unsigned char>(text_[at_]) >= 0x20) {
        const std::size_t length = utf8_length(text_.substr(at_));
        if (length == 0) return expected("valid UTF-8");
        at_ += length;
      }
      out.append(text_.substr(start, at_ - start));
      if (take('"')) return true;
      if (!more()) return expected("'\"'");
      if (text_[at_] != '\\') return expected("an escape instead of a control character");
      if (!parse_escape(out)) return false;
    }
  }

  bool parse_escape(std::string& out) {
    ++at_;
    switch (peek()) {
      case '"': out.push_back('"'); break;
      case '\\': out.push_back('\\'); break;
      case '/': out.push_back('/'); break;
      case 'b': out.push_back('\b'); break;
      case 'f': out.push_back('\f'); break;
      case 'n': out.push_back('\n'); break;
      case 'r': out.push_back('\r'); break;
      case 't': out.push_back('\t'); break;
      case 'u': return parse_unicode(out);
      default: return expected("one of \" \\ / b f n r t u after a backslash");
    }
    ++at_;
    return true;
  }

  bool hex4(unsigned& unit) {
    unit = 0;
    for (int i = 0; i < 4; ++i, ++at_) {
      const char c = peek();
      const char lower = static_cast<char>(c | 0x20);
      if (is_digit(c)) {
        unit = unit * 16 + static_cast<unsigned>(c - '0');
      } else if (lower >= 'a' && lower <= 'f') {
        unit = unit * 16 + static_cast<unsigned>(lower - 'a') + 10;
      } else {
        return expected("four hexadecimal digits");
      }
    }
    return true;
  }

  // A lone half of a surrogate pair has no UTF-8 form, so it is refused instead of replaced.
  bool parse_unicode(std::string& out) {
    const std::size_t start = at_ - 1;
    ++at_;
    unsigned unit = 0;
    if (!hex4(unit)) return false;
    if (unit >= 0xD800 && unit <= 0xDFFF) {
      unsigned low = 0;
      const bool paired = unit <= 0xDBFF && take('\\') && take('u');
      if (paired && !hex4(low)) return false;
      if (!paired || low < 0xDC00 || low > 0xDFFF) {
        at_ = start;
        return expected("a whole surrogate pair");
      }
      unit = 0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00);
    }
    append_utf8(unit, out);
    return true;
  }

  std::string_view text_;
  JsonLimits limits_;
  std::size_t at_ = 0;
  std::string error_;
};

}  // namespace

const Json* Json::find(std::string_view name) const {
  const Object* const members = if_object();
  if (members == nullptr) return nullptr;
  for (auto it = members->rbegin(); it != members->rend(); ++it) {
    if (it->first == name) return &it->second;
  }
  return nullptr;
}

std::optional<std::int64_t> Json::as_integer() const {
  constexpr int kInt64Digits = 19;
  const Number* const number = if_number();
  if (number == nullptr) return std::nullopt;
  if (const auto plain = base::parse_int<std::int64_t>(number->text)) return plain;

  // digits * 10^exponent, without trailing zeros in `digits`.
  const std::string_view text = number->text;
  const std::size_t mark = std::min(text.find_first_of("eE"), text.size());
  std::string_view power = text.substr(std::min(mark + 1, text.size()));
  if (power.starts_with('+')) power.remove_prefix(1);
  std::string digits;
  std::int64_t exponent = 0;
  bool fraction = false;
  for (const char c : text.substr(0, mark)) {
    if (c == '.') fraction = true;
    if (!is_digit(c)) continue;
    if (fraction) --exponent;
    if (c != '0' || !digits.empty()) digits.push_back(c);
  }
  if (digits.empty()) return 0;
  if (mark != text.size()) {
    const auto shift = base::parse_int<std::int32_t>(power);
    if (!shift) return std::nullopt;
    exponent += *shift;
  }
  while (digits.back() == '0') {
    digits.pop_back();
    ++exponent;
  }
  if (exponent < 0 || exponent > kInt64Digits) return std::nullopt;
  digits.append(static_cast<std::size_t>(exponent), '0');
  if (text.starts_with('-')) digits.insert(digits.begin(), '-');
  return base::parse_int<std::int64_t>(digits);
}

void Json::set(std::string_view name, Json value) {
  if (is_null()) value_ = Object{};
  Object* const members = if_object();
  HYD_CHECK(members != nullptr);
  members->emplace_back(std::string(name), std::move(value));
}

Result<Json> parse_json(std::string_view text, JsonLimits limits) {
  return Parser(text, limits).run();
}

void append_quoted(std::string_view text, std::string& out) {
  constexpr std::string_view kHex = "0123456789abcdef";
  out.push_back('"');
  std::size_t done = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if (byte >= 0x20 && byte != '"' && byte != '\\') continue;
    out.append(text.substr(done, i - done));
    done = i + 1;
    out.push_back('\\');
    switch (byte) {
      case '"': out.push_back('"'); break;
      case '\\': out.push_back('\\'); break;
      case '\b': out.push_back('b'); break;
      case '\f': out.push_back('f'); break;
      case '\n': out.push_back('n'); break;
      case '\r': out.push_back('r'); break;
      case '\t': out.push_back('t'); break;
      default:
        out.append("u00");
        out.push_back(kHex[byte >> 4]);
        out.push_back(kHex[byte & 15u]);
    }
  }
  out.append(text.substr(done));
  out.push_back('"');
}

void append_text(const Json& value, std::string& out) {
  switch (value.kind()) {
    case Json::Kind::null: out.append("null"); return;
    case Json::Kind::boolean: out.append(*value.if_boolean() ? "true" : "false"); return;
    case Json::Kind::number: out.append(value.if_number()->text); return;
    case Json::Kind::string: append_quoted(*value.if_string(), out); return;
    case Json::Kind::array: {
      char before = '[';
      for (const Json& item : *value.if_array()) {
        out.push_back(std::exchange(before, ','));
        append_text(item, out);
      }
      out.append(before == '[' ? "[]" : "]");
      return;
    }
    case Json::Kind::object: {
      char before = '{';
      for (const auto& [name, member] : *value.if_object()) {
        out.push_back(std::exchange(before, ','));
        append_quoted(name, out);
        out.push_back(':');
        append_text(member, out);
      }
      out.append(before == '{' ? "{}" : "}");
      return;
    }
  }
}

std::string to_text(const Json& value) {
  std::string out;
  append_text(value, out);
  return out;
}

}  // namespace hyd::codec

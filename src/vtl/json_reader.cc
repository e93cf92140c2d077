#include "vtl/json_reader.h"

#include "codec/hex.h"
#include "vtl/arithmetic.h"
#include "vtl/big_integer.h"
#include "vtl/objects.h"
#include "vtl/text.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <string>

namespace hyd::vtl {
namespace {

constexpr char kEnd = 0x1A;

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }
// Where numbers stop besides the separators of their place: the reader's tables end at '~'.
bool is_beyond(char c) { return static_cast<unsigned char>(c) >= 0x7E; }

// Character.isWhitespace, for the ends of texts without quotes.
bool is_white(std::uint32_t point) {
  return (point >= 0x09 && point <= 0x0D) || (point >= 0x1C && point <= 0x20) || point == 0x1680 ||
         (point >= 0x2000 && point <= 0x200A && point != 0x2007) || point == 0x2028 ||
         point == 0x2029 || point == 0x205F || point == 0x3000;
}

// At least one character stays.
std::string_view trim(std::string_view text) {
  while (true) {
    std::size_t at = 0;
    if (text.empty() || !is_white(next_point(text, at)) || at == text.size()) break;
    text.remove_prefix(at);
  }
  while (!text.empty()) {
    std::size_t last = text.size() - 1;
    while (last > 0 && (static_cast<unsigned char>(text[last]) & 0xC0u) == 0x80u) --last;
    std::size_t at = last;
    if (last == 0 || !is_white(next_point(text, at))) break;
    text.remove_suffix(text.size() - last);
  }
  return text;
}

class Reader {
 public:
  Reader(Run& run, std::string_view text) : run_(run), text_(text) {
    depth_max_ = run.limits().depth_max;
  }

  Value read() {
    while (is_blank(peek())) ++at_;
    switch (peek()) {
      case ':':
      case ']':
      case '}': return malformed("a value");
      default: return read_value("");
    }
  }

 private:
  // 0x1A at the end, which the reader cannot tell from one in the text.
  char peek() const { return at_ < text_.size() ? text_[at_] : kEnd; }
  bool ended() const { return peek() == kEnd; }

  Value malformed(std::string_view expected) {
    return run_.fail(
        ended() ? fmt::format("the JSON text ends where {} was expected", expected)
                : fmt::format("malformed JSON: {} expected at byte {}", expected, at_ + 1));
  }

  // A value in a place where the characters of `stops` end what has no quotes.
  Value read_value(std::string_view stops) {
    if (!run_.charge(1)) return Value();
    switch (peek()) {
      case '{': return read_object();
      case '[': return read_array();
      case '"':
      case '\'': return read_string();
      case '-':
      case '0':
      case '1':
      case '2':
      case '3':
      case '4':
      case '5':
      case '6':
      case '7':
      case '8':
      case '9': return read_number(stops);
      default: break;
    }
    const std::string_view word = read_bare(at_, stops);
    if (word == "null") return Value();
    if (word == "true") return Value(true);
    if (word == "false") return Value(false);
    if (word == "NaN") return Value::from_float(std::numeric_limits<float>::quiet_NaN());
    return Value(word);
  }

  bool stops_here(std::string_view stops) const {
    return ended() || stops.find(peek()) != std::string_view::npos;
  }
  std::string_view read_bare(std::size_t start, std::string_view stops) {
    while (!stops_here(stops)) ++at_;
    return trim(text_.substr(start, at_ - start));
  }

  void skip_space() {
    while (static_cast<unsigned char>(peek()) <= ' ' && !ended()) ++at_;
  }
  void skip_digits() {
    while (is_digit(peek())) ++at_;
  }

  Value read_number(std::string_view stops) {
    const std::size_t start = at_;
    ++at_;
    skip_digits();
    bool whole = true;
    bool exponent = false;
    if (peek() == '.') {
      whole = false;
      ++at_;
      skip_digits();
    }
    if (peek() == 'e' || peek() == 'E') {
      whole = false;
      exponent = true;
      ++at_;
      if (peek() != '+' && peek() != '-' && !is_digit(peek()))
        return Value(read_bare(start, stops));
      ++at_;
      skip_digits();
    }
    skip_space();
    if (!stops_here(stops) && !is_beyond(peek())) return Value(read_bare(start, stops));
    const std::string_view number = trim(text_.substr(start, at_ - start));
    return whole ? whole_number(number) : fraction(number, exponent);
  }

  Value whole_number(std::string_view number) {
    if (number == "-") return Value(0);
    constexpr std::size_t kLongDigits = 19;
    const std::size_t digits = number.size() - (number.starts_with('-') ? 1 : 0);
    if (digits <= kLongDigits) return parse_whole(run_.heap(), number);
    // Its digits are multiplied out one group after the other.
    if (!run_.charge(digits / 9 * (digits / 9) / 64)) return Value();
    return Value(BigInteger::parse(run_.heap(), number));
  }

  Value fraction(std::string_view number, bool exponent) {
    constexpr std::size_t kDoubleCharacters = 18;  // longer ones are kept exactly
    // Java's doubles may have control characters behind them, its decimals may not.
    const std::string_view whole = number;
    while (!number.empty() && static_cast<unsigned char>(number.back()) <= ' ') {
      number.remove_suffix(1);
    }
    if (whole.size() > kDoubleCharacters && number.size() != whole.size()) {
      return malformed("a number");
    }
    const std::size_t mark = exponent ? number.find_first_of("eE") : number.size();
    const bool mantissa = number.substr(0, mark).find_first_of("0123456789") != std::string::npos;
    if (!mantissa || (exponent && !is_digit(number.back()))) return malformed("a number");
    if (whole.size() <= kDoubleCharacters) return Value(parse_double(number));
    if (!run_.charge(number.size() / 9 * (number.size() / 9) / 64)) return Value();
    const Decimal* const decimal = Decimal::parse(run_.heap(), number);
    return decimal == nullptr ? malformed("a smaller exponent") : Value(decimal);
  }

  // A text without a backslash ends at the next quote of its kind and is taken as it stands. In one
  // with a backslash, control characters are dropped, and so are unknown escapes.
  Value read_string() {
    const char quote = peek();
    const std::size_t start = at_ + 1;
    std::size_t close = text_.find(quote, start);
    if (close == std::string_view::npos) {
      at_ = text_.size();
      return malformed("a closing quote");
    }
    const std::string_view plain = text_.substr(start, close - start);
    if (plain.find('\\') == std::string_view::npos) {
      at_ = close + 1;
      return Value(plain);
    }
    std::string out;
    for (at_ = start; peek() != quote; ++at_) {
      if (ended()) return malformed("a closing quote");
      if (peek() == '\\') {
        ++at_;
        if (!read_escape(out)) return Value();
      } else if (static_cast<unsigned char>(peek()) >= 0x20 && peek() != 0x7F) {
        out.push_back(peek());
      }
    }
    ++at_;
    return run_.make_text(out);
  }

  bool read_escape(std::string& out) {
    switch (peek()) {
      case 't': out.push_back('\t'); return true;
      case 'n': out.push_back('\n'); return true;
      case 'r': out.push_back('\r'); return true;
      case 'f': out.push_back('\f'); return true;
      case 'b': out.push_back('\b'); return true;
      case '\\':
      case '/':
      case '\'':
      case '"': out.push_back(peek()); return true;
      case 'u': return read_unit(4, out);
      case 'x': return read_unit(2, out);
      default:
        // Nothing is kept of an unknown escape, however many bytes its character has.
        while (at_ + 1 < text_.size() &&
               (static_cast<unsigned char>(text_[at_ + 1]) & 0xC0u) == 0x80u) {
          ++at_;
        }
        return true;
    }
  }

  bool read_unit(int digits, std::string& out) {
    std::uint32_t unit = 0;
    for (int i = 0; i < digits; ++i) {
      ++at_;
      const int digit = codec::hex_digit(peek());
      if (digit < 0) {
        malformed("a hexadecimal digit");
        return false;
      }
      unit = unit * 16 + static_cast<std::uint32_t>(digit);
    }
    append_unit(static_cast<std::uint16_t>(unit), out);
    return true;
  }

  bool enter() {
    if (++depth_ <= depth_max_) return true;
    run_.fail(Failure::Reason::too_deep, "the JSON text is nested too deep");
    return false;
  }

  Value read_array() {
    if (!enter()) return Value();
    List* const list = new_list(run_, List::Form::json);
    ++at_;
    while (!run_.failed()) {
      const char c = peek();
      if (is_blank(c) || c == ',') {
        ++at_;
      } else if (c == ']') {
        ++at_;
        --depth_;
        return Value(list);
      } else if (c == ':' || c == '}' || ended()) {
        return malformed("']'");
      } else {
        append(run_, *list, read_value(",]"));
      }
    }
    return Value();
  }

  Value read_object() {
    if (!enter()) return Value();
    Map* const map = new_map(run_);
    ++at_;
    while (!run_.failed()) {
      const char c = peek();
      if (is_blank(c) || c == ',') {
        ++at_;
        continue;
      }
      if (c == '}') break;
      if (c == ':' || c == '[' || c == ']' || c == '{' || ended()) return malformed("'}'");
      const Value key = c == '"' || c == '\'' ? read_string() : Value(read_bare(at_, ":"));
      if (run_.failed()) return Value();
      skip_space();
      if (peek() != ':') return malformed("':'");
      ++at_;
      while (is_blank(peek())) ++at_;
      if (peek() == ':' || peek() == ']' || peek() == '}' || at_ == text_.size()) {
        return malformed("a value");
      }
      const Value value = read_value(",}");
      put(run_, *map, key, value);
      skip_space();
      if (peek() != ',' && peek() != '}') return malformed("',' or '}'");
    }
    ++at_;
    --depth_;
    return run_.failed() ? Value() : Value(map);
  }

  Run& run_;
  std::string_view text_;
  std::size_t at_ = 0;
  std::uint32_t depth_ = 0;
  std::uint32_t depth_max_;
};

}  // namespace

Value read_json(Run& run, std::string_view text) { return Reader(run, text).read(); }

}  // namespace hyd::vtl

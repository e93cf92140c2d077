// String.format: the conversions s d x o f e g b c n %, with flags, width and precision, in the
// English locale.
#include "base/parse_int.h"
#include "codec/letter_case.h"
#include "codec/utf8.h"
#include "vtl/arithmetic.h"
#include "vtl/big_integer.h"
#include "vtl/functions/arguments.h"
#include "vtl/functions/rows.h"
#include "vtl/rendering.h"
#include "vtl/text.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <string>
#include <utility>

namespace hyd::vtl::fn {
namespace {

struct Directive {
  bool left = false;
  bool plus = false;
  bool space = false;
  bool zero = false;
  bool group = false;
  bool parentheses = false;
  bool alternate = false;
  std::optional<std::size_t> index;  // 1$, from 0
  bool previous = false;             // <
  std::optional<std::size_t> width;
  std::optional<std::size_t> precision;
  char conversion = 0;
  bool upper = false;
};

class Formatter {
 public:
  Formatter(Run& run, std::string_view pattern, std::span<const Value> arguments)
      : run_(run), pattern_(pattern), arguments_(arguments) {}

  Value format() {
    while (at_ < pattern_.size() && !run_.failed()) {
      const std::size_t percent = std::min(pattern_.find('%', at_), pattern_.size());
      out_.append(pattern_.substr(at_, percent - at_));
      at_ = percent;
      if (at_ == pattern_.size()) break;
      ++at_;
      Directive directive;
      if (!read(directive)) return refuse("a conversion is malformed");
      apply(directive);
      if (!run_.text_fits(out_.size())) break;
    }
    return run_.failed() ? Value() : run_.make_text(out_);
  }

 private:
  Value refuse(std::string_view what) {
    return run_.fail(fmt::format("format {}: {}", pattern_, what));
  }

  char peek() const { return at_ < pattern_.size() ? pattern_[at_] : '\0'; }
  std::optional<std::size_t> read_number() {
    constexpr std::size_t kMax = 10'000'000;
    if (peek() < '0' || peek() > '9') return std::nullopt;
    std::size_t number = 0;
    while (peek() >= '0' && peek() <= '9') {
      number = std::min(number * 10 + static_cast<std::size_t>(peek() - '0'), kMax);
      ++at_;
    }
    return number;
  }

  bool read(Directive& d) {
    const std::size_t start = at_;
    if (const std::optional<std::size_t> number = read_number(); number && peek() == '$') {
      if (*number == 0) return false;
      d.index = *number - 1;
      ++at_;
    } else {
      at_ = start;
    }
    const auto flag = [](bool& set) { return !std::exchange(set, true); };
    for (bool more = true; more;) {
      bool fresh = true;
      switch (peek()) {
        case '-': fresh = flag(d.left); break;
        case '+': fresh = flag(d.plus); break;
        case ' ': fresh = flag(d.space); break;
        case '0': fresh = flag(d.zero); break;
        case ',': fresh = flag(d.group); break;
        case '(': fresh = flag(d.parentheses); break;
        case '#': fresh = flag(d.alternate); break;
        case '<': fresh = flag(d.previous); break;
        default: more = false; continue;
      }
      if (!fresh) return false;  // twice the same
      ++at_;
    }
    d.width = read_number();
    if (peek() == '.') {
      ++at_;
      d.precision = read_number();
      if (!d.precision) return false;
    }
    constexpr std::string_view kKnown = "sSdxXofeEgGbBcCn%hH";
    if (at_ == pattern_.size() || kKnown.find(peek()) == std::string_view::npos) return false;
    d.conversion = peek();
    d.upper = d.conversion >= 'A' && d.conversion <= 'Z';
    if (d.upper) d.conversion = static_cast<char>(d.conversion - 'A' + 'a');
    ++at_;
    return flags_fit(d);
  }

  // Which flags a conversion takes; Java refuses the others.
  static bool flags_fit(const Directive& d) {
    const bool numeric = d.plus || d.space || d.zero || d.group || d.parentheses;
    if (d.left && !d.width) return false;
    switch (d.conversion) {
      case 'n':
        return !numeric && !d.left && !d.alternate && !d.previous && !d.width && !d.precision;
      case '%': return !numeric && !d.alternate && !d.previous && !d.precision;
      case 's':
      case 'b':
      case 'h': return !numeric && !d.alternate;
      case 'c': return !numeric && !d.alternate && !d.precision;
      default: break;
    }
    if ((d.zero && !d.width) || (d.plus && d.space) || (d.left && d.zero)) return false;
    switch (d.conversion) {
      case 'd': return !d.alternate && !d.precision;
      case 'x':
      case 'o': return !d.group && !d.precision;
      case 'e': return !d.group;
      case 'g': return !d.alternate;
      default: return true;
    }
  }

  void pad(const Directive& d, std::string text) {
    if (d.upper) text = codec::to_upper_case(text);
    const std::size_t have = unit_count(text);
    const std::size_t missing = d.width && *d.width > have ? *d.width - have : 0;
    if (!run_.text_fits(out_.size() + missing)) return;
    if (d.left) {
      out_.append(text).append(missing, ' ');
    } else {
      out_.append(missing, ' ').append(text);
    }
  }

  const Value* next_argument(const Directive& d) {
    std::size_t index = next_;
    if (d.previous) {
      if (!last_) return nullptr;
      index = *last_;
    } else if (d.index) {
      index = *d.index;
    } else {
      ++next_;
    }
    last_ = index;
    if (no_array_) return &arguments_[0];
    return index < arguments_.size() ? &arguments_[index] : nullptr;
  }

  void apply(const Directive& d) {
    if (d.conversion == 'n') {
      out_.push_back('\n');
      return;
    }
    if (d.conversion == '%') return pad(d, "%");
    const Value* const value = next_argument(d);
    if (value == nullptr) {
      refuse("an argument is missing");
      return;
    }
    switch (d.conversion) {
      case 's': text(d, *value); break;
      case 'b': {
        const bool truth = value->kind() == Kind::boolean ? value->truth() : !value->is_null();
        cut(d, truth ? "true" : "false");
        break;
      }
      case 'h': hash(d, *value); break;
      case 'c': character(d, *value); break;
      case 'd': whole(d, *value); break;
      case 'x':
      case 'o': radix(d, *value); break;
      default: fraction(d, *value);
    }
  }

  void cut(const Directive& d, std::string_view text) {
    std::string piece(text);
    if (d.precision && *d.precision < unit_count(text)) {
      piece.clear();
      append_units(text, 0, *d.precision, piece);
    }
    pad(d, std::move(piece));
  }

  void text(const Directive& d, const Value& value) {
    std::string text;
    append_text_or_null(run_, value, text);
    cut(d, text);
  }

  void hash(const Directive& d, const Value& value) {
    if (value.is_null()) return cut(d, "null");
    const Value code = hash_code({run_, value, {}, prepared_});
    cut(d, fmt::format("{:x}", static_cast<std::uint32_t>(code.integer())));
  }

  void character(const Directive& d, const Value& value) {
    std::string text;
    if (value.is_null()) {
      text = "null";
    } else if (value.kind() == Kind::character) {
      append_unit(value.unit(), text);
    } else if (value.is_integer() && value.integer() >= 0 && value.integer() <= 0x10FFFF) {
      codec::append_utf8(static_cast<std::uint32_t>(value.integer()), text);
    } else {
      refuse("%c needs a character");
      return;
    }
    pad(d, std::move(text));
  }

  // Puts sign, grouping and zeros around the digits of a number.
  void number(const Directive& d, bool negative, std::string digits) {
    const std::size_t point = std::min(digits.find_first_of(".e"), digits.size());
    if (d.group) {
      for (std::size_t i = point; i > 3; i -= 3) digits.insert(i - 3, ",");
    }
    std::string before;
    std::string behind;
    if (negative) {
      before = d.parentheses ? "(" : "-";
      if (d.parentheses) behind = ")";
    } else if (d.plus) {
      before = "+";
    } else if (d.space) {
      before = " ";
    }
    const std::size_t have = before.size() + digits.size() + behind.size();
    if (d.zero && d.width && *d.width > have && run_.text_fits(*d.width)) {
      digits.insert(0, *d.width - have, '0');
    }
    pad(d, before + digits + behind);
  }

  void whole(const Directive& d, const Value& value) {
    if (value.is_null()) return pad(d, "null");
    const bool fits = value.is_integer() || value.kind() == Kind::long_integer ||
                      value.kind() == Kind::big_integer;
    if (!fits || d.precision) {
      refuse("%d needs a whole number");
      return;
    }
    std::string digits;
    append_number(value, digits);
    const bool negative = digits.starts_with('-');
    number(d, negative, digits.substr(negative ? 1 : 0));
  }

  void radix(const Directive& d, const Value& value) {
    if (value.is_null()) return pad(d, "null");
    std::string digits;
    if (value.is_integer() && !d.plus && !d.space && !d.parentheses) {
      const auto bits = static_cast<std::uint32_t>(value.integer());
      digits = d.conversion == 'x' ? fmt::format("{:x}", bits) : fmt::format("{:o}", bits);
    } else if (value.kind() == Kind::long_integer && !d.plus && !d.space && !d.parentheses) {
      const auto bits = static_cast<std::uint64_t>(value.number());
      digits = d.conversion == 'x' ? fmt::format("{:x}", bits) : fmt::format("{:o}", bits);
    } else if (value.kind() == Kind::big_integer) {
      return big_radix(d, value.big());
    } else {
      refuse("%x and %o need a whole number, and signs a BigInteger");
      return;
    }
    radix_digits(d, "", std::move(digits), "");
  }

  // Integers and Longs show their bits, a BigInteger its sign and size.
  void big_radix(const Directive& d, const BigInteger& value) {
    std::string digits;
    value.append_bits_to(d.conversion == 'x' ? 4 : 3, digits);
    if (value.negative()) {
      return radix_digits(d, d.parentheses ? "(" : "-", std::move(digits),
                          d.parentheses ? ")" : "");
    }
    radix_digits(d, d.plus ? "+" : (d.space ? " " : ""), std::move(digits), "");
  }

  void radix_digits(const Directive& d, std::string before, std::string digits,
                    std::string_view behind) {
    if (d.alternate) before += d.conversion == 'x' ? "0x" : "0";
    const std::size_t have = before.size() + digits.size() + behind.size();
    if (d.zero && *d.width > have && run_.text_fits(*d.width)) {
      digits.insert(0, *d.width - have, '0');
    }
    pad(d, before.append(digits).append(behind));
  }

  // The decimal digits of a number: 0.d1d2d3… times ten to `point`.
  struct Digits {
    std::string digits;
    std::int64_t point = 0;
    bool negative = false;
  };

  static Digits digits_of(const Value& value) {
    std::string text;
    Digits out;
    if (value.kind() == Kind::decimal) {
      value.decimal().unscaled().append_to(text);
      out.point = -std::int64_t{value.decimal().scale()};
    } else {
      append_number(value, text);
    }
    out.negative = text.starts_with('-');
    const std::size_t mark = std::min(text.find('E'), text.size());
    if (mark != text.size()) {
      out.point +=
          base::parse_int<std::int64_t>(std::string_view(text).substr(mark + 1)).value_or(0);
    }
    const std::size_t dot = std::min(text.find('.'), mark);
    out.point += static_cast<std::int64_t>(dot) - (out.negative ? 1 : 0);
    for (const char c : std::string_view(text).substr(0, mark)) {
      if (c >= '0' && c <= '9') out.digits.push_back(c);
    }
    const std::size_t zeros = std::min(out.digits.find_first_not_of('0'), out.digits.size());
    out.digits.erase(0, zeros);
    out.point = out.digits.empty() ? 1 : out.point - static_cast<std::int64_t>(zeros);
    return out;
  }

  // Half up, to `keep` digits; there may be one digit more in front afterwards.
  static void round(Digits& number, std::int64_t keep) {
    if (keep < 0) {
      number.digits.clear();
      return;
    }
    const auto count = static_cast<std::size_t>(keep);
    if (count >= number.digits.size()) return;
    const bool up = number.digits[count] >= '5';
    number.digits.resize(count);
    if (!up) return;
    std::size_t i = count;
    while (i > 0 && number.digits[i - 1] == '9') number.digits[--i] = '0';
    if (i > 0) {
      ++number.digits[i - 1];
    } else {
      number.digits.insert(number.digits.begin(), '1');
      ++number.point;
    }
  }

  void fraction(const Directive& d, const Value& value) {
    if (value.is_null()) return cut(d, "null");
    const bool real = value.kind() == Kind::real || value.kind() == Kind::single;
    if (!real && value.kind() != Kind::decimal) {
      refuse("%f, %e and %g need a fraction");
      return;
    }
    if (real && !std::isfinite(value.real())) {
      if (std::isnan(value.real())) return pad(d, "NaN");
      const char* const negative = d.parentheses ? "(Infinity)" : "-Infinity";
      const char* const positive = d.plus ? "+Infinity" : (d.space ? " Infinity" : "Infinity");
      return pad(d, value.real() < 0 ? negative : positive);
    }
    constexpr std::size_t kPrecisionMax = 10'000;
    const Digits digits = digits_of(value);
    std::size_t precision = std::min(d.precision.value_or(6), kPrecisionMax);
    if (d.conversion == 'f') return number(d, digits.negative, plain(d, digits, precision));
    if (d.conversion == 'e') return number(d, digits.negative, scientific(d, digits, precision));
    precision = std::max<std::size_t>(precision, 1);
    Digits rounded = digits;
    round(rounded, static_cast<std::int64_t>(precision));
    const auto limit = static_cast<std::int64_t>(precision);
    if (!digits.digits.empty() && (rounded.point < -3 || rounded.point > limit)) {
      return number(d, digits.negative, scientific(d, digits, precision - 1));
    }
    const std::int64_t behind = limit - (digits.digits.empty() ? 1 : rounded.point);
    number(d, digits.negative,
           plain(d, digits, static_cast<std::size_t>(std::max<std::int64_t>(behind, 0))));
  }

  static std::string plain(const Directive& d, Digits number, std::size_t precision) {
    round(number, number.point + static_cast<std::int64_t>(precision));
    if (number.digits.empty()) number.point = 1;
    std::string text;
    if (number.point <= 0) {
      text.assign(static_cast<std::size_t>(1 - number.point), '0');
      number.point = 1;
    }
    text += number.digits;
    text.resize(static_cast<std::size_t>(number.point) + precision, '0');
    if (precision > 0 || d.alternate) text.insert(static_cast<std::size_t>(number.point), ".");
    return text;
  }

  static std::string scientific(const Directive& d, Digits number, std::size_t precision) {
    round(number, static_cast<std::int64_t>(precision) + 1);
    const std::int64_t exponent = number.digits.empty() ? 0 : number.point - 1;
    number.digits.resize(precision + 1, '0');
    std::string text = number.digits.substr(0, 1);
    if (precision > 0 || d.alternate) text += ".";
    text += number.digits.substr(1);
    return text +
           fmt::format("e{}{:02}", exponent < 0 ? '-' : '+', exponent < 0 ? -exponent : exponent);
  }

  Run& run_;
  std::string_view pattern_;
  std::span<const Value> arguments_;
  // A single null is taken for the array of arguments: every one of them is null then.
  bool no_array_ = arguments_.size() == 1 && arguments_[0].is_null();
  std::size_t at_ = 0;
  std::size_t next_ = 0;
  std::optional<std::size_t> last_;
  std::string out_;
  Prepared prepared_;
};

}  // namespace

// A static: String.format(pattern, arguments…). A list is one argument.
Value text_format(const Call& call) {
  const Value& pattern = argument(call, 0);
  if (pattern.is_null()) return null_argument(call);
  if (!pattern.is_text()) return Value();
  return Formatter(call.run, pattern.text(), call.arguments.subspan(1)).format();
}

}  // namespace hyd::vtl::fn

// String.format: the conversions s d x o f e g b c n %, with flags, width and precision, in the
// English locale.
#include "codec/letter_case.h"
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
    for (bool more = true; more;) {
      switch (peek()) {
        case '-': d.left = true; break;
        case '+': d.plus = true; break;
        case ' ': d.space = true; break;
        case '0': d.zero = true; break;
        case ',': d.group = true; break;
        case '(': d.parentheses = true; break;
        case '#': d.alternate = true; break;
        case '<': d.previous = true; break;
        default: more = false; continue;
      }
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
    const bool needs_width = d.left || d.zero;
    return !(needs_width && !d.width) && !(d.left && d.zero);
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
      append_point(static_cast<std::uint32_t>(value.integer()), text);
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
    if (value.is_integer()) {
      const auto bits = static_cast<std::uint32_t>(value.integer());
      digits = d.conversion == 'x' ? fmt::format("{:x}", bits) : fmt::format("{:o}", bits);
    } else if (value.kind() == Kind::long_integer) {
      const auto bits = static_cast<std::uint64_t>(value.number());
      digits = d.conversion == 'x' ? fmt::format("{:x}", bits) : fmt::format("{:o}", bits);
    } else {
      refuse("%x and %o need an Integer or a Long");
      return;
    }
    if (d.alternate) digits.insert(0, d.conversion == 'x' ? "0x" : "0");
    if (d.zero && d.width && *d.width > digits.size() && run_.text_fits(*d.width)) {
      digits.insert(d.alternate && d.conversion == 'x' ? 2 : 0, *d.width - digits.size(), '0');
    }
    pad(d, std::move(digits));
  }

  void fraction(const Directive& d, const Value& value) {
    if (value.is_null()) return pad(d, "null");
    const bool fits =
        value.kind() == Kind::real || value.kind() == Kind::single || value.kind() == Kind::decimal;
    if (!fits) {
      refuse("%f and %e need a fraction");
      return;
    }
    const double number_value = to_double(value);
    if (std::isnan(number_value)) return pad(d, "NaN");
    const bool negative = std::signbit(number_value);
    if (std::isinf(number_value)) {
      return pad(d, negative ? (d.parentheses ? "(Infinity)" : "-Infinity")
                             : (d.plus ? "+Infinity" : "Infinity"));
    }
    const std::size_t precision = std::min<std::size_t>(d.precision.value_or(6), 10'000);
    number(d, negative, fraction_digits(d, std::fabs(number_value), precision));
  }

  // Java rounds the shortest decimal form half up, not the binary value.
  std::string fraction_digits(const Directive& d, double size, std::size_t precision) {
    if (d.conversion == 'e') return rounded_exponent(size, precision);
    if (d.conversion == 'g') {
      const std::size_t digits = std::max<std::size_t>(precision, 1);
      if (size != 0 && (size < 1e-4 || size >= std::pow(10.0, static_cast<double>(digits)))) {
        return rounded_exponent(size, digits - 1);
      }
      const int whole = size < 1 ? 1 : static_cast<int>(std::floor(std::log10(size))) + 1;
      return rounded(size, digits > static_cast<std::size_t>(whole)
                               ? digits - static_cast<std::size_t>(whole)
                               : 0);
    }
    return rounded(size, precision);
  }

  std::string rounded(double size, std::size_t precision) {
    std::string java;
    append_double(size, java);
    const std::size_t mark = std::min(java.find('E'), java.size());
    std::int64_t exponent = 0;
    if (mark != java.size()) {
      bool minus = false;
      for (const char c : std::string_view(java).substr(mark + 1)) {
        if (c == '-') {
          minus = true;
        } else {
          exponent = exponent * 10 + (c - '0');
        }
      }
      if (minus) exponent = -exponent;
    }
    std::string digits;
    std::int64_t point = 0;
    for (const char c : std::string_view(java).substr(0, mark)) {
      if (c == '.') {
        point = static_cast<std::int64_t>(digits.size());
      } else {
        digits.push_back(c);
      }
    }
    point += exponent;
    if (point < 1) {
      digits.insert(0, static_cast<std::size_t>(1 - point), '0');
      point = 1;
    }
    const std::size_t keep = static_cast<std::size_t>(point) + precision;
    const bool up = keep < digits.size() && digits[keep] >= '5';
    digits.resize(keep, '0');
    if (up) {
      std::size_t i = digits.size();
      while (i > 0 && digits[i - 1] == '9') digits[--i] = '0';
      if (i == 0) {
        digits.insert(digits.begin(), '1');
        ++point;
      } else {
        ++digits[i - 1];
      }
    }
    if (precision > 0) digits.insert(static_cast<std::size_t>(point), ".");
    return digits;
  }

  static std::string rounded_exponent(double size, std::size_t precision) {
    return fmt::format("{:.{}e}", size, precision);
  }

  Run& run_;
  std::string_view pattern_;
  std::span<const Value> arguments_;
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

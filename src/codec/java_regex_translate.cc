#include "codec/java_regex_translate.h"

#include "codec/hex.h"

#include <fmt/core.h>

#include <algorithm>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

namespace hyd::codec {
namespace {

constexpr std::uint32_t kEnd = UINT32_MAX;
constexpr std::uint32_t kPointMax = 0x10FFFF;
constexpr std::string_view kLineEnds = "\\n\\r\\x{85}\\x{2028}\\x{2029}";
constexpr std::string_view kBlanks =
    " \\t\\x{A0}\\x{1680}\\x{180E}\\x{2000}-\\x{200A}\\x{202F}\\x{205F}\\x{3000}";
constexpr std::string_view kVerticals = "\\n\\x0B\\f\\r\\x{85}\\x{2028}\\x{2029}";
// What \b takes for letters: Unicode's, whatever \w is (up to Java 18).
constexpr std::string_view kWordParts = "\\p{L}\\p{Nd}_";

bool is_letter(std::uint32_t c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_digit(std::uint32_t c) { return c >= '0' && c <= '9'; }
bool is_space(std::uint32_t c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

std::string literal(std::uint32_t point) {
  if (is_letter(point) || is_digit(point)) return std::string(1, static_cast<char>(point));
  return fmt::format("\\x{{{:X}}}", point);
}

// A set of characters: ranges and properties, sets in it, and sets that it is cut with.
struct Set {
  bool negated = false;
  std::string ranges;  // the inside of a PCRE2 class
  std::vector<Set> parts;
  std::vector<Set> cuts;
  bool empty() const { return ranges.empty() && parts.empty(); }
};

// An atom that matches one character of the set.
std::string to_atom(const Set& set) {
  std::string atom;
  const bool simple = set.parts.empty() && set.cuts.empty();
  if (simple) return fmt::format("[{}{}]", set.negated ? "^" : "", set.ranges);
  const char* between = "";
  atom = "(?:";
  if (!set.ranges.empty()) {
    atom += fmt::format("[{}]", set.ranges);
    between = "|";
  }
  for (const Set& part : set.parts) {
    atom += between + to_atom(part);
    between = "|";
  }
  atom += ")";
  for (const Set& cut : set.cuts) atom = fmt::format("(?:(?={}){})", to_atom(cut), atom);
  return set.negated ? fmt::format("(?:(?!{}).)", atom) : atom;
}

class Translator {
 public:
  Translator(std::string_view pattern, JavaRegex::Flags flags) : flags_(flags) {
    for (std::size_t i = 0; i < pattern.size();) points_.push_back(next_point(pattern, i));
  }

  base::Result<TranslatedRegex> run() {
    std::string out = parse_alternatives();
    if (error_.empty() && at_ < points_.size()) fail("a ')' closes nothing");
    if (!error_.empty()) return base::fail(code_, error_);
    result_.pattern = std::move(out);
    return std::move(result_);
  }

 private:
  static std::uint32_t next_point(std::string_view text, std::size_t& i) {
    const auto byte = [&](std::size_t k) -> std::uint32_t {
      return k < text.size() ? static_cast<unsigned char>(text[k]) : 0u;
    };
    const std::uint32_t lead = byte(i);
    const std::size_t length = lead < 0x80 ? 1 : (lead < 0xE0 ? 2 : (lead < 0xF0 ? 3 : 4));
    std::uint32_t point = length == 1 ? lead : lead & (0x7Fu >> length);
    for (std::size_t k = 1; k < length; ++k) point = point << 6 | (byte(i + k) & 0x3Fu);
    i = std::min(i + length, text.size());
    return std::min(point, kPointMax);
  }

  std::string fail(std::string_view what) { return fail(base::Code::invalid, what); }
  std::string fail(base::Code code, std::string_view what) {
    if (error_.empty()) {
      error_ = fmt::format("regular expression, character {}: {}", at_ + 1, what);
      code_ = code;
    }
    return {};
  }
  bool ok() const { return error_.empty(); }

  std::uint32_t peek(std::size_t ahead = 0) const {
    return at_ + ahead < points_.size() ? points_[at_ + ahead] : kEnd;
  }
  bool take(std::uint32_t c) {
    if (peek() != c) return false;
    ++at_;
    return true;
  }
  bool starts(std::string_view text) const {
    for (std::size_t i = 0; i < text.size(); ++i) {
      if (peek(i) != static_cast<unsigned char>(text[i])) return false;
    }
    return true;
  }
  // With the flag x, white space and comments are no part of the pattern.
  void skip_comments() {
    while (flags_.comments && peek() != kEnd) {
      if (is_space(peek())) {
        ++at_;
      } else if (peek() == '#') {
        while (peek() != kEnd && peek() != '\n' && peek() != '\r') ++at_;
      } else {
        return;
      }
    }
  }

  std::string parse_alternatives() {
    constexpr int kNestingMax = 200;
    if (++depth_ > kNestingMax) return fail(base::Code::unsupported, "nested too deep");
    std::string out;
    while (ok()) {
      skip_comments();
      const std::uint32_t c = peek();
      if (c == kEnd || c == ')') break;
      if (c == '|') {
        ++at_;
        out.push_back('|');
        continue;
      }
      const bool counts = c == '{';
      const std::string atom = parse_atom();
      if (!ok()) break;
      if (counts) continue;
      out += std::exchange(before_, {});
      out += parse_quantifier(atom);
    }
    --depth_;
    return out;
  }

  std::string parse_atom() {
    const std::uint32_t c = peek();
    switch (c) {
      case '(': return parse_group();
      case '[': ++at_; return class_atom(parse_class());
      case '\\': return parse_escape();
      case '.':
        ++at_;
        if (flags_.dot_all) return ".";
        return flags_.unix_lines ? "[^\\n]" : fmt::format("[^{}]", kLineEnds);
      case '^':
        ++at_;
        if (!flags_.multiline) return "\\A";
        if (flags_.unix_lines) return "(?:(?:\\A|(?<=\\n))(?!\\z))";
        return "(?:(?:\\A|(?<=[\\n\\x{85}\\x{2028}\\x{2029}])|(?<=\\r)(?!\\n))(?!\\z))";
      case '$':
        ++at_;
        if (flags_.unix_lines) return flags_.multiline ? "(?=\\n|\\z)" : "(?=\\n?\\z)";
        return flags_.multiline ? line_end("|\\z") : final_end();
      case '*':
      case '+':
      case '?': return fail("nothing stands before this quantifier");
      case '{': {
        // Counts that stand before nothing repeat nothing.
        parse_counts();
        if (!take('?')) take('+');
        return {};
      }
      default: ++at_; return literal_atom(c);
    }
  }

  static std::string final_end() {
    return fmt::format("(?:(?=(?:\\r\\n|[{}])?\\z)(?!(?<=\\r)\\n))", kLineEnds);
  }
  static std::string line_end(std::string_view or_end) {
    return fmt::format("(?:(?=\\r\\n|[{}]{})(?!(?<=\\r)\\n))", kLineEnds, or_end);
  }

  // Without the flag u, only ASCII letters have another case.
  std::string literal_atom(std::uint32_t point) const {
    if (!flags_.ignore_case) return literal(point);
    if (flags_.unicode_case) return fmt::format("(?i:{})", literal(point));
    if (!is_letter(point)) return literal(point);
    return fmt::format("[{}{}]", static_cast<char>(point), static_cast<char>(point ^ 0x20));
  }
  std::string class_atom(const Set& set) const {
    if (!ok()) return {};
    const std::string atom = to_atom(set);
    return flags_.ignore_case && flags_.unicode_case ? fmt::format("(?i:{})", atom) : atom;
  }

  std::string parse_quantifier(const std::string& atom) {
    skip_comments();
    std::string quantifier;
    const std::uint32_t c = peek();
    if (c == '*' || c == '+' || c == '?') {
      ++at_;
      quantifier.push_back(static_cast<char>(c));
    } else if (c == '{') {
      quantifier = parse_counts();
      if (!ok()) return {};
    } else {
      return atom;
    }
    if (take('?')) {
      quantifier.push_back('?');
    } else if (take('+')) {
      quantifier.push_back('+');
    }
    // A possessive count needs a group of its own, and so does what is no single atom.
    return fmt::format("(?:{}){}", atom, quantifier);
  }

  std::string parse_counts() {
    constexpr int kCountMax = 65535;
    ++at_;
    const auto number = [&]() -> int {
      if (!is_digit(peek())) {
        fail("a number expected behind '{'");
        return 0;
      }
      int value = 0;
      while (is_digit(peek())) {
        value = std::min(value * 10 + static_cast<int>(peek() - '0'), kCountMax + 1);
        ++at_;
      }
      return value;
    };
    const int least = number();
    std::string out = fmt::format("{{{}", least);
    int most = least;
    if (take(',')) {
      out.push_back(',');
      if (peek() != '}') {
        most = number();
        out += std::to_string(most);
      }
    }
    if (ok() && !take('}')) return fail("a '}' is missing");
    if (most < least && out.back() != ',') return fail("the counts are in the wrong order");
    if (least > kCountMax || most > kCountMax) {
      return fail(base::Code::unsupported, "counts above 65535");
    }
    out.push_back('}');
    return out;
  }

  std::string parse_group() {
    ++at_;
    const JavaRegex::Flags outer = flags_;
    std::string open = "(";
    if (take('?')) {
      if (starts("<=") || starts("<!")) {
        open += peek(1) == '=' ? "?<=" : "?<!";
        at_ += 2;
      } else if (take('<')) {
        open += read_name();
      } else if (peek() == '=' || peek() == '!' || peek() == ':' || peek() == '>') {
        open += fmt::format("?{}", static_cast<char>(peek()));
        ++at_;
      } else {
        read_flags();
        if (!ok()) return {};
        if (take(')')) {  // they hold up to the end of the group around
          if (peek() == '*' || peek() == '+' || peek() == '?') {
            return fail("nothing stands before this quantifier");
          }
          return "(?:)";
        }
        if (!take(':')) return fail("an unknown kind of group");
        open += "?:";
      }
    } else {
      ++result_.groups;
    }
    const std::string inside = ok() ? parse_alternatives() : std::string();
    flags_ = outer;
    if (ok() && !take(')')) return fail("a ')' is missing");
    return open + inside + ")";
  }

  std::string read_name() {
    std::string name;
    while (is_letter(peek()) || is_digit(peek())) {
      name.push_back(static_cast<char>(peek()));
      ++at_;
    }
    if (name.empty() || is_digit(static_cast<unsigned char>(name[0])) || !take('>')) {
      return fail("a group's name is made of letters and digits");
    }
    if (!result_.names.try_emplace(name, result_.groups + 1).second) {
      return fail("two groups have the same name");
    }
    ++result_.groups;
    return {};
  }

  void read_flags() {
    bool on = true;
    for (; ok(); ++at_) {
      switch (peek()) {
        case 'i': flags_.ignore_case = on; break;
        case 'm': flags_.multiline = on; break;
        case 's': flags_.dot_all = on; break;
        case 'x': flags_.comments = on; break;
        case 'u': flags_.unicode_case = on; break;
        case 'U':
          flags_.unicode_class = on;
          if (on) flags_.unicode_case = true;
          break;
        case 'd': flags_.unix_lines = on; break;
        case '-':
          if (!on) fail("two '-' among the flags");
          on = false;
          break;
        default: return;
      }
    }
  }

  // What a backslash and a letter stand for inside and outside of classes; nothing for others.
  std::optional<Set> parse_shorthand() {
    const std::uint32_t c = peek(1);
    const bool unicode = flags_.unicode_class;
    Set set;
    switch (c) {
      case 'd':
      case 'D': set.ranges = unicode ? "\\p{Nd}" : "0-9"; break;
      case 's':
      case 'S': set.ranges = unicode ? "\\t-\\r \\x{85}\\p{Z}" : " \\t\\n\\x0B\\f\\r"; break;
      case 'w':
      case 'W': set.ranges = unicode ? "\\p{L}\\p{M}\\p{Nd}\\p{Nl}\\p{Pc}" : "a-zA-Z_0-9"; break;
      case 'h':
      case 'H': set.ranges = kBlanks; break;
      case 'v':
      case 'V': set.ranges = kVerticals; break;
      case 'p':
      case 'P': return parse_property();
      default: return std::nullopt;
    }
    at_ += 2;
    set.negated = c < 'a';
    return set;
  }

  std::optional<Set> parse_property() {
    Set set;
    set.negated = peek(1) == 'P';
    at_ += 2;
    std::string name;
    if (take('{')) {
      while (peek() != kEnd && peek() != '}' && peek() < 0x80) {
        name.push_back(static_cast<char>(peek()));
        ++at_;
      }
      if (!take('}')) fail("a '}' is missing behind \\p{");
    } else if (peek() < 0x80) {
      name.push_back(static_cast<char>(peek()));
      ++at_;
    }
    base::Result<std::string> ranges = translate_property(name, flags_.ignore_case);
    if (!ranges) {
      fail(ranges.error().code, ranges.error().what);
    } else {
      set.ranges = *std::move(ranges);
    }
    return set;
  }

  std::string parse_escape() {
    if (std::optional<Set> set = parse_shorthand()) return class_atom(*set);
    const std::uint32_t c = peek(1);
    const auto word = [](std::string_view before, std::string_view behind) {
      return fmt::format("(?:(?{}[{}])(?{}[{}]))", before, kWordParts, behind, kWordParts);
    };
    switch (c) {
      case 'A':
      case 'G':
      case 'z': at_ += 2; return fmt::format("\\{}", static_cast<char>(c));
      case 'Z': at_ += 2; return final_end();
      case 'b': at_ += 2; return fmt::format("(?:{}|{})", word("<=", "!"), word("<!", "="));
      case 'B': at_ += 2; return fmt::format("(?:{}|{})", word("<=", "="), word("<!", "!"));
      case 'R': {
        at_ += 2;
        // Repeated, a pair is not taken apart again.
        const bool repeated = peek() == '*' || peek() == '+' || peek() == '?' || peek() == '{';
        return fmt::format("({}\\r\\n|[{}])", repeated ? "?>" : "?:", kVerticals);
      }
      case 'X': at_ += 2; return "\\X";
      case 'Q': return parse_quoted();
      case 'k': {
        at_ += 2;
        std::string name;
        if (!take('<')) return fail("'<' expected behind \\k");
        while (is_letter(peek()) || is_digit(peek())) {
          name.push_back(static_cast<char>(peek()));
          ++at_;
        }
        const auto known = result_.names.find(name);
        if (!take('>') || known == result_.names.end()) return fail("no group has that name");
        return fmt::format("\\g{{{}}}", known->second);
      }
      default: break;
    }
    if (c >= '1' && c <= '9') return parse_reference();
    const std::uint32_t point = parse_character();
    return ok() ? literal_atom(point) : std::string();
  }

  // Further digits belong to the reference as long as there is such a group before it.
  std::string parse_reference() {
    ++at_;
    int group = static_cast<int>(peek() - '0');
    ++at_;
    while (is_digit(peek())) {
      const int longer = group * 10 + static_cast<int>(peek() - '0');
      if (longer > result_.groups) break;
      group = longer;
      ++at_;
    }
    // A group that does not exist never matches.
    if (group > result_.groups) return "(?!)";
    return fmt::format("\\g{{{}}}", group);
  }

  // A quantifier behind it takes the last character only.
  std::string parse_quoted() {
    at_ += 2;
    std::string last;
    while (peek() != kEnd && !starts("\\E")) {
      before_ += last;
      last = literal_atom(peek());
      ++at_;
    }
    if (starts("\\E")) at_ += 2;
    return last.empty() ? "(?:)" : last;
  }

  // An escape that stands for one character.
  std::uint32_t parse_character() {
    ++at_;
    const std::uint32_t c = peek();
    if (c == kEnd) {
      fail("a backslash at the end");
      return 0;
    }
    ++at_;
    switch (c) {
      case 't': return '\t';
      case 'n': return '\n';
      case 'r': return '\r';
      case 'f': return '\f';
      case 'a': return '\a';
      case 'e': return 0x1B;
      case '0': return parse_octal();
      case 'x': return parse_hex();
      case 'u': return parse_unicode();
      case 'c': {
        const std::uint32_t control = peek();
        if (control == kEnd) {
          fail("a character expected behind \\c");
          return 0;
        }
        ++at_;
        return control ^ 64u;
      }
      default: break;
    }
    if (is_letter(c)) fail("an unknown escape");
    return c;
  }

  std::uint32_t parse_octal() {
    std::uint32_t value = 0;
    const bool three = peek() <= '3';
    int digits = 0;
    while (digits < (three ? 3 : 2) && peek() >= '0' && peek() <= '7') {
      value = value * 8 + (peek() - '0');
      ++at_;
      ++digits;
    }
    if (digits == 0) fail("an octal digit expected behind \\0");
    return value;
  }

  bool hex_digits(int count, std::uint32_t& value) {
    for (int i = 0; i < count; ++i, ++at_) {
      const int digit = peek() < 0x80 ? hex_digit(static_cast<char>(peek())) : -1;
      if (digit < 0) return false;
      value = value * 16 + static_cast<std::uint32_t>(digit);
    }
    return true;
  }

  std::uint32_t parse_hex() {
    std::uint32_t value = 0;
    if (!take('{')) {
      if (!hex_digits(2, value)) fail("two hexadecimal digits expected behind \\x");
      return value;
    }
    while (peek() != '}' && value <= kPointMax && hex_digits(1, value)) {
    }
    if (!take('}') || value > kPointMax) fail("a code point expected behind \\x{");
    return std::min(value, kPointMax);
  }

  std::uint32_t parse_unicode() {
    std::uint32_t value = 0;
    if (!hex_digits(4, value)) {
      fail("four hexadecimal digits expected behind \\u");
      return 0;
    }
    if (value < 0xD800 || value > 0xDBFF || !starts("\\u")) return value;
    const std::size_t before = at_;
    at_ += 2;
    std::uint32_t low = 0;
    if (hex_digits(4, low) && low >= 0xDC00 && low <= 0xDFFF) {
      return 0x10000 + ((value - 0xD800) << 10) + (low - 0xDC00);
    }
    at_ = before;
    return value;
  }

  // Behind the '['.
  Set parse_class() {
    constexpr int kNestingMax = 100;
    Set set;
    if (++depth_ > kNestingMax) {
      fail(base::Code::unsupported, "nested too deep");
      return set;
    }
    const bool negated = take('^');
    while (ok()) {
      skip_comments();
      const std::uint32_t c = peek();
      if (c == kEnd) {
        fail("a ']' is missing");
      } else if (c == ']' && !set.empty()) {
        ++at_;
        break;
      } else if (c == '[') {
        ++at_;
        set.parts.push_back(parse_class());
      } else if (starts("&&")) {
        at_ += 2;
        while (starts("&&")) at_ += 2;
        Set right = parse_cut();
        if (right.empty()) {
          if (set.empty()) fail("'&&' cuts nothing");
        } else if (set.empty()) {
          set = std::move(right);
        } else {
          Set left = std::move(set);
          set = Set();
          set.parts.push_back(std::move(left));
          set.cuts.push_back(std::move(right));
        }
      } else {
        parse_member(set);
      }
    }
    set.negated = negated;
    --depth_;
    return set;
  }

  // What stands behind "&&", up to the next one or the end of the class.
  Set parse_cut() {
    Set set;
    while (ok() && peek() != ']' && peek() != kEnd && !starts("&&")) {
      skip_comments();
      if (take('[')) {
        set.parts.push_back(parse_class());
      } else {
        parse_member(set);
      }
    }
    return set;
  }

  void parse_member(Set& set) {
    if (peek() == kEnd) {
      fail("a ']' is missing");
      return;
    }
    if (peek() == '\\') {
      if (peek(1) == 'Q') {
        at_ += 2;
        while (peek() != kEnd && !starts("\\E")) {
          add_range(set, peek(), peek());
          ++at_;
        }
        if (starts("\\E")) at_ += 2;
        return;
      }
      if (std::optional<Set> shorthand = parse_shorthand()) {
        if (shorthand->negated) {
          set.parts.push_back(*std::move(shorthand));
        } else {
          set.ranges += shorthand->ranges;
        }
        return;
      }
    }
    if (peek() == '\\' && peek(1) >= '1' && peek(1) <= '9') fail("a class refers to no group");
    const std::uint32_t first = peek() == '\\' ? parse_character() : points_[at_++];
    if (!ok() || peek() != '-' || peek(1) == ']' || peek(1) == '[' || peek(1) == kEnd) {
      add_range(set, first, first);
      return;
    }
    ++at_;
    const std::uint32_t last = peek() == '\\' ? parse_character() : points_[at_++];
    if (ok() && last < first) fail("a range of characters goes backwards");
    add_range(set, first, last);
  }

  void add_range(Set& set, std::uint32_t first, std::uint32_t last) const {
    const auto add = [&](std::uint32_t a, std::uint32_t b) {
      set.ranges += literal(a);
      if (a != b) set.ranges += "-" + literal(b);
    };
    add(first, last);
    if (!flags_.ignore_case || flags_.unicode_case) return;
    for (const std::uint32_t base :
         {static_cast<std::uint32_t>('a'), static_cast<std::uint32_t>('A')}) {
      const std::uint32_t a = std::max(first, base);
      const std::uint32_t b = std::min(last, base + 25);
      if (a <= b) add(a ^ 0x20u, b ^ 0x20u);
    }
  }

  std::vector<std::uint32_t> points_;
  std::size_t at_ = 0;
  JavaRegex::Flags flags_;
  TranslatedRegex result_;
  std::string before_;  // what a quotation has in front of its last character
  int depth_ = 0;
  std::string error_;
  base::Code code_ = base::Code::invalid;
};

}  // namespace

base::Result<TranslatedRegex> translate_regex(std::string_view pattern, JavaRegex::Flags flags) {
  return Translator(pattern, flags).run();
}

}  // namespace hyd::codec

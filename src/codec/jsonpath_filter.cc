// Filters of JSONPaths: how they are read, and the dialect's own equality and order.
#include "base/parse_int.h"
#include "codec/jsonpath_internal.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <utility>

namespace hyd::codec::jsonpath {
namespace {

bool is_relational(char c) { return c == '<' || c == '>' || c == '=' || c == '~' || c == '!'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

std::optional<Operator> operator_named(std::string_view text) {
  std::string name(text);
  for (char& c : name) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  constexpr std::array<std::pair<std::string_view, Operator>, 21> kRows = {{
      {">=", Operator::greater_equal},
      {"<=", Operator::less_equal},
      {"==", Operator::equal},
      {"===", Operator::type_safe_equal},
      {"!=", Operator::not_equal},
      {"!==", Operator::type_safe_not_equal},
      {"<", Operator::less},
      {">", Operator::greater},
      {"=~", Operator::regex},
      {"NIN", Operator::not_in},
      {"IN", Operator::in},
      {"CONTAINS", Operator::contains},
      {"ALL", Operator::all},
      {"SIZE", Operator::size},
      {"EXISTS", Operator::exists},
      {"EMPTY", Operator::empty},
      {"SUBSETOF", Operator::subset_of},
      {"ANYOF", Operator::any_of},
      {"NONEOF", Operator::none_of},
      {"TYPE", Operator::type},
      {"MATCHES", Operator::matches},
  }};
  for (const auto& [known, op] : kRows) {
    if (known == name) return op;
  }
  return std::nullopt;
}

// A decimal number as BigDecimal sees it: digits * 10^-scale.
struct DecimalText {
  bool valid = false;
  bool negative = false;
  std::string digits;
  std::int64_t scale = 0;
};

DecimalText read_decimal(std::string_view text) {
  constexpr std::int32_t kExponentMax = 100'000;
  DecimalText out;
  if (text.starts_with('-') || text.starts_with('+')) {
    out.negative = text[0] == '-';
    text.remove_prefix(1);
  }
  const std::size_t mark = std::min(text.find_first_of("eE"), text.size());
  bool fraction = false;
  for (const char c : text.substr(0, mark)) {
    if (c == '.' && !fraction) {
      fraction = true;
    } else if (is_digit(c)) {
      out.digits.push_back(c);
      if (fraction) ++out.scale;
    } else {
      return out;
    }
  }
  if (mark != text.size()) {
    std::string_view power = text.substr(mark + 1);
    if (power.starts_with('+')) power.remove_prefix(1);
    const auto exponent = base::parse_int<std::int32_t>(power);
    if (!exponent || *exponent > kExponentMax || *exponent < -kExponentMax) return out;
    out.scale -= *exponent;
  }
  out.valid = !out.digits.empty();
  const std::size_t zeros = std::min(out.digits.find_first_not_of('0'), out.digits.size() - 1);
  if (out.valid) out.digits.erase(0, zeros);
  return out;
}

int compare_decimals(DecimalText a, DecimalText b) {
  const bool zero_a = a.digits == "0";
  const bool zero_b = b.digits == "0";
  const int sign_a = zero_a ? 0 : (a.negative ? -1 : 1);
  const int sign_b = zero_b ? 0 : (b.negative ? -1 : 1);
  if (sign_a != sign_b) return sign_a < sign_b ? -1 : 1;
  if (sign_a == 0) return 0;
  const std::int64_t whole_a = static_cast<std::int64_t>(a.digits.size()) - a.scale;
  const std::int64_t whole_b = static_cast<std::int64_t>(b.digits.size()) - b.scale;
  if (whole_a != whole_b) return (whole_a < whole_b ? -1 : 1) * sign_a;
  const std::size_t width = std::max(a.digits.size(), b.digits.size());
  a.digits.append(width - a.digits.size(), '0');
  b.digits.append(width - b.digits.size(), '0');
  return (a.digits < b.digits ? -1 : (a.digits == b.digits ? 0 : 1)) * sign_a;
}

// BigDecimal.toString of a number's text.
std::string decimal_to_string(std::string_view text) {
  const DecimalText d = read_decimal(text);
  if (!d.valid) return std::string(text);
  std::string out = d.negative && d.digits != "0" ? "-" : "";
  const auto count = static_cast<std::int64_t>(d.digits.size());
  const std::int64_t adjusted = count - 1 - d.scale;
  if (d.scale == 0) return out + d.digits;
  if (d.scale > 0 && adjusted >= -6) {
    if (d.scale >= count) {
      return out + "0." + std::string(static_cast<std::size_t>(d.scale - count), '0') + d.digits;
    }
    const auto point = static_cast<std::size_t>(count - d.scale);
    return out + d.digits.substr(0, point) + "." + d.digits.substr(point);
  }
  out += d.digits.substr(0, 1);
  if (count > 1) out += "." + d.digits.substr(1);
  if (adjusted != 0) out += fmt::format("E{:+}", adjusted);
  return out;
}

}  // namespace

std::unique_ptr<Filter> Reader::read_filter() {
  trim();
  auto filter = std::make_unique<Filter>();
  if (current() != '(' || at(end_) != ')') {
    fail("a filter stands in parentheses");
    return nullptr;
  }
  if (!read_or(*filter)) return nullptr;
  skip_blanks();
  if (in_bounds()) {
    fail("the filter should end there");
    return nullptr;
  }
  return filter;
}

bool Reader::take_sign(std::string_view sign) {
  skip_blanks();
  if (!in_bounds(position_ + static_cast<At>(sign.size()) - 1)) return false;
  if (cut(position_, position_ + static_cast<At>(sign.size())) != sign) return false;
  position_ += static_cast<At>(sign.size());
  return true;
}

bool Reader::read_or(Filter& out) {
  constexpr std::size_t kNestingMax = 100;
  if (++depth_ > kNestingMax) return fail("nested too deep");
  out.kind = Filter::Kind::one_of;
  At save = position_;
  do {
    if (!read_and(out.parts.emplace_back())) return false;
    save = position_;
  } while (take_sign("||"));
  position_ = save;
  --depth_;
  return true;
}

bool Reader::read_and(Filter& out) {
  out.kind = Filter::Kind::all_of;
  At save = position_;
  do {
    if (!read_operand_of_and(out.parts.emplace_back())) return false;
    save = position_;
  } while (take_sign("&&"));
  position_ = save;
  return true;
}

bool Reader::read_operand_of_and(Filter& out) {
  skip_blanks();
  const At save = position_;
  if (current() == '!') {
    ++position_;
    skip_blanks();
    if (current() == '$' || current() == '@') {
      position_ = save;
    } else {
      constexpr std::size_t kNestingMax = 100;
      if (++depth_ > kNestingMax) return fail("nested too deep");
      out.kind = Filter::Kind::negation;
      const bool read = read_operand_of_and(out.parts.emplace_back());
      --depth_;
      return read;
    }
  }
  if (current() == '(') {
    ++position_;
    if (!read_or(out)) return false;
    skip_blanks();
    if (current() != ')') return fail("')' expected in a filter");
    ++position_;
    return true;
  }
  return read_comparison(out);
}

// A path alone asks whether it exists.
bool Reader::read_comparison(Filter& out) {
  out.kind = Filter::Kind::comparison;
  if (!read_value(out.left)) return false;
  const At save = position_;
  if (read_operator(out.op) && read_value(out.right)) return true;
  if (out.left.kind != Operand::Kind::path) return false;
  error_.clear();
  position_ = save;
  out.op = Operator::exists;
  out.right = Operand();
  return true;
}

bool Reader::read_operator(Operator& out) {
  skip_blanks();
  const At begin = position_;
  if (is_relational(current())) {
    while (in_bounds() && is_relational(current())) ++position_;
  } else {
    while (in_bounds() && current() != ' ') ++position_;
  }
  const std::optional<Operator> op = operator_named(cut(begin, position_));
  if (!op) return fail(fmt::format("'{}' is no operator", cut(begin, position_)));
  out = *op;
  return true;
}

bool Reader::read_value(Operand& out) {
  skip_blanks();
  switch (current()) {
    case '$':
    case '@': return read_path_operand(out);
    case '!':
      ++position_;
      skip_blanks();
      if (current() == '$' || current() == '@') return read_path_operand(out);
      return fail("'!' stands before what is no path");
    case '\'':
    case '"': {
      const At close = index_of_unescaped(position_, current());
      if (close < 0) return fail("a text is not closed");
      out.kind = Operand::Kind::string;
      out.text = unescape(cut(position_ + 1, close));
      position_ = close + 1;
      return true;
    }
    case 't':
    case 'f':
      out.kind = Operand::Kind::boolean;
      out.truth = take_sign("true");
      return out.truth || take_sign("false") || fail("true or false expected");
    case 'n': out.kind = Operand::Kind::null; return take_sign("null") || fail("null expected");
    case '{':
    case '[': {
      const char open = current();
      const At close = matching_close(position_, open, open == '[' ? ']' : '}', false);
      if (close < 0) return fail("a JSON text is not closed");
      out.kind = Operand::Kind::json;
      out.text = std::string(cut(position_, close + 1));
      position_ = close + 1;
      return true;
    }
    case '/': return read_pattern(out);
    default: break;
  }
  const At begin = position_;
  const auto in_number = [](char c) {
    return is_digit(c) || c == '-' || c == '.' || c == 'E' || c == 'e';
  };
  while (in_bounds() && in_number(current())) ++position_;
  out.kind = Operand::Kind::number;
  out.text = std::string(cut(begin, position_));
  return read_decimal(out.text).valid || fail("a value expected in a filter");
}

bool Reader::read_pattern(Operand& out) {
  const At begin = position_;
  const At close = index_of_unescaped(position_, '/');
  if (close < 0) return fail("a pattern is not closed");
  JavaRegex::Flags flags;
  At i = close + 1;
  for (bool more = true; more && in_bounds(i);) {
    switch (at(i)) {
      case 'i': flags.ignore_case = true; break;
      case 'm': flags.multiline = true; break;
      case 's': flags.dot_all = true; break;
      case 'x': flags.comments = true; break;
      case 'u': flags.unicode_case = true; break;
      case 'U': flags.unicode_class = true; break;
      case 'd': flags.unix_lines = true; break;
      default: more = false; continue;
    }
    ++i;
  }
  base::Result<JavaRegex> regex = JavaRegex::compile(cut(begin + 1, close), flags);
  if (!regex) return fail(regex.error().what);
  out.kind = Operand::Kind::pattern;
  out.pattern = std::make_unique<JavaRegex>(*std::move(regex));
  position_ = i;
  return true;
}

bool Reader::closes_function(At begin) const {
  At i = position_ - 1;
  while (in_bounds(i) && at(i) == ' ') --i;
  if (!in_bounds(i) || at(i) != '(') return false;
  for (--i; in_bounds(i) && i > begin; --i) {
    if (at(i) == '.') return true;
  }
  return false;
}

bool Reader::read_path_operand(Operand& out) {
  At before = position_ - 1;
  while (in_bounds(before) && at(before) == ' ') --before;
  const At begin = position_;
  ++position_;
  while (in_bounds()) {
    if (current() == '[') {
      const At close = matching_close(position_, '[', ']', false);
      if (close < 0) return fail("'[' is not closed in a filter");
      position_ = close + 1;
    }
    const bool ends = current() == ')' && !closes_function(begin);
    if (!in_bounds() || is_relational(current()) || current() == ' ' || ends) break;
    ++position_;
  }
  Reader inner(std::string(cut(begin, position_)), depth_ + 1);
  out.kind = Operand::Kind::path;
  out.should_exist = !(in_bounds(before) && at(before) == '!');
  out.path = inner.read_path();
  return out.path != nullptr || fail(inner.error());
}

namespace {

using Type = JsonTree::Type;

// A value in a comparison. Lists and objects are nodes; a text that is JSON itself, or a path, is
// no text any more when it stands in a list.
struct Side {
  enum class Kind : std::uint8_t {
    undefined,
    null,
    boolean,
    number,
    string,
    json,
    json_text,
    path,
    pattern
  };
  Kind kind = Kind::undefined;
  std::string text;
  bool truth = false;
  JsonNode node;
  const JavaRegex* pattern = nullptr;
};

// Where the dialect throws, the evaluation fails and the filter is false.
class Matcher {
 public:
  Matcher(Evaluation& evaluation, const JsonNode& item)
      : evaluation_(evaluation), tree_(evaluation.tree()), item_(item) {}

  bool matches(const Filter& filter) {
    if (!tree_.charge(1)) {
      evaluation_.fail(Evaluation::Fault::exhausted, "the JSONPath takes too many steps");
    }
    if (evaluation_.stopped()) return false;
    switch (filter.kind) {
      case Filter::Kind::all_of:
        return std::all_of(filter.parts.begin(), filter.parts.end(),
                           [this](const Filter& part) { return matches(part); });
      case Filter::Kind::one_of:
        return std::any_of(filter.parts.begin(), filter.parts.end(),
                           [this](const Filter& part) { return matches(part); });
      case Filter::Kind::negation: {
        const bool inner = matches(filter.parts[0]);
        return !evaluation_.stopped() && !inner;
      }
      case Filter::Kind::comparison: return compare(filter);
    }
    return false;
  }

 private:
  bool refuse() {
    evaluation_.fail(Evaluation::Fault::invalid, "the operator does not take these operands");
    return false;
  }

  bool stumble(std::string_view what) {
    evaluation_.fail(Evaluation::Fault::broken, std::string(what));
    return false;
  }

  bool compare(const Filter& filter) {
    if (filter.op == Operator::exists) return exists(filter);
    const Side left = side(filter.left);
    const Side right = side(filter.right);
    if (evaluation_.stopped()) return false;
    switch (filter.op) {
      case Operator::equal: return equal(left, right);
      case Operator::not_equal: return !equal(left, right);
      case Operator::type_safe_equal: return left.kind == right.kind && equal(left, right);
      case Operator::type_safe_not_equal: return left.kind != right.kind || !equal(left, right);
      case Operator::less: return order(left, right, [](int c) { return c < 0; });
      case Operator::less_equal: return order(left, right, [](int c) { return c <= 0; });
      case Operator::greater: return order(left, right, [](int c) { return c > 0; });
      case Operator::greater_equal: return order(left, right, [](int c) { return c >= 0; });
      case Operator::regex: return regex(left, right);
      case Operator::in: return in(left, right);
      case Operator::not_in: return !in(left, right) && !evaluation_.stopped();
      case Operator::contains: return contains(left, right);
      case Operator::all:
      case Operator::type:
      case Operator::matches: return refuse();  // nothing that can be written is their operand
      case Operator::size: return size(left, right);
      case Operator::empty: return empty(left, right);
      case Operator::subset_of:
      case Operator::any_of:
      case Operator::none_of: return sets(filter.op, left, right);
      case Operator::exists: break;
    }
    return false;
  }

  bool exists(const Filter& filter) {
    const Operand& operand = filter.left;
    // An oddity of the dialect: also a path from the root is looked for below the item.
    const bool found = evaluation_.value(*operand.path, item_, true).has_value();
    return found == operand.should_exist && !evaluation_.stopped();
  }

  Side side(const Operand& operand) {
    Side out;
    out.text = operand.text;
    switch (operand.kind) {
      case Operand::Kind::string: out.kind = Side::Kind::string; return out;
      case Operand::Kind::number: out.kind = Side::Kind::number; return out;
      case Operand::Kind::null: out.kind = Side::Kind::null; return out;
      case Operand::Kind::boolean:
        out.kind = Side::Kind::boolean;
        out.truth = operand.truth;
        return out;
      case Operand::Kind::pattern:
        out.kind = Side::Kind::pattern;
        out.pattern = operand.pattern.get();
        return out;
      case Operand::Kind::json: {
        const std::optional<JsonNode> node = tree_.read(operand.text);
        if (!node) {
          refuse();
          return out;
        }
        out.kind = Side::Kind::json_text;
        out.node = *node;
        return out;
      }
      case Operand::Kind::path: break;
    }
    const JsonNode start = operand.path->from_root ? evaluation_.root() : item_;
    const std::optional<JsonNode> node = evaluation_.value(*operand.path, start, false);
    return node ? side(*node) : Side();
  }

  Side side(const JsonNode& node) {
    Side out;
    switch (tree_.type(node)) {
      case Type::null: out.kind = Side::Kind::null; break;
      case Type::boolean:
        out.kind = Side::Kind::boolean;
        out.truth = tree_.boolean(node);
        break;
      case Type::number:
        out.kind = Side::Kind::number;
        out.text = tree_.number_text(node);
        break;
      case Type::string:
        out.kind = Side::Kind::string;
        out.text = std::string(tree_.string(node));
        break;
      case Type::array:
      case Type::object:
      case Type::other:
        out.kind = Side::Kind::json;
        out.node = node;
        break;
    }
    return out;
  }

  // As an item of a list.
  Side item_side(const JsonNode& node) {
    Side out = side(node);
    if (out.kind != Side::Kind::string) return out;
    const std::string& text = out.text;
    const bool wrapped = text.size() > 1 && ((text.front() == '[' && text.back() == ']') ||
                                             (text.front() == '{' && text.back() == '}'));
    if (is_path(text)) {
      out.kind = Side::Kind::path;
    } else if (wrapped && tree_.read(text)) {
      out.kind = Side::Kind::path;  // equals JSON only, never a text
    } else if (text.size() > 1 && text.front() == text.back() &&
               (text.front() == '\'' || text.front() == '"')) {
      out.text = unescape(std::string_view(text).substr(1, text.size() - 2));
    } else if (text.size() > 1) {
      out.text = unescape(text);
    }
    return out;
  }

  bool equal(const Side& a, const Side& b) {
    using Kind = Side::Kind;
    const bool json_a = a.kind == Kind::json || a.kind == Kind::json_text;
    const bool json_b = b.kind == Kind::json || b.kind == Kind::json_text;
    // A JSON text on the left is compared as the text that it is.
    if (json_a && json_b) return a.kind == Kind::json && tree_.equal(a.node, b.node);
    if (a.kind == Kind::string && b.kind == Kind::string) return a.text == b.text;
    if (a.kind == Kind::string && b.kind == Kind::number) {
      return a.text == decimal_to_string(b.text);
    }
    if (a.kind == Kind::number && (b.kind == Kind::number || b.kind == Kind::string)) {
      const DecimalText other = read_decimal(b.text);
      return other.valid && compare_decimals(read_decimal(a.text), other) == 0;
    }
    if (a.kind != b.kind) return false;
    if (a.kind == Kind::boolean) return a.truth == b.truth;
    return a.kind == Kind::null;
  }

  template <class Holds>
  bool order(const Side& a, const Side& b, const Holds& holds) {
    using Kind = Side::Kind;
    if (a.kind == Kind::number && b.kind == Kind::number) {
      return holds(compare_decimals(read_decimal(a.text), read_decimal(b.text)));
    }
    if (a.kind == Kind::string && b.kind == Kind::string) return holds(a.text.compare(b.text));
    return false;
  }

  // The items of a list, or nothing when it is none.
  std::optional<std::vector<Side>> list(const Side& side) {
    const bool json = side.kind == Side::Kind::json || side.kind == Side::Kind::json_text;
    if (!json) {
      refuse();
      return std::nullopt;
    }
    if (tree_.type(side.node) != Type::array) return std::nullopt;
    std::vector<Side> items;
    for (std::size_t i = 0; i < tree_.size(side.node) && tree_.charge(1); ++i) {
      items.push_back(item_side(tree_.item(side.node, i)));
      if (items.back().kind == Side::Kind::json) {
        stumble("a list in a filter has a list or an object in it");
        return std::nullopt;
      }
    }
    return items;
  }

  bool holds(const std::vector<Side>& items, const Side& wanted) {
    return std::any_of(items.begin(), items.end(),
                       [&](const Side& item) { return equal(wanted, item); });
  }

  bool in(const Side& left, const Side& right) {
    const std::optional<std::vector<Side>> items = list(right);
    return items && holds(*items, left);
  }

  bool contains(const Side& left, const Side& right) {
    if (left.kind == Side::Kind::string && right.kind == Side::Kind::string) {
      return left.text.find(right.text) != std::string::npos;
    }
    if (left.kind != Side::Kind::json && left.kind != Side::Kind::json_text) return false;
    const std::optional<std::vector<Side>> items = list(left);
    return items && holds(*items, right);
  }

  bool size(const Side& left, const Side& right) {
    if (right.kind != Side::Kind::number) return false;
    const DecimalText wanted = read_decimal(right.text);
    std::size_t have = 0;
    if (left.kind == Side::Kind::string) {
      for (const char c : left.text) {
        const auto byte = static_cast<unsigned char>(c);
        have += ((byte & 0xC0u) != 0x80u ? 1u : 0u) + (byte >= 0xF0 ? 1u : 0u);
      }
    } else if ((left.kind == Side::Kind::json || left.kind == Side::Kind::json_text) &&
               tree_.type(left.node) == Type::array) {
      have = tree_.size(left.node);
    } else {
      return false;
    }
    return compare_decimals(wanted, read_decimal(std::to_string(have))) == 0;
  }

  bool empty(const Side& left, const Side& right) {
    const bool json = left.kind == Side::Kind::json || left.kind == Side::Kind::json_text;
    if (left.kind != Side::Kind::string && !json) return false;
    if (json && tree_.type(left.node) != Type::array) return stumble("empty asked of an object");
    if (right.kind != Side::Kind::boolean) return refuse();
    if (!json) return left.text.empty() == right.truth;
    return (tree_.size(left.node) == 0) == right.truth;
  }

  bool sets(Operator op, const Side& left, const Side& right) {
    const std::optional<std::vector<Side>> b = list(right);
    const std::optional<std::vector<Side>> a = b ? list(left) : std::nullopt;
    if (!a || !b || !tree_.charge(a->size() * b->size() / 8)) return false;
    if (op == Operator::subset_of) {
      return std::all_of(a->begin(), a->end(), [&](const Side& item) { return holds(*b, item); });
    }
    const bool common =
        std::any_of(a->begin(), a->end(), [&](const Side& item) { return holds(*b, item); });
    return op == Operator::any_of ? common : !common;
  }

  bool regex(const Side& left, const Side& right) {
    const bool on_left = left.kind == Side::Kind::pattern;
    if (on_left == (right.kind == Side::Kind::pattern)) return false;
    const JavaRegex& pattern = on_left ? *left.pattern : *right.pattern;
    const Side& input = on_left ? right : left;
    const bool json = input.kind == Side::Kind::json || input.kind == Side::Kind::json_text;
    if (!json || tree_.type(input.node) != Type::array) return matches_text(pattern, input);
    const std::optional<std::vector<Side>> items = list(input);
    return items && std::any_of(items->begin(), items->end(),
                                [&](const Side& item) { return matches_text(pattern, item); });
  }

  bool matches_text(const JavaRegex& pattern, const Side& input) {
    std::string text;
    if (input.kind == Side::Kind::string) text = input.text;
    if (input.kind == Side::Kind::number) text = decimal_to_string(input.text);
    if (input.kind == Side::Kind::boolean) text = input.truth ? "true" : "false";
    constexpr std::uint64_t kStepsMax = 20'000;
    RegexBudget budget{kStepsMax};
    const base::Result<bool> matched = pattern.matches(text, budget);
    const bool enough = tree_.charge(kStepsMax - budget.steps);
    if (!matched || !enough) {
      evaluation_.fail(Evaluation::Fault::exhausted, "a pattern takes too many steps");
      return false;
    }
    return *matched;
  }

  Evaluation& evaluation_;
  JsonTree& tree_;
  const JsonNode item_;
};

}  // namespace

bool matches(const Filter& filter, Evaluation& evaluation, const JsonNode& item) {
  return Matcher(evaluation, item).matches(filter);
}

}  // namespace hyd::codec::jsonpath

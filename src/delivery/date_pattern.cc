#include "delivery/date_pattern.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <utility>

namespace hyd::delivery {

using base::Code;
using base::fail;
using base::Result;

namespace {

constexpr std::array<std::string_view, 12> kMonths = {
    "January", "February", "March",     "April",   "May",      "June",
    "July",    "August",   "September", "October", "November", "December"};
constexpr std::array<std::string_view, 7> kDays = {"Sunday",   "Monday", "Tuesday", "Wednesday",
                                                   "Thursday", "Friday", "Saturday"};
constexpr std::array<std::string_view, 4> kQuarters = {"1st quarter", "2nd quarter", "3rd quarter",
                                                       "4th quarter"};

// How many letters in a row Java takes of each kind.
struct Letters {
  std::string_view letters;
  std::size_t max;
};
constexpr Letters kLetters[] = {{"uyYAnN", 19}, {"S", 9},        {"GMLQqEecXxZ", 5},
                                {"Dz", 3},      {"dhHkKmsw", 2}, {"WFa", 1}};

std::size_t letters_max(char letter) {
  for (const Letters& kind : kLetters) {
    if (kind.letters.contains(letter)) return kind.max;
  }
  return 0;
}

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

// Every number that a pattern may ask for.
struct Moment {
  std::int64_t year = 0;
  unsigned month = 0;  // from 1
  unsigned day = 0;
  unsigned weekday = 0;      // from 0, Sunday
  unsigned day_of_year = 0;  // from 1
  std::int64_t week_year = 0;
  unsigned week = 0;  // of week_year, from 1
  unsigned week_of_month = 0;
  std::int64_t hour = 0;
  std::int64_t minute = 0;
  std::int64_t second = 0;
  std::int64_t nano = 0;  // of the second
  std::int64_t nano_of_day = 0;
};

// Days from the first day of the week that holds 1 January or the 1st of the month to that day.
unsigned days_before(unsigned weekday_now, unsigned day_number) {
  return (weekday_now + 7 * 60 - (day_number - 1)) % 7;
}

Moment moment_of(base::WallTime t) {
  const auto days = std::chrono::floor<std::chrono::days>(t);
  const std::chrono::year_month_day date(days);
  const auto in_day = std::chrono::duration_cast<std::chrono::nanoseconds>(t - days);
  const auto new_year = std::chrono::sys_days(date.year() / std::chrono::January / 1);
  Moment m;
  m.year = int{date.year()};
  m.month = unsigned{date.month()};
  m.day = unsigned{date.day()};
  m.weekday = std::chrono::weekday(days).c_encoding();
  m.day_of_year = static_cast<unsigned>((days - new_year).count()) + 1;
  m.week_of_month = (m.day - 1 + days_before(m.weekday, m.day)) / 7 + 1;
  m.week = (m.day_of_year - 1 + days_before(m.weekday, m.day_of_year)) / 7 + 1;
  m.week_year = m.year;
  // The week that holds the next 1 January is the next year's first.
  const auto next_year =
      std::chrono::sys_days((date.year() + std::chrono::years(1)) / std::chrono::January / 1);
  const unsigned left = static_cast<unsigned>((next_year - days).count());
  if (left <= 6 - m.weekday) {
    m.week = 1;
    ++m.week_year;
  }
  m.nano_of_day = in_day.count();
  m.nano = m.nano_of_day % 1'000'000'000;
  m.second = m.nano_of_day / 1'000'000'000 % 60;
  m.minute = m.nano_of_day / 60'000'000'000 % 60;
  m.hour = m.nano_of_day / 3'600'000'000'000;
  return m;
}

std::string number(std::int64_t value, std::size_t width) {
  return fmt::format("{:0{}}", value, width);
}

std::string year_text(std::int64_t year, std::size_t count) {
  return count == 2 ? number(year % 100, 2) : number(year, count);
}

// Three letters or the whole, as `count` says; five letters ask for one.
std::string named(std::string_view name, std::size_t count) {
  return std::string(count == 4 ? name : name.substr(0, count == 5 ? 1 : 3));
}

std::string quarter_text(unsigned month, std::size_t count) {
  const unsigned quarter = (month - 1) / 3;
  if (count == 4) return std::string(kQuarters[quarter]);
  return (count == 3 ? "Q" : "") + number(quarter + 1, count == 2 ? 2 : 1);
}

std::string offset_text(char letter, std::size_t count) {
  constexpr std::array<std::string_view, 6> kSmallX = {"",       "+00",   "+0000",
                                                       "+00:00", "+0000", "+00:00"};
  if (letter == 'X') return "Z";
  if (letter == 'x') return std::string(kSmallX[count]);
  return count < 4 ? "+0000" : count == 4 ? "GMT" : "Z";
}

std::string date_text(const Moment& m, char letter, std::size_t count) {
  switch (letter) {
    case 'G': return count == 4 ? "Anno Domini" : count == 5 ? "A" : "AD";
    case 'u':
    case 'y': return year_text(m.year, count);
    case 'Y': return year_text(m.week_year, count);
    case 'D': return number(m.day_of_year, count);
    case 'M':
    case 'L': return count <= 2 ? number(m.month, count) : named(kMonths[m.month - 1], count);
    case 'd': return number(m.day, count);
    case 'Q':
    case 'q': return quarter_text(m.month, count);
    case 'w': return number(m.week, count);
    case 'W': return number(m.week_of_month, 1);
    case 'E': return named(kDays[m.weekday], count < 3 ? 3 : count);
    case 'e':
    case 'c': return count <= 2 ? number(m.weekday + 1, count) : named(kDays[m.weekday], count);
    default:  // F, as Java up to 18 has it: the day within the month's weeks from the 1st
      return number((m.day - 1) % 7 + 1, 1);
  }
}

std::string time_text(const Moment& m, char letter, std::size_t count) {
  switch (letter) {
    case 'a': return m.hour < 12 ? "AM" : "PM";
    case 'h': return number((m.hour + 11) % 12 + 1, count);
    case 'K': return number(m.hour % 12, count);
    case 'k': return number(m.hour == 0 ? 24 : m.hour, count);
    case 'H': return number(m.hour, count);
    case 'm': return number(m.minute, count);
    case 's': return number(m.second, count);
    case 'S': return number(m.nano, 9).substr(0, count);
    case 'A': return number(m.nano_of_day / 1'000'000, count);
    case 'n': return number(m.nano, count);
    default:  // N
      return number(m.nano_of_day, count);
  }
}

std::string field_text(const Moment& m, char letter, std::size_t count) {
  if (std::string_view("GuyYDMLdQqwWEecF").contains(letter)) return date_text(m, letter, count);
  if (std::string_view("XxZ").contains(letter)) return offset_text(letter, count);
  if (letter == 'V' || letter == 'z') return "UTC";
  if (letter == 'O') return "GMT";
  return time_text(m, letter, count);
}

}  // namespace

Result<void> DatePattern::add(Field field) {
  const char letter = field.letter;
  if (letter == 'V') {
    if (field.count != 2) return fail(Code::invalid, "Pattern letter count must be 2: V");
  } else if (letter == 'O') {
    if (field.count != 1 && field.count != 4) {
      return fail(Code::invalid, "Pattern letter count must be 1 or 4: O");
    }
  } else if (letter == 'c' && field.count == 2) {
    return fail(Code::invalid, "Invalid pattern \"cc\"");
  } else if (letters_max(letter) == 0) {
    return fail(Code::invalid, fmt::format("Unknown pattern letter: {}", letter));
  } else if (field.count > letters_max(letter)) {
    return fail(Code::invalid, fmt::format("Too many pattern letters: {}", letter));
  }
  fields_.push_back(std::move(field));
  return {};
}

Result<void> DatePattern::add_letters(std::string_view text, std::size_t& at) {
  const auto run = [&] {
    const std::size_t start = at;
    while (at < text.size() && text[at] == text[start]) ++at;
    return at - start;
  };
  Field field{.letter = text[at]};
  field.count = run();
  if (field.letter == 'p') {
    field.pad = field.count;
    if (at >= text.size() || !is_letter(text[at]) || text[at] == 'p') {
      return fail(Code::invalid, "Pad letter 'p' must be followed by valid pad pattern");
    }
    field.letter = text[at];
    field.count = run();
  }
  return add(std::move(field));
}

Result<void> DatePattern::add_quoted(std::string_view text, std::size_t& at) {
  Field field;
  for (++at; at < text.size(); ++at) {
    if (text[at] != '\'') {
      field.literal += text[at];
    } else if (at + 1 < text.size() && text[at + 1] == '\'') {
      field.literal += text[++at];
    } else {
      ++at;
      if (field.literal.empty()) field.literal = "'";
      fields_.push_back(std::move(field));
      return {};
    }
  }
  return fail(Code::invalid, "Pattern ends with an incomplete string literal");
}

Result<DatePattern> DatePattern::parse(std::string_view text) {
  DatePattern pattern;
  std::size_t open = 0;
  for (std::size_t at = 0; at < text.size();) {
    const char c = text[at];
    if (is_letter(c)) {
      RETURN_IF_ERROR(pattern.add_letters(text, at));
      continue;
    }
    if (c == '\'') {
      RETURN_IF_ERROR(pattern.add_quoted(text, at));
      continue;
    }
    if (c == '{' || c == '}' || c == '#') {
      return fail(Code::invalid, fmt::format("Pattern includes reserved character: '{}'", c));
    }
    if (c == ']' && open == 0) {
      return fail(Code::invalid, "Pattern invalid as it contains ] without previous [");
    }
    if (c == '[') ++open;
    if (c == ']') --open;
    if (c != '[' && c != ']') pattern.fields_.push_back({.literal = std::string(1, c)});
    ++at;
  }
  return pattern;
}

void DatePattern::append(base::WallTime t, std::string& out) const {
  const Moment m = moment_of(t);
  for (const Field& field : fields_) {
    if (field.letter == 0) {
      out += field.literal;
      continue;
    }
    const std::string text = field_text(m, field.letter, field.count);
    out.append(field.pad > text.size() ? field.pad - text.size() : 0, ' ');
    out += text;
  }
}

}  // namespace hyd::delivery

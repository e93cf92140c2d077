#include "codec/time_text.h"

#include "base/parse_int.h"

#include <fmt/core.h>

#include <array>
#include <chrono>

namespace hyd::codec {
namespace {

using std::chrono::floor;

constexpr std::array<std::string_view, 12> kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                      "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
constexpr std::array<std::string_view, 7> kDays = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
constexpr std::array<std::string_view, 7> kLongDays = {"Sunday",   "Monday", "Tuesday", "Wednesday",
                                                       "Thursday", "Friday", "Saturday"};

// A moment taken apart.
struct Parts {
  int year = 0;
  unsigned month = 0;
  unsigned day = 0;
  unsigned hour = 0;
  unsigned minute = 0;
  unsigned second = 0;
  unsigned micros = 0;
  unsigned weekday = 0;  // 0 is Sunday; printing only
};

Parts take_apart(base::WallTime t) {
  const auto days = floor<std::chrono::days>(t);
  const std::chrono::year_month_day date(days);
  const std::chrono::hh_mm_ss time(t - days);
  return {.year = int{date.year()},
          .month = unsigned{date.month()},
          .day = unsigned{date.day()},
          .hour = static_cast<unsigned>(time.hours().count()),
          .minute = static_cast<unsigned>(time.minutes().count()),
          .second = static_cast<unsigned>(time.seconds().count()),
          .micros = static_cast<unsigned>(time.subseconds().count()),
          .weekday = std::chrono::weekday(days).c_encoding()};
}

std::optional<base::WallTime> put_together(const Parts& p) {
  const std::chrono::year_month_day date{std::chrono::year(p.year), std::chrono::month(p.month),
                                         std::chrono::day(p.day)};
  // A leap second (60) is the first moment of the next minute.
  if (!date.ok() || p.hour > 23 || p.minute > 59 || p.second > 60 || p.year < 1) return {};
  return std::chrono::sys_days(date) + std::chrono::hours(p.hour) + std::chrono::minutes(p.minute) +
         std::chrono::seconds(p.second) + std::chrono::microseconds(p.micros);
}

// Reads a text from left to right; once something did not fit, `ok` stays false.
class Reader {
 public:
  explicit Reader(std::string_view text) : rest_(text) {}

  unsigned digits(std::size_t count) {
    if (rest_.size() < count) return fail();
    const auto value = base::parse_int<unsigned>(rest_.substr(0, count));
    if (!value) return fail();
    rest_.remove_prefix(count);
    return *value;
  }
  // One of `names`, by its index.
  template <std::size_t N>
  unsigned one_of(const std::array<std::string_view, N>& names) {
    for (std::size_t i = 0; i < N; ++i) {
      if (rest_.starts_with(names[i])) {
        rest_.remove_prefix(names[i].size());
        return static_cast<unsigned>(i);
      }
    }
    return fail();
  }
  void literal(std::string_view text) {
    if (!accept(text)) fail();
  }
  bool accept(std::string_view text) {
    if (!rest_.starts_with(text)) return false;
    rest_.remove_prefix(text.size());
    return true;
  }
  // "hh:mm:ss"
  void clock(Parts& p) {
    p.hour = digits(2);
    literal(":");
    p.minute = digits(2);
    literal(":");
    p.second = digits(2);
  }
  bool ok() const { return ok_; }
  bool done() const { return ok_ && rest_.empty(); }
  std::string_view rest() const { return rest_; }

 private:
  unsigned fail() {
    ok_ = false;
    return 0;
  }

  std::string_view rest_;
  bool ok_ = true;
};

// Digits behind the decimal sign, at least one; those below a microsecond are dropped.
unsigned read_fraction(Reader& reader) {
  unsigned micros = 0;
  unsigned unit = 100'000;
  do {
    micros += reader.digits(1) * unit;
    unit /= 10;
  } while (reader.ok() && !reader.rest().empty() && reader.rest()[0] >= '0' &&
           reader.rest()[0] <= '9');
  return micros;
}

// "Z" or "+hh:mm"; the minutes that local time is ahead.
std::chrono::minutes read_offset(Reader& reader) {
  if (reader.accept("Z")) return std::chrono::minutes(0);
  const bool behind = reader.accept("-");
  if (!behind) reader.literal("+");
  const unsigned hours = reader.digits(2);
  reader.literal(":");
  const unsigned minutes = reader.digits(2);
  const auto offset = std::chrono::hours(hours) + std::chrono::minutes(minutes);
  return behind ? -offset : offset;
}

}  // namespace

std::string iso_basic(base::WallTime t) {
  const Parts p = take_apart(t);
  return fmt::format("{:04}{:02}{:02}T{:02}{:02}{:02}Z", p.year, p.month, p.day, p.hour, p.minute,
                     p.second);
}
std::string iso_basic_date(base::WallTime t) {
  const Parts p = take_apart(t);
  return fmt::format("{:04}{:02}{:02}", p.year, p.month, p.day);
}
std::string iso_seconds(base::WallTime t) {
  const Parts p = take_apart(t);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", p.year, p.month, p.day, p.hour,
                     p.minute, p.second);
}
std::string iso_millis(base::WallTime t) {
  const Parts p = take_apart(t);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z", p.year, p.month, p.day, p.hour,
                     p.minute, p.second, p.micros / 1000);
}
std::string http_date(base::WallTime t) {
  const Parts p = take_apart(t);
  return fmt::format("{}, {:02} {} {:04} {:02}:{:02}:{:02} GMT", kDays[p.weekday], p.day,
                     kMonths[p.month - 1], p.year, p.hour, p.minute, p.second);
}

std::optional<base::WallTime> parse_iso_basic(std::string_view text) {
  Reader reader(text);
  Parts p;
  p.year = static_cast<int>(reader.digits(4));
  p.month = reader.digits(2);
  p.day = reader.digits(2);
  reader.literal("T");
  p.hour = reader.digits(2);
  p.minute = reader.digits(2);
  p.second = reader.digits(2);
  reader.literal("Z");
  return reader.done() ? put_together(p) : std::nullopt;
}

std::optional<base::WallTime> parse_iso(std::string_view text) {
  Reader reader(text);
  Parts p;
  std::chrono::minutes ahead(0);
  p.year = static_cast<int>(reader.digits(4));
  reader.literal("-");
  p.month = reader.digits(2);
  reader.literal("-");
  p.day = reader.digits(2);
  if (reader.accept("T")) {
    reader.clock(p);
    if (reader.accept(".")) p.micros = read_fraction(reader);
    ahead = read_offset(reader);
  }
  if (!reader.done()) return std::nullopt;
  std::optional<base::WallTime> local = put_together(p);
  if (local) *local -= ahead;
  return local;
}

std::optional<base::WallTime> parse_http_date(std::string_view text) {
  Reader reader(text);
  Parts p;
  const std::size_t comma = text.find(',');
  if (comma == 3) {  // RFC 1123
    reader.one_of(kDays);
    reader.literal(", ");
    p.day = reader.digits(2);
    reader.literal(" ");
    p.month = reader.one_of(kMonths) + 1;
    reader.literal(" ");
    p.year = static_cast<int>(reader.digits(4));
    reader.literal(" ");
    reader.clock(p);
    reader.literal(" GMT");
  } else if (comma != std::string_view::npos) {  // RFC 850
    reader.one_of(kLongDays);
    reader.literal(", ");
    p.day = reader.digits(2);
    reader.literal("-");
    p.month = reader.one_of(kMonths) + 1;
    reader.literal("-");
    const unsigned year = reader.digits(2);
    p.year = static_cast<int>(year < 70 ? 2000 + year : 1900 + year);
    reader.literal(" ");
    reader.clock(p);
    reader.literal(" GMT");
  } else {  // asctime
    reader.one_of(kDays);
    reader.literal(" ");
    p.month = reader.one_of(kMonths) + 1;
    reader.literal(" ");
    p.day = reader.accept(" ") ? reader.digits(1) : reader.digits(2);
    reader.literal(" ");
    reader.clock(p);
    reader.literal(" ");
    p.year = static_cast<int>(reader.digits(4));
  }
  return reader.done() ? put_together(p) : std::nullopt;
}

}  // namespace hyd::codec

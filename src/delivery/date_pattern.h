// Dates by the patterns of Java's DateTimeFormatter, as `!{timestamp:…}` has them: UTC, the names
// and weeks of Locale.US (a week begins on Sunday, the first one may have a single day).
//
// Letters: G u y Y D M L d Q q w W E e c F a h K k H m s S A n N V z O X x Z, `p` pads, 'text' and
// '' are literal, [ ] change nothing since every field is known. Any other letter and { } # are
// refused, and so is a number of letters that Java refuses. `zzzz` is refused too.
#pragma once

#include "base/clock.h"
#include "base/result.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace hyd::delivery {

class DatePattern {
 public:
  // Code::invalid says what is wrong.
  static base::Result<DatePattern> parse(std::string_view text);

  // `t` is of the years 1970 to 9999.
  void append(base::WallTime t, std::string& out) const;

 private:
  struct Field {
    char letter = 0;  // 0: `literal`
    std::size_t count = 0;
    std::size_t pad = 0;  // spaces go before it up to this width
    std::string literal = {};
  };
  base::Result<void> add(Field field);
  base::Result<void> add_letters(std::string_view text, std::size_t& at);
  base::Result<void> add_quoted(std::string_view text, std::size_t& at);

  std::vector<Field> fields_;
};

}  // namespace hyd::delivery

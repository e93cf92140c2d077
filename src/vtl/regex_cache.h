// Regular expressions that templates make while they run, kept from one render to the next.
#pragma once

#include "codec/java_regex.h"
#include "vtl/run.h"

#include <array>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

namespace hyd::vtl {

// Holds the last few; patterns that stand in the template are in the program. One thread.
class RegexCache {
 public:
  // Null, and the run has failed, when the pattern is none.
  const codec::JavaRegex* get(Run& run, std::string_view pattern);

 private:
  static constexpr std::size_t kKept = 16;
  struct Row {
    std::string pattern;
    std::unique_ptr<const codec::JavaRegex> regex;
  };
  std::array<Row, kKept> rows_;
  std::size_t next_ = 0;
};

}  // namespace hyd::vtl

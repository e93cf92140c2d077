// Java's regular expressions (java.util.regex), by PCRE2.
//
// The pattern is translated: Java's character classes with unions and intersections, its named
// properties, its line terminators and its escapes differ from Perl's. A pattern without any
// special character is searched for as it stands, without the engine. Compiled once, immutable, any
// thread.
#pragma once

#include "base/result.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hyd::codec {

// The steps that matching may take. Backtracking is counted, since patterns and subjects come from
// requests; what was used is taken off.
struct RegexBudget {
  std::uint64_t steps = 0;
};

class JavaRegex {
 public:
  // As java.util.regex.Pattern's flags of the same letters: (?i), (?m), (?s), (?x), (?u).
  struct Flags {
    bool ignore_case = false;
    bool multiline = false;
    bool dot_all = false;
    bool comments = false;
    bool unicode_case = false;
    bool unicode_class = false;
    bool unix_lines = false;  // only a line feed ends a line
  };

  // Code::invalid when Java would refuse the pattern too; Code::unsupported for what Java can and
  // PCRE2 cannot.
  static base::Result<JavaRegex> compile(std::string_view pattern, Flags flags);
  static base::Result<JavaRegex> compile(std::string_view pattern) { return compile(pattern, {}); }
  JavaRegex(JavaRegex&&) noexcept;
  JavaRegex& operator=(JavaRegex&&) noexcept;
  ~JavaRegex();

  // Where the whole match (first) and each group lie in the subject, in bytes.
  struct Span {
    std::size_t begin = 0;
    std::size_t end = 0;
    bool matched = false;
  };

  // Searches one subject several times. Lends the expression, the subject and the budget. The
  // subject is UTF-8; lone surrogate halves written as three bytes match nothing but `.`.
  class Matcher {
   public:
    Matcher(const JavaRegex& regex, std::string_view subject, RegexBudget& budget);
    ~Matcher();
    Matcher(const Matcher&) = delete;
    Matcher& operator=(const Matcher&) = delete;

    // The first match at or after byte `from`. Code::exhausted when the budget is used up.
    base::Result<bool> find(std::size_t from);
    const std::vector<Span>& groups() const { return groups_; }

   private:
    friend class JavaRegex;
    base::Result<bool> run(std::size_t from, bool whole);
    struct State;
    const JavaRegex& regex_;
    std::string_view subject_;
    RegexBudget& budget_;
    std::string cleaned_;
    std::vector<Span> groups_;
    std::unique_ptr<State> state_;
  };

  // String.matches: the whole subject.
  base::Result<bool> matches(std::string_view subject, RegexBudget& budget) const;

  // The text that the pattern stands for, when it is one.
  std::optional<std::string_view> literal() const;
  // The number of a named group, negative when there is none.
  int group(std::string_view name) const;
  std::size_t group_count() const;

 private:
  struct Compiled;
  explicit JavaRegex(std::unique_ptr<const Compiled> compiled);
  std::unique_ptr<const Compiled> compiled_;
};

}  // namespace hyd::codec

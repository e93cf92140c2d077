// Patterns as java.util.regex has them. The expectations were recorded from Java 17.
#include "codec/java_regex.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace hyd::codec {
namespace {

// Every match with its groups: "<whole|1|2>", `~` for a group that took no part.
std::string find_all(std::string_view pattern, std::string_view subject) {
  const auto regex = JavaRegex::compile(pattern);
  if (!regex) return std::string(name(regex.error().code));
  RegexBudget budget{1'000'000};
  JavaRegex::Matcher matcher(*regex, subject, budget);
  std::string out;
  std::size_t from = 0;
  while (from <= subject.size()) {
    const auto found = matcher.find(from);
    if (!found || !*found) break;
    out += "<";
    for (const JavaRegex::Span& group : matcher.groups()) {
      if (!out.ends_with('<')) out += "|";
      out += group.matched ? subject.substr(group.begin, group.end - group.begin) : "~";
    }
    out += ">";
    const JavaRegex::Span& whole = matcher.groups()[0];
    from = whole.end > whole.begin ? whole.end : whole.end + 1;
  }
  return out;
}

TEST(JavaRegex, MatchesAsJavaDoes) {
  const struct {
    std::string_view pattern;
    std::string_view subject;
    std::string_view matches;
  } rows[] = {
      {"[,;]", "a,b;c", "<,><;>"},
      {"(a)(b)?", "aab", "<a|a|~><ab|a|b>"},
      {"[a-c&&[^b]]+", "abcac", "<a><cac>"},
      {"[a[xy]]", "axz", "<a><x>"},
      {"[^a-c&&b-d]", "abcde", "<a><d><e>"},
      {"[&&a]", "a&", "<a>"},
      {"[]a]", "]a", "<]><a>"},
      {"(?i)A|\\p{Lower}", "aA\u00C9", "<a><A>"},
      {"(?iu)\u00E9", "\u00C9", "<\u00C9>"},
      {"\\p{Alpha}\\P{L}", "a1\u00E91", "<a1>"},
      {"\\p{IsHangul}+", "a\uD55C\uAE00", "<\uD55C\uAE00>"},
      {"\\bfoo\\b", "foo-foo\u00E9", "<foo>"},
      {"(?<year>\\d+)-\\k<year>", "12-12", "<12-12|12>"},
      {"(?m)^.$", "a\nb\r\nc", "<a><b><c>"},
      {"a$", "a\n", "<a>"},
      {"a\\z", "a\n", ""},
      {".", "\n\r\u0085\u2028x", "<x>"},
      {"(?s).", "\n", "<\n>"},
      {"(?x) a b # c", "ab", "<ab>"},
      {"\\Qa.b\\E+", "a.bb", "<a.bb>"},
      {"\\x41\\u0042\\0103\\x{44}", "ABCD", "<ABCD>"},
      {"a++b", "aab", "<aab>"},
      {"(?>a*)a", "aaa", ""},
      {"(?<=a)b(?!c)", "abcab", "<b>"},
      {"{2}a", "a", "<a>"},
      {"a{2,3}", "aaaaa", "<aaa><aa>"},
      {"\\h\\v", " \n", "< \n>"},
      {"\\R", "\r\n\n", "<\r\n><\n>"},
      {"|", "ab", "<><><>"},
      {"(?d).", "\r\n\u0085", "<\r><\u0085>"},
      {"(?d)a$|(?md)^b$", "a\nb\r\nb\na\n", "<b><a>"},
  };
  for (const auto& row : rows) {
    EXPECT_EQ(find_all(row.pattern, row.subject), row.matches) << row.pattern;
  }
}

TEST(JavaRegex, RefusesWhatJavaRefuses) {
  for (const char* pattern :
       {"*a", "a**", "(", ")", "[a", "a{", "a{x}", "a{2,1}", "\\", "\\y", "[b-a]", "\\k<n>",
        "(?<n>a)(?<n>b)", "\\p{Nope", "\\x4", "[\\1]", "(?z)", "(?i)*a"}) {
    EXPECT_EQ(find_all(pattern, "x"), "invalid") << pattern;
  }
}

TEST(JavaRegex, SaysWhatItCannotDo) {
  EXPECT_EQ(find_all("(?<=a{1,3})b", "ab"), "unsupported");
  EXPECT_EQ(find_all("\\p{InOsmanya}", "a"), "unsupported");
}

TEST(JavaRegex, PlainPatternsAreTexts) {
  EXPECT_EQ(JavaRegex::compile("a,b")->literal(), "a,b");
  EXPECT_EQ(JavaRegex::compile("\\|\\.")->literal(), "|.");
  EXPECT_FALSE(JavaRegex::compile("a.b")->literal());
  EXPECT_EQ(find_all("&", "a&b&&"), "<&><&><&>");
  EXPECT_EQ(find_all("", "ab"), "<><><>");
}

TEST(JavaRegex, BacktrackingEndsWithTheBudget) {
  const auto regex = JavaRegex::compile("(a+)+[b-z]");
  ASSERT_TRUE(regex);
  RegexBudget budget{10'000};
  const auto matched = regex->matches(std::string(40, 'a'), budget);
  ASSERT_FALSE(matched);
  EXPECT_EQ(matched.error().code, base::Code::exhausted);
  EXPECT_EQ(budget.steps, 0u);
  RegexBudget enough{10'000};
  EXPECT_EQ(*regex->matches("aab", enough), true);
  EXPECT_GT(enough.steps, 9'000u);
}

TEST(JavaRegex, LoneSurrogateHalvesAreJustCharacters) {
  EXPECT_EQ(find_all(".b",
                     "\xED\xA0\xBD"
                     "b"),
            "<\xED\xA0\xBD"
            "b>");
}

}  // namespace
}  // namespace hyd::codec

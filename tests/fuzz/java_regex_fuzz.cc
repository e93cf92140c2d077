// A pattern on its own line, then a subject. Every pattern that is taken matches within its budget,
// in order, and inside the subject.
#include "base/check.h"
#include "codec/java_regex.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace {

// Templates hand over well-formed UTF-8 only.
std::string ascii(std::string text) {
  for (char& c : text) c = static_cast<char>(static_cast<unsigned char>(c) & 0x7Fu);
  return text;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using hyd::codec::JavaRegex;
  const std::string input = ascii(std::string(data, data + size));
  const std::size_t line = input.find('\n');
  const auto regex = JavaRegex::compile(std::string_view(input).substr(0, line));
  if (!regex) return 0;
  const std::string subject = line == std::string::npos ? "" : input.substr(line + 1);
  hyd::codec::RegexBudget budget{20'000};
  JavaRegex::Matcher matcher(*regex, subject, budget);
  std::size_t from = 0;
  while (from <= subject.size()) {
    const auto found = matcher.find(from);
    if (!found || !*found) break;
    const JavaRegex::Span& match = matcher.groups()[0];
    HYD_CHECK(match.matched && match.begin >= from && match.end <= subject.size());
    HYD_CHECK(match.begin <= match.end);
    from = match.end > match.begin ? match.end : match.end + 1;
  }
  HYD_CHECK(budget.steps <= 20'000);
  return 0;
}

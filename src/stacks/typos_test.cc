// One mistake in a template is told once: what follows from it is not a second problem.
#include "base/rng.h"
#include "stacks/evaluate.h"
#include "stacks/parameters.h"
#include "stacks/plan.h"
#include "stacks/problem_text.h"
#include "stacks/testing/example.h"

#include <fmt/core.h>
#include <gtest/gtest.h>

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hyd::stacks {
namespace {

using testing::kExample;

// How many problems a person is told, as `up` does; the text is their list.
struct Told {
  std::size_t count = 0;
  std::string text;
};
Told told(std::vector<Problem> problems, std::string_view file) {
  Told out{.count = 0, .text = to_text(problems, {.file = "FILE", .text = file})};
  for (std::size_t at = 0; (at = out.text.find("FILE:", at)) != std::string::npos; ++at)
    ++out.count;
  return out;
}

struct Tried {
  Told told;
  Stack stack;  // what it would become
};

Tried tried(const std::string& text, const Stack* now) {
  ParsedTemplate parsed = parse_template(text);
  if (!parsed.problems.empty()) return {told(std::move(parsed.problems), text), {}};
  BoundParameters bound = bind_parameters(parsed.value, {});
  if (!bound.problems.empty()) return {told(std::move(bound.problems), text), {}};
  const StackPlace place{.account = "123456789012",
                         .region = "us-east-1",
                         .stack_name = "clicks",
                         .stack_id = "arn:aws:cloudformation:us-east-1:123456789012:stack/c/1"};
  MadeScope made = make_scope(parsed.value, std::move(bound.values), place);
  if (!made.problems.empty()) return {told(std::move(made.problems), text), {}};
  base::FastRng rng(now == nullptr ? 1 : 2);
  Names names(rng);
  const Secrets secrets;
  Planned planned =
      plan({.scope = made.scope,
            .place = place,
            .names = names,
            .head = {.name = "clicks", .id = place.stack_id, .file = "FILE", .text = text},
            .now = now,
            .secrets = secrets});
  return {told(std::move(planned.problems), text), std::move(planned.run.after)};
}

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

// Every file that one slip makes of `text`: a word with a letter too few or two swapped; a sign of
// YAML's that is missing; a line too far in or out, gone, or there twice.
void for_slips(const std::string& text,
               const std::function<void(const std::string& slip, const std::string& file)>& visit) {
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (!is_letter(text[at]) || (at > 0 && is_letter(text[at - 1]))) continue;
    std::size_t end = at;
    while (end < text.size() && is_letter(text[end])) ++end;
    if (end - at < 3) continue;
    const std::string word = text.substr(at, end - at);
    visit(word + " without its last letter", std::string(text).erase(end - 1, 1));
    std::string swapped = text;
    std::swap(swapped[at + 1], swapped[at + 2]);
    visit(word + " with two letters swapped", swapped);
  }
  for (std::size_t at = 0; at < text.size(); ++at) {
    const std::size_t begin = at == 0 ? 0 : text.rfind('\n', at - 1) + 1;
    const std::string line = text.substr(begin, text.find('\n', begin) - begin);
    if (std::string_view("{}[]':,!$-").contains(text[at])) {
      visit(fmt::format("no {} in: {}", text[at], line), std::string(text).erase(at, 1));
    }
    if (at != begin) continue;
    visit("further in: " + line, std::string(text).insert(at, " "));
    visit("by a tab: " + line, std::string(text).insert(at, "\t"));
    if (line.starts_with(' ')) visit("further out: " + line, std::string(text).erase(at, 1));
    visit("twice: " + line, std::string(text).insert(at, line + "\n"));
    // Without the name of its section a resource is no single mistake any more.
    if (line.starts_with(' ')) visit("gone: " + line, std::string(text).erase(at, line.size() + 1));
  }
}

void expect_one_problem_each(const Stack* now) {
  std::size_t refused = 0;
  for_slips(std::string(kExample), [&](const std::string& slip, const std::string& file) {
    const Tried one = tried(file, now);
    EXPECT_LE(one.told.count, 1u) << slip << "\n" << one.told.text;
    refused += one.told.count > 0 ? 1 : 0;
  });
  EXPECT_GT(refused, 800u) << "the slips are no slips";
}

TEST(Typos, OfANewStackAreToldOnce) { expect_one_problem_each(nullptr); }

TEST(Typos, OfAStackThatIsThereAreToldOnce) {
  const Tried first = tried(std::string(kExample), nullptr);
  ASSERT_EQ(first.told.count, 0u) << first.told.text;
  expect_one_problem_each(&first.stack);
}

}  // namespace
}  // namespace hyd::stacks

#include "stacks/problem_text.h"

#include <fmt/core.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstdint>
#include <set>
#include <tuple>
#include <vector>

namespace hyd::stacks {
namespace {

constexpr std::size_t kLineBytesMax = 160;  // longer lines (JSON on one) are not shown

std::string_view line_of(std::string_view text, std::uint32_t line) {
  for (std::uint32_t at = 1; at < line; ++at) {
    const std::size_t end = text.find('\n');
    if (end == std::string_view::npos) return {};
    text.remove_prefix(end + 1);
  }
  text = text.substr(0, text.find('\n'));
  if (text.ends_with('\r')) text.remove_suffix(1);
  return text;
}

// Where else the name is used that `problem` misses.
std::set<std::uint32_t> other_lines(const std::vector<const Problem*>& all,
                                    const Problem& problem) {
  std::set<std::uint32_t> lines;
  if (problem.missing.empty()) return lines;
  for (const Problem* other : all) {
    if (other->missing == problem.missing) lines.insert(other->mark.line);
  }
  lines.erase(problem.mark.line);
  return lines;
}

// A line of a file that is none of text would do odd things to a terminal.
bool can_be_shown(std::string_view line) {
  return line.size() <= kLineBytesMax && std::ranges::none_of(line, [](char c) {
           return (static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7f;
         });
}

}  // namespace

std::string to_text(const Problem& problem, const ProblemSource& source) {
  std::string out(source.file);
  if (problem.mark.line != 0) {
    out += fmt::format(":{}:{}", problem.mark.line, problem.mark.column);
  }
  out += ": ";
  if (!problem.path.empty()) out += problem.path + ": ";
  out += problem.what;
  const std::string_view line = line_of(source.text, problem.mark.line);
  if (problem.mark.line == 0 || line.empty() || !can_be_shown(line)) return out;
  const std::string number = std::to_string(problem.mark.line);
  // A tab stays one, so that the caret stands under its letter whatever a tab's width is.
  std::string blank;
  for (std::size_t at = 0, column = 1; at < line.size() && column < problem.mark.column; ++at) {
    if ((static_cast<unsigned char>(line[at]) & 0xC0U) == 0x80) continue;
    blank += line[at] == '\t' ? '\t' : ' ';
    ++column;
  }
  out += fmt::format("\n  {} | {}\n  {:{}} | {}^", number, line, "", number.size(), blank);
  return out;
}

std::string to_text(std::span<const Problem> problems, const ProblemSource& source) {
  std::vector<const Problem*> sorted;
  for (const Problem& problem : problems) sorted.push_back(&problem);
  std::ranges::sort(sorted, {}, [](const Problem* problem) {
    return std::tuple(problem->mark.line, problem->mark.column, problem);
  });
  std::string out;
  std::set<std::string_view> told;
  for (const Problem* problem : sorted) {
    if (!problem->missing.empty() && !told.insert(problem->missing).second) continue;
    Problem whole = *problem;
    const std::set<std::uint32_t> lines = other_lines(sorted, *problem);
    if (!lines.empty()) whole.what += fmt::format(" (and in line {})", fmt::join(lines, ", "));
    out += to_text(whole, source) + "\n";
  }
  return out;
}

}  // namespace hyd::stacks

#include "vtl/tools/excerpt.h"

#include <fmt/core.h>

#include <algorithm>
#include <utility>

namespace hyd::vtl {
namespace {

constexpr std::size_t kShownMax = 160;    // bytes of a line; of longer ones a part is shown
constexpr std::size_t kShownBefore = 60;  // of such a line, before what is underlined

bool is_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         c == '-';
}
bool continues_character(char c) { return (static_cast<unsigned char>(c) & 0xC0U) == 0x80; }

std::size_t line_begin(std::string_view text, std::size_t offset) {
  const std::size_t before = offset == 0 ? std::string_view::npos : text.rfind('\n', offset - 1);
  return before == std::string_view::npos ? 0 : before + 1;
}
std::size_t line_end(std::string_view text, std::size_t offset) {
  const std::size_t end = std::min(text.find('\n', offset), text.size());
  return end > offset && text[end - 1] == '\r' ? end - 1 : end;
}

std::size_t word_end(std::string_view line, std::size_t at) {
  while (at < line.size() && is_word(line[at])) ++at;
  return at;
}

// Behind the bracket that closes the one at `at`; quoted texts are stepped over.
std::size_t bracket_end(std::string_view line, std::size_t at) {
  const char open = line[at];
  const char close = open == '(' ? ')' : open == '[' ? ']' : '}';
  std::size_t depth = 0;
  char quote = 0;
  for (; at < line.size(); ++at) {
    const char c = line[at];
    if (quote != 0) {
      if (c == quote) quote = 0;
    } else if (c == '"' || c == '\'') {
      quote = c;
    } else if (c == open) {
      ++depth;
    } else if (c == close && --depth == 0) {
      return at + 1;
    }
  }
  return line.size();
}

// Behind `.name`, `.name(…)` and `[…]` as long as they follow.
std::size_t steps_end(std::string_view line, std::size_t at) {
  while (at < line.size()) {
    if (line[at] == '[') {
      at = bracket_end(line, at);
    } else if (line[at] == '.' && at + 1 < line.size() && is_word(line[at + 1])) {
      at = word_end(line, at + 1);
      if (at < line.size() && line[at] == '(') at = bracket_end(line, at);
    } else {
      break;
    }
  }
  return at;
}

// What of the template's line is the same in the file: nothing, or where the byte is there.
std::size_t in_file(const Origin& origin, std::string_view text, std::size_t offset) {
  if (origin.lines.empty()) return offset;
  const std::size_t begin = line_begin(text, offset);
  const auto line = static_cast<std::size_t>(
      std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(begin), '\n'));
  if (line >= origin.lines.size() || origin.lines[line] == Origin::kUnknown) {
    return Origin::kUnknown;
  }
  return std::min(origin.lines[line] + (offset - begin), origin.text.size());
}

}  // namespace

std::size_t offset_of(std::string_view text, Place place) {
  std::size_t at = 0;
  for (std::uint32_t line = 1; line < place.line; ++line) {
    const std::size_t end = text.find('\n', at);
    if (end == std::string_view::npos) return text.size();
    at = end + 1;
  }
  for (std::uint32_t column = 1; column < place.column && at < text.size(); ++column) {
    do {
      ++at;
    } while (at < text.size() && continues_character(text[at]));
  }
  return at;
}

Range extent_at(std::string_view text, std::size_t offset) {
  offset = std::min(offset, text.size());
  const std::string_view line = text.substr(0, line_end(text, offset));
  if (offset >= line.size()) return {offset, offset};
  std::size_t at = offset;
  const char c = line[at];
  if (c == '$') {
    ++at;
    if (at < line.size() && line[at] == '!') ++at;
    at = at < line.size() && line[at] == '{' ? bracket_end(line, at)
                                             : steps_end(line, word_end(line, at));
  } else if (c == '#') {
    at = at + 1 < line.size() && line[at + 1] == '{' ? bracket_end(line, at + 1)
                                                     : word_end(line, at + 1);
  } else if (c == '"' || c == '\'') {
    const std::size_t close = line.find(c, at + 1);
    at = close == std::string_view::npos ? line.size() : close + 1;
  } else if (c == '[') {
    at = bracket_end(line, at);
  } else if (is_word(c)) {
    at = word_end(line, at);
    if (at < line.size() && line[at] == '(') at = bracket_end(line, at);
  } else {
    ++at;
    while (at < line.size() && continues_character(line[at])) ++at;
  }
  return {offset, std::max(at, offset + 1)};
}

std::string place_text(const Origin& origin, std::string_view text, std::size_t offset) {
  const std::size_t at = in_file(origin, text, offset);
  if (at == Origin::kUnknown) {
    const Place place = place_of(text, offset);
    return fmt::format("{}:{}:{}: line {}, column {} of the template", origin.file,
                       origin.begins.line, origin.begins.column, place.line, place.column);
  }
  const Place place = place_of(origin.lines.empty() ? text : std::string_view(origin.text), at);
  return fmt::format("{}:{}:{}", origin.file, place.line, place.column);
}

std::string excerpt(const Origin& origin, std::string_view text, Range range) {
  std::size_t at = in_file(origin, text, range.begin);
  std::string_view whole = text;
  if (at == Origin::kUnknown) {
    at = range.begin;
  } else if (!origin.lines.empty()) {
    whole = origin.text;
  }
  std::size_t begin = line_begin(whole, at);
  std::size_t end = line_end(whole, at);
  const std::size_t marked_end = std::clamp(at + (range.end - range.begin), at, end);
  const std::string number = std::to_string(place_of(whole, at).line);
  std::string_view before;
  std::string_view behind;
  if (end - begin > kShownMax) {
    if (at - begin > kShownBefore) {
      begin = at - kShownBefore;
      while (begin < at && continues_character(whole[begin])) ++begin;
      before = "...";
    }
    if (end - begin > kShownMax) {
      end = std::max(begin + kShownMax, at);
      while (end > at && end < whole.size() && continues_character(whole[end])) --end;
      behind = "...";
    }
  }
  // A tab stays one, so that the marks stand under their letters whatever a tab's width is.
  std::string blank(before.size(), ' ');
  std::string marks;
  for (std::size_t i = begin; i < std::min(marked_end, end); ++i) {
    if (continues_character(whole[i])) continue;
    if (i < at) {
      blank += whole[i] == '\t' ? '\t' : ' ';
    } else {
      marks += '^';
    }
  }
  if (marks.empty()) marks = "^";
  return fmt::format("  {} | {}{}{}\n  {:{}} | {}{}", number, before,
                     whole.substr(begin, end - begin), behind, "", number.size(), blank, marks);
}

std::string show(const Origin& origin, std::string_view text, Range range, std::string_view what) {
  return fmt::format("{}: {}\n{}", place_text(origin, text, range.begin), what,
                     excerpt(origin, text, range));
}

}  // namespace hyd::vtl

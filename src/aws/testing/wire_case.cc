#include "aws/testing/wire_case.h"

#include <fmt/core.h>

#include <algorithm>
#include <cstddef>
#include <optional>
#include <span>

namespace hyd::aws::testing {
namespace {

std::string_view cut(std::string_view& text, std::string_view mark) {
  const std::size_t at = text.find(mark);
  const std::string_view left = text.substr(0, at);
  text.remove_prefix(at == std::string_view::npos ? text.size() : at + mark.size());
  return left;
}

constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }
constexpr bool is_hex(char c) { return is_digit(c) || (c >= 'a' && c <= 'f'); }

// How much of the front of `text` a placeholder takes: the longest run that it allows.
std::optional<std::size_t> run_of(std::string_view kind, std::string_view text,
                                  std::string_view behind) {
  if (kind == "any") {
    // Up to what stands behind it, which is taken literally up to its next placeholder.
    const std::string_view literal = behind.substr(0, behind.find('<'));
    const std::size_t end = literal.empty() ? text.size() : text.find(literal);
    return end == std::string_view::npos ? std::nullopt : std::optional(end);
  }
  std::size_t size = 0;
  if (kind == "number") {
    while (size < text.size() && (is_digit(text[size]) || text[size] == '-')) ++size;
  } else if (kind == "time") {
    constexpr std::string_view kTime = "0123456789-:.TZ+";
    while (size < text.size() && kTime.contains(text[size])) ++size;
  } else {  // uuid
    while (size < text.size() && (is_hex(text[size]) || text[size] == '-')) ++size;
    if (size != 36) return std::nullopt;
  }
  return size == 0 ? std::nullopt : std::optional(size);
}

bool is_kind(std::string_view kind) {
  return kind == "uuid" || kind == "number" || kind == "time" || kind == "any";
}

std::string fill(std::string_view text, const Kept& kept) {
  std::string out(text);
  for (const auto& [name, value] : kept) {
    const std::string mark = "{{" + name + "}}";
    for (std::size_t at = out.find(mark); at != std::string::npos; at = out.find(mark, at)) {
      out.replace(at, mark.size(), value);
      at += value.size();
    }
  }
  return out;
}

void take_section(std::string_view section, std::string_view text, WireStep& step) {
  if (section == "request") {
    step.request = text;
  } else if (section == "status") {
    step.status = text;
  } else if (section == "headers") {
    while (!text.empty()) {
      const std::string_view line = cut(text, "\n");
      if (!line.empty()) step.headers.emplace_back(line);
    }
  } else {
    step.body = text;
    step.has_body = true;
  }
}

// "METHOD target", headers, an empty line, the body.
WireRequest request_of(std::string_view text, const WireServer& server) {
  WireRequest request;
  std::string_view first = cut(text, "\n");
  request.method = cut(first, " ");
  request.target = cut(first, " ");
  bool unsigned_on_purpose = request.target.contains("X-Amz-");
  while (!text.empty()) {
    std::string_view line = cut(text, "\n");
    if (line.empty()) break;
    const std::string_view name = cut(line, ":");
    while (line.starts_with(' ')) line.remove_prefix(1);
    // "Authorization:" with nothing behind it: sent without a signature.
    if (name == "Authorization") unsigned_on_purpose = true;
    if (name == "Authorization" && line.empty()) continue;
    request.headers.emplace_back(name, line);
  }
  request.body = text;
  if (!unsigned_on_purpose) request.service = server.service_of(request);
  return request;
}

std::string difference(const WireStep& step, const WireAnswer& answer, Kept& kept) {
  if (std::to_string(answer.status) != step.status) {
    return fmt::format("status {}, expected {}; body: {}", answer.status, step.status, answer.body);
  }
  for (const std::string& line : step.headers) {
    std::string_view expected = line;
    const std::string_view name = cut(expected, ":");
    while (expected.starts_with(' ')) expected.remove_prefix(1);
    const std::string* const got = answer.header(name);
    if (expected.empty()) {
      if (got != nullptr) return fmt::format("header {} is there: {}", name, *got);
    } else if (got == nullptr || !matches(fill(expected, kept), *got, kept)) {
      return fmt::format("header {}: {}, expected {}", name, got != nullptr ? *got : "missing",
                         expected);
    }
  }
  if (step.has_body && !matches(fill(step.body, kept), answer.body, kept)) {
    return fmt::format("body: {}\n  expected: {}", answer.body, step.body);
  }
  return {};
}

base::Result<std::string> read_file(sys::Dir& dir, std::string_view path) {
  ASSIGN_OR_RETURN(const std::unique_ptr<sys::File> file, dir.open(path, sys::Open::read));
  ASSIGN_OR_RETURN(const std::uint64_t size, file->size());
  std::string text(size, '\0');
  ASSIGN_OR_RETURN(const std::size_t got, file->read_at(0, std::span<char>(text)));
  text.resize(got);
  return text;
}

}  // namespace

bool matches(std::string_view expected, std::string_view text, Kept& kept) {
  while (!expected.empty()) {
    if (expected.front() == '<') {
      const std::size_t end = expected.find('>');
      std::string_view name =
          end == std::string_view::npos ? std::string_view() : expected.substr(1, end - 1);
      const std::string_view kind = cut(name, ":");
      if (is_kind(kind)) {
        const std::string_view behind = expected.substr(end + 1);
        const std::optional<std::size_t> size = run_of(kind, text, behind);
        if (!size) return false;
        if (!name.empty()) kept.emplace_back(name, text.substr(0, *size));
        text.remove_prefix(*size);
        expected = behind;
        continue;
      }
    }
    if (text.empty() || text.front() != expected.front()) return false;
    text.remove_prefix(1);
    expected.remove_prefix(1);
  }
  return text.empty();
}

base::Result<WireCase> parse_wire_case(std::string_view text, std::string path) {
  WireCase one{.path = std::move(path), .name = {}, .steps = {}};
  const auto wrong = [&](std::size_t line, std::string_view why) {
    return base::fail(base::Code::invalid, fmt::format("{}:{}: {}", one.path, line, why));
  };
  constexpr std::string_view kHead[] = {"# name: ", "# why: ", "# source: "};
  std::size_t line_number = 0;
  for (const std::string_view mark : kHead) {
    const std::string_view line = cut(text, "\n");
    ++line_number;
    if (!line.starts_with(mark) || line.size() == mark.size()) {
      return wrong(line_number, fmt::format("expected `{}…`", mark));
    }
    if (mark == kHead[0]) one.name = line.substr(mark.size());
  }

  std::string section;
  std::string content;
  const auto end_section = [&] {
    if (section.empty()) return;
    if (content.ends_with('\n')) content.pop_back();
    if (section == "request") one.steps.emplace_back();
    take_section(section, content, one.steps.back());
  };
  while (!text.empty()) {
    const std::string_view line = cut(text, "\n");
    ++line_number;
    if (!line.starts_with("--- ")) {
      if (section.empty() && !line.empty()) return wrong(line_number, "text before a section");
      content += line;
      content += '\n';
      continue;
    }
    end_section();
    section = line.substr(4);
    content.clear();
    if (section != "request" && section != "status" && section != "headers" && section != "body") {
      return wrong(line_number, "no section of wire cases: " + section);
    }
    if (section != "request" && one.steps.empty()) {
      return wrong(line_number, "the first section is `request`");
    }
  }
  end_section();
  for (const WireStep& step : one.steps) {
    if (step.status.empty()) return wrong(line_number, "a request has no `status`");
  }
  if (one.steps.empty()) return wrong(line_number, "no request");
  return one;
}

base::Result<std::vector<WireCase>> read_wire_cases(sys::Dir& dir, std::string_view folder) {
  std::vector<WireCase> cases;
  ASSIGN_OR_RETURN(const std::vector<std::string> names, dir.list(folder));
  for (const std::string& name : names) {
    const std::string path = std::string(folder) + "/" + name;
    if (name.ends_with(".case")) {
      ASSIGN_OR_RETURN(const std::string text, read_file(dir, path));
      ASSIGN_OR_RETURN(WireCase one, parse_wire_case(text, path));
      cases.push_back(std::move(one));
    } else if (!name.contains('.')) {
      ASSIGN_OR_RETURN(std::vector<WireCase> below, read_wire_cases(dir, path));
      std::ranges::move(below, std::back_inserter(cases));
    }
  }
  return cases;
}

std::string play(const WireCase& one, WireServer& server) {
  Kept kept;
  for (std::size_t i = 0; i < one.steps.size(); ++i) {
    const WireStep& step = one.steps[i];
    const WireAnswer answer = server.call(request_of(fill(step.request, kept), server));
    const std::string differs = difference(step, answer, kept);
    if (!differs.empty()) return fmt::format("{}: step {}: {}", one.path, i + 1, differs);
  }
  return {};
}

}  // namespace hyd::aws::testing

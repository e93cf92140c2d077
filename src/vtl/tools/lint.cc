#include "vtl/tools/lint.h"

#include "vtl/parser.h"
#include "vtl/program.h"
#include "vtl/text.h"
#include "vtl/tools/rules/table.h"

#include <fmt/core.h>

#include <algorithm>
#include <tuple>
#include <utility>

namespace hyd::vtl {
namespace {

constexpr std::string_view kSyntaxWhy =
    "The template is accepted when it is deployed, and every request to it fails with status 500.";
constexpr std::string_view kDefaultWhy =
    "A refusal of the service (throttled, no such stream, malformed) is answered as success: the "
    "client does not send again and the event is lost.";

Finding syntax_finding(std::string_view text, const Diagnostic& problem) {
  const std::size_t at = offset_of(text, problem.place);
  const Range range = extent_at(text, at);
  std::string mended;
  if (text.substr(range.begin, range.end - range.begin) == "null") {
    mended = "$null or any other variable that is not set: there is no word null";
  } else if (at > 0 && at < text.size() && text[at] == '$' && text[at - 1] == '-') {
    mended = "a blank before the hyphen: it belongs to the name before it";
  }
  return {.rule = kSyntaxRule,
          .range = range,
          .what = problem.what,
          .why = kSyntaxWhy,
          .mended = std::move(mended)};
}

std::string indented(std::string_view text) {
  std::string out;
  for (const char c : text) {
    out += c;
    if (c == '\n') out += "            ";
  }
  return out;
}

}  // namespace

std::vector<Finding> lint(std::string_view text, Stream stream) {
  std::vector<Finding> out;
  std::string replaced;
  if (!is_well_formed(text)) {
    replaced = replace_malformed(text);
    text = replaced;
  }
  if (const auto program = parse(text); !program) {
    out.push_back(syntax_finding(text, program.error()));
    return out;
  }
  const auto syntax = parse_syntax(text);
  if (!syntax) return out;
  const Subject subject(text, *syntax, stream);
  for (const RuleRow& row : rules()) {
    Findings findings(row, out);
    row.check(subject, findings);
  }
  std::ranges::sort(out, {}, [](const Finding& one) {
    return std::tuple(one.range.begin, one.range.end, one.rule);
  });
  const auto same = [](const Finding& a, const Finding& b) {
    return a.rule == b.rule && a.range == b.range;
  };
  const auto rest = std::ranges::unique(out, same);
  out.erase(rest.begin(), rest.end());
  if (out.size() > kFindingsMax) out.resize(kFindingsMax);
  return out;
}

std::vector<MethodFinding> lint_method(const MethodTemplates& method) {
  if (method.type != "AWS" || method.responses.empty()) return {};
  const auto is_default = [](const IntegrationResponse& one) { return one.pattern.empty(); };
  if (!std::ranges::all_of(method.responses, is_default)) return {};
  const std::string& status = method.responses.front().status;
  if (!status.starts_with('2')) return {};
  return {{.rule = "default-response",
           .what = fmt::format("{}: the only integration response is the default, so that every "
                               "error becomes {}",
                               describe(method), status),
           .why = kDefaultWhy,
           .mended = "two more IntegrationResponses: StatusCode 400 with SelectionPattern "
                     "'4\\d{2}', and 500 with '5\\d{2}'"}};
}

Stream stream_of(const MethodTemplates& method, const MethodTemplate& one) {
  if (!one.status.empty()) return Stream::no;
  for (const std::string_view action :
       {":kinesis:action/PutRecord", ":firehose:action/PutRecord"}) {
    if (method.uri.contains(action)) return Stream::yes;
  }
  return Stream::no;
}

std::string to_text(const Finding& finding, const Origin& origin, std::string_view text,
                    bool whole) {
  std::string out =
      fmt::format("{}: warning: {} [{}]", place_text(origin, text, finding.range.begin),
                  finding.what, finding.rule);
  if (!whole) return out;
  out += fmt::format("\n{}\n    why:    {}", excerpt(origin, text, finding.range), finding.why);
  if (!finding.mended.empty()) out += fmt::format("\n    mended: {}", indented(finding.mended));
  return out;
}

std::string to_text(const MethodFinding& finding, std::string_view file,
                    const MethodTemplates& method, bool whole) {
  std::string out = fmt::format("{}:{}:{}: warning: {} [{}]", file, method.place.line,
                                method.place.column, finding.what, finding.rule);
  if (whole) out += fmt::format("\n    why:    {}\n    mended: {}", finding.why, finding.mended);
  return out;
}

}  // namespace hyd::vtl

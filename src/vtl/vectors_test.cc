// Templates with what API Gateway's engine makes of them: tests/cases/vtl/vectors.jsonl, one JSON
// object a line. A row has `template`, perhaps `body` and `params`, and either `expect` or
// `error: true`; where `lenient_ok` stands, an error and a rendering are both right.
#include "codec/json.h"
#include "vtl/program.h"
#include "vtl/render.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hyd::vtl {
namespace {

using codec::Json;

// Groups of which every row passes. Rows of others are counted and printed.
constexpr std::string_view kCovered[] = {"blog", "input", "language"};

std::string text_of(const Json& row, std::string_view name) {
  const Json* const member = row.find(name);
  const std::string* const text = member == nullptr ? nullptr : member->if_string();
  return text == nullptr ? std::string() : *text;
}

bool is_true(const Json& row, std::string_view name) {
  const Json* const member = row.find(name);
  return member != nullptr && member->if_boolean() != nullptr && *member->if_boolean();
}

std::vector<NameValue> names_of(const Json& row, std::string_view kind) {
  std::vector<NameValue> out;
  const Json* const params = row.find("params");
  const Json* const all = params == nullptr ? nullptr : params->find(kind);
  if (all == nullptr || all->if_object() == nullptr) return out;
  for (const auto& [name, value] : *all->if_object()) out.push_back({name, *value.if_string()});
  return out;
}

struct Result {
  std::optional<std::string> output;
  std::string error;
};

Result render_row(const Json& row) {
  const auto program = parse(text_of(row, "template"));
  if (!program) return {std::nullopt, to_text(program.error())};
  const std::string body = text_of(row, "body");
  const std::vector<NameValue> path = names_of(row, "path");
  const std::vector<NameValue> query = names_of(row, "querystring");
  const std::vector<NameValue> headers = names_of(row, "header");
  const ContextField context[] = {{"", "stage", "v1"}};
  const auto rendered = render(**program, {.body = body,
                                           .path = path,
                                           .query = query,
                                           .headers = headers,
                                           .context = context,
                                           .stage_variables = {}});
  if (!rendered) {
    return {std::nullopt, to_text(Diagnostic{rendered.error().place, rendered.error().what})};
  }
  return {rendered->output, ""};
}

std::vector<Json> read_rows() {
  std::ifstream file(HYDRANT_SOURCE_DIR "/tests/cases/vtl/vectors.jsonl");
  std::vector<Json> rows;
  for (std::string line; std::getline(file, line);) {
    auto row = codec::parse_json(line);
    if (row) rows.push_back(*std::move(row));
  }
  return rows;
}

TEST(Vectors, EveryRowOfACoveredGroupGivesTheBytesOfApiGateway) {
  const std::vector<Json> rows = read_rows();
  ASSERT_EQ(rows.size(), 247u);
  std::map<std::string, int> not_yet_covered;
  for (const Json& row : rows) {
    const std::string group = text_of(row, "group");
    const bool covered =
        std::find(std::begin(kCovered), std::end(kCovered), group) != std::end(kCovered);
    const Result result = render_row(row);
    const bool wants_error = is_true(row, "error");
    const bool passes = is_true(row, "lenient_ok") ||
                        (wants_error ? !result.output : result.output == text_of(row, "expect"));
    if (!covered && !passes) ++not_yet_covered[group];
    if (!covered) continue;
    EXPECT_TRUE(passes) << "row " << codec::to_text(*row.find("id")) << ": "
                        << text_of(row, "template") << "\n  got      "
                        << (result.output ? codec::to_text(Json(*result.output)) : result.error)
                        << "\n  expected "
                        << (wants_error ? "an error" : codec::to_text(*row.find("expect")));
  }
  for (const auto& [group, count] : not_yet_covered) {
    RecordProperty("not_yet_covered_" + group, count);
    GTEST_LOG_(INFO) << "group " << group << ": " << count << " rows not yet covered";
  }
}

}  // namespace
}  // namespace hyd::vtl

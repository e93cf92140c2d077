// Runs tests/cases/vtl: the format is in tests/cases/README.md.
#include "vtl/program.h"
#include "vtl/render.h"
#include "vtl/sample_request.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <optional>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

namespace hyd::vtl {
namespace {

constexpr std::string_view kFolder = HYDRANT_SOURCE_DIR "/tests/cases/vtl";

struct Case {
  std::map<std::string, std::string> header;  // name, why, source
  std::map<std::string, std::string> sections;
  std::string malformed;
};

Case read_case(const std::string& path) {
  std::ifstream file(path);
  Case out;
  std::string* section = nullptr;
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with("--- ")) {
      section = &out.sections[line.substr(4)];
    } else if (section != nullptr) {
      section->append(line).append("\n");
    } else if (const std::size_t colon = line.find(": ");
               line.starts_with("# ") && colon != std::string::npos) {
      out.header[line.substr(2, colon - 2)] = line.substr(colon + 2);
    } else if (!line.empty()) {
      out.malformed = "a line before the first section is no \"# name: \": " + line;
    }
  }
  for (auto& [name, text] : out.sections) {
    if (!text.empty()) text.pop_back();
    if (name != "template" && name != "request" && name != "output" && name != "error" &&
        name != "overrides") {
      out.malformed = "no section is called " + name;
    }
  }
  for (const char* const name : {"name", "why", "source"}) {
    if (!out.header.contains(name)) out.malformed = std::string("there is no # ") + name;
  }
  if (!out.sections.contains("template") ||
      out.sections.contains("output") == out.sections.contains("error")) {
    out.malformed = "a case has a template, and either an output or an error";
  }
  return out;
}

std::string error_text(Place place, const std::string& what) {
  return std::to_string(place.line) + ":" + std::to_string(place.column) + " " + what;
}

void run_case(const Case& test) {
  const auto request_text = test.sections.find("request");
  const auto request =
      SampleRequest::parse(request_text == test.sections.end() ? "{}" : request_text->second);
  ASSERT_TRUE(request) << request.error().what;
  const auto program = parse(test.sections.at("template"));
  const auto error = test.sections.find("error");
  if (!program) {
    ASSERT_NE(error, test.sections.end()) << to_text(program.error());
    EXPECT_EQ(error_text(program.error().place, program.error().what), error->second);
    return;
  }
  const auto rendered = render(**program, request->inputs());
  if (!rendered) {
    const std::string what = error_text(rendered.error().place, rendered.error().what);
    ASSERT_NE(error, test.sections.end()) << what;
    EXPECT_EQ(what, error->second);
    return;
  }
  ASSERT_EQ(error, test.sections.end()) << "it rendered to " << rendered->output;
  EXPECT_EQ(rendered->output, test.sections.at("output"));
  if (const auto overrides = test.sections.find("overrides"); overrides != test.sections.end()) {
    ASSERT_TRUE(rendered->overrides.has_value());
    codec::Json both;
    both.set("request", rendered->overrides->request);
    both.set("response", rendered->overrides->response);
    EXPECT_EQ(codec::to_text(both), overrides->second);
  }
}

TEST(TemplateCases, EveryCaseGivesItsOutputOrItsError) {
  std::vector<std::string> paths;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(kFolder)) {
    if (entry.path().extension() == ".case") paths.push_back(entry.path().string());
  }
  std::sort(paths.begin(), paths.end());
  ASSERT_GE(paths.size(), 40u);
  for (const std::string& path : paths) {
    SCOPED_TRACE(path);
    const Case test = read_case(path);
    ASSERT_EQ(test.malformed, "");
    run_case(test);
  }
  GTEST_LOG_(INFO) << paths.size() << " template cases";
}

// What `path` finds in `document`, as $input.json shows it; nothing when it is refused.
std::optional<std::string> find_json(std::string_view document, const std::string& path) {
  const auto program = parse("$input.json($input.params('path'))");
  const NameValue query[] = {{"path", path}};
  const auto rendered = render(**program, {.body = document,
                                           .path = {},
                                           .query = query,
                                           .headers = {},
                                           .context = {},
                                           .stage_variables = {}});
  if (!rendered) return std::nullopt;
  return rendered->output;
}

// Rows `{"path", "json"}`, without `json` where Jayway JsonPath 2.9.0 refuses the path or fails.
void expect_row(std::string_view document, const std::string& line) {
  const auto row = codec::parse_json(line);
  ASSERT_TRUE(row) << line;
  const std::string& path = *row->find("path")->if_string();
  const codec::Json* const json = row->find("json");
  const std::optional<std::string> found = find_json(document, path);
  if (json == nullptr) {
    EXPECT_FALSE(found) << path << " found " << *found;
  } else {
    ASSERT_TRUE(found) << path << " was refused";
    EXPECT_EQ(*found, *json->if_string()) << path;
  }
}

TEST(TemplateCases, PathsFindWhatJaywayFinds) {
  std::ifstream file(std::string(kFolder) + "/jsonpath.jsonl");
  std::string document;
  ASSERT_TRUE(std::getline(file, document));
  int count = 0;
  for (std::string line; std::getline(file, line); ++count) expect_row(document, line);
  EXPECT_GE(count, 130);
}

// Drawn by tests/oracle/record_jsonpath.py; a line with a document stands before its paths.
TEST(TemplateCases, DrawnPathsFindWhatJaywayFinds) {
  std::ifstream file(std::string(kFolder) + "/jsonpath_drawn.jsonl");
  std::string document;
  int count = 0;
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with("{\"document\"")) {
      const auto row = codec::parse_json(line);
      ASSERT_TRUE(row);
      document = *row->find("document")->if_string();
    } else {
      expect_row(document, line);
      ++count;
    }
  }
  EXPECT_GE(count, 1000);
}

}  // namespace
}  // namespace hyd::vtl

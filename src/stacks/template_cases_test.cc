// Runs tests/cases/stacks/template: the format is in tests/cases/README.md.
#include "stacks/evaluate.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace hyd::stacks {
namespace {

constexpr std::string_view kFolder = HYDRANT_SOURCE_DIR "/tests/cases/stacks/template";
constexpr std::string_view kSections[] = {"template", "parameters", "resources", "outputs",
                                          "problems"};

struct Case {
  std::map<std::string, std::string> header;  // name, why, source
  std::map<std::string, std::string> sections;
  std::string malformed;
};

Case read_case(const std::filesystem::path& path) {
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
    } else {
      out.malformed = "a line before the first section is no \"# name: \": " + line;
    }
  }
  for (auto& [name, text] : out.sections) {
    if (!text.empty()) text.pop_back();
    if (std::ranges::find(kSections, name) == std::end(kSections)) {
      out.malformed = "no section is called " + name;
    }
  }
  for (const char* const name : {"name", "why", "source"}) {
    if (!out.header.contains(name)) out.malformed = std::string("there is no # ") + name;
  }
  if (!out.sections.contains("template") || out.sections.size() < 2) {
    out.malformed = "a case has a template and what it comes to";
  }
  return out;
}

// Every resource has the id <NAME> and every attribute but NoSuch.
class NamedAttributes final : public Attributes {
 public:
  std::string ref(std::string_view logical_id) override {
    return "<" + std::string(logical_id) + ">";
  }
  std::optional<std::string> get_att(std::string_view logical_id,
                                     std::string_view attribute) override {
    if (attribute == "NoSuch") return std::nullopt;
    return "<" + std::string(logical_id) + "." + std::string(attribute) + ">";
  }
};

// What a template comes to, as a case writes it down.
struct Outcome {
  std::string resources;
  std::string outputs;
  std::string problems;

  // True when there was one.
  bool note(const std::vector<Problem>& found) {
    for (const Problem& one : found) {
      problems += std::to_string(one.mark.line) + ":" + std::to_string(one.mark.column) + " " +
                  one.path + ": " + one.what + "\n";
    }
    return !found.empty();
  }
};

std::map<std::string, std::string> given_in(const Case& test) {
  std::map<std::string, std::string> out;
  const auto section = test.sections.find("parameters");
  if (section == test.sections.end()) return out;
  const auto json = codec::parse_json(section->second);
  EXPECT_TRUE(json && json->if_object() != nullptr) << "the parameters are no JSON object";
  if (!json || json->if_object() == nullptr) return out;
  for (const auto& [name, value] : *json->if_object()) {
    const std::string* const text = value.if_string();
    out[name] = text == nullptr ? codec::to_text(value) : *text;
  }
  return out;
}

Outcome evaluate(const Case& test) {
  Outcome out;
  const ParsedTemplate parsed = parse_template(std::string_view(test.sections.at("template")));
  if (out.note(parsed.problems)) return out;
  BoundParameters bound = bind_parameters(parsed.value, given_in(test));
  if (out.note(bound.problems)) return out;
  const StackPlace place{.account = "012345678901",
                         .region = "eu-west-1",
                         .stack_name = "example",
                         .stack_id =
                             "arn:aws:cloudformation:eu-west-1:012345678901:stack/"
                             "example/1"};
  const MadeScope made = make_scope(parsed.value, std::move(bound.values), place);
  if (out.note(made.problems)) return out;
  const Ordered ordered = order(parsed.value, made.scope);
  if (out.note(ordered.problems)) return out;
  NamedAttributes attributes;
  for (const Resource* resource : ordered.resources) {
    const Resolved resolved =
        resolve(resource->properties, "Resources/" + resource->logical_id + "/Properties",
                made.scope, attributes);
    if (out.note(resolved.problems)) continue;
    out.resources += resource->logical_id + " " + resource->type + " " +
                     (resolved.value ? codec::to_text(to_json(*resolved.value)) : "-") + "\n";
  }
  for (const Output& output : parsed.value.outputs) {
    if (!made.scope.exists(output.condition)) continue;
    const ResolvedText text =
        resolve_text(output.value, "Outputs/" + output.name + "/Value", made.scope, attributes);
    if (!out.note(text.problems)) out.outputs += output.name + " " + text.value + "\n";
  }
  return out;
}

void expect(const Case& test, const std::string& section, std::string found) {
  if (!found.empty()) found.pop_back();
  const auto expected = test.sections.find(section);
  if (expected != test.sections.end()) {
    EXPECT_EQ(found, expected->second) << "in the section " << section;
  } else if (section == "problems") {
    EXPECT_EQ(found, "") << "without a section problems there are none";
  }
}

TEST(TemplateCases, EveryCaseComesToWhatItSays) {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(kFolder)) {
    if (entry.path().extension() == ".case") files.push_back(entry.path());
  }
  std::ranges::sort(files);
  ASSERT_FALSE(files.empty());
  for (const std::filesystem::path& path : files) {
    SCOPED_TRACE(path.string());
    const Case test = read_case(path);
    ASSERT_EQ(test.malformed, "");
    const Outcome outcome = evaluate(test);
    expect(test, "problems", outcome.problems);
    expect(test, "resources", outcome.resources);
    expect(test, "outputs", outcome.outputs);
  }
  RecordProperty("cases", static_cast<int>(files.size()));
}

}  // namespace
}  // namespace hyd::stacks

#include "stacks/nearest.h"
#include "stacks/template_sections.h"
#include "stacks/typing.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

namespace hyd::stacks {
namespace {

constexpr auto kMembers = std::to_array<std::string_view>(
    {"Type", "Default", "Description", "AllowedValues", "AllowedPattern", "ConstraintDescription",
     "MinLength", "MaxLength", "MinValue", "MaxValue", "NoEcho"});
constexpr auto kPlainTypes = std::to_array<std::string_view>(
    {"String", "Number", "List<Number>", "List<String>", "CommaDelimitedList"});

bool is_type(std::string_view type) {
  return std::ranges::find(kPlainTypes, type) != kPlainTypes.end() || type.starts_with("AWS::") ||
         (type.starts_with("List<AWS::") && type.ends_with('>'));
}

class Declaration {
 public:
  Declaration(Findings& findings, const Entry& entry) : findings_(findings), entry_(entry) {
    out_.name = entry.key;
    out_.mark = entry.key_mark;
    out_.path = "Parameters/" + entry.key;
  }

  ParameterDeclaration parse() {
    if (!expect_map(findings_, {entry_.value, out_.path})) return std::move(out_);
    const auto meant = expect_keys(findings_, {entry_.value, out_.path},
                                   {kMembers, "Invalid template parameter property '{}'"});
    if (has_or_means(entry_.value, "Type", meant)) {
      type();
    } else {
      findings_.add(out_.mark, out_.path,
                    "Template format error: Every Parameters object must contain a Type member.");
    }
    text("Description", out_.description);
    text("ConstraintDescription", out_.constraint_description);
    if (const Node* const node = entry_.value.find("Default")) {
      out_.default_text = expect_text(findings_, {*node, path("Default")});
    }
    if (const Node* const node = entry_.value.find("AllowedPattern")) {
      if (auto pattern = expect_text(findings_, {*node, path("AllowedPattern")})) {
        out_.allowed_pattern = Name{*std::move(pattern), node->mark};
      }
    }
    allowed_values();
    length("MinLength", out_.min_length);
    length("MaxLength", out_.max_length);
    bound("MinValue", out_.min_value);
    bound("MaxValue", out_.max_value);
    if (const Node* const node = entry_.value.find("NoEcho")) {
      take(as_boolean(*node, path("NoEcho")), [&](bool value) { out_.no_echo = value; });
    }
    return std::move(out_);
  }

 private:
  std::string path(std::string_view member) const {
    return fmt::format("{}/{}", out_.path, member);
  }

  template <class T, class Set>
  void take(const Converted<T>& converted, Set set) {
    if (converted) {
      set(*converted);
    } else {
      const Problem& problem = converted.error();
      findings_.add(problem.mark, problem.path, problem.what);
    }
  }

  void type() {
    const Node* const node = entry_.value.find("Type");
    if (node == nullptr) return;
    out_.type = expect_text(findings_, {*node, path("Type")}).value_or("String");
    if (!is_type(out_.type)) {
      findings_.add(node->mark, path("Type"),
                    fmt::format("Template format error: Unrecognized parameter type: {}{}",
                                out_.type, suggestion(out_.type, kPlainTypes)));
    }
  }

  void text(std::string_view member, std::string& out) {
    if (const Node* const node = entry_.value.find(member)) {
      out = expect_text(findings_, {*node, path(member)}).value_or("");
    }
  }

  void allowed_values() {
    const Node* const node = entry_.value.find("AllowedValues");
    if (node == nullptr) return;
    take(as_texts(*node, path("AllowedValues")),
         [&](const std::vector<std::string>& values) { out_.allowed_values = values; });
  }

  void length(std::string_view member, std::optional<std::uint64_t>& out) {
    const Node* const node = entry_.value.find(member);
    if (node == nullptr) return;
    take(as_integer(*node, path(member)), [&](std::int64_t value) {
      if (value < 0) {
        findings_.add(node->mark, path(member), "A length cannot be negative");
      } else {
        out = static_cast<std::uint64_t>(value);
      }
    });
  }

  void bound(std::string_view member, std::optional<double>& out) {
    const Node* const node = entry_.value.find(member);
    if (node == nullptr) return;
    take(as_number(*node, path(member)), [&](const std::string& text) {
      double value = 0;
      std::from_chars(text.data(), text.data() + text.size(), value);
      out = value;
    });
  }

  Findings& findings_;
  const Entry& entry_;
  ParameterDeclaration out_;
};

}  // namespace

std::vector<ParameterDeclaration> parse_parameters(Findings& findings, const Node& section) {
  if (section.entries.size() > kParametersMax) {
    findings.add(section.mark, "Parameters",
                 fmt::format("Template format error: Number of parameters, {}, is greater than "
                             "maximum allowed, {}",
                             section.entries.size(), kParametersMax));
    return {};
  }
  std::vector<ParameterDeclaration> out;
  for (const Entry& entry : section.entries) {
    if (!is_alphanumeric(entry.key)) {
      findings.add(
          entry.key_mark, "Parameters/" + entry.key,
          fmt::format("Template format error: Parameter name {} is non alphanumeric.", entry.key));
    }
    out.push_back(Declaration(findings, entry).parse());
  }
  return out;
}

}  // namespace hyd::stacks

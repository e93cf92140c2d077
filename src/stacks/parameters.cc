#include "stacks/parameters.h"

#include "codec/java_regex.h"
#include "stacks/nearest.h"

#include <fmt/core.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>
#include <utility>

namespace hyd::stacks {
namespace {

// Of one AllowedPattern on one value.
constexpr std::uint64_t kPatternSteps = 1'000'000;

// What `cdk bootstrap` would have stored; the templates of CDK refuse versions below 6.
constexpr std::string_view kBootstrapVersion = "30";

std::optional<double> number_in(std::string_view text) {
  double value = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc() || stop != end || !std::isfinite(value)) return std::nullopt;
  return value;
}

std::string_view trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

std::vector<std::string> split_at_commas(std::string_view text) {
  std::vector<std::string> out;
  for (;;) {
    const std::size_t comma = text.find(',');
    out.emplace_back(trimmed(text.substr(0, comma)));
    if (comma == std::string_view::npos) return out;
    text.remove_prefix(comma + 1);
  }
}

constexpr std::string_view kStored = "AWS::SSM::Parameter::Value<";

bool is_list_type(std::string_view type) {
  if (type.starts_with(kStored)) type.remove_prefix(kStored.size());
  return type.starts_with("List<") || type.starts_with("CommaDelimitedList");
}

bool is_number_type(std::string_view type) { return type == "Number" || type == "List<Number>"; }

// The value stored under a name.
std::string_view stored_under(std::string_view name) {
  const bool bootstrap = name.starts_with("/cdk-bootstrap/") && name.ends_with("/version") &&
                         std::ranges::count(name, '/') == 3;
  return bootstrap ? kBootstrapVersion : name;
}

class Binder {
 public:
  Binder(const Template& tmpl, const std::map<std::string, std::string>& given,
         const std::map<std::string, std::string>& previous)
      : tmpl_(tmpl), given_(given), previous_(previous) {}

  BoundParameters bind() {
    out_.problems = unknown_parameters(tmpl_, given_);
    std::vector<std::string_view> missing;
    Mark first_missing;
    for (const ParameterDeclaration& declared : tmpl_.parameters) {
      const auto found = given_.find(declared.name);
      const auto former = previous_.find(declared.name);
      if (found != given_.end()) {
        value(declared, found->second);
        out_.given.insert(*found);
      } else if (former != previous_.end()) {
        kept_now_ = true;
        value(declared, former->second);
        kept_now_ = false;
        out_.given.insert(*former);
        out_.kept.push_back(declared.name);
      } else if (declared.default_text) {
        value(declared, *declared.default_text);
      } else {
        if (missing.empty()) first_missing = declared.mark;
        missing.push_back(declared.name);
      }
    }
    if (!missing.empty()) {
      out_.problems.push_back(
          {.mark = first_missing,
           .path = "Parameters",
           .what = fmt::format("Parameters: [{}] must have values", fmt::join(missing, ", "))});
    }
    return std::move(out_);
  }

 private:
  void problem(const ParameterDeclaration& declared, const std::string& constraint) {
    std::string what = fmt::format("Parameter '{}' ", declared.name);
    what += declared.constraint_description.empty()
                ? constraint
                : "failed to satisfy constraint: " + declared.constraint_description;
    if (kept_now_) {
      what += fmt::format(
          "; its value was given at an earlier start, --parameter {}=... gives "
          "another",
          declared.name);
    }
    out_.problems.push_back(
        {.mark = declared.mark, .path = declared.path, .what = std::move(what)});
  }

  void value(const ParameterDeclaration& declared, const std::string& text) {
    if (text.size() > kParameterBytesMax) {
      problem(declared, fmt::format("must not be longer than {} bytes", kParameterBytesMax));
      return;
    }
    Node out = Node::string(text, declared.mark);
    if (is_list_type(declared.type)) {
      out = Node::list({}, declared.mark);
      const bool stored = declared.type.starts_with(kStored);
      for (std::string& member : split_at_commas(stored ? stored_under(text) : text)) {
        if (!stored) check(declared, member);
        out.items.push_back(Node::string(std::move(member), declared.mark));
      }
    } else {
      check(declared, text);
      if (declared.type.starts_with(kStored)) out.text = stored_under(text);
    }
    out_.values.insert_or_assign(declared.name, std::move(out));
  }

  // One value, or one member of a list.
  void check(const ParameterDeclaration& declared, const std::string& text) {
    if (declared.allowed_values &&
        std::ranges::find(*declared.allowed_values, text) == declared.allowed_values->end()) {
      problem(declared, fmt::format("must be one of AllowedValues: {}",
                                    fmt::join(*declared.allowed_values, ", ")));
    }
    if (is_number_type(declared.type)) {
      const auto number = number_in(text);
      if (!number) {
        problem(declared, "must be a number");
      } else if (declared.min_value && *number < *declared.min_value) {
        problem(declared, fmt::format("must be a number not less than {}", *declared.min_value));
      } else if (declared.max_value && *number > *declared.max_value) {
        problem(declared, fmt::format("must be a number not greater than {}", *declared.max_value));
      }
      return;
    }
    if (declared.min_length && text.size() < *declared.min_length) {
      problem(declared, fmt::format("must contain at least {} characters", *declared.min_length));
    }
    if (declared.max_length && text.size() > *declared.max_length) {
      problem(declared, fmt::format("must contain at most {} characters", *declared.max_length));
    }
    if (declared.allowed_pattern) check_pattern(declared, text);
  }

  void check_pattern(const ParameterDeclaration& declared, const std::string& text) {
    const Name& pattern = *declared.allowed_pattern;
    const auto regex = codec::JavaRegex::compile(pattern.text);
    codec::RegexBudget budget{kPatternSteps};
    const auto matched = regex ? regex->matches(text, budget) : base::Result<bool>(regex.error());
    if (!matched) {
      out_.problems.push_back({.mark = pattern.mark,
                               .path = declared.path + "/AllowedPattern",
                               .what = "The pattern cannot be used: " + matched.error().what});
    } else if (!*matched) {
      problem(declared, fmt::format("must match pattern {}", pattern.text));
    }
  }

  const Template& tmpl_;
  const std::map<std::string, std::string>& given_;
  const std::map<std::string, std::string>& previous_;
  bool kept_now_ = false;  // the value that is looked at is a previous one
  BoundParameters out_;
};

}  // namespace

std::vector<Problem> unknown_parameters(const Template& tmpl,
                                        const std::map<std::string, std::string>& given) {
  std::vector<std::string_view> unknown;
  std::vector<std::string_view> known;
  known.reserve(tmpl.parameters.size());
  for (const ParameterDeclaration& one : tmpl.parameters) known.push_back(one.name);
  for (const auto& [name, text] : given) {
    if (tmpl.find_parameter(name) == nullptr) unknown.push_back(name);
  }
  if (unknown.empty()) return {};
  std::string what =
      fmt::format("Parameters: [{}] do not exist in the template", fmt::join(unknown, ", "));
  if (unknown.size() == 1) what += suggestion(unknown.front(), known);
  return {{.mark = {}, .path = {}, .what = std::move(what)}};
}

BoundParameters bind_parameters(const Template& tmpl,
                                const std::map<std::string, std::string>& given,
                                const std::map<std::string, std::string>& previous) {
  return Binder(tmpl, given, previous).bind();
}

Values pseudo_parameters(const StackPlace& place) {
  const bool china = place.region.starts_with("cn-");
  const bool government = place.region.starts_with("us-gov-");
  Values out;
  out["AWS::AccountId"] = Node::string(place.account);
  out["AWS::Region"] = Node::string(place.region);
  out["AWS::Partition"] = Node::string(china ? "aws-cn" : government ? "aws-us-gov" : "aws");
  out["AWS::URLSuffix"] = Node::string(china ? "amazonaws.com.cn" : "amazonaws.com");
  out["AWS::StackName"] = Node::string(place.stack_name);
  out["AWS::StackId"] = Node::string(place.stack_id);
  out["AWS::NotificationARNs"] = Node::list({});
  return out;
}

}  // namespace hyd::stacks

// What the readers of a template's sections share. Internal to stacks.
#pragma once

#include "stacks/node.h"
#include "stacks/template.h"

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace hyd::stacks {

class Findings {
 public:
  void add(Mark mark, std::string path, std::string what) {
    problems_.push_back({.mark = mark, .path = std::move(path), .what = std::move(what)});
  }
  std::vector<Problem> take() { return std::move(problems_); }

 private:
  std::vector<Problem> problems_;
};

// A value and where it stands.
struct Placed {
  const Node& node;
  const std::string& path;
};

// Each answers nothing, and tells a problem unless the value is null (told once for the whole
// template), when the value is of another kind.
bool expect_map(Findings& findings, const Placed& at);
std::optional<std::string> expect_text(Findings& findings, const Placed& at);

struct KnownKeys {
  std::span<const std::string_view> names;
  std::string_view complaint;  // "Invalid template resource property '{}'"
};
void expect_keys(Findings& findings, const Placed& at, const KnownKeys& known);

bool is_alphanumeric(std::string_view name);

std::vector<ParameterDeclaration> parse_parameters(Findings& findings, const Node& section);

}  // namespace hyd::stacks

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
  void add(Problem problem) { problems_.push_back(std::move(problem)); }
  // A null whose key is wrong itself is left out.
  std::vector<Problem> take();
  void add_null(Mark mark, std::string path, std::string what) {
    nulls_.push_back({.mark = mark, .path = std::move(path), .what = std::move(what)});
  }

 private:
  std::vector<Problem> problems_;
  std::vector<Problem> nulls_;
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
// The known names that the unknown ones were probably meant to be: that they are absent is no
// second problem.
std::vector<std::string_view> expect_keys(Findings& findings, const Placed& at,
                                          const KnownKeys& known);
// True when the map has that member, or a misspelled one that was meant to be it.
bool has_or_means(const Node& map, std::string_view member,
                  std::span<const std::string_view> meant);

bool is_alphanumeric(std::string_view name);

std::vector<ParameterDeclaration> parse_parameters(Findings& findings, const Node& section);

}  // namespace hyd::stacks

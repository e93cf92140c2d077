#include "vtl/functions/table.h"
#include "vtl/tools/rules/rows.h"

#include <fmt/core.h>

#include <algorithm>

namespace hyd::vtl::rule {
namespace {

std::string names_of(Receiver receiver) {
  std::string out;
  for (const FunctionRow& row : functions()) {
    if (row.receiver != receiver) continue;
    out.append(out.empty() ? "" : ", ").append(row.name);
  }
  return out;
}

void look(const Subject& subject, const Node& node, Receiver receiver, Findings& findings) {
  const std::string& root = node.reference.root;
  const Step& step = node.reference.steps[0];
  if (step.kind == Step::Kind::index) return;
  const FunctionRow* named = nullptr;
  for (const FunctionRow& row : functions()) {
    if (row.receiver != receiver && row.receiver != Receiver::any) continue;
    if (row.name != step.name) continue;
    named = &row;
    const std::size_t given = step.arguments.size();
    if (step.kind == Step::Kind::method && given >= row.arguments_min &&
        given <= row.arguments_max) {
      return;
    }
  }
  if (named != nullptr) {
    const std::string takes =
        named->arguments_min == named->arguments_max
            ? fmt::format("{}", named->arguments_min)
            : fmt::format("{} or {}", named->arguments_min, named->arguments_max);
    findings.add(
        subject.range_of(step),
        fmt::format("${}.{} takes {} argument{}", root, step.name, takes, takes == "1" ? "" : "s"),
        std::string(named->example.substr(0, named->example.find(" -> "))));
    return;
  }
  findings.add(subject.range_of(step), fmt::format("${} has no {}", root, step.name),
               fmt::format("one of {}", names_of(receiver)));
}

}  // namespace

void unknown_function(const Subject& subject, Findings& findings) {
  subject.each_reference([&](const Node& node) {
    const Reference& reference = node.reference;
    if (reference.steps.empty() || subject.is_known(reference.root)) return;
    if (reference.root == "util") look(subject, node, Receiver::util, findings);
    if (reference.root == "input" && reference.steps[0].name != "body") {
      look(subject, node, Receiver::input, findings);
    }
  });
}

}  // namespace hyd::vtl::rule

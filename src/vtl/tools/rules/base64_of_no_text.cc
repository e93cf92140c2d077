#include "vtl/tools/rules/rows.h"

#include <fmt/core.h>

#include <algorithm>

namespace hyd::vtl::rule {
namespace {

// Whether the value may well be a map, a list or a number.
bool is_no_text(const Subject& subject, NodeId id, bool through_variable) {
  const Node& node = subject.at(id);
  switch (node.kind) {
    case NodeKind::integer:
    case NodeKind::floating:
    case NodeKind::list:
    case NodeKind::map:
    case NodeKind::range: return true;
    case NodeKind::reference: break;
    default: return false;
  }
  const Reference& reference = node.reference;
  if (begins_with_call(reference, "input", "path") ||
      begins_with_call(reference, "util", "parseJson")) {
    return std::ranges::none_of(reference.steps.begin() + 1, reference.steps.end(),
                                [](const Step& step) { return step.kind == Step::Kind::method; });
  }
  if (!through_variable || !is_plain_variable(node)) return false;
  const std::vector<NodeId>& values = subject.assigned(reference.root);
  return !values.empty() && std::ranges::all_of(values, [&](NodeId value) {
    return is_no_text(subject, value, false);
  });
}

}  // namespace

void base64_of_no_text(const Subject& subject, Findings& findings) {
  subject.each_call("base64Encode", [&](const Node& node, std::size_t at) {
    const Step& step = node.reference.steps[at];
    if (node.reference.root != "util" || step.arguments.size() != 1) return;
    const NodeId argument = step.arguments[0];
    if (!is_no_text(subject, argument, true)) return;
    const Node& value = subject.at(argument);
    const std::string source(subject.source_of(value));
    std::string mended = fmt::format("$util.base64Encode(\"{}\")", source);
    if (value.kind == NodeKind::reference && value.reference.steps.size() == 1 &&
        begins_with_call(value.reference, "input", "path")) {
      mended = fmt::format("$util.base64Encode($input.json{})", source.substr(source.find('(')));
    }
    findings.add(subject.range_of(value),
                 fmt::format("{} may be a map, a list or a number, of which base64Encode makes "
                             "nothing at all",
                             source),
                 std::move(mended));
  });
}

}  // namespace hyd::vtl::rule

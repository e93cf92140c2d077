#include "vtl/tools/rules/rows.h"

#include <fmt/core.h>

#include <algorithm>

namespace hyd::vtl::rule {
namespace {

bool is_decoded(const Subject& subject, NodeId id) {
  const Node& node = subject.at(id);
  if (node.kind == NodeKind::interpolation) {
    const std::vector<Subject::Piece> pieces = subject.pieces(node);
    return pieces.size() == 1 && is_decoded(subject, pieces[0].node);
  }
  if (node.kind != NodeKind::reference) return false;
  return begins_with_call(node.reference, "util", "urlDecode");
}

}  // namespace

void decoded_twice(const Subject& subject, Findings& findings) {
  subject.each_call("urlDecode", [&](const Node& node, std::size_t at) {
    const Step& step = node.reference.steps[at];
    if (node.reference.root != "util" || step.arguments.size() != 1) return;
    const Node& argument = subject.at(step.arguments[0]);
    const bool through_variable =
        is_plain_variable(argument) && !subject.assigned(argument.reference.root).empty() &&
        std::ranges::all_of(subject.assigned(argument.reference.root),
                            [&](NodeId value) { return is_decoded(subject, value); });
    if (!through_variable && !is_decoded(subject, step.arguments[0])) return;
    findings.add(subject.range_of(node), "this text is decoded a second time",
                 std::string(subject.source_of(argument)));
  });
}

}  // namespace hyd::vtl::rule

#include "vtl/tools/rules/rows.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>

namespace hyd::vtl::rule {
namespace {

constexpr std::array kYesOrNo = {std::string_view("isEmpty"),
                                 std::string_view("empty"),
                                 std::string_view("contains"),
                                 std::string_view("matches"),
                                 std::string_view("containsKey"),
                                 std::string_view("equals"),
                                 std::string_view("startsWith"),
                                 std::string_view("endsWith"),
                                 std::string_view("containsAll"),
                                 std::string_view("hasNext"),
                                 std::string_view("first"),
                                 std::string_view("last"),
                                 std::string_view("isFirst"),
                                 std::string_view("isLast"),
                                 std::string_view("getHasNext"),
                                 std::string_view("getFirst"),
                                 std::string_view("getLast"),
                                 std::string_view("containsValue"),
                                 std::string_view("equalsIgnoreCase"),
                                 std::string_view("add"),
                                 std::string_view("addAll")};

bool is_boolean(const Subject& subject, const Node& node) {
  switch (node.kind) {
    case NodeKind::reference: break;
    case NodeKind::add:
    case NodeKind::subtract:
    case NodeKind::multiply:
    case NodeKind::divide:
    case NodeKind::modulo:
    case NodeKind::string:
    case NodeKind::interpolation:
    case NodeKind::integer:
    case NodeKind::floating:
    case NodeKind::list:
    case NodeKind::map:
    case NodeKind::range: return false;
    default: return true;
  }
  const Reference& reference = node.reference;
  if (!reference.steps.empty()) {
    return std::ranges::find(kYesOrNo, reference.steps.back().name) != kYesOrNo.end();
  }
  if (reference.root == "velocityHasNext") return true;
  const std::vector<NodeId>& values = subject.assigned(reference.root);
  return !values.empty() && std::ranges::all_of(values, [&](NodeId id) {
    const Node& value = subject.at(id);
    // One step is enough: who copies a flag under another name is seen through once.
    return value.kind != NodeKind::reference || !value.reference.steps.empty()
               ? is_boolean(subject, value)
               : false;
  });
}

// Conditions in each other lean to the left and may be many.
void look(const Subject& subject, NodeId whole, Findings& findings) {
  struct Open {
    NodeId id;
    bool negated;
  };
  std::vector<Open> open{{whole, false}};
  while (!open.empty()) {
    const auto [id, negated] = open.back();
    open.pop_back();
    const Node& node = subject.at(id);
    if (node.kind == NodeKind::or_ || node.kind == NodeKind::and_ || node.kind == NodeKind::not_) {
      for (const NodeId kid : node.kids) open.push_back({kid, node.kind == NodeKind::not_});
      continue;
    }
    if (node.kind != NodeKind::reference || is_boolean(subject, node)) continue;
    const std::string source(subject.source_of(node));
    findings.add(
        subject.range_of(node),
        fmt::format("{} counts as true whatever it is, unless it is the boolean false", source),
        negated ? fmt::format("{0} == \"\" instead of !{0}", source)
                : fmt::format("{} != \"\"", source));
  }
}

}  // namespace

void bare_condition(const Subject& subject, Findings& findings) {
  for (NodeId id = 0; id < subject.nodes(); ++id) {
    const Node& node = subject.at(id);
    if (node.kind != NodeKind::if_) continue;
    for (std::size_t i = 0; i + 1 < node.kids.size(); i += 2) {
      look(subject, node.kids[i], findings);
    }
  }
}

}  // namespace hyd::vtl::rule

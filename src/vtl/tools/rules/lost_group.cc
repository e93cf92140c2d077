#include "vtl/tools/rules/rows.h"

#include <fmt/core.h>

namespace hyd::vtl::rule {

// `${name}` in double quotes is a variable before the regular expression ever sees it.
void lost_group(const Subject& subject, Findings& findings) {
  for (const std::string_view method : {"replaceAll", "replaceFirst"}) {
    subject.each_call(method, [&](const Node& node, std::size_t at) {
      const Step& step = node.reference.steps[at];
      if (step.arguments.size() != 2) return;
      const auto pattern = subject.constant(step.arguments[0]);
      const Node& replacement = subject.at(step.arguments[1]);
      if (!pattern || replacement.kind != NodeKind::interpolation) return;
      for (const Subject::Piece& piece : subject.pieces(replacement)) {
        const Node& one = subject.at(piece.node);
        if (!is_plain_variable(one)) continue;
        if (!pattern->contains("(?<" + one.reference.root + ">")) continue;
        std::string source(subject.source_of(replacement));
        if (source.size() > 1) source.front() = source.back() = '\'';
        findings.add(subject.range_of(one),
                     fmt::format("${{{}}} is a variable here, not the group of that name",
                                 one.reference.root),
                     std::move(source));
      }
    });
  }
}

}  // namespace hyd::vtl::rule

#include "vtl/tools/rules/rows.h"

#include <fmt/core.h>

#include <algorithm>

namespace hyd::vtl::rule {

// A text of nothing but characters that mean something else in a regular expression.
void split_pattern(const Subject& subject, Findings& findings) {
  for (const std::string_view method : {"split", "replaceAll", "replaceFirst"}) {
    subject.each_call(method, [&](const Node& node, std::size_t at) {
      const Step& step = node.reference.steps[at];
      if (step.arguments.empty()) return;
      const Node& pattern = subject.at(step.arguments[0]);
      const auto text = subject.constant(step.arguments[0]);
      constexpr std::string_view kMeaning = ".|*+?^$()[{\\ ";
      if (!text || text->find_first_not_of(kMeaning) != std::string::npos ||
          text->find_first_not_of(' ') == std::string::npos ||
          (text->size() == 2 && text->front() == '\\')) {
        return;
      }
      std::string escaped;
      for (const char c : *text) escaped.append(c == ' ' ? 0 : 1, '\\').append(1, c);
      findings.add(
          subject.range_of(pattern),
          fmt::format("{} takes a regular expression, in which '{}' does not mean itself", method,
                      *text),
          fmt::format("{}('{}'{}", method, escaped, step.arguments.size() > 1 ? ", …)" : ")"));
    });
  }
}

void split_without_limit(const Subject& subject, Findings& findings) {
  subject.each_call("split", [&](const Node& node, std::size_t at) {
    const Step& step = node.reference.steps[at];
    if (step.arguments.size() != 1 || subject.constant(step.arguments[0]) != "=") return;
    findings.add(subject.range_of(step),
                 "a name and its value are taken apart at every '=', not at the first one",
                 "split('=', 2)");
  });
}

void split_of_document(const Subject& subject, Findings& findings) {
  subject.each_call("split", [&](const Node& node, std::size_t at) {
    const Reference& reference = node.reference;
    if (at != 1 || !begins_with_call(reference, "input", "path") ||
        reference.steps[0].arguments.size() != 1 ||
        subject.constant(reference.steps[0].arguments[0]) != "$") {
      return;
    }
    findings.add(
        subject.range_of(node),
        "the body is a text here only as long as it does not look like JSON",
        fmt::format("$input.body.{}",
                    subject.text().substr(subject.range_of(reference.steps[1]).begin,
                                          subject.range_of(reference.steps[1]).end -
                                              subject.range_of(reference.steps[1]).begin)));
  });
}

}  // namespace hyd::vtl::rule

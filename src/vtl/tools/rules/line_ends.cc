#include "vtl/tools/rules/rows.h"

#include <fmt/core.h>

#include <algorithm>
#include <set>

namespace hyd::vtl::rule {
namespace {

// Whether a text ends with a backslash and a letter that are meant as one character.
bool ends_escaped(std::string_view text) {
  if (text.size() < 2 || (text.back() != 'n' && text.back() != 'r' && text.back() != 't')) {
    return false;
  }
  const std::size_t other = text.substr(0, text.size() - 1).find_last_not_of('\\');
  const std::size_t slashes = text.size() - 1 - (other == std::string_view::npos ? 0 : other + 1);
  return slashes % 2 == 1;
}

}  // namespace

void written_line_end(const Subject& subject, Findings& findings) {
  // A regular expression understands such escapes, and so does the JSON that a name is looked up
  // in.
  std::set<NodeId> understood;
  for (const std::string_view method : {"split", "replaceAll", "replaceFirst", "matches"}) {
    subject.each_call(method, [&](const Node& node, std::size_t at) {
      const Step& step = node.reference.steps[at];
      if (!step.arguments.empty()) understood.insert(step.arguments[0]);
    });
  }
  for (NodeId id = 0; id < subject.nodes(); ++id) {
    const Node& node = subject.at(id);
    if (understood.contains(id)) continue;
    std::string text;
    if (node.kind == NodeKind::string) {
      text = node.text;
    } else if (node.kind == NodeKind::interpolation) {
      // A backslash is a token of its own.
      const auto pieces = subject.pieces(node);
      for (auto at = pieces.rbegin(); at != pieces.rend() && !at->text.empty(); ++at) {
        text.insert(0, at->text);
      }
    }
    if (!ends_escaped(text)) continue;
    const std::string escape = text.substr(text.size() - 2);
    findings.add(subject.range_of(node),
                 fmt::format("{} in quotes is a backslash and a letter", escape),
                 escape == "\\n" ? "a line break inside the quotes:  #set($line = \"$json\n\")"
                                 : "the character itself inside the quotes");
  }
}

void no_line_end(const Subject& subject, Findings& findings) {
  const std::string_view text = subject.text();
  const bool names_stream =
      text.contains("StreamName") || text.contains("StreamARN") || text.contains("PartitionKey");
  if (subject.stream() == Stream::no || (subject.stream() == Stream::unknown && !names_stream)) {
    return;
  }
  subject.each_call("base64Encode", [&](const Node& node, std::size_t at) {
    const Step& step = node.reference.steps[at];
    if (node.reference.root != "util" || step.arguments.size() != 1) return;
    const std::optional<bool> ends = subject.ends_line(step.arguments[0]);
    if (!ends || *ends) return;
    const Node& argument = subject.at(step.arguments[0]);
    std::string source(subject.source_of(argument));
    if (source.size() > 1 && source.front() == '"' && source.back() == '"') {
      source = source.substr(1, source.size() - 2);
    }
    findings.add(
        subject.range_of(argument), "the record does not end with a line end",
        fmt::format("#set($line = \"{}\n\")  and then  $util.base64Encode($line)", source));
  });
}

}  // namespace hyd::vtl::rule

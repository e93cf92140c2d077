#include "vtl/tools/explain.h"

#include "base/parse_int.h"
#include "vtl/compiler.h"
#include "vtl/parser.h"
#include "vtl/program.h"

#include <algorithm>
#include <map>
#include <memory>
#include <utility>

namespace hyd::vtl {
namespace {

constexpr char kMark = '\xff';  // of no UTF-8 text, and inside the program all text is UTF-8
constexpr char kMarkEnd = ';';

using Lines = std::set<std::uint32_t>;

// Puts marks before the statements of the blocks that print to the output.
class Marker {
 public:
  explicit Marker(Syntax& syntax) : syntax_(syntax) {}

  void block(NodeId id) {
    const std::vector<NodeId> before = syntax_.nodes[id].kids;
    std::vector<NodeId> after;
    for (const NodeId kid : before) {
      after.push_back(mark(kid));
      after.push_back(kid);
      inside(kid);
    }
    syntax_.nodes[id].kids = std::move(after);
  }
  // By the number in the mark.
  const std::vector<NodeId>& marked() const { return marked_; }

 private:
  NodeId mark(NodeId statement) {
    Node node;
    node.kind = NodeKind::text;
    node.offset = syntax_.at(statement).offset;
    node.text = kMark + std::to_string(marked_.size()) + kMarkEnd;
    marked_.push_back(statement);
    syntax_.nodes.push_back(std::move(node));
    return static_cast<NodeId>(syntax_.nodes.size() - 1);
  }

  void inside(NodeId id) {
    const Node& node = syntax_.at(id);
    const std::vector<NodeId> kids = node.kids;
    if (node.kind == NodeKind::if_) {
      for (std::size_t i = 0; i < kids.size(); ++i) {
        const bool condition = i % 2 == 0 && i + 1 < kids.size();
        if (!condition) block(kids[i]);
      }
    } else if (node.kind == NodeKind::directive && node.text == "foreach" && kids.size() > 3 &&
               syntax_.at(kids[3]).kind == NodeKind::block) {
      block(kids[3]);
    }
  }

  Syntax& syntax_;
  std::vector<NodeId> marked_;
};

// Follows values through variables, statement by statement as they were run.
class Trace {
 public:
  Trace(std::string_view text, const Syntax& syntax) : syntax_(syntax) {
    for (std::size_t at = text.find('\n'); at != text.npos; at = text.find('\n', at + 1)) {
      line_ends_.push_back(at);
    }
  }

  // Where the statement's value has come from; learns what it assigns.
  Lines step(NodeId id) {
    const Node& node = syntax_.at(id);
    if (node.kind == NodeKind::set && node.kids.size() == 2) {
      const Reference& target = syntax_.at(node.kids[0]).reference;
      Lines lines = sources(node.kids[1]);
      lines.insert(line_of(syntax_.at(node.kids[0]).offset));
      if (target.steps.empty()) {
        variables_[target.root] = std::move(lines);
      } else {
        variables_[target.root].merge(lines);
      }
    } else if (node.kind == NodeKind::directive && node.text == "foreach" &&
               node.kids.size() >= 3) {
      Lines lines = sources(node.kids[2]);
      lines.insert(line_of(node.offset));
      variables_[syntax_.at(node.kids[0]).reference.root] = std::move(lines);
    } else if (node.kind == NodeKind::reference) {
      return sources(id);
    }
    return {};
  }

  std::uint32_t line_of(std::size_t offset) const {
    const auto before = std::ranges::lower_bound(line_ends_, offset) - line_ends_.begin();
    return static_cast<std::uint32_t>(before) + 1;
  }

 private:
  Lines sources(NodeId id) const {
    Lines out;
    std::vector<NodeId> open{id};
    while (!open.empty()) {
      const Node& node = syntax_.at(open.back());
      open.pop_back();
      open.insert(open.end(), node.kids.begin(), node.kids.end());
      if (node.kind != NodeKind::reference) continue;
      if (const auto found = variables_.find(node.reference.root); found != variables_.end()) {
        out.insert(found->second.begin(), found->second.end());
      }
      for (const Step& step : node.reference.steps) {
        open.insert(open.end(), step.arguments.begin(), step.arguments.end());
      }
    }
    return out;
  }

  std::vector<std::size_t> line_ends_;  // of the template
  const Syntax& syntax_;
  std::map<std::string, Lines, std::less<>> variables_;
};

// A plain text goes over lines, and each of them is told by itself.
void add_text(Explained& out, Range printed, std::size_t source, std::string_view text) {
  while (printed.begin < printed.end) {
    const std::size_t end = std::min(out.output.find('\n', printed.begin), printed.end - 1) + 1;
    out.parts.push_back(
        {.output = {printed.begin, end}, .source = source, .what = {}, .through = {}});
    printed.begin = end;
    source = std::min(std::min(text.find('\n', source), text.size() - 1) + 1, text.size());
  }
}

Failure failure_of(const Diagnostic& problem) {
  return {.reason = Failure::Reason::template_error, .place = problem.place, .what = problem.what};
}

}  // namespace

std::expected<Explained, Failure> explain(std::string_view text, const Inputs& inputs,
                                          const Limits& limits) {
  if (const auto checked = parse(text); !checked) {
    return std::unexpected(failure_of(checked.error()));
  }
  auto syntax = parse_syntax(text);
  if (!syntax) return std::unexpected(failure_of(syntax.error()));
  Marker marker(*syntax);
  marker.block(syntax->root);
  Compiler compiler(text, *syntax);
  const std::unique_ptr<const Program> program = compiler.run();
  if (program == nullptr) return std::unexpected(failure_of(compiler.error()));
  const auto rendered = render(*program, inputs, limits);
  if (!rendered) return std::unexpected(rendered.error());

  Explained out;
  Trace trace(text, *syntax);
  std::set<std::size_t> reached;
  std::string_view rest = rendered->output;
  while (!rest.empty() && rest.front() == kMark) {
    const std::size_t end = std::min(rest.find(kMarkEnd), rest.size() - 1);
    const auto number = base::parse_int<std::size_t>(rest.substr(1, end - 1));
    rest.remove_prefix(end + 1);
    if (!number || *number >= marker.marked().size()) break;
    reached.insert(*number);
    const Node& node = syntax->at(marker.marked()[*number]);
    Lines through = trace.step(marker.marked()[*number]);
    const std::string_view printed = rest.substr(0, rest.find(kMark));
    rest.remove_prefix(printed.size());
    if (printed.empty()) continue;
    const Range range{out.output.size(), out.output.size() + printed.size()};
    out.output += printed;
    if (node.kind == NodeKind::text) {
      add_text(out, range, node.offset, text);
    } else {
      const Range source = extent_at(text, node.offset);
      out.parts.push_back({.output = range,
                           .source = node.offset,
                           .what = text.substr(source.begin, source.end - source.begin),
                           .through = std::move(through)});
    }
  }
  for (std::size_t i = 0; i < marker.marked().size(); ++i) {
    const Node& node = syntax->at(marker.marked()[i]);
    const bool blank =
        node.kind == NodeKind::text && node.text.find_first_not_of(" \t\r\n") == std::string::npos;
    if (!reached.contains(i) && !blank) out.unreached.insert(trace.line_of(node.offset));
  }
  return out;
}

}  // namespace hyd::vtl

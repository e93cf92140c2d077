#include "vtl/tools/rules/rows.h"

#include <fmt/core.h>

#include <algorithm>

namespace hyd::vtl::rule {
namespace {

// Where a text that becomes JSON stands: inside a quoted text or not, and what came before.
class Position {
 public:
  void text(std::string_view text) {
    for (const char c : text) character(c);
  }
  void value() {
    if (quoted_) return;
    before_ = last_;
    last_ = 'v';
  }
  // Between quotes that open where JSON has a name or a value.
  bool in_text() const { return quoted_ && json_; }
  // Where JSON has the value of a name.
  bool at_value() const { return !quoted_ && last_ == ':' && before_ == '"'; }

 private:
  void character(char c) {
    if (quoted_) {
      if (escaped_) {
        escaped_ = false;
      } else if (c == '\\') {
        escaped_ = true;
      } else if (c == '"' || c == '\n') {
        quoted_ = false;  // no text of JSON goes over a line end: a stray quote ends there
        before_ = last_;
        last_ = c == '"' ? '"' : last_;
      }
      return;
    }
    if (c == ' ' || c == '\t' || c == '\n' || c == '\r') return;
    if (c == '"') {
      quoted_ = true;
      json_ = last_ == 0 || last_ == 'v' || last_ == ':' || last_ == ',' || last_ == '{' ||
              last_ == '[';
      return;
    }
    before_ = last_;
    last_ = c;
  }

  bool quoted_ = false;
  bool escaped_ = false;
  bool json_ = false;
  char last_ = 0;    // the last character outside quotes that is no blank; 'v': a value
  char before_ = 0;  // the one before it
};

class Walk {
 public:
  Walk(const Subject& subject, Findings& findings) : subject_(subject), findings_(findings) {}

  void block(NodeId id, Position& position) {
    for (const NodeId kid : subject_.at(id).kids) statement(kid, position);
  }

  void pieces(const Node& interpolation) {
    Position position;
    for (const Subject::Piece& piece : subject_.pieces(interpolation)) {
      if (subject_.at(piece.node).kind == NodeKind::text) {
        position.text(piece.text);
      } else {
        statement(piece.node, position);
      }
    }
  }

 private:
  void statement(NodeId id, Position& position) {
    const Node& node = subject_.at(id);
    switch (node.kind) {
      case NodeKind::text: position.text(node.text); return;
      case NodeKind::reference: reference(id, position); return;
      case NodeKind::if_: {
        const Position before = position;
        for (std::size_t i = 0; i < node.kids.size(); ++i) {
          if (i % 2 == 0 && i + 1 < node.kids.size()) continue;  // a condition
          Position branch = before;
          block(node.kids[i], branch);
          if (i == 1) position = branch;
        }
        return;
      }
      case NodeKind::directive:
        if ((node.text == "foreach" || node.text == "define") && !node.kids.empty() &&
            subject_.at(node.kids.back()).kind == NodeKind::block) {
          block(node.kids.back(), position);
        }
        return;
      default: return;
    }
  }

  void reference(NodeId id, Position& position) {
    const Node& node = subject_.at(id);
    if (node.reference.escaped) return position.text(node.reference.literal);
    if (const auto fixed = subject_.constant(id)) return position.text(*fixed);
    const std::string source(subject_.source_of(node));
    const bool is_json =
        begins_with_call(node.reference, "input", "json") && node.reference.steps.size() == 1;
    if (position.in_text() && is_json) {
      findings_.add(subject_.range_of(node),
                    fmt::format("{} brings its own quotes into the quotes around it", source),
                    fmt::format("{} without the quotes around it", source));
    } else if (position.in_text() && subject_.is_raw(id)) {
      findings_.add(subject_.range_of(node),
                    fmt::format("{} stands in JSON as it was sent", source),
                    fmt::format("$util.escapeJavaScript({}).replaceAll(\"\\\\'\", \"'\")", source));
    } else if (position.at_value() && node.reference.steps.size() == 1 &&
               begins_with_call(node.reference, "input", "path") && subject_.is_raw(id)) {
      findings_.add(
          subject_.range_of(node),
          fmt::format("{} is printed without quotes when it is a text", source),
          fmt::format("$input.json{}", source.substr(std::min(source.find('('), source.size()))));
    }
    position.value();
  }

  const Subject& subject_;
  Findings& findings_;
};

}  // namespace

void unescaped_value(const Subject& subject, Findings& findings) {
  Walk walk(subject, findings);
  Position position;
  walk.block(subject.root(), position);
  for (NodeId id = 0; id < subject.nodes(); ++id) {
    if (subject.at(id).kind == NodeKind::interpolation) walk.pieces(subject.at(id));
  }
}

}  // namespace hyd::vtl::rule

#include "vtl/tools/subject.h"

#include <algorithm>
#include <array>

namespace hyd::vtl {
namespace {

// Calls whose result is no text of the client any more.
constexpr std::array kMeasures = {std::string_view("size"),
                                  std::string_view("length"),
                                  std::string_view("isEmpty"),
                                  std::string_view("indexOf"),
                                  std::string_view("lastIndexOf"),
                                  std::string_view("contains"),
                                  std::string_view("containsKey"),
                                  std::string_view("equals"),
                                  std::string_view("matches"),
                                  std::string_view("startsWith"),
                                  std::string_view("endsWith"),
                                  std::string_view("hashCode"),
                                  std::string_view("equalsIgnoreCase"),
                                  std::string_view("containsValue"),
                                  std::string_view("compareTo"),
                                  std::string_view("put"),
                                  std::string_view("add")};

bool measures(std::string_view method) {
  return std::ranges::find(kMeasures, method) != kMeasures.end();
}

// Whether what a path says can be a text at all: `$.a.length()` cannot.
bool finds_number(const std::optional<std::string>& path) {
  return path && (path->ends_with(".length()") || path->ends_with(".size()") ||
                  path->ends_with(".sum()") || path->ends_with(".avg()"));
}

}  // namespace

bool begins_with_call(const Reference& reference, std::string_view root, std::string_view name) {
  return reference.root == root && !reference.steps.empty() &&
         reference.steps[0].kind == Step::Kind::method && reference.steps[0].name == name;
}

bool is_plain_variable(const Node& node) {
  return node.kind == NodeKind::reference && node.reference.steps.empty() && !node.reference.bare;
}

Subject::Subject(std::string_view text, const Syntax& syntax, Stream stream)
    : text_(text), syntax_(syntax), stream_(stream) {
  for (const Node& node : syntax.nodes) {
    if (node.kind == NodeKind::set && node.kids.size() == 2) {
      const Reference& target = at(node.kids[0]).reference;
      if (target.steps.empty()) assigned_[target.root].push_back(node.kids[1]);
    } else if (node.kind == NodeKind::directive && node.text == "foreach" &&
               node.kids.size() >= 3 && at(node.kids[0]).kind == NodeKind::reference) {
      walked_[at(node.kids[0]).reference.root].push_back(node.kids[2]);
    } else if (node.kind == NodeKind::directive && node.text == "define" && !node.kids.empty() &&
               at(node.kids[0]).kind == NodeKind::reference) {
      assigned_[at(node.kids[0]).reference.root];
    }
  }
}

// The lexer counts backslashes and stray signs into a reference's token.
std::size_t Subject::shown_at(std::size_t offset) const {
  std::size_t at = std::min(offset, text_.size());
  while (at < text_.size() && (text_[at] == '\\' || text_[at] == ' ' || text_[at] == '\t')) ++at;
  while (at + 1 < text_.size() && text_[at] == '$' && text_[at + 1] == '$') ++at;
  return at;
}

std::string_view Subject::source_of(const Node& node) const {
  const Range range = range_of(node);
  return text_.substr(range.begin, range.end - range.begin);
}

void Subject::each_reference(const std::function<void(const Node&)>& see) const {
  for (const Node& node : syntax_.nodes) {
    if (node.kind == NodeKind::reference && !node.reference.bare && !node.reference.escaped) {
      see(node);
    }
  }
}

void Subject::each_call(std::string_view name,
                        const std::function<void(const Node&, std::size_t)>& see) const {
  each_reference([&](const Node& node) {
    for (std::size_t i = 0; i < node.reference.steps.size(); ++i) {
      const Step& step = node.reference.steps[i];
      if (step.kind == Step::Kind::method && step.name == name) see(node, i);
    }
  });
}

const std::vector<NodeId>& Subject::assigned(std::string_view variable) const {
  static const std::vector<NodeId> kNone;
  const auto found = assigned_.find(variable);
  return found == assigned_.end() ? kNone : found->second;
}

const std::vector<NodeId>& Subject::walked(std::string_view variable) const {
  static const std::vector<NodeId> kNone;
  const auto found = walked_.find(variable);
  return found == walked_.end() ? kNone : found->second;
}

bool Subject::is_known(std::string_view variable) const {
  return assigned_.contains(variable) || walked_.contains(variable);
}

std::vector<Subject::Piece> Subject::pieces(const Node& interpolation) const {
  std::vector<Piece> out;
  const std::vector<NodeId>& statements = at(interpolation.kids[0]).kids;
  for (std::size_t i = 0; i < statements.size(); ++i) {
    const Node& node = at(statements[i]);
    Piece piece{.node = statements[i], .text = {}};
    if (node.kind == NodeKind::text) {
      piece.text = node.text;
      if (interpolation.chop && i + 1 == statements.size() && !piece.text.empty()) {
        piece.text.pop_back();
        if (piece.text.empty()) continue;
      }
    }
    out.push_back(std::move(piece));
  }
  return out;
}

std::optional<std::string> Subject::constant(NodeId id) const {
  constexpr std::size_t kBytesMax = 4096;
  const Node& node = at(id);
  if (node.kind == NodeKind::string) return node.text;
  if (node.kind == NodeKind::interpolation) {
    std::string out;
    for (const Piece& piece : pieces(node)) {
      if (at(piece.node).kind == NodeKind::text) {
        out += piece.text;
        continue;
      }
      const auto part = constant(piece.node);
      if (!part) return std::nullopt;
      out += *part;
      if (out.size() > kBytesMax) return std::nullopt;
    }
    return out;
  }
  if (!is_plain_variable(node) || walked_.contains(node.reference.root)) return std::nullopt;
  const std::vector<NodeId>& values = assigned(node.reference.root);
  if (values.size() != 1 || depth_ >= kVariablesMax) return std::nullopt;
  // Nothing as long as it is not known: who asks meanwhile goes in a circle.
  const auto [known, added] = constants_.try_emplace(node.reference.root);
  if (!added) return known->second;
  ++depth_;
  std::optional<std::string> out = constant(values.front());
  --depth_;
  known->second = out;
  return out;
}

bool Subject::is_raw(NodeId id) const {
  Seen seen;
  return is_raw(id, seen);
}

// A quoted text that composes JSON is judged where it is composed.
bool Subject::is_raw(NodeId id, Seen& seen) const {
  const Node* node = &at(id);
  // A chain of additions leans to the left and may be long.
  while (node->kind == NodeKind::add) {
    if (is_raw(node->kids[1], seen)) return true;
    node = &at(node->kids[0]);
  }
  if (node->kind == NodeKind::interpolation) {
    const std::vector<Piece> all = pieces(*node);
    for (const Piece& piece : all) {
      const std::optional<std::string> fixed =
          piece.text.empty() ? constant(piece.node) : std::nullopt;
      if (fixed.value_or(piece.text).find_first_of("\"{[") != std::string::npos) return false;
    }
    return std::ranges::any_of(
        all, [&](const Piece& piece) { return piece.text.empty() && is_raw(piece.node, seen); });
  }
  if (node->kind != NodeKind::reference) return false;
  for (const Step& step : node->reference.steps) {
    if (step.kind != Step::Kind::method) continue;
    if (measures(step.name)) return false;
    if (!step.name.starts_with("replace") || step.arguments.empty()) continue;
    const auto replaced = constant(step.arguments[0]);
    if (replaced && replaced->contains('"')) return false;  // quotes are taken care of
  }
  return is_raw_variable(node->reference, seen);
}

bool Subject::is_raw_variable(const Reference& reference, Seen& seen) const {
  if (reference.root == "input" && !reference.steps.empty()) {
    const Step& step = reference.steps[0];
    if (step.name == "path" && !step.arguments.empty()) {
      return !finds_number(constant(step.arguments[0]));
    }
    return step.name == "params" || step.name == "body";
  }
  if (reference.root == "util" && !reference.steps.empty()) {
    const std::string& name = reference.steps[0].name;
    return name == "urlDecode" || name == "base64Decode" || name == "parseJson";
  }
  if (reference.root == "context" && !reference.steps.empty()) {
    const Step& first = reference.steps[0];
    return first.name == "authorizer" || (first.name == "identity" && reference.steps.size() > 1 &&
                                          reference.steps[1].name == "userAgent");
  }
  if (const auto known = raw_.find(reference.root); known != raw_.end()) return known->second;
  const bool first = seen.empty();
  if (!enter(reference.root, seen)) return false;
  const auto raw = [&](NodeId one) { return is_raw(one, seen); };
  const bool out = std::ranges::any_of(assigned(reference.root), raw) ||
                   std::ranges::any_of(walked(reference.root), raw);
  if (first || out) raw_[reference.root] = out;  // a no is certain only when all was looked at
  return out;
}

bool Subject::is_unbounded(NodeId id) const {
  Seen seen;
  return is_unbounded(id, seen);
}

bool Subject::is_unbounded(NodeId id, Seen& seen) const {
  const Node& node = at(id);
  if (node.kind != NodeKind::reference) return false;
  const Reference& reference = node.reference;
  for (const Step& step : reference.steps) {
    if (step.name == "subList" || measures(step.name)) return false;
    if (step.name == "split" && step.arguments.size() == 2) return false;
  }
  if (begins_with_call(reference, "input", "path") ||
      begins_with_call(reference, "util", "parseJson")) {
    return true;
  }
  if (reference.root == "input") {
    return !reference.steps.empty() && reference.steps[0].name == "body" &&
           reference.steps.size() > 1;
  }
  if (!enter(reference.root, seen)) return false;
  const auto unbounded = [&](NodeId one) { return is_unbounded(one, seen); };
  return std::ranges::any_of(assigned(reference.root), unbounded) ||
         std::ranges::any_of(walked(reference.root), unbounded);
}

std::optional<bool> Subject::ends_line(NodeId id) const {
  Seen seen;
  return ends_line(id, seen);
}

std::optional<bool> Subject::ends_line(NodeId id, Seen& seen) const {
  const Node& node = at(id);
  if (node.kind == NodeKind::string) return node.text.ends_with('\n');
  if (node.kind == NodeKind::interpolation) {
    const std::vector<Piece> all = pieces(node);
    if (all.empty()) return false;
    const Piece& last = all.back();
    if (at(last.node).kind == NodeKind::text) return last.text.ends_with('\n');
    return ends_line(last.node, seen);
  }
  if (node.kind == NodeKind::add) return ends_line(node.kids[1], seen);
  if (node.kind != NodeKind::reference) return std::nullopt;
  const Reference& reference = node.reference;
  if (reference.root == "input" && reference.steps.size() == 1) return false;
  const std::vector<NodeId>& values = assigned(reference.root);
  if (!reference.steps.empty() || values.empty() || !enter(reference.root, seen)) {
    return std::nullopt;
  }
  std::optional<bool> out = false;  // one that does is enough: the others are beginnings
  for (const NodeId value : values) {
    const std::optional<bool> one = ends_line(value, seen);
    if (!one || *one) {
      out = one;
      break;
    }
  }
  return out;
}

}  // namespace hyd::vtl

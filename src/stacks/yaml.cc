#include "stacks/yaml.h"

#include "codec/utf8.h"
#include "stacks/nearest.h"

#include <fmt/core.h>
#include <yaml.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <utility>

namespace hyd::stacks {
namespace {

// Those whose long form begins with Fn:: ("Intrinsic function reference").
constexpr auto kShortTags = std::to_array<std::string_view>({"Ref",
                                                             "Condition",
                                                             "GetAtt",
                                                             "Sub",
                                                             "Join",
                                                             "Select",
                                                             "Split",
                                                             "If",
                                                             "Equals",
                                                             "And",
                                                             "Or",
                                                             "Not",
                                                             "FindInMap",
                                                             "ImportValue",
                                                             "Base64",
                                                             "Cidr",
                                                             "GetAZs",
                                                             "Transform",
                                                             "GetStackOutput",
                                                             "ToJsonString",
                                                             "Length",
                                                             "Contains",
                                                             "EachMemberEquals",
                                                             "EachMemberIn",
                                                             "RefAll",
                                                             "ValueOf",
                                                             "ValueOfAll"});
constexpr auto kTrue = std::to_array<std::string_view>(
    {"true", "True", "TRUE", "yes", "Yes", "YES", "on", "On", "ON"});
constexpr auto kFalse = std::to_array<std::string_view>(
    {"false", "False", "FALSE", "no", "No", "NO", "off", "Off", "OFF"});
constexpr auto kNull = std::to_array<std::string_view>({"", "~", "null", "Null", "NULL"});
constexpr std::string_view kKeyIsNoText =
    "A key must be a text; a value that begins with { must be quoted";
constexpr std::string_view kStandard = "tag:yaml.org,2002:";  // what `!!` stands for

bool is_among(std::span<const std::string_view> known, std::string_view text) {
  return std::ranges::find(known, text) != known.end();
}

std::string_view text_of(const yaml_char_t* text) {
  return text == nullptr ? std::string_view() : reinterpret_cast<const char*>(text);
}

// libyaml counts from 0.
Mark mark_of(const yaml_mark_t& mark) {
  return {static_cast<std::uint32_t>(mark.line + 1), static_cast<std::uint32_t>(mark.column + 1)};
}

bool is_json(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  return first != std::string_view::npos && text[first] == '{';
}

std::optional<std::uint32_t> escaped_unit(std::string_view text, std::size_t at) {
  if (text.size() < at + 6 || text[at] != '\\' || text[at + 1] != 'u') return {};
  std::uint32_t unit = 0;
  const char* const begin = text.data() + at + 2;
  const auto [stop, error] = std::from_chars(begin, begin + 4, unit, 16);
  if (error != std::errc() || stop != begin + 4) return {};
  return unit;
}

// JSON escapes what lies beyond 16 bits in two halves, which libyaml refuses.
std::string join_surrogates(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    if (text[at] != '\\') {
      out += text[at++];
      continue;
    }
    const auto high = escaped_unit(text, at);
    const auto low = escaped_unit(text, at + 6);
    if (high && low && (*high & 0xFC00U) == 0xD800 && (*low & 0xFC00U) == 0xDC00) {
      codec::append_utf8(0x10000 + ((*high & 0x3FFU) << 10U) + (*low & 0x3FFU), out);
      at += 12;
    } else {
      out += text.substr(at, 2);
      at += 2;
    }
  }
  return out;
}

// What stands at a place of the text; empty behind its end.
std::string_view text_at(std::string_view text, Mark mark) {
  for (std::uint32_t line = 1; line < mark.line; ++line) {
    const std::size_t end = text.find('\n');
    if (end == std::string_view::npos) return {};
    text.remove_prefix(end + 1);
  }
  const auto continues = [&](std::size_t at) {
    return at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0U) == 0x80;
  };
  for (std::uint32_t column = 1; column < mark.column && !text.empty(); ++column) {
    std::size_t size = 1;
    while (continues(size)) ++size;
    text.remove_prefix(size);
  }
  return text;
}

Node::Kind plain_kind(std::string_view text) {
  if (is_among(kNull, text)) return Node::Kind::null;
  if (is_among(kTrue, text) || is_among(kFalse, text)) {
    return Node::Kind::boolean;
  }
  return is_json_number(text) ? Node::Kind::number : Node::Kind::string;
}

// An event of the parser, released with it.
class Event {
 public:
  Event() = default;
  ~Event() { yaml_event_delete(&event_); }
  Event(const Event&) = delete;
  Event& operator=(const Event&) = delete;
  bool next(yaml_parser_t& parser) {
    yaml_event_delete(&event_);
    return yaml_parser_parse(&parser, &event_) != 0;
  }
  const yaml_event_t* operator->() const { return &event_; }

 private:
  yaml_event_t event_{};
};

// The keys that a map has, and where.
using KeyLines = std::map<std::string, std::uint32_t, std::less<>>;

class Reader {
 public:
  Reader(std::string_view text, const ReadLimits& limits) : text_(text), limits_(limits) {
    yaml_parser_initialize(&parser_);
    yaml_parser_set_encoding(&parser_, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&parser_, reinterpret_cast<const unsigned char*>(text.data()),
                                 text.size());
  }
  ~Reader() { yaml_parser_delete(&parser_); }
  Reader(const Reader&) = delete;
  Reader& operator=(const Reader&) = delete;

  Read run() {
    document();
    return std::move(out_);
  }

 private:
  // Every function below that answers false has told a problem behind which nothing can be read.
  bool document();
  bool next();
  bool node(Node& out);
  bool scalar(Node& out);
  bool list(Node& out);
  bool map(Node& out);
  bool entry(Node& out, std::vector<Node>& merged);
  void repeated(const Entry& entry, std::uint32_t former, std::optional<std::size_t>& first);
  bool key(Entry& entry, bool& merges);
  bool alias(Node& out);
  void merge(const std::vector<Node>& merged, KeyLines& lines, Node& out);
  bool tagged(std::string_view tag, Node& out);
  bool charge(std::size_t nodes, std::size_t bytes, Mark mark);
  bool charge_all(const Node& node, Mark mark);
  void problem(Mark mark, std::string what);
  void syntax_problem();
  std::string path() const;

  std::string_view text_;
  ReadLimits limits_;
  yaml_parser_t parser_{};
  Event event_;
  Read out_;
  std::map<std::string, Node, std::less<>> anchors_;
  std::vector<std::string> path_;
  std::size_t nodes_ = 0;
  std::size_t bytes_ = 0;
};

std::string Reader::path() const {
  std::string out;
  for (const std::string& part : path_) out += (out.empty() ? "" : "/") + part;
  return out;
}

void Reader::problem(Mark mark, std::string what) {
  out_.problems.push_back({.mark = mark, .path = path(), .what = std::move(what)});
}

// libyaml's own words, or better ones for the mistakes that templates make.
void Reader::syntax_problem() {
  if (parser_.error == YAML_READER_ERROR) {
    const std::string_view before = text_.substr(0, parser_.problem_offset);
    const auto lines = std::ranges::count(before, '\n');
    const std::size_t start = before.rfind('\n') + 1;  // npos + 1 is 0
    problem({static_cast<std::uint32_t>(lines + 1),
             static_cast<std::uint32_t>(before.size() - start + 1)},
            fmt::format("Cannot read this character: {}", parser_.problem));
    return;
  }
  const Mark at = mark_of(parser_.problem_mark);
  const Mark context = mark_of(parser_.context_mark);
  // An end that is missing made a key of the map behind it.
  std::erase_if(out_.problems, [&](const Problem& one) {
    return one.what == kKeyIsNoText && one.mark.line >= context.line && parser_.context != nullptr;
  });
  const std::string_view here = text_at(text_, at);
  if (parser_.context != nullptr && std::string_view(parser_.context).contains("a tag") &&
      text_at(text_, context).starts_with('!')) {
    problem(context, "Quote this value: a plain text cannot begin with !");
  } else if (here.starts_with('!')) {
    problem(at,
            "A short tag cannot follow another one directly: write the outer function in its "
            "long form (Fn::Base64: !Sub ...)");
  } else if (here.starts_with('\t')) {
    problem(at, "A tab cannot indent YAML: use spaces");
  } else if (std::string_view(parser_.problem).contains("cannot start any token")) {
    problem(at,
            fmt::format("Quote this value: a plain text cannot begin with {}", here.substr(0, 1)));
  } else if (std::string_view(parser_.problem) == "did not find expected key" &&
             context.line < at.line) {
    problem(at,
            fmt::format("Nothing above is indented as far as this line; the map around it begins "
                        "in line {} and has its keys in column {}",
                        context.line, context.column));
  } else if (parser_.context != nullptr) {
    problem(at, fmt::format("{} {} (it begins in line {})", parser_.problem, parser_.context,
                            context.line));
  } else {
    problem(at, parser_.problem == nullptr ? "Cannot be read as YAML" : parser_.problem);
  }
}

bool Reader::next() {
  if (event_.next(parser_)) return true;
  syntax_problem();
  return false;
}

bool Reader::document() {
  if (!next() || !next()) return false;  // the stream's start, the document's
  if (event_->type == YAML_STREAM_END_EVENT) {
    problem({1, 1}, "The template is empty");
    return false;
  }
  if (!next() || !node(out_.root) || !next() || !next()) return false;
  if (event_->type != YAML_STREAM_END_EVENT) {
    problem(mark_of(event_->start_mark),
            "A template is one YAML document, a second one begins here");
    return false;
  }
  return true;
}

bool Reader::charge(std::size_t nodes, std::size_t bytes, Mark mark) {
  nodes_ += nodes;
  bytes_ += bytes;
  if (nodes_ <= limits_.nodes_max && bytes_ <= limits_.expanded_bytes_max) return true;
  problem(mark, fmt::format("The template holds more than {} values or {} bytes of text",
                            limits_.nodes_max, limits_.expanded_bytes_max));
  return false;
}

bool Reader::charge_all(const Node& node, Mark mark) {
  if (!charge(1, node.text.size(), mark)) return false;
  for (const Node& item : node.items) {
    if (!charge_all(item, mark)) return false;
  }
  for (const Entry& entry : node.entries) {
    if (!charge(0, entry.key.size(), mark) || !charge_all(entry.value, mark)) return false;
  }
  return true;
}

bool Reader::node(Node& out) {
  out.mark = mark_of(event_->start_mark);
  if (path_.size() > limits_.depth_max) {
    problem(out.mark,
            fmt::format("Lists and maps are nested more than {} deep", limits_.depth_max));
    return false;
  }
  if (event_->type == YAML_ALIAS_EVENT) return alias(out);
  std::string anchor;
  std::string tag;
  const auto keep = [&](const yaml_char_t* name, const yaml_char_t* its_tag) {
    anchor = text_of(name);
    tag = text_of(its_tag);
  };
  bool read = false;
  switch (event_->type) {
    case YAML_SCALAR_EVENT:
      keep(event_->data.scalar.anchor, event_->data.scalar.tag);
      read = scalar(out);
      break;
    case YAML_SEQUENCE_START_EVENT:
      keep(event_->data.sequence_start.anchor, event_->data.sequence_start.tag);
      read = list(out);
      break;
    case YAML_MAPPING_START_EVENT:
      keep(event_->data.mapping_start.anchor, event_->data.mapping_start.tag);
      read = map(out);
      break;
    default: problem(out.mark, "A value was expected here"); return false;
  }
  if (!read || !tagged(tag, out)) return false;
  if (anchor.empty()) return true;
  if (!charge_all(out, out.mark)) return false;
  anchors_.insert_or_assign(std::move(anchor), out);
  return true;
}

bool Reader::scalar(Node& out) {
  const auto& data = event_->data.scalar;
  out.text.assign(reinterpret_cast<const char*>(data.value), data.length);
  if (!charge(1, data.length, out.mark)) return false;
  const std::string_view tag = text_of(data.tag);
  const bool text = tag == "!" || tag == std::string(kStandard) + "str";
  out.kind =
      data.style == YAML_PLAIN_SCALAR_STYLE && !text ? plain_kind(out.text) : Node::Kind::string;
  if (out.kind == Node::Kind::boolean) {
    out.text = is_among(kTrue, out.text) ? "true" : "false";
  }
  return true;
}

bool Reader::list(Node& out) {
  out.kind = Node::Kind::list;
  if (!charge(1, 0, out.mark)) return false;
  for (;;) {
    if (!next()) return false;
    if (event_->type == YAML_SEQUENCE_END_EVENT) return true;
    path_.push_back(std::to_string(out.items.size()));
    Node item;
    if (!node(item)) return false;
    out.items.push_back(std::move(item));
    path_.pop_back();
  }
}

bool Reader::map(Node& out) {
  out.kind = Node::Kind::map;
  if (!charge(1, 0, out.mark)) return false;
  std::vector<Node> merged;
  KeyLines lines;
  std::optional<std::size_t> first_repeated;
  for (;;) {
    if (!next()) return false;
    if (event_->type == YAML_MAPPING_END_EVENT) break;
    const std::size_t before = out.entries.size();
    if (!entry(out, merged)) return false;
    if (out.entries.size() == before) continue;
    const Entry& last = out.entries.back();
    if (const auto [at, added] = lines.emplace(last.key, last.key_mark.line); !added) {
      repeated(last, at->second, first_repeated);
      out.entries.pop_back();
    }
  }
  merge(merged, lines, out);
  return true;
}

// A line that is missing above (the next resource's name) repeats all keys of a map: one mistake.
void Reader::repeated(const Entry& entry, std::uint32_t former, std::optional<std::size_t>& first) {
  if (first) {
    out_.problems[*first].what += fmt::format(", {} in line {}", entry.key, former);
    return;
  }
  first = out_.problems.size();
  path_.push_back(entry.key);
  problem(entry.key_mark, fmt::format("The key {} is already in line {}", entry.key, former));
  path_.pop_back();
}

bool Reader::entry(Node& out, std::vector<Node>& merged) {
  Entry entry;
  bool merges = false;
  if (!key(entry, merges)) return false;
  path_.push_back(entry.key);
  if (!next() || !node(entry.value)) return false;
  if (merges) {
    const bool many = entry.value.kind == Node::Kind::list;
    std::vector<Node> sources =
        many ? std::move(entry.value.items) : std::vector<Node>{std::move(entry.value)};
    for (Node& source : sources) {
      if (source.kind != Node::Kind::map) {
        problem(source.mark, "Only maps can be merged by <<");
        continue;
      }
      merged.push_back(std::move(source));
    }
  } else {
    out.entries.push_back(std::move(entry));
  }
  path_.pop_back();
  return true;
}

bool Reader::key(Entry& entry, bool& merges) {
  entry.key_mark = mark_of(event_->start_mark);
  if (event_->type == YAML_SCALAR_EVENT) {
    const auto& data = event_->data.scalar;
    entry.key.assign(reinterpret_cast<const char*>(data.value), data.length);
    merges = data.style == YAML_PLAIN_SCALAR_STYLE && entry.key == "<<";
    if (const std::string_view tag = text_of(data.tag);
        !tag.empty() && tag != "!" && tag != std::string(kStandard) + "str") {
      problem(entry.key_mark, fmt::format("A key cannot have the tag {}", tag));
    }
    return charge(0, data.length, entry.key_mark);
  }
  Node name;
  path_.emplace_back("?");
  if (!node(name)) return false;
  path_.pop_back();
  if (!name.is_scalar()) {
    problem(entry.key_mark, std::string(kKeyIsNoText));
  }
  entry.key = std::move(name.text);
  return true;
}

bool Reader::alias(Node& out) {
  const std::string_view name = text_of(event_->data.alias.anchor);
  const auto found = anchors_.find(name);
  if (found == anchors_.end()) {
    problem(out.mark, fmt::format("There is no anchor &{} before this alias", name));
    return true;
  }
  if (!charge_all(found->second, out.mark)) return false;
  out = found->second;
  return true;
}

// A key that the map has itself wins, then the first source that has it ("Merge Key Language-
// Independent Type for YAML").
void Reader::merge(const std::vector<Node>& merged, KeyLines& lines, Node& out) {
  for (const Node& source : merged) {
    for (const Entry& entry : source.entries) {
      if (lines.emplace(entry.key, entry.key_mark.line).second) out.entries.push_back(entry);
    }
  }
}

bool Reader::tagged(std::string_view tag, Node& out) {
  if (tag.empty() || tag == "!") return true;
  if (tag.starts_with(kStandard)) {
    constexpr auto kKnown =
        std::to_array<std::string_view>({"str", "int", "float", "bool", "null", "map", "seq"});
    const std::string_view name = tag.substr(kStandard.size());
    if (!is_among(kKnown, name)) {
      problem(out.mark, fmt::format("Templates cannot use the tag !!{}", name));
    }
    return true;
  }
  const std::string_view name = tag.substr(1);
  if (!tag.starts_with('!') || !is_among(kShortTags, name)) {
    problem(out.mark, fmt::format("There is no function {}{}; a value that begins with ! must be "
                                  "quoted",
                                  tag, suggestion(name, kShortTags)));
    return true;
  }
  if (name == "GetAtt" && out.is_scalar()) {
    if (const std::size_t dot = out.text.find('.'); dot != std::string::npos) {
      if (!charge(2, 0, out.mark)) return false;
      out = Node::list({Node::string(out.text.substr(0, dot), out.mark),
                        Node::string(out.text.substr(dot + 1), out.mark)},
                       out.mark);
    }
  }
  if (!charge(1, name.size(), out.mark)) return false;
  const bool bare = name == "Ref" || name == "Condition";
  const Mark mark = out.mark;
  std::vector<Entry> entries;
  entries.push_back({bare ? std::string(name) : fmt::format("Fn::{}", name), mark, std::move(out)});
  out = Node::map(std::move(entries), mark);
  return true;
}

}  // namespace

Read read_text(std::string_view text, ReadLimits limits) {
  if (text.size() > limits.bytes_max) {
    Read out;
    out.problems.push_back({.mark = {},
                            .path = {},
                            .what = fmt::format("The template has {} bytes, at most {} can be read",
                                                text.size(), limits.bytes_max)});
    return out;
  }
  if (is_json(text)) {
    const std::string joined = join_surrogates(text);
    return Reader(joined, limits).run();
  }
  return Reader(text, limits).run();
}

}  // namespace hyd::stacks

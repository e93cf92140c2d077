// Reading is done twice over: a scan of ours refuses what pugixml would let pass (document types,
// entities, several roots, depth), then pugixml makes the tree.
#include "codec/xml.h"

#include "base/check.h"

#include <fmt/core.h>
#include <pugixml.hpp>
#include <simdjson.h>

#include <algorithm>

namespace hyd::codec {
namespace {

constexpr std::string_view kSpace = " \t\r\n";
constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";

// Walks over the markup without looking at names.
class Scan {
 public:
  Scan(std::string_view text, XmlLimits limits) : text_(text), limits_(limits) {}

  base::Result<void> run() {
    while (at_ < text_.size()) {
      const std::size_t markup = std::min(text_.find('<', at_), text_.size());
      RETURN_IF_ERROR(characters(text_.substr(at_, markup - at_)));
      at_ = markup;
      if (at_ == text_.size()) break;
      RETURN_IF_ERROR(one_markup());
    }
    if (depth_ != 0) return at("an end tag is missing");
    if (elements_ == 0) return at("no element");
    return {};
  }

 private:
  base::Error at(std::string_view what) const {
    return base::fail(base::Code::invalid, fmt::format("xml: byte {}: {}", at_ + 1, what));
  }

  base::Result<void> one_markup() {
    const std::string_view rest = text_.substr(at_);
    if (rest.starts_with("<!--")) return skip_past("-->");
    if (rest.starts_with("<?")) return skip_past("?>");
    if (rest.starts_with("<![CDATA[")) {
      return depth_ == 0 ? at("characters outside the root") : skip_past("]]>");
    }
    if (rest.starts_with("<!")) return at("document types are refused");
    return rest.starts_with("</") ? end_tag() : start_tag();
  }

  base::Result<void> skip_past(std::string_view end) {
    const std::size_t found = text_.find(end, at_);
    if (found == std::string_view::npos) return at("markup without end");
    at_ = found + end.size();
    return {};
  }

  base::Result<void> end_tag() {
    if (depth_ == 0) return at("an end tag without start");
    --depth_;
    return skip_past(">");
  }

  base::Result<void> start_tag() {
    if (depth_ == 0 && elements_ != 0) return at("a second root");
    if (++elements_ > limits_.elements_max) return at("too many elements");
    if (++depth_ > limits_.depth_max) return at("nested too deeply");
    std::size_t i = at_ + 1;
    for (; i < text_.size() && text_[i] != '>'; ++i) {
      if (text_[i] == '<') return at("a tag inside a tag");
      if (text_[i] != '"' && text_[i] != '\'') continue;
      const std::size_t close = text_.find(text_[i], i + 1);
      if (close == std::string_view::npos) return at("a quote without end");
      RETURN_IF_ERROR(references(text_.substr(i, close - i)));
      i = close;
    }
    if (i >= text_.size()) return at("markup without end");
    if (text_[i - 1] == '/') --depth_;
    at_ = i + 1;
    return {};
  }

  base::Result<void> characters(std::string_view run) const {
    if (depth_ == 0 && run.find_first_not_of(kSpace) != std::string_view::npos) {
      return at("characters outside the root");
    }
    return references(run);
  }

  // Only the five names of XML itself, and numbers.
  base::Result<void> references(std::string_view run) const {
    for (std::size_t i = run.find('&'); i != std::string_view::npos; i = run.find('&', i + 1)) {
      const std::size_t end = run.find(';', i);
      if (end == std::string_view::npos) return at("a reference without end");
      const std::string_view name = run.substr(i + 1, end - i - 1);
      const bool known = name == "amp" || name == "lt" || name == "gt" || name == "quot" ||
                         name == "apos" || is_number(name);
      if (!known) return at("entities are refused");
    }
    return {};
  }

  static bool is_number(std::string_view name) {
    if (!name.starts_with('#')) return false;
    name.remove_prefix(1);
    const bool hex = name.starts_with('x');
    if (hex) name.remove_prefix(1);
    return !name.empty() && name.size() <= 8 &&
           name.find_first_not_of(hex ? "0123456789abcdefABCDEF" : "0123456789") ==
               std::string_view::npos;
  }

  std::string_view text_;
  XmlLimits limits_;
  std::size_t at_ = 0;
  std::size_t depth_ = 0;
  std::size_t elements_ = 0;
};

std::string local_name(std::string_view name) {
  const std::size_t colon = name.rfind(':');
  return std::string(colon == std::string_view::npos ? name : name.substr(colon + 1));
}

// As deep as the scan allowed.
XmlElement convert(const pugi::xml_node& node) {
  XmlElement element;
  element.name = local_name(node.name());
  for (const pugi::xml_attribute& attribute : node.attributes()) {
    element.attributes.emplace_back(local_name(attribute.name()), attribute.value());
  }
  for (const pugi::xml_node& child : node.children()) {
    if (child.type() == pugi::node_element) {
      element.children.push_back(convert(child));
    } else if (child.type() == pugi::node_pcdata || child.type() == pugi::node_cdata) {
      element.text += child.value();
    }
  }
  // White space between children is layout.
  if (!element.children.empty() &&
      element.text.find_first_not_of(kSpace) == std::string_view::npos) {
    element.text.clear();
  }
  return element;
}

}  // namespace

const XmlElement* XmlElement::find(std::string_view child) const {
  for (const XmlElement& element : children) {
    if (element.name == child) return &element;
  }
  return nullptr;
}

std::string_view XmlElement::text_of(std::string_view child) const {
  const XmlElement* const element = find(child);
  return element == nullptr ? std::string_view() : std::string_view(element->text);
}

base::Result<XmlElement> parse_xml(std::string_view text, XmlLimits limits) {
  if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  if (!simdjson::validate_utf8(text.data(), text.size()) || text.contains('\0')) {
    return base::fail(base::Code::invalid, "xml: not UTF-8 text");
  }
  RETURN_IF_ERROR(Scan(text, limits).run());
  pugi::xml_document document;
  const pugi::xml_parse_result result =
      document.load_buffer(text.data(), text.size(),
                           pugi::parse_cdata | pugi::parse_escapes | pugi::parse_eol |
                               pugi::parse_ws_pcdata_single | pugi::parse_wconv_attribute,
                           pugi::encoding_utf8);
  if (!result) {
    return base::fail(base::Code::invalid,
                      fmt::format("xml: byte {}: {}", result.offset + 1, result.description()));
  }
  return convert(document.document_element());
}

void append_xml_text(std::string_view text, std::string& out) {
  std::size_t run = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const bool control = static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\t';
    if (!control && c != '&' && c != '<' && c != '>' && c != '"') continue;
    out.append(text, run, i - run);
    run = i + 1;
    switch (c) {
      case '&': out += "&amp;"; break;
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '"': out += "&quot;"; break;
      default: out += fmt::format("&#x{:x};", static_cast<unsigned>(c)); break;
    }
  }
  out.append(text, run);
}

XmlWriter::~XmlWriter() { HYD_CHECK(open_.empty()); }

void XmlWriter::declaration() { out_ += "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"; }

void XmlWriter::open(std::string_view name, Attributes attributes) {
  out_ += '<';
  out_ += name;
  for (const auto& [key, value] : attributes) {
    out_ += ' ';
    out_ += key;
    out_ += "=\"";
    append_xml_text(value, out_);
    out_ += '"';
  }
  out_ += '>';
  open_.push_back(name);
}

void XmlWriter::close() {
  HYD_CHECK(!open_.empty());
  out_ += "</";
  out_ += open_.back();
  out_ += '>';
  open_.pop_back();
}

void XmlWriter::text(std::string_view text) { append_xml_text(text, out_); }

void XmlWriter::element(std::string_view name, std::string_view text) {
  out_ += '<';
  out_ += name;
  if (text.empty()) {
    out_ += "/>";
    return;
  }
  out_ += '>';
  append_xml_text(text, out_);
  out_ += "</";
  out_ += name;
  out_ += '>';
}

void XmlWriter::flag(std::string_view name, bool value) {
  element(name, value ? "true" : "false");
}

}  // namespace hyd::codec

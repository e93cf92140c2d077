// XML for AWS's protocols: a writer that appends, and a reader that refuses more than it must.
//
// The reader takes UTF-8 (with or without a byte-order mark) without document types, entities of
// one's own or processing instructions that matter; namespaces are dropped: `<s3:Key>` is `Key`.
#pragma once

#include "base/result.h"

#include <cstddef>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hyd::codec {

// An element. Copyable, owns its memory.
struct XmlElement {
  std::string name;  // without prefix
  std::string text;  // its own characters, CDATA included, child elements left out
  std::vector<std::pair<std::string, std::string>> attributes;  // names without prefix
  std::vector<XmlElement> children;

  // The first child of that name; null when there is none.
  const XmlElement* find(std::string_view child) const;
  // Its text, empty when there is none.
  std::string_view text_of(std::string_view child) const;
};

struct XmlLimits {
  std::size_t depth_max = 32;
  std::size_t elements_max = 200'000;
};

// One document: declaration or none, then one root element. Code::invalid with the byte's place.
base::Result<XmlElement> parse_xml(std::string_view text, XmlLimits limits = {});

// Escapes `& < > "` and the control characters, the latter as numeric references, which is how AWS
// writes keys that XML 1.0 could not hold.
void append_xml_text(std::string_view text, std::string& out);

// Writes a document into a string of the caller's, which outlives it. No indentation, no checks of
// names: they are constants. Close what you open: the destructor checks it.
class XmlWriter {
 public:
  using Attributes = std::initializer_list<std::pair<std::string_view, std::string_view>>;

  explicit XmlWriter(std::string& out) : out_(out) {}
  ~XmlWriter();
  XmlWriter(const XmlWriter&) = delete;
  XmlWriter& operator=(const XmlWriter&) = delete;

  // `<?xml version="1.0" encoding="UTF-8"?>` and a line end.
  void declaration();
  // `name` must outlive the element: a literal.
  void open(std::string_view name, Attributes attributes = {});
  void close();
  void text(std::string_view text);
  // `<name>text</name>`, `<name/>` when empty.
  void element(std::string_view name, std::string_view text);
  // "true" or "false".
  void flag(std::string_view name, bool value);

 private:
  std::string& out_;
  std::vector<std::string_view> open_;
};

}  // namespace hyd::codec

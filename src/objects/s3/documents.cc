#include "objects/s3/documents.h"

#include "codec/hash.h"

namespace hyd::objects {

void full_element(codec::XmlWriter& xml, std::string_view name, std::string_view text) {
  xml.open(name);
  xml.text(text);
  xml.close();
}

void write_owner(codec::XmlWriter& xml, std::string_view account) {
  xml.open("Owner");
  xml.element("ID", canonical_id(account));
  xml.element("DisplayName", account);
  xml.close();
}

std::string canonical_id(std::string_view account) { return codec::sha256(account).hex(); }

std::string quoted(std::string_view etag) {
  std::string text = "\"";
  text.append(etag).append("\"");
  return text;
}

}  // namespace hyd::objects

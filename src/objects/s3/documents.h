// Pieces of the XML documents that several answers share.
#pragma once

#include "codec/xml.h"
#include "net/response.h"
#include "objects/object.h"

#include <string>
#include <string_view>

namespace hyd::objects {

inline constexpr std::string_view kXmlNamespace = "http://s3.amazonaws.com/doc/2006-03-01/";
inline constexpr std::string_view kXsi = "http://www.w3.org/2001/XMLSchema-instance";

// An answer whose body is a document, still empty.
inline net::Response xml_response() {
  net::Response response;
  response.fixed_headers = "Content-Type: application/xml\r\n";
  return response;
}

// `<name>text</name>` also when the text is empty: `<name></name>`.
void full_element(codec::XmlWriter& xml, std::string_view name, std::string_view text);

// `<Owner><ID/><DisplayName/></Owner>`: the account.
void write_owner(codec::XmlWriter& xml, std::string_view account);
// The account's id as S3 has it: 64 hexadecimal digits, always the same for an account.
std::string canonical_id(std::string_view account);

std::string quoted(std::string_view etag);

}  // namespace hyd::objects

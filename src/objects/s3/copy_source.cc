#include "objects/s3/copy_source.h"

#include "codec/percent.h"
#include "codec/time_text.h"
#include "objects/faults.h"
#include "objects/names.h"

#include <string>

namespace hyd::objects {

using aws::Outcome;

Outcome<Address> read_source(std::string_view text) {
  const auto wrong = [&] {
    return invalid_argument({"x-amz-copy-source", text},
                            "Copy Source must mention the source bucket and key: "
                            "sourcebucket/sourcekey");
  };
  std::string_view path = text;
  const std::size_t mark = path.rfind("?versionId=");
  if (mark != std::string_view::npos) {
    const std::string_view version = path.substr(path.find('=', mark) + 1);
    path = path.substr(0, mark);
    if (version != "null") return no_such_version({.key = path, .id = version});
  }
  const base::Result<std::string> decoded = codec::percent_decode(path);
  if (!decoded) return wrong();
  std::string_view rest = *decoded;
  if (rest.starts_with('/')) rest.remove_prefix(1);
  const std::size_t slash = rest.find('/');
  if (slash == std::string_view::npos) return wrong();
  Address source{.bucket = std::string(rest.substr(0, slash)),
                 .key = std::string(rest.substr(slash + 1))};
  if (!is_bucket_name(source.bucket) || !is_key(source.key)) return wrong();
  return source;
}

ReadConditions source_conditions(const net::RequestHead& head) {
  ReadConditions out;
  if (const auto value = head.find("x-amz-copy-source-if-match")) out.if_match = *value;
  if (const auto value = head.find("x-amz-copy-source-if-none-match")) out.if_none_match = *value;
  if (const auto value = head.find("x-amz-copy-source-if-modified-since")) {
    out.if_modified_since = codec::parse_http_date(*value);
  }
  if (const auto value = head.find("x-amz-copy-source-if-unmodified-since")) {
    out.if_unmodified_since = codec::parse_http_date(*value);
  }
  return out;
}

std::optional<aws::Fault> refuse_source(const S3Handler& handler, const aws::Call& call,
                                        const Address& source) {
  const aws::Authorizer& authorizer = handler.parts().authorizer;
  if (authorizer.unrestricted(call)) return std::nullopt;
  const std::string arn = "arn:aws:s3:::" + source.bucket + "/" + source.key;
  if (!authorizer.refuse(call, "s3:GetObject", arn)) return std::nullopt;
  return access_denied();
}

}  // namespace hyd::objects
